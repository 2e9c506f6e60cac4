import {
  Slice,
  Utf8,
  borrow,
  lengthOf,
  parseDecimal,
  pointerOf,
  subslice,
  toOwned,
  toText,
  utf8,
} from "../bytes/slice";
import { ABSENT, Node } from "../json/document";
import { DeclaredFormat } from "../formats/declared/format";
import { FormatCompiler } from "./declared/format-compiler";
import { Field, ListAs } from "./field";
import { fieldOf, fieldsOf, isFree, variantType } from "./fields";
import { Items, itemKey, itemValue } from "./items";
import { Source } from "./source";
import { memberPath } from "./trail";

const SLASH: u8 = 0x2f;
const CASE_BIT: u8 = 0x20;

/**
 * The fields of one object of a right configuration, with the defaults that the table gives to those that are
 * absent. Where neither gives anything, texts are empty, numbers 0, flags false and lists empty.
 */
export class Values {
  /** @param node the object, or ABSENT: then everything is the default */
  constructor(
    private source: Source,
    private node: Node,
    private type: string,
  ) {}

  /** Whether the field is given. */
  has(name: string): bool {
    return this.find(name) != ABSENT;
  }

  /** A text, owned. */
  text(name: string): Utf8 {
    const node = this.find(name);
    return node == ABSENT ? utf8(this.fallback(name)) : toOwned(this.textOf(node, this.field(name)));
  }

  /** A text with ASCII letters in lower case: a header name. */
  lowerCase(name: string): Utf8 {
    return inCase(this.text(name), 0x41, 0x5a);
  }

  /** A text with ASCII letters in upper case. */
  upperCase(name: string): Utf8 {
    return inCase(this.text(name), 0x61, 0x7a);
  }

  /** A path without slashes at its end. */
  path(name: string): Utf8 {
    const text = this.text(name);
    const bytes = borrow(text);
    let length = lengthOf(bytes);
    while (length > 0 && load<u8>(pointerOf(bytes) + length - 1) == SLASH) length--;
    return length == text.byteLength ? text : toOwned(subslice(bytes, 0, length));
  }

  /** A whole number within the limits of its row. */
  integer(name: string): i32 {
    const document = this.source.document;
    const node = this.find(name);
    if (node == ABSENT) return this.fallback(name).length == 0 ? 0 : (parseFloat(this.fallback(name)) as i32);
    return (document.isString(node) ? wholeNumber(document.body(node)) : document.decimal(node, 0)) as i32;
  }

  /** A number within the limits of its row. */
  decimal(name: string): f64 {
    const node = this.find(name);
    return node == ABSENT ? parseFloat(this.fallback(name)) : this.source.document.decimal(node, 0);
  }

  /** A flag. */
  flag(name: string): bool {
    const node = this.find(name);
    return node == ABSENT ? this.fallback(name) == "true" : this.source.document.isTrue(node);
  }

  /** Index of a choice in its row, or 0. */
  choice(name: string): i32 {
    const field = this.field(name);
    if (field == null) return 0;
    const node = this.find(name);
    for (let i = 0; i < field.choices.length; i++) {
      const value = field.choices[i];
      if (node == ABSENT ? field.fallback == value : this.source.document.isText(node, value)) return i;
    }
    return 0;
  }

  /** A whole number of which 0 says nothing. @param fallback stands for 0 */
  positive(name: string, fallback: i32): i32 {
    const value = this.integer(name);
    return value > 0 ? value : fallback;
  }

  /** The value as it stands in the document, or ABSENT. */
  raw(name: string): Node {
    return this.find(name);
  }

  /** A declared format, compiled; null where the field is none. */
  declared(name: string): DeclaredFormat | null {
    const node = this.find(name);
    return this.source.document.isObject(node) ? new FormatCompiler(this.source).compile(node) : null;
  }

  /** The values of an object, or of the only one in a list; all defaults where it is absent. */
  object(name: string): Values {
    const document = this.source.document;
    const node = this.find(name);
    const object = document.isArray(node) ? document.firstElement(node) : node;
    return new Values(this.source, object, this.target(name));
  }

  /** The values of an object whose type another field decides. */
  variant(name: string): Values {
    const field = this.field(name);
    if (field == null) return new Values(this.source, ABSENT, "");
    const type = variantType(field, this.deciding(field.by), this.deciding("vendor"));
    return new Values(this.source, this.find(name), type);
  }

  /** What decides a variant: a text as it is given, "" where it is not, and what no type has for anything else. */
  private deciding(name: string): string {
    return decider(this.source, this.find(name));
  }

  /** The names of all fields that there can be. */
  names(): string[] {
    return fieldsOf(this.type).map<string>((field) => field.name);
  }

