/** Drives the framers of `assembly/framing` from a test. */
import { type HarnessExports, openHarness, place, readSlice, takeBack } from "./harness";
import { seededRandom } from "./random";

export interface FramedRecord {
  event: string;
  data: string;
  /** The end of the stream ended it. */
  unterminated: boolean;
  /** The framing marks it as a failure. */
  failure: boolean;
}

export interface Framed {
  records: FramedRecord[];
  /** What `end` said. */
  whole: boolean;
  error: FramingError;
}

export enum FramingError {
  None = 0,
  TooLarge = 1,
  Malformed = 2,
  Corrupt = 3,
}

interface FramingExports extends HarnessExports {
  create(namePointer: number, nameLength: number, limit: number): number;
  feed(pointer: number, length: number): void;
  next(): number;
  end(): number;
  record(): bigint;
  event(): bigint;
  unterminated(): number;
  failure(): number;
  error(): number;
  held(): number;
  dispose(): void;
  collect(): void;
  feedOften(pointer: number, length: number, times: number): number;
  copied(): bigint;
  moved(): bigint;
  sseEvent(namePointer: number, nameLength: number, pointer: number, length: number): bigint;
}

export type Kind = "sse" | "ndjson" | "json-array" | "concatenated" | "aws-event-stream" | "whole";

export const MAX_RECORD_BYTES = 16 << 20;

export class FramingHarness {
  static async open(): Promise<FramingHarness> {
    return new FramingHarness(await openHarness<FramingExports>("tests/unit/framing/framing.as.ts"));
  }

  private constructor(readonly exports: FramingExports) {}

  /** Feeds the pieces one after the other; each is overwritten as soon as its records were taken out. */
  run(kind: Kind, pieces: Iterable<Uint8Array>, limit = MAX_RECORD_BYTES): Framed {
    const { exports } = this;
    this.create(kind, limit);
    const records: FramedRecord[] = [];
    for (const piece of pieces) {
      const pointer = place(exports, piece);
      exports.feed(pointer, piece.length);
      this.drain(records);
      takeBack(exports, pointer, piece.length);
    }
    const whole = exports.end() !== 0;
    this.drain(records);
    return { records, whole, error: exports.error() };
  }

  /** Makes the framer that the exports then speak of. */
  create(kind: Kind, limit = MAX_RECORD_BYTES): void {
    const name = Buffer.from(kind);
    const pointer = place(this.exports, name);
    if (this.exports.create(pointer, name.length, limit) === 0) throw new Error(`no framing ${kind}`);
    this.exports.release(pointer);
  }

  writeSse(name: string | undefined, data: string): string {
    const nameBytes = Buffer.from(name ?? "");
    const dataBytes = Buffer.from(data);
    const namePointer = name === undefined ? 0 : place(this.exports, nameBytes);
    const dataPointer = place(this.exports, dataBytes);
    return text(
      readSlice(
        this.exports,
        this.exports.sseEvent(namePointer, nameBytes.length, dataPointer, dataBytes.length),
      ),
    );
  }

  private drain(records: FramedRecord[]): void {
    const { exports } = this;
    while (exports.next() !== 0) {
      records.push({
        event: text(readSlice(exports, exports.event())),
        data: text(readSlice(exports, exports.record())),
        unterminated: exports.unterminated() !== 0,
        failure: exports.failure() !== 0,
      });
    }
  }
}

/** A record as a test expects it. */
export function record(data: string, rest: Partial<FramedRecord> = {}): FramedRecord {
  return { event: "", data, unterminated: false, failure: false, ...rest };
}

/** The pieces of `bytes` between the given offsets, which must be in order. */
export function cutAt(bytes: Uint8Array, offsets: number[]): Uint8Array[] {
  const bounds = [0, ...offsets, bytes.length];
  return bounds.slice(1).map((end, index) => bytes.subarray(bounds[index], end));
}

/** Every way to cut in two, byte by byte, and a few hundred seeded ways to cut in more. */
export function* allCuts(bytes: Uint8Array, seed = 1): Generator<Uint8Array[]> {
  for (let offset = 0; offset <= bytes.length; offset++) yield cutAt(bytes, [offset]);
  yield cutAt(
    bytes,
    Array.from({ length: bytes.length }, (_, index) => index),
  );
  const random = seededRandom(seed);
  for (let round = 0; round < 200; round++) {
    const count = 1 + Math.floor(random() * 8);
    const offsets = Array.from({ length: count }, () => Math.floor(random() * (bytes.length + 1)));
    yield cutAt(
      bytes,
      offsets.sort((left, right) => left - right),
    );
  }
}

/** One character a byte, so that any bytes can be compared. */
export function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}
