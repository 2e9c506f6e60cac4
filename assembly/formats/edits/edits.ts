import { EMPTY, Utf8 } from "../../bytes/slice";

/** A member of a request that a service has under another name, or not at all. */
export class Substitute {
  /** Members that go along with `from`. */
  drops: string[] = [];
  /** A value, ASCII as it is written in JSON, for which another one comes; "": there is none. */
  when: string = "";
  instead: string = "";

  constructor(
    /** Name of the dialect in whose requests it is looked for. */
    readonly dialect: string,
    readonly from: string,
    /** The service's name; "": it has none. */
    readonly to: string,
    /** JSON text before and behind the value; without `keepsValue` the whole value. */
    readonly before: string,
    readonly behind: string,
    readonly keepsValue: bool,
  ) {}

  /** See `drops`. */
  dropping(name: string): Substitute {
    this.drops.push(name);
    return this;
  }
}

/** A parameter of requests that the gateway decides, not the client. */
export class Setting {
  /** Beginning of the service's names of the models that it is for. */
  models: string = "";

  constructor(
    /**
     * ASCII. Raw: names and element numbers joined by points. Otherwise one of the common names (`max_tokens` and so
     * on), which every client language spells in its own way.
     */
    readonly name: string,
    /** JSON text. */
    readonly value: Utf8,
    readonly isRaw: bool,
    /** Whether it takes the place of what the client sent. */
    readonly overwrites: bool,
  ) {}
}

/**
 * What is changed in a chat request, in the words of the client's own language and before anything else is done with
 * it. So one place serves requests that are handed on as well as those that are converted.
 */
export class RequestEdits {
  settings: Setting[] = [];
  /** Texts of the user (UTF-8) that make the model forget what was said before. */
  cleanup: Utf8[] = [];
  /** Whether neighbouring messages of one role become one. */
  merges: bool = false;
  /** Whether `developer` messages become `system` messages. */
  renamesDeveloper: bool = false;
  /** JSON text of OpenAI's `response_format`; empty: the client's. */
  responseFormat: Utf8 = EMPTY;
  substitutes: Substitute[] = [];
  /** Text (UTF-8) of a system message where the client sent none; empty: none. */
  opening: Utf8 = EMPTY;
  /** Text (UTF-8) that goes behind the system messages; empty: none. */
  notice: Utf8 = EMPTY;
  /** The service's name of the only model that gets `notice`; empty: every model. */
  noticeModel: Utf8 = EMPTY;

  /** JSON text of the raw setting with this name; empty where there is none. */
  valueOf(name: string): Utf8 {
    for (let i = 0; i < this.settings.length; i++) {
      const setting = unchecked(this.settings[i]);
      if (setting.isRaw && setting.name == name) return setting.value;
    }
    return EMPTY;
  }

  /** Whether every request has to be looked at, also one without notice and `developer` messages. */
  get isWanted(): bool {
    const lists = this.settings.length + this.cleanup.length + this.substitutes.length;
    return lists > 0 || this.merges || this.responseFormat.byteLength + this.opening.byteLength > 0;
  }
}
