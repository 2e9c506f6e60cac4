import { NONE, Slice, same } from "../../bytes/slice";
import { ABSENT, Document, Node } from "../../json/document";
import { JsonWriter } from "../../json/writer";
import { choicesIn, isKnownFormat, isNull, resolve } from "./schema-queries";

/**
 * JSON Schema as the subset of OpenAPI 3.0 that Gemini's older models take (`parameters`, `responseSchema`):
 * references are put in place, `allOf` is merged, `null` becomes `nullable`, `const` an `enum` of one,
 * `oneOf` `anyOf`, and keywords that are not known go. A schema that contains itself has no such form.
 * Source: Gemini API reference, Schema; Vertex AI reference, Schema.
 */

/** Bounds for hostile schemas, in which references multiply. */
const MAX_STEPS: i32 = 1 << 18;
const MAX_BYTES: i32 = 4 << 20;
const MAX_SOURCES: i32 = 64;
const MAX_OPEN: i32 = 256;

const TOO_LARGE: string = "a schema is too large once its references are put in place";
const RECURSIVE: string = "a schema that contains itself cannot be sent to this model";
const DANGLING: string = "a schema refers to something that it does not contain";

/** Keywords whose values are taken over as they are. */
const KEPT: string[] = [
  "title",
  "description",
  "default",
  "minItems",
  "maxItems",
  "minLength",
  "maxLength",
  "pattern",
  "minimum",
  "maximum",
  "minProperties",
  "maxProperties",
  "propertyOrdering",
];

/** What is still to be written, last first. */
const enum Step {
  /** A schema: `node`. */
  Schema,
  /** The name of a property: `node` is the key. */
  Name,
  Properties,
  Items,
  AnyOf,
  EndObject,
  EndArray,
  /** `node` references are left again. */
  Leave,
  /** A schema with only the type in `node`. */
  Type,
}

const document: Document = new Document();

/** Whether a schema (raw JSON) says no more than "an object": then Gemini wants none at all. */
export function isBareObject(schema: Slice): bool {
  if (schema == NONE || !document.parse(schema)) return true;
  const root = document.root;
  for (let key = document.firstMember(root); key != ABSENT; key = document.nextMember(key)) {
    if (document.isText(key, "properties") && document.count(document.valueOf(key)) > 0) return false;
    if (document.isText(key, "$ref") || document.isText(key, "allOf")) return false;
    if (document.isText(key, "anyOf") || document.isText(key, "oneOf")) return false;
  }
  return true;
}

/** Writes a schema (raw JSON) in the subset. Gives the problem, "" where there is none. */
export function writeSchema(schema: Slice, json: JsonWriter): string {
  if (!document.parse(schema)) return "a schema must be a JSON object";
  const rewriter = new Rewriter(json);
  rewriter.write(document.root);
  return rewriter.problem;
}


@final
class Rewriter {
  problem: string = "";

  private steps: Array<Step> = [];
  private nodes: Array<Node> = [];
  private count: i32 = 0;
  private start: i32;
  /** References that the schema at hand stands in. */
  private open: Array<Node> = [];
  /** The schemas that the one at hand is merged of: itself, what it refers to, `allOf`. */
  private sources: Array<Node> = [];
  private isNullable: bool = false;

  constructor(private json: JsonWriter) {
    this.start = json.out.length;
  }

  write(root: Node): void {
    this.push(Step.Schema, root);
    while (this.steps.length > 0 && this.problem.length == 0) {
      const step = this.steps.pop();
      this.perform(step, this.nodes.pop());
      this.spend();
      if (this.json.out.length - this.start > MAX_BYTES) this.problem = TOO_LARGE;
    }
  }

  private perform(step: Step, node: Node): void {
    const json = this.json;
    switch (step) {
      case Step.Schema:
        this.schema(node);
        break;
      case Step.Name:
        json.keyBody(document.body(node));
        break;
      case Step.Properties:
        json.key("properties").object();
        break;
      case Step.Items:
        json.key("items");
        break;
      case Step.AnyOf:
        json.key("anyOf").array();
        break;
      case Step.EndObject:
        json.endObject();
        break;
      case Step.EndArray:
        json.endArray();
        break;
      case Step.Leave:
        this.open.length = max(0, this.open.length - node);
        break;
      case Step.Type:
        json.object().key("type").raw(document.raw(node)).endObject();
        break;
    }
  }

