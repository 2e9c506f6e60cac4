/**
 * Packs the static data of a module, which assembly/host/unpack.ts unpacks when a VM starts: two LZ4 blocks, one of the
 * bytes at even places and one of those at odd places, in the place of thousands of data segments.
 */

/** Sections of a module (WebAssembly Core Specification, "Binary Format", "Modules"). */
const MEMORY_SECTION = 5;
const DATA_SECTION = 11;
/** How many segments there are: only for instructions that the plugin does not use. */
const DATA_COUNT_SECTION = 12;
const PREAMBLE_BYTES = 8;
const PAGE_BYTES = 65_536;

/** Address of what `unpack` reads first; see there. */
const HEADER = 16;

/** Limits of an LZ4 block: the shortest repetition, the farthest, and bytes at the end that are none. */
const LEAST_REPEAT = 4;
const FARTHEST = 65_535;
const LAST_LITERALS = 5;
const LAST_START = 12;

/** How many earlier places are compared for the longest repetition. */
const TRIES = 512;

/** One active data segment. */
interface Segment {
  address: number;
  bytes: Uint8Array;
}

/** The module with its static data packed. Throws where the module is not made as the compiler makes it. */
export function packData(module: Uint8Array): Uint8Array {
  const sections = readSections(module);
  const data = sections.find(({ id }) => id === DATA_SECTION);
  const memory = sections.find(({ id }) => id === MEMORY_SECTION);
  if (data === undefined || memory === undefined)
    throw new Error("the module has no memory with static data");
  const segments = readSegments(data.bytes);
  const first = Math.min(...segments.map(({ address }) => address));
  const target = first - (first % 2);
  const end = Math.max(...segments.map(({ address, bytes }) => address + bytes.length));
  if (target < HEADER + 16) throw new Error(`static data at ${first} leaves no room for the header`);
  const image = new Uint8Array(end - target);
  for (const { address, bytes } of segments) image.set(bytes, address - target);
  const even = packBlock(image.filter((_, index) => index % 2 === 0));
  const odd = packBlock(image.filter((_, index) => index % 2 === 1));
  // Behind the static data begins the heap, of which nothing is taken before it has been unpacked.
  const packedAt = end + (16 - (end % 16));
  const header = new Uint32Array([
    packedAt,
    packedAt + even.length,
    packedAt + even.length + odd.length,
    target,
  ]);
  const packed = [
    { address: HEADER, bytes: new Uint8Array(header.buffer) },
    { address: packedAt, bytes: joined([even, odd]) },
  ];
  data.bytes = writeSegments(packed);
  memory.bytes = withLeastPages(memory.bytes, Math.ceil((packedAt + even.length + odd.length) / PAGE_BYTES));
  return writeSections(module.subarray(0, PREAMBLE_BYTES), sections);
}

/** Packs bytes as one LZ4 block (LZ4 Block Format Description, lz4.org). */
export function packBlock(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  const places = new Map<number, number[]>();
  let literals = 0;
  let at = 0;
  while (at < bytes.length) {
    const repeat = at + LAST_START <= bytes.length ? longestRepeat(bytes, at, places) : undefined;
    const length = repeat?.length ?? 1;
    if (repeat !== undefined) {
      writeSequence(out, bytes.subarray(literals, at), repeat);
      literals = at + length;
    }
    for (let i = at; i < at + length; i++) remember(places, bytes, i);
    at += length;
  }
  writeSequence(out, bytes.subarray(literals));
  return Uint8Array.from(out);
}

interface Repeat {
  distance: number;
  length: number;
}

function longestRepeat(bytes: Uint8Array, at: number, places: Map<number, number[]>): Repeat | undefined {
  const earlier = places.get(keyAt(bytes, at)) ?? [];
  const most = bytes.length - LAST_LITERALS - at;
  let best: Repeat | undefined;
  for (let i = earlier.length - 1; i >= 0 && i >= earlier.length - TRIES; i--) {
    const place = earlier[i] ?? 0;
    if (at - place > FARTHEST) break;
    let length = 0;
    while (length < most && bytes[place + length] === bytes[at + length]) length++;
    if (length >= LEAST_REPEAT && length > (best?.length ?? 0)) best = { distance: at - place, length };
  }
  return best;
}

