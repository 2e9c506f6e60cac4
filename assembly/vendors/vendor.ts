/**
 * What a row of the table of vendors is made of. Like the table, this file uses only what AssemblyScript and TypeScript
 * have in common: the plugin compiles it, and the tools that write the documentation import it.
 */

/** A member of chat requests that is another one there. */
export class MemberEdit {
  /** JSON of a value for which `instead` comes; empty: there is none. */
  when: string = "";
  instead: string = "";
  /** A member that goes along with `name`; empty: none does. */
  drops: string = "";

  constructor(
    /** Language of the requests in which it is looked for. */
    public language: string,
    /** Its name there; empty: it is added to every request, whatever its language. */
    public name: string,
    /** The vendor's name; empty: it has none, so that the member is left out. */
    public newName: string,
    /** JSON of the vendor's value, in which `$` is the client's. */
    public value: string,
  ) {}
}

/**
 * How one vendor's API is called. The modifiers change the row and return it, so that a row is one expression. In hosts
 * and paths, `{name}` stands for a variable of the configuration, for the model (`{model}`), or for what the client's
 * path has in that place; `{a|b}` is `a`, and `b` for a stream.
 */
export class Vendor {
  /** Paths, behind a client's version prefix, of the APIs that it has. Others are answered 404. */
  apis: string[] = [];
  /** Languages that it speaks beside `format`, as clients name them. */
  speaks: string[] = [];
  /**
   * Paths that are not below `basePath`, two by two: the path behind a client's version prefix (`/rerank`), and the
   * vendor's whole path for it and for all below it. With "?" at its end it gets no query of a client's.
   */
  paths: string[] = [];
  /**
   * Where its key goes: empty is what the format says; `raw` is the header `authorization` without a scheme; `?name` is
   * that parameter of the query; `none` is nowhere; else the name of a header.
   */
  key: string = "";
  /** Parameters of chat, by their public names, that it answers with an error: conversions leave them out. */
  refuses: string[] = [];
  /** The limit of tokens is called `max_completion_tokens`. */
  hasCompletionLimit: boolean = false;
  /** A conversion says so where a client wants no thinking, as `reasoning_effort` "none". */
  hasNoneEffort: boolean = false;
  /** Members of chat requests that are others there. */
  edits: MemberEdit[] = [];
  /**
   * Models that are called in another way, two by two: beginning of their names, as the vendor has them, and the name of
   * the row that says how. What the configuration says of the service, its place and its key above all, holds for them
   * as well.
   */
  families: string[] = [];
  /** Members that requests for images get where the client does not say, two by two: name, and JSON of the value. */
  imageDefaults: string[] = [];
  /** Host where the region is `global`; empty: the same. */
  worldwide: string = "";
  /** Path and body are the client's business: there is no language to speak of. */
  isOriginal: boolean = false;
  /** A stream has its usage without being asked, and asking is an error. */
  hasUsageAnyway: boolean = false;
  /** A stream has its usage in its last choice, not beside the choices. */
  hasUsageInChoice: boolean = false;

  constructor(
    public name: string,
    /** Public host; empty: it is software that everyone runs on hosts of their own. */
    public host: string,
    /** Takes the place of the client's version prefix; without "/" at its end, so empty is the root. */
    public basePath: string,
    /** Name of the format of its chat. */
    public format: string,
  ) {}

  /** It has these APIs as well: paths with spaces between them. */
  has(apis: string): Vendor {
    this.apis = this.apis.concat(apis.split(" "));
    return this;
  }

  /** It also answers this language itself, so that nothing is converted. */
  also(format: string): Vendor {
    this.speaks.push(format);
    return this;
  }

  /** A path of its own for an API, and for all below it. */
  path(api: string, whole: string): Vendor {
    this.paths.push(api);
    this.paths.push(whole);
    return this;
  }

  /** See `key`. */
  keyIn(place: string): Vendor {
    this.key = place;
    return this;
  }

  /** See `refuses`: public names with spaces between them. */
  without(parameters: string): Vendor {
    this.refuses = this.refuses.concat(parameters.split(" "));
    return this;
  }

  /** See `hasCompletionLimit`. */
  completionLimit(): Vendor {
    this.hasCompletionLimit = true;
    return this;
  }

  /** See `hasUsageAnyway`. */
  usageAnyway(): Vendor {
    this.hasUsageAnyway = true;
    return this;
  }

  /** See `hasUsageInChoice`. */
  usageInChoice(): Vendor {
    this.hasUsageInChoice = true;
    return this;
  }

  /** Members of requests in this language that it answers with an error: they are left out. */
  drops(language: string, names: string): Vendor {
    const list = names.split(" ");
    for (let i = 0; i < list.length; i++) this.edits.push(new MemberEdit(language, list[i], "", ""));
    return this;
  }

  /** A member of all requests, whatever the client gives. */
  adds(name: string, value: string): Vendor {
    this.edits.push(new MemberEdit("", "", name, value));
    return this;
  }

  /** A member that is another one there, with a value of its own; `$` is the client's. Another one goes along with it. */
  swaps(language: string, name: string, newName: string, value: string, drops: string): Vendor {
    const edit = new MemberEdit(language, name, newName, value);
    edit.drops = drops;
    this.edits.push(edit);
    return this;
  }

  /** See `imageDefaults`. */
  imageDefault(name: string, value: string): Vendor {
    this.imageDefaults = this.imageDefaults.concat([name, value]);
    return this;
  }

  /** How much is to be thought is a switch there. */
  thinkingSwitch(): Vendor {
    const edit = new MemberEdit("openai", "reasoning_effort", "thinking", '{"type":"enabled"}');
    edit.when = '"none"';
    edit.instead = '{"type":"disabled"}';
    this.edits.push(edit);
    this.hasNoneEffort = true;
    return this;
  }

  /** Models whose names begin so are called as another row says. See `families`. */
  family(prefix: string, row: string): Vendor {
    this.families.push(prefix);
    this.families.push(row);
    return this;
  }

  /** See `worldwide`. */
  global(host: string): Vendor {
    this.worldwide = host;
    return this;
  }

  /** See `isOriginal`. */
  original(): Vendor {
    this.isOriginal = true;
    return this;
  }

  /** Names of the variables that its host needs. */
  hostVariables(): string[] {
    const found: string[] = [];
    addPlaceholders(this.host, found);
    return found;
  }

  /** Names of the variables that its paths need. */
  pathVariables(): string[] {
    const found: string[] = [];
    addPlaceholders(this.basePath, found);
    for (let i = 1; i < this.paths.length; i += 2) {
      const own: string[] = ["model"];
      addPlaceholders(this.paths[i - 1], own);
      const names: string[] = [];
      addPlaceholders(this.paths[i], names);
      for (let j = 0; j < names.length; j++) {
        if (!own.includes(names[j]) && !found.includes(names[j])) found.push(names[j]);
      }
    }
    return found;
  }
}

/** A vendor whose API is OpenAI's, of which it has at least chat. */
export function openai(name: string, host: string, basePath: string): Vendor {
  return new Vendor(name, host, basePath, "openai").has("/chat/completions");
}

/** Appends the names between braces that are not yet in the list. */
function addPlaceholders(text: string, names: string[]): void {
  for (let from = text.indexOf("{"); from >= 0; from = text.indexOf("{", from + 1)) {
    const end = text.indexOf("}", from);
    if (end < 0) return;
    const name = text.substring(from + 1, end);
    if (!name.includes("|") && !names.includes(name)) names.push(name);
  }
}
