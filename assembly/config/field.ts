/**
 * What a row of the configuration table is made of. Like the table itself, this file uses only what AssemblyScript
 * and TypeScript have in common: the plugin compiles it, and the tools that write the JSON Schema and the
 * documentation import it.
 */

/** What a field holds. */
export enum FieldKind {
  Text,
  Integer,
  Decimal,
  Flag,
  Object,
  TextList,
  ObjectList,
  TextMap,
  /** An object whose type follows from another field of the same object. */
  Variant,
  Any,
}

/** Which texts a text field takes. The rule of each shape is in shape.ts; the JSON Schema repeats it. */
export enum Shape {
  /** Any text, also the empty one. */
  Free,
  /** Not empty, no control characters. */
  Name,
  /** Visible ASCII (0x21 to 0x7e), not empty: what can stand in a header value or in the name of a cluster. */
  Visible,
  /** A header name: a token of RFC 9110 section 5.6.2. */
  Header,
  /** A path that begins with "/", without query and fragment. "/" at its end does not count. */
  Path,
  /** A service and its port, such as `llm.dns:443`. */
  Endpoint,
  /** A pattern of model names: exact, `prefix*` or `~regular expression`. */
  Pattern,
  /** An address and its port, such as `10.0.0.1:8080` or `[::1]:8080`. */
  Address,
  /** A status of an instance in Eureka. */
  Status,
  /** A language that clients speak. */
  Dialect,
  /** A status of HTTP from 400 on, such as `429`, or a hundred of them, such as `5xx`. */
  Code,
  /** An expression over a request or an answer, see docs/declared-formats.md. */
  Expression,
  /** A condition with such expressions. */
  Condition,
  /** A path and perhaps a query, with expressions in `{{ }}`. */
  PathTemplate,
  /** The name of a parameter of a chat request. */
  Parameter,
  /** The JSON of the key of a Google service account, as text. */
  ServiceAccount,
  /** Visible ASCII, or nothing, which is as good as absent. */
  Blank,
  /** Where Bedrock is told to remember a prompt. */
  CachePosition,
}

/** How a list of texts may also be written. */
export enum ListAs {
  List,
  /** One text is a list of one. */
  Single,
  /** One text is split at its commas. */
  Commas,
}

/** Where an integer or a list has no upper limit. */
export const UNLIMITED: number = 9007199254740991;

/** One field of one object type. The modifiers change the row and return it, so that a row is one expression. */
export class Field {
  shape: Shape = Shape.Free;
  /** Least and greatest value of a number. */
  least: number = 0;
  greatest: number = UNLIMITED;
  /**
   * Object type of the value, of the elements of a list, or of the pairs that may replace a map. Of a variant: the type
   * whose fields all its types have.
   */
  target: string = "";
  /** The field beside a variant that decides its type. */
  by: string = "";
  /** The only values of a text. */
  choices: string[] = [];
  /** The value is never logged nor repeated in a message. */
  isSecret: boolean = false;
  isRequired: boolean = false;
  /** Null stands for an absent field, and a whole number may be written as text. */
  isLenient: boolean = false;
  /** Whether an absent object is read as an empty one, with the defaults of its fields. */
  isSection: boolean = false;
  hasDefault: boolean = false;
  /** What an absent field means: the text itself, or the spelling of the number or flag. */
  fallback: string = "";
  /** Least number of elements of a list. */
  minimum: number = 0;
  listAs: ListAs = ListAs.List;
  /** Whether an object may also stand in a list, as the only one. */
  isListable: boolean = false;

  constructor(
    public owner: string,
    public name: string,
    public kind: FieldKind,
  ) {}

  /** The field has to be given. */
  required(): Field {
    this.isRequired = true;
    return this;
  }

  /** The value that an absent field has. */
  orElse(value: string): Field {
    this.fallback = value;
    this.hasDefault = true;
    return this;
  }

  /** The list has at least so many elements. */
  atLeast(count: number): Field {
    this.minimum = count;
    return this;
  }

  /** The list, or the map as `key=value, key=value`, may also be written as one text. */
  alsoText(how: ListAs): Field {
    this.listAs = how;
    return this;
  }

  /** See `isListable`. */
  alsoListed(): Field {
    this.isListable = true;
    return this;
  }
}

/** A text of a shape. */
export function text(owner: string, name: string, shape: Shape): Field {
  const field = new Field(owner, name, FieldKind.Text);
  field.shape = shape;
  return field;
}

/** A text that is never logged nor repeated in a message. */
export function secret(owner: string, name: string, shape: Shape): Field {
  const field = text(owner, name, shape);
  field.isSecret = true;
  return field;
}

/** One of a few texts, or an object of a type. */
export function choiceOrObject(owner: string, name: string, choices: string[], target: string): Field {
  const field = choice(owner, name, choices);
  field.target = target;
  return field;
}

/** One of a few texts. */
export function choice(owner: string, name: string, choices: string[]): Field {
  const field = new Field(owner, name, FieldKind.Text);
  field.choices = choices;
  return field;
}

/** A whole number; `1e3` and `1000.0` are whole. */
export function integer(owner: string, name: string, least: number, greatest: number): Field {
  const field = new Field(owner, name, FieldKind.Integer);
  field.least = least;
  field.greatest = greatest;
  return field;
}

/** A number. */
export function decimal(owner: string, name: string, least: number, greatest: number): Field {
  const field = new Field(owner, name, FieldKind.Decimal);
  field.least = least;
  field.greatest = greatest;
  return field;
}

/** true or false. */
export function flag(owner: string, name: string): Field {
  return new Field(owner, name, FieldKind.Flag);
}

