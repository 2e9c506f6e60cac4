import { Slice, equals, indexOfByte, lengthOf, same, startsWith, subslice } from "../../bytes/slice";
import { ABSENT, Document, Node } from "../../json/document";

/** Questions about JSON Schema that the rewriting in schema.ts asks. */

const SLASH: u8 = 0x2f;

const FORMATS: string[] = ["date-time", "enum", "int32", "int64", "float", "double"];

/** The list in `anyOf` or `oneOf`. */
export function choicesIn(document: Document, schema: Node): Node {
  const any = document.find(schema, "anyOf");
  return document.isArray(any) ? any : document.find(schema, "oneOf");
}

/** Whether a schema allows nothing but null. */
export function isNull(document: Document, schema: Node): bool {
  return document.isText(document.find(schema, "type"), "null");
}

/** Whether Gemini knows this `format`. */
export function isKnownFormat(format: Slice): bool {
  for (let i = 0; i < FORMATS.length; i++) {
    if (equals(format, unchecked(FORMATS[i]))) return true;
  }
  return false;
}

/** What a reference within the document (`#/$defs/Address`, RFC 6901) points to, or ABSENT. */
export function resolve(document: Document, reference: Slice): Node {
  if (equals(reference, "#")) return document.root;
  if (!startsWith(reference, "#/")) return ABSENT;
  let node = document.root;
  let from = 2;
  while (node != ABSENT && from <= lengthOf(reference)) {
    const slash = indexOfByte(reference, SLASH, from);
    const end = slash < 0 ? lengthOf(reference) : slash;
    node = member(document, node, subslice(reference, from, end));
    from = end + 1;
  }
  return node;
}

function member(document: Document, node: Node, name: Slice): Node {
  let found = ABSENT;
  for (let key = document.firstMember(node); key != ABSENT; key = document.nextMember(key)) {
    if (same(document.body(key), name)) found = document.valueOf(key);
  }
  return found;
}