  /** The values of the objects in a list. */
  objects(name: string): Values[] {
    const document = this.source.document;
    const list = this.find(name);
    const found: Values[] = [];
    for (let item = document.firstElement(list); item != ABSENT; item = document.nextElement(item)) {
      found.push(new Values(this.source, item, this.target(name)));
    }
    return found;
  }

  /** The texts of a list that are not empty, in whichever way the list was written. */
  texts(name: string): Utf8[] {
    const document = this.source.document;
    const node = this.find(name);
    const field = this.field(name);
    const found: Utf8[] = [];
    for (let item = document.firstElement(node); item != ABSENT; item = document.nextElement(item)) {
      add(found, this.textOf(item, field));
    }
    const text = this.textOf(node, field);
    if (field == null || field.listAs == ListAs.Single) add(found, text);
    else for (const items = new Items(text); items.next();) add(found, items.item);
    return found;
  }

  /** JSON that is given as it is, or as text; owned. */
  secretJson(name: string): Utf8 {
    return toOwned(this.source.secretJson(this.find(name)));
  }

  /** The entries of a map, also where it was written as a list of pairs `from` and `to`, or as one text. */
  pairs(name: string): Pair[] {
    const document = this.source.document;
    const node = this.find(name);
    const found: Pair[] = [];
    for (let key = document.firstMember(node); key != ABSENT; key = document.nextMember(key)) {
      found.push(new Pair(this.source.owned(key), this.source.owned(document.valueOf(key))));
    }
    const objects = this.objects(name);
    for (let i = 0; i < objects.length; i++)
      found.push(new Pair(objects[i].text("from"), objects[i].text("to")));
    for (const items = new Items(this.source.text(node)); items.next();) {
      found.push(new Pair(toOwned(itemKey(items.item)), toOwned(itemValue(items.item))));
    }
    return found;
  }

  /** Names of the fields that are given, in the order of the table. */
  given(): string[] {
    const given: string[] = [];
    const names = this.names();
    for (let i = 0; i < names.length; i++) if (this.has(names[i])) given.push(names[i]);
    return given;
  }

  /** Members that are no fields: of each its path, and its name, in turn. @param path that of the object */
  unknown(path: string): string[] {
    const document = this.source.document;
    const found: string[] = [];
    for (let key = document.firstMember(this.node); key != ABSENT; key = document.nextMember(key)) {
      const name = toText(this.source.text(key));
      if (isFree(name) || fieldOf(this.type, name) !== null) continue;
      found.push(memberPath(path, this.source, key));
      found.push(name);
    }
    return found;
  }

  /** Names and JSON texts of the members of a value that is an object, whatever they are. */
  rawMembers(name: string): Pair[] {
    const document = this.source.document;
    const found: Pair[] = [];
    for (let key = document.firstMember(this.find(name)); key != ABSENT; key = document.nextMember(key)) {
      found.push(new Pair(this.source.owned(key), toOwned(document.raw(document.valueOf(key)))));
    }
    return found;
  }

  /** JSON text of a value, owned; empty where it is absent. */
  json(name: string): Utf8 {
    return toOwned(this.source.document.raw(this.find(name)));
  }

  /** Where null is allowed at all, it stands for an absent field. */
  private find(name: string): Node {
    const document = this.source.document;
    const node = document.find(this.node, name);
    return document.isNull(node) ? ABSENT : node;
  }

  /** Secrets may stand in the environment. */
  private textOf(node: Node, field: Field | null): Slice {
    return field != null && field.isSecret ? this.source.secret(node) : this.source.text(node);
  }

  private field(name: string): Field | null {
    return fieldOf(this.type, name);
  }

  private fallback(name: string): string {
    const field = this.field(name);
    return field == null ? "" : field.fallback;
  }

  private target(name: string): string {
    const field = this.field(name);
    return field == null ? "" : field.target;
  }
}

/** One entry of a map of texts. */
export class Pair {
  constructor(
    public from: Utf8,
    public to: Utf8,
  ) {}
}

/** The number that a text of digits is; NaN for anything else. */
export function wholeNumber(text: Slice): f64 {
  const value = parseDecimal(text);
  return value < 0 ? NaN : (value as f64);
}

/** The text of a field that decides the type of a variant: "" where it is not given, "{}" where it is no text. */
export function decider(source: Source, node: Node): string {
  if (node == ABSENT) return "";
  return source.document.isString(node) ? toText(source.text(node)) : "{}";
}

function add(texts: Utf8[], text: Slice): void {
  if (lengthOf(text) > 0) texts.push(toOwned(text));
}

/** Changes the case of the letters between `first` and `last`, in place. */
function inCase(text: Utf8, first: u8, last: u8): Utf8 {
  const pointer = changetype<usize>(text);
  for (let i = 0; i < text.byteLength; i++) {
    const byte = load<u8>(pointer + i);
    if (byte >= first && byte <= last) store<u8>(pointer + i, byte ^ CASE_BIT);
  }
  return text;
}