  private schema(node: Node): void {
    const before = this.open.length;
    this.expand(node, before);
    if (this.problem.length > 0) return;
    const json = this.json;
    json.object();
    this.push(Step.Leave, this.open.length - before);
    this.push(Step.EndObject, ABSENT);
    const choices = this.choices();
    const types = this.types();
    const values = this.first("enum");
    const constant = this.first("const");
    const hasProperties = this.first("properties") != ABSENT;
    const items = this.first("items");

    this.type(types, choices.length > 0, values, constant, hasProperties, items);
    this.values(values, constant);
    if (this.isNullable) json.key("nullable").bool(true);
    for (let i = 0; i < KEPT.length; i++) {
      const kept = this.first(unchecked(KEPT[i]));
      if (kept != ABSENT) json.key(unchecked(KEPT[i])).raw(document.raw(kept));
    }
    if (hasProperties) this.required();

    if (choices.length > 0) this.pushList(choices, Step.Schema);
    else if (types.length > 1) this.pushList(types, Step.Type);
    if (items != ABSENT || this.isArray(types)) this.items(items);
    if (hasProperties) this.properties();
  }

  /** Collects the sources of a schema. */
  private expand(node: Node, before: i32): void {
    const sources = this.sources;
    sources.length = 0;
    sources.push(node);
    this.isNullable = false;
    for (let i = 0; i < sources.length && this.problem.length == 0; i++) {
      const source = unchecked(sources[i]);
      const reference = document.find(source, "$ref");
      if (document.isString(reference)) this.follow(document.body(reference), before);
      const all = document.find(source, "allOf");
      for (let part = document.firstElement(all); part != ABSENT; part = document.nextElement(part)) {
        this.addSource(part);
      }
      const single = this.singleChoice(source);
      if (single != ABSENT) this.addSource(single);
      if (document.isTrue(document.find(source, "nullable"))) this.isNullable = true;
    }
  }

  private addSource(node: Node): void {
    if (this.sources.length == MAX_SOURCES) this.problem = TOO_LARGE;
    else this.sources.push(node);
  }

  private follow(reference: Slice, before: i32): void {
    const target = resolve(document, reference);
    if (target == ABSENT) {
      this.problem = DANGLING;
      return;
    }
    const at = this.open.indexOf(target);
    if (at >= before) return; // the same part twice in one `allOf`
    if (at >= 0 || target == document.root) {
      this.problem = RECURSIVE;
    } else if (this.open.length == MAX_OPEN) {
      this.problem = TOO_LARGE;
    } else {
      this.open.push(target);
      this.addSource(target);
    }
  }

  /** The one member besides null of an `anyOf` or `oneOf` that is merged into its schema, or ABSENT. */
  private singleChoice(source: Node): Node {
    const list = choicesIn(document, source);
    let found = ABSENT;
    for (let item = document.firstElement(list); item != ABSENT; item = document.nextElement(item)) {
      this.spend();
      if (isNull(document, item)) {
        this.isNullable = true;
        continue;
      }
      if (found != ABSENT) return ABSENT;
      found = item;
    }
    return found;
  }

  /** The members of the first `anyOf` or `oneOf` that has several besides null. */
  private choices(): Array<Node> {
    const found = new Array<Node>();
    for (let i = 0; i < this.sources.length && found.length < 2; i++) {
      found.length = 0;
      const list = choicesIn(document, unchecked(this.sources[i]));
      for (let item = document.firstElement(list); item != ABSENT; item = document.nextElement(item)) {
        if (isNull(document, item)) this.isNullable = true;
        else found.push(item);
      }
    }
    if (found.length < 2) found.length = 0;
    return found;
  }

  /** The types besides null: strings. */
  private types(): Array<Node> {
    const found = new Array<Node>();
    const type = this.first("type");
    if (document.isString(type)) {
      if (document.isText(type, "null")) this.isNullable = true;
      else found.push(type);
    }
    for (let item = document.firstElement(type); item != ABSENT; item = document.nextElement(item)) {
      if (document.isText(item, "null")) this.isNullable = true;
      else if (document.isString(item)) found.push(item);
    }
    return found;
  }

  /** Gemini wants a type where JSON Schema can do without one. */
  private type(
    types: Array<Node>,
    hasChoices: bool,
    values: Node,
    constant: Node,
    hasProperties: bool,
    items: Node,
  ): void {
    const json = this.json;
    if (types.length == 1) json.key("type").raw(document.raw(unchecked(types[0])));
    else if (types.length > 1 || hasChoices) return;
    else if (hasProperties) json.key("type").string("object");
    else if (items != ABSENT) json.key("type").string("array");
    else if (constant != ABSENT || document.count(values) > 0) json.key("type").string("string");
  }

