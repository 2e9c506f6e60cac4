import { NONE, Slice, Utf8, borrow, equals } from "../bytes/slice";

/**
 * What the configuration says of one service in its format's own terms (`service.settings`): texts by name, those with a
 * default always there. Which names and texts there can be is in the configuration's table.
 */
export class Settings {
  private names: Array<string> = [];
  private texts: Array<Utf8> = [];

  /** Adds a text, UTF-8. */
  add(name: string, text: Utf8): void {
    this.names.push(name);
    this.texts.push(text);
  }

  /** A text, borrowed; NONE where there is none. */
  text(name: string): Slice {
    for (let i = 0; i < this.names.length; i++) {
      if (unchecked(this.names[i]) == name) return borrow(unchecked(this.texts[i]));
    }
    return NONE;
  }

  /** Whether the text of this name is just that. */
  is(name: string, text: string): bool {
    return equals(this.text(name), text);
  }
}

/** Those of a service that has none. */
export const NO_SETTINGS: Settings = new Settings();
