/** Header maps as Envoy keeps them: lower-case names, several values per name, order of insertion. */

import { MAX_PAIRS_BYTES, MAX_PAIRS_COUNT } from "./abi.ts";
import { toBytes, toText } from "./buffers.ts";

/** Name and value. */
export type Pair = readonly [string, string];

/** What a test may write where headers are wanted. */
export type HeaderSource = readonly Pair[] | Readonly<Record<string, string>>;

/** What a map belongs to; Envoy treats some names specially in some kinds. */
export type MapKind = "request" | "response" | "trailers";

/**
 * Headers that Envoy keeps in a fixed slot: a second value is joined to the first with a comma instead of becoming a
 * second entry. Found by trying on Envoy 1.40; the extensions that are compiled in add to the list.
 */
const COMMON_SLOTS = ["cache-control", "connection", "content-encoding", "content-length", "content-type"];
COMMON_SLOTS.push("transfer-encoding", "via", "x-request-id");
const REQUEST_SLOTS = [":authority", ":method", ":path", ":protocol", ":scheme", "accept", "accept-encoding"];
REQUEST_SLOTS.push("authorization", "expect", "origin", "referer", "te", "user-agent", "x-forwarded-for");
const SLOTS: Readonly<Record<MapKind, ReadonlySet<string>>> = {
  request: new Set([...COMMON_SLOTS, ...REQUEST_SLOTS]),
  response: new Set([...COMMON_SLOTS, ":status", "date", "location", "server"]),
  trailers: new Set(),
};

/** Pairs of either form a test may use. */
export function toPairs(source: HeaderSource | undefined): Pair[] {
  if (source === undefined) return [];
  return Array.isArray(source) ? [...(source as readonly Pair[])] : Object.entries(source);
}

export class HeaderMap {
  private entries: [string, string][] = [];

  constructor(
    source?: HeaderSource,
    readonly kind: MapKind = "trailers",
  ) {
    for (const [name, value] of toPairs(source)) this.add(name, value);
  }

  /** Number of entries: what the callbacks are told. */
  get size(): number {
    return this.entries.length;
  }

  /** Bytes of all names and values: what get_header_map_size answers. */
  get byteSize(): number {
    let size = 0;
    for (const [name, value] of this.entries) size += toBytes(name).length + toBytes(value).length;
    return size;
  }

  /** First value of the name, or undefined. */
  get(name: string): string | undefined {
    const wanted = this.key(name);
    return this.entries.find(([existing]) => existing === wanted)?.[1];
  }

  getAll(name: string): string[] {
    const wanted = this.key(name);
    return this.entries.filter(([existing]) => existing === wanted).map(([, value]) => value);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  add(name: string, value: string): void {
    const key = this.key(name);
    const existing = SLOTS[this.kind].has(key) ? this.entries.find(([other]) => other === key) : undefined;
    if (existing !== undefined) existing[1] = `${existing[1]},${value}`;
    else this.insert(key, value);
  }

  replace(name: string, value: string): void {
    this.remove(name);
    this.insert(this.key(name), value);
  }

  remove(name: string): void {
    const unwanted = this.key(name);
    this.entries = this.entries.filter(([existing]) => existing !== unwanted);
  }

  clear(): void {
    this.entries = [];
  }

  pairs(): [string, string][] {
    return this.entries.map(([name, value]) => [name, value]);
  }

  /** Names and values as an object, the values of a repeated name joined by ", ". For expectations in tests. */
  toObject(): Record<string, string> {
    const object: Record<string, string> = {};
    for (const [name, value] of this.entries) {
      object[name] = Object.hasOwn(object, name) ? `${object[name]}, ${value}` : value;
    }
    return object;
  }

  copy(): HeaderMap {
    const twin = new HeaderMap(undefined, this.kind);
    twin.entries = this.pairs();
    return twin;
  }

  /** In a request, "host" is another name of the authority. */
  private key(name: string): string {
    const key = name.toLowerCase();
    return key === "host" && this.kind === "request" ? ":authority" : key;
  }

  /** Pseudo headers stay in front of all others. */
  private insert(name: string, value: string): void {
    if (!name.startsWith(":")) {
      this.entries.push([name, value]);
      return;
    }
    let position = 0;
    while (position < this.entries.length && this.entries[position][0].startsWith(":")) position++;
    this.entries.splice(position, 0, [name, value]);
  }
}

/** The wire form of a list of pairs: u32 count, (u32 name length, u32 value length)*, then name NUL value NUL. */
export function serializePairs(pairs: readonly Pair[]): Uint8Array {
  const encoded = pairs.map(([name, value]) => [toBytes(name), toBytes(value)] as const);
  let size = 4;
  for (const [name, value] of encoded) size += 8 + name.length + 1 + value.length + 1;
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, encoded.length, true);
  let lengths = 4;
  let offset = 4 + 8 * encoded.length;
  for (const [name, value] of encoded) {
    view.setUint32(lengths, name.length, true);
    view.setUint32(lengths + 4, value.length, true);
    lengths += 8;
    bytes.set(name, offset);
    offset += name.length + 1;
    bytes.set(value, offset);
    offset += value.length + 1;
  }
  return bytes;
}

/** Pairs of their wire form. Like the real host, anything malformed or beyond the limits is an empty list. */
export function parsePairs(bytes: Uint8Array): Pair[] {
  if (bytes.length < 4 || bytes.length > MAX_PAIRS_BYTES) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(0, true);
  let offset = 4 + 8 * count;
  if (count > MAX_PAIRS_COUNT || offset > bytes.length) return [];
  const pairs: Pair[] = [];
  for (let index = 0; index < count; index++) {
    const fields: string[] = [];
    for (const length of [view.getUint32(4 + 8 * index, true), view.getUint32(8 + 8 * index, true)]) {
      if (offset + length + 1 > bytes.length || bytes[offset + length] !== 0) return [];
      fields.push(toText(bytes.subarray(offset, offset + length)));
      offset += length + 1;
    }
    pairs.push([fields[0], fields[1]]);
  }
  return offset === bytes.length ? pairs : [];
}