  /** `enum`, `const` and `format`. Gemini's enums hold strings only. */
  private values(values: Node, constant: Node): void {
    const json = this.json;
    const count = document.count(values);
    let isMixed = document.isNumber(constant) || document.isTrue(constant) || document.isFalse(constant);
    for (let value = document.firstElement(values); value != ABSENT; value = document.nextElement(value)) {
      if (document.isNull(value)) this.isNullable = true;
      else if (!document.isString(value)) isMixed = true;
    }
    const format = document.body(this.first("format"));
    if (isMixed) json.key("format").string("enum");
    else if (isKnownFormat(format)) json.key("format").body(format);
    if (count == 0 && (constant == ABSENT || document.isNull(constant))) {
      if (document.isNull(constant)) this.isNullable = true;
      return;
    }
    json.key("enum").array();
    for (let value = document.firstElement(values); value != ABSENT; value = document.nextElement(value)) {
      this.value(value);
    }
    if (count == 0) this.value(constant);
    json.endArray();
  }

  private value(value: Node): void {
    if (document.isNull(value)) return;
    if (document.isString(value)) this.json.raw(document.raw(value));
    else this.json.text(document.raw(value));
  }

  /** Names that no property has would be an error. */
  private required(): void {
    const json = this.json;
    let isOpen = false;
    for (let i = 0; i < this.sources.length; i++) {
      const list = document.find(unchecked(this.sources[i]), "required");
      for (let name = document.firstElement(list); name != ABSENT; name = document.nextElement(name)) {
        if (!document.isString(name) || !this.hasProperty(document.body(name), this.sources.length)) continue;
        if (!isOpen) json.key("required").array();
        isOpen = true;
        json.raw(document.raw(name));
      }
    }
    if (isOpen) json.endArray();
  }

  private properties(): void {
    const keys = new Array<Node>();
    for (let i = 0; i < this.sources.length; i++) {
      const object = document.find(unchecked(this.sources[i]), "properties");
      for (let key = document.firstMember(object); key != ABSENT; key = document.nextMember(key)) {
        if (i == 0 || !this.hasProperty(document.body(key), i)) keys.push(key);
      }
    }
    if (keys.length == 0) return;
    this.push(Step.EndObject, ABSENT);
    for (let i = keys.length - 1; i >= 0; i--) {
      this.push(Step.Schema, document.valueOf(unchecked(keys[i])));
      this.push(Step.Name, unchecked(keys[i]));
    }
    this.push(Step.Properties, ABSENT);
  }

  /** Whether one of the first `count` sources has a property of this name. */
  private hasProperty(name: Slice, count: i32): bool {
    for (let i = 0; i < count; i++) {
      const object = document.find(unchecked(this.sources[i]), "properties");
      for (let key = document.firstMember(object); key != ABSENT; key = document.nextMember(key)) {
        this.spend();
        if (this.problem.length > 0) return true;
        if (same(document.body(key), name)) return true;
      }
    }
    return false;
  }

  /** An array must say what it holds; a tuple says it with its first place. */
  private items(items: Node): void {
    const item = document.isArray(items) ? document.firstElement(items) : items;
    if (document.isObject(item)) {
      this.push(Step.Schema, item);
      this.push(Step.Items, ABSENT);
    } else {
      this.json.key("items").constant('{"type":"string"}');
    }
  }

  private isArray(types: Array<Node>): bool {
    return types.length == 1 && document.isText(unchecked(types[0]), "array");
  }

  private pushList(list: Array<Node>, step: Step): void {
    this.push(Step.EndArray, ABSENT);
    for (let i = list.length - 1; i >= 0; i--) this.push(step, unchecked(list[i]));
    this.push(Step.AnyOf, ABSENT);
  }

  /** The keyword in the first source that has it. */
  private first(keyword: string): Node {
    for (let i = 0; i < this.sources.length; i++) {
      const value = document.find(unchecked(this.sources[i]), keyword);
      if (value != ABSENT) return value;
    }
    return ABSENT;
  }

  private push(step: Step, node: Node): void {
    this.steps.push(step);
    this.nodes.push(node);
  }

  private spend(): void {
    if (++this.count > MAX_STEPS && this.problem.length == 0) this.problem = TOO_LARGE;
  }
}