function remember(places: Map<number, number[]>, bytes: Uint8Array, at: number): void {
  if (at + LEAST_REPEAT > bytes.length) return;
  const key = keyAt(bytes, at);
  const known = places.get(key);
  if (known === undefined) places.set(key, [at]);
  else known.push(at);
}

function keyAt(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0, true);
}

/** Literals and the repetition behind them; the last sequence has none. */
function writeSequence(out: number[], literals: Uint8Array, repeat?: Repeat): void {
  const repeated = repeat === undefined ? 0 : repeat.length - LEAST_REPEAT;
  out.push((Math.min(literals.length, 15) << 4) | Math.min(repeated, 15));
  writeLength(out, literals.length);
  for (const byte of literals) out.push(byte);
  if (repeat === undefined) return;
  out.push(repeat.distance & 0xff, repeat.distance >> 8);
  writeLength(out, repeated);
}

function writeLength(out: number[], length: number): void {
  if (length < 15) return;
  let rest = length - 15;
  for (; rest >= 255; rest -= 255) out.push(255);
  out.push(rest);
}

// ---- the module ---------------------------------------------------------------------------------------------

interface Section {
  id: number;
  bytes: Uint8Array;
}

function readSections(module: Uint8Array): Section[] {
  const reader = new Reader(module, PREAMBLE_BYTES);
  const sections: Section[] = [];
  while (!reader.isAtEnd) sections.push({ id: reader.byte(), bytes: reader.bytes(reader.unsigned()) });
  return sections;
}

function writeSections(preamble: Uint8Array, sections: readonly Section[]): Uint8Array {
  const kept = sections.filter(({ id }) => id !== DATA_COUNT_SECTION);
  return joined([
    preamble,
    ...kept.flatMap(({ id, bytes }) => [Uint8Array.of(id), unsigned(bytes.length), bytes]),
  ]);
}

/** Active segments of the first memory, at constant addresses: all that the compiler makes. */
function readSegments(section: Uint8Array): Segment[] {
  const reader = new Reader(section, 0);
  return Array.from({ length: reader.unsigned() }, () => {
    const [flags, opcode] = [reader.byte(), reader.byte()];
    const address = reader.signed();
    if (flags !== 0 || opcode !== 0x41 || reader.byte() !== 0x0b) throw new Error("a segment is not active");
    return { address, bytes: reader.bytes(reader.unsigned()) };
  });
}

function writeSegments(segments: readonly Segment[]): Uint8Array {
  return joined([
    unsigned(segments.length),
    ...segments.flatMap(({ address, bytes }) => [
      Uint8Array.of(0, 0x41),
      signed(address),
      Uint8Array.of(0x0b),
      unsigned(bytes.length),
      bytes,
    ]),
  ]);
}

/** The section of one memory, which has so many pages at least. */
function withLeastPages(section: Uint8Array, pages: number): Uint8Array {
  const reader = new Reader(section, 0);
  const [count, flags, least] = [reader.unsigned(), reader.byte(), reader.unsigned()];
  if (count !== 1) throw new Error("the module has not one memory");
  return joined([Uint8Array.of(1, flags), unsigned(Math.max(least, pages)), reader.rest()]);
}

class Reader {
  constructor(
    private readonly source: Uint8Array,
    private at: number,
  ) {}

  get isAtEnd(): boolean {
    return this.at >= this.source.length;
  }

  byte(): number {
    const byte = this.source[this.at++];
    if (byte === undefined) throw new Error("the module ends too soon");
    return byte;
  }

  bytes(length: number): Uint8Array {
    this.at += length;
    return this.source.subarray(this.at - length, this.at);
  }

  rest(): Uint8Array {
    return this.source.subarray(this.at);
  }

  /** LEB128. */
  unsigned(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  /** Signed LEB128 of 32 bits. */
  signed(): number {
    let value = 0;
    for (let shift = 0; ; ) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      shift += 7;
      if (byte < 0x80) return shift < 32 && byte & 0x40 ? value | (-1 << shift) : value;
    }
  }
}

function unsigned(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Uint8Array.of(...bytes, rest);
}

/** Of a value that is not negative: the highest bit of the last byte is its sign. */
function signed(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x3f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Uint8Array.of(...bytes, rest);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
