/** Properties (get_property): paths and their encodings. */

import { toBytes } from "./buffers.ts";

/** Numbers become 8 bytes little-endian, booleans one byte, text UTF-8. */
export type PropertyValue = string | number | bigint | boolean | Uint8Array;

/** Properties by dotted path, e.g. `{"request.path": "/v1"}`. */
export type Properties = Readonly<Record<string, PropertyValue>>;

/** Bytes of a value as the plugin receives them. */
export function encodeProperty(value: PropertyValue): Uint8Array {
  if (value instanceof Uint8Array || typeof value === "string") return toBytes(value);
  if (typeof value === "boolean") return new Uint8Array([value ? 1 : 0]);
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value), true);
  return bytes;
}

/** The dotted form of a path whose parts the plugin separates by NUL. */
export function dottedPath(path: string): string {
  return path.replace(/\0+$/, "").replaceAll("\0", ".");
}
