import { NONE, Slice, equals, pointerOf, slice } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { MAX_DEPTH } from "../../json/scanner";
import { ABSENT, Document, Node } from "../../json/document";

/** OpenAPI's type names as Google writes them. */
const TYPES: string[] = ["STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL"];
const LOWER: string[] = ["string", "number", "integer", "boolean", "array", "object", "null"];

/** End of each object that is open, and whether it says `nullable`. */
const ends: StaticArray<i32> = new StaticArray<i32>(MAX_DEPTH);
const nullables: StaticArray<bool> = new StaticArray<bool>(MAX_DEPTH);

/**
 * Writes a schema of Google's (`parameters`, `responseSchema`) as JSON Schema: types in lower case, and
 * `null` beside the type of what is `nullable`. Everything else stays as it is written.
 * @returns false where nothing had to be changed; what was written is then a plain copy.
 */
export function writeJsonSchema(body: Document, schema: Node, out: Writer): bool {
  const raw = body.raw(schema);
  const origin = body.start(schema);
  const end = body.end(schema);
  let from = origin; // what is not yet written
  let depth = 0;
  // Tokens of a subtree follow each other in the order of the text.
  for (let node = schema; body.start(node) >= 0 && body.start(node) < end; node++) {
    while (depth > 0 && unchecked(ends[depth - 1]) <= body.start(node)) depth--;
    if (body.isObject(node) && depth < MAX_DEPTH) {
      unchecked((ends[depth] = body.end(node)));
      unchecked((nullables[depth] = body.isTrue(body.find(node, "nullable"))));
      depth++;
      continue;
    }
    const type = body.valueOf(node);
    if (type == ABSENT || !body.isString(type) || !body.isText(node, "type")) continue;
    const index = indexOf(body.body(type));
    const isNullable = depth > 0 && unchecked(nullables[depth - 1]);
    if (index < 0 && !isNullable) continue;
    out.bytes(part(raw, from - origin, body.start(type) - origin));
    if (isNullable) out.byte(0x5b);
    if (index >= 0) {
      out.byte(0x22);
      out.ascii(unchecked(LOWER[index]));
      out.byte(0x22);
    } else {
      out.bytes(body.raw(type));
    }
    if (isNullable) out.ascii(',"null"]');
    from = body.end(type);
  }
  out.bytes(part(raw, from - origin, end - origin));
  return from != origin;
}

function part(raw: Slice, from: i32, to: i32): Slice {
  return to > from ? slice(pointerOf(raw) + from, to - from) : NONE;
}

function indexOf(type: Slice): i32 {
  for (let i = 0; i < TYPES.length; i++) {
    if (equals(type, unchecked(TYPES[i]))) return i;
  }
  return -1;
}
