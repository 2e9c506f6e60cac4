import { Slice, lengthOf } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { ABSENT, Document, Node } from "../../json/document";
import { escape } from "../../json/text";
import { JsonWriter } from "../../json/writer";

/**
 * JSON Schemas in the subset that Anthropic holds answers to.
 * Source: Anthropic, "Structured outputs", "JSON Schema limitations".
 */

/** Keywords whose values stay as they are. */
const PLAIN: StaticArray<string> = [
  "$ref",
  "$schema",
  "$id",
  "title",
  "default",
  "const",
  "enum",
  "type",
  "required",
];
/** Keywords whose values are a schema, a list of schemas, or schemas by name. */
const ONE: StaticArray<string> = ["items"];
const MANY: StaticArray<string> = ["anyOf", "oneOf", "allOf"];
const NAMED: StaticArray<string> = ["$defs", "definitions", "properties"];

const FORMATS: StaticArray<string> = [
  "date-time",
  "time",
  "date",
  "duration",
  "email",
  "hostname",
  "uri",
  "ipv4",
  "ipv6",
  "uuid",
];

const document: Document = new Document();
const constraints: Writer = new Writer();

/**
 * Writes a schema (raw JSON) so that Anthropic takes it: objects are closed, `oneOf` is `anyOf`, and constraints that it
 * does not enforce (lengths, ranges, patterns) go to where the model reads them, the description. False where the
 * schema is no JSON object; nothing is written then.
 */
export function writeSchema(schema: Slice, json: JsonWriter): bool {
  if (!document.parse(schema) || !document.isObject(document.root)) return false;
  writeNode(document.root, json);
  return true;
}

/** Recursion ends: the document is at most 512 values deep. */
function writeNode(node: Node, json: JsonWriter): void {
  if (!document.isObject(node)) {
    // `true` and `false` are schemas, too.
    json.raw(document.raw(node));
    return;
  }
  json.object();
  for (let key = document.firstMember(node); key != ABSENT; key = document.nextMember(key)) {
    writeMember(key, document.valueOf(key), json);
  }
  writeDescription(node, json);
  if (isObjectSchema(node)) json.key("additionalProperties").bool(false);
  json.endObject();
}

function writeMember(key: Node, value: Node, json: JsonWriter): void {
  if (isOneOf(key, PLAIN)) {
    json.keyBody(document.body(key)).raw(document.raw(value));
  } else if (isOneOf(key, ONE)) {
    json.keyBody(document.body(key));
    writeNode(value, json);
  } else if (isOneOf(key, MANY)) {
    if (document.isText(key, "oneOf")) json.key("anyOf");
    else json.keyBody(document.body(key));
    json.array();
    for (let item = document.firstElement(value); item != ABSENT; item = document.nextElement(item)) {
      writeNode(item, json);
    }
    json.endArray();
  } else if (isOneOf(key, NAMED)) {
    json.keyBody(document.body(key)).object();
    for (let name = document.firstMember(value); name != ABSENT; name = document.nextMember(name)) {
      json.keyBody(document.body(name));
      writeNode(document.valueOf(name), json);
    }
    json.endObject();
  } else if (document.isText(key, "format") && isKnownFormat(value)) {
    json.key("format").raw(document.raw(value));
  }
}

/** The schema's own description, with what cannot be enforced behind it. */
function writeDescription(node: Node, json: JsonWriter): void {
  constraints.reset();
  for (let key = document.firstMember(node); key != ABSENT; key = document.nextMember(key)) {
    const value = document.valueOf(key);
    if (!isConstraint(key, value)) continue;
    if (constraints.length > 0) constraints.ascii(", ");
    constraints.bytes(document.body(key));
    constraints.ascii(": ");
    escape(constraints, document.raw(value));
  }
  const description = document.body(document.find(node, "description"));
  if (constraints.length == 0 && lengthOf(description) == 0) return;
  json.key("description");
  const out = json.beginString();
  out.bytes(description);
  if (constraints.length > 0) {
    out.ascii(lengthOf(description) > 0 ? " (" : "(");
    out.bytes(constraints.view());
    out.ascii(")");
  }
  json.endString();
}

/** A number or text that limits values: everything simple that is written nowhere else. */
function isConstraint(key: Node, value: Node): bool {
  if (document.isText(key, "description") || isOneOf(key, PLAIN)) return false;
  if (document.isText(key, "format")) return document.isString(value) && !isKnownFormat(value);
  return document.isNumber(value) || document.isString(value) || document.isText(key, "uniqueItems");
}

function isObjectSchema(node: Node): bool {
  const type = document.find(node, "type");
  if (document.isText(type, "object") || document.find(node, "properties") != ABSENT) return true;
  for (let item = document.firstElement(type); item != ABSENT; item = document.nextElement(item)) {
    if (document.isText(item, "object")) return true;
  }
  return false;
}

function isKnownFormat(value: Node): bool {
  for (let i = 0; i < FORMATS.length; i++) {
    if (document.isText(value, unchecked(FORMATS[i]))) return true;
  }
  return false;
}

function isOneOf(key: Node, names: StaticArray<string>): bool {
  for (let i = 0; i < names.length; i++) {
    if (document.isText(key, unchecked(names[i]))) return true;
  }
  return false;
}