/** An object of a type; absent means that there is none. */
export function object(owner: string, name: string, target: string): Field {
  const field = new Field(owner, name, FieldKind.Object);
  field.target = target;
  return field;
}

/** An object of a type; absent means an empty one. */
export function section(owner: string, name: string, target: string): Field {
  const field = object(owner, name, target);
  field.isSection = true;
  return field;
}

/** A list of texts of a shape. */
export function texts(owner: string, name: string, shape: Shape): Field {
  const field = new Field(owner, name, FieldKind.TextList);
  field.shape = shape;
  return field;
}

/** A list of texts that are never logged nor repeated in a message. */
export function secretTexts(owner: string, name: string, shape: Shape): Field {
  const field = texts(owner, name, shape);
  field.isSecret = true;
  return field;
}

/** A list of objects of a type. */
export function objects(owner: string, name: string, target: string): Field {
  const field = new Field(owner, name, FieldKind.ObjectList);
  field.target = target;
  return field;
}

/** A map of texts whose keys have a shape, or the same as a list of objects of type `pairs`. */
export function map(owner: string, name: string, keys: Shape, pairs: string): Field {
  const field = new Field(owner, name, FieldKind.TextMap);
  field.shape = keys;
  field.target = pairs;
  return field;
}

/**
 * An object whose type is told by the field `by` beside it: the value of that with the name of the type that is common to
 * all in capitals, as `difySettings`; or only the common one, where the table has no such type.
 */
export function variant(owner: string, name: string, target: string, by: string): Field {
  const field = new Field(owner, name, FieldKind.Variant);
  field.target = target;
  field.by = by;
  return field;
}

/** A value that another part of the plugin reads and checks. */
export function any(owner: string, name: string): Field {
  return new Field(owner, name, FieldKind.Any);
}

/** The same, also as JSON text, with a shape: what is in it is never logged nor repeated in a message. */
export function secretJson(owner: string, name: string, shape: Shape): Field {
  const field = any(owner, name);
  field.shape = shape;
  field.isSecret = true;
  return field;
}

/** Makes rows lenient: see `Field.isLenient`. What has to be given cannot be null. */
export function lenient(rows: Field[]): Field[] {
  for (let i = 0; i < rows.length; i++) rows[i].isLenient = true;
  return rows;
}

/** What several fields of one object have to do with each other. */
export enum Tie {
  /** Exactly one of `fields` is given; none will do where `field` is. */
  ExactlyOne,
  /** At most one of `fields` is given. */
  AtMostOne,
  /** At least one of `fields` is given. */
  AtLeastOne,
  /** At least one of the lists `fields` holds a text that is not empty. */
  SomeText,
  /** Where `field` is given, every one of `fields` is. */
  Requires,
  /** Where `field` is, or by default is, one of `values`, every one of `fields` is given. */
  RequiresWhen,
  /** There, exactly one of `fields` is given. */
  OneWhen,
  /** There, at most one of `fields` says something: null and an empty text say nothing. */
  AtMostOneWhen,
  /** Where `field` is one of `values`, the object `within` has every one of `fields`. */
  RequiresWithin,
}

/** One rule about several fields of one object type. */
export class CrossRule {
  within: string = "";
  /** A field that makes the rule void where it is given; empty: none does. */
  unless: string = "";

  constructor(
    public owner: string,
    public tie: Tie,
    public fields: string[],
    public field: string,
    public values: string[],
  ) {}
}

/** Exactly one of the fields is given. */
export function exactlyOne(owner: string, fields: string[]): CrossRule {
  return new CrossRule(owner, Tie.ExactlyOne, fields, "", []);
}

/** Exactly one of the fields is given, or none where `field` is. */
export function exactlyOneUnless(owner: string, fields: string[], field: string): CrossRule {
  return new CrossRule(owner, Tie.ExactlyOne, fields, field, []);
}

/** At most one of the fields is given. */
export function atMostOne(owner: string, fields: string[]): CrossRule {
  return new CrossRule(owner, Tie.AtMostOne, fields, "", []);
}

/** At least one of the fields is given. */
export function atLeastOne(owner: string, fields: string[]): CrossRule {
  return new CrossRule(owner, Tie.AtLeastOne, fields, "", []);
}

/** At least one of the lists of texts holds a text that is not empty. */
export function someText(owner: string, fields: string[]): CrossRule {
  return new CrossRule(owner, Tie.SomeText, fields, "", []);
}

/** Where `field` is given, the others are too. */
export function requires(owner: string, field: string, fields: string[]): CrossRule {
  return new CrossRule(owner, Tie.Requires, fields, field, []);
}

/** Where the choice `field` has one of `values`, the others are given. */
export function requiresWhen(owner: string, field: string, values: string[], fields: string[]): CrossRule {
  return new CrossRule(owner, Tie.RequiresWhen, fields, field, values);
}

/** Where the choice `field` has one of `values`, at most one of the others says something. */
export function atMostOneWhen(owner: string, field: string, values: string[], fields: string[]): CrossRule {
  return new CrossRule(owner, Tie.AtMostOneWhen, fields, field, values);
}

/** Where the choice `field` is `value`, the object `within` has the others; but where `unless` is given. */
export function requiresWithin(
  owner: string,
  field: string,
  value: string,
  within: string,
  fields: string[],
  unless: string,
): CrossRule {
  const rule = new CrossRule(owner, Tie.RequiresWithin, fields, field, [value]);
  rule.within = within;
  rule.unless = unless;
  return rule;
}

/** Where the choice `field` has one of `values`, exactly one of the others is given. */
export function oneWhen(owner: string, field: string, values: string[], fields: string[]): CrossRule {
  return new CrossRule(owner, Tie.OneWhen, fields, field, values);
}
