/** The harness of the JSON room with JavaScript's own values. */
import { type HarnessExports, lend, openHarness, readSlice } from "../../support/harness";

interface Exports extends HarnessExports {
  pages(): number;
  allocateManaged(): number;
  errorText(error: number): bigint;

  scannerReset(recordDepth: number, tokens: number): void;
  scannerFeed(pointer: number, length: number): number;
  scannerEnd(): number;
  scannerDispose(): void;
  scannerError(): number;
  scannerOffset(): number;
  scannerComplete(): number;
  scannerScan(pointer: number, length: number, stopDepth: number): number;
  scannerEvent(): number;
  scannerEventDepth(): number;
  tapeCount(): number;
  tapeField(index: number, field: number): number;
  tapeDigest(): bigint;
  isJson(pointer: number, length: number, cut: number): number;

  documentAdopt(pointer: number, length: number): number;
  documentParse(pointer: number, length: number): number;
  documentError(): number;
  documentErrorOffset(): number;
  documentReset(): void;
  root(): number;
  kind(node: number): number;
  raw(node: number): bigint;
  body(node: number): bigint;
  start(node: number): number;
  end(node: number): number;
  hasEscape(node: number): number;
  find(object: number, name: number, length: number): number;
  path(node: number, steps: number, length: number): number;
  isText(node: number, text: number, length: number): number;
  at(array: number, index: number): number;
  firstMember(object: number): number;
  nextMember(key: number): number;
  valueOf(key: number): number;
  firstElement(array: number): number;
  nextElement(element: number): number;
  count(node: number): number;
  integer(node: number, fallback: bigint): bigint;
  decimal(node: number, fallback: number): number;
  questions(node: number): number;
  parseIntegerText(pointer: number, length: number, fallback: bigint): bigint;
  parseDecimalText(pointer: number, length: number, fallback: number): number;

  escaped(pointer: number, length: number): bigint;
  quoted(pointer: number, length: number): bigint;
  unescaped(pointer: number, length: number): bigint;
  equalsBody(pointer: number, length: number, text: number, textLength: number): number;

  writerReset(): void;
  written(): bigint;
  write(call: number, text: number, length: number, value: bigint): void;
  writeChunks(pointer: number, length: number, times: number): bigint;

  patchesClear(): void;
  patchesReplace(from: number, to: number, pointer: number, length: number): number;
  patchesRemove(from: number, to: number): number;
  patchesInsert(at: number, pointer: number, length: number): number;
  patchesApply(pointer: number, length: number): bigint;
  patchesCount(): number;
  patchesDelta(): number;
  patchesFailed(): number;
  patchesStart(index: number): number;
  patchesEnd(index: number): number;
  patchesReplacement(index: number): bigint;

  editsOpen(object: number): number;
  editsReplace(name: number, length: number, value: number, valueLength: number): number;
  editsSet(name: number, length: number, value: number, valueLength: number): void;
  editsAdd(name: number, length: number, value: number, valueLength: number): void;
  editsRename(name: number, length: number, other: number, otherLength: number): number;
  editsRemove(name: number, length: number): number;
  editsClose(): number;

  splitterNew(mode: number, name: number, length: number, limit: number): void;
  splitterReset(): void;
  splitterFeed(pointer: number, length: number): number;
  splitterNext(): number;
  splitterRecord(): bigint;
  splitterEnd(): number;
  splitterError(): number;
}

/** Bytes of a text; `\xNN` in a latin1 string is one byte each. */
export type Input = Uint8Array | string;

/** What a scanner made of a text. */
export interface Scan {
  valid: boolean;
  error: string;
  offset: number;
  /** Stands for all fields of all tokens. */
  digest: bigint;
}

export interface Token {
  start: number;
  end: number;
  next: number;
  kind: string;
  depth: number;
  flags: string;
}

/** The order of `Kind` and of `JsonError` in assembly/json. */
export const KINDS = ["none", "object", "array", "string", "number", "true", "false", "null"] as const;
export const ERRORS = [
  "None",
  "UnexpectedByte",
  "UnexpectedEnd",
  "TrailingBytes",
  "InvalidLiteral",
  "InvalidNumber",
  "InvalidEscape",
  "ControlCharacter",
  "InvalidUtf8",
  "TooDeep",
  "TooManyTokens",
  "TooLarge",
  "NotArray",
] as const;

const FLAGS = ["key", "escape", "fraction", "exponent"];
const ALL_DEPTHS = 0x7fffffff;

export class JsonRoom {
  constructor(readonly exports: Exports) {}

  static async open(): Promise<JsonRoom> {
    return new JsonRoom(await openHarness<Exports>("tests/unit/json/json.as.ts"));
  }

  /** The bytes of a slice as a text; bytes that are no UTF-8 are an error. */
  text(slice: bigint): string {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readSlice(this.exports, slice));
  }

  /** Feeds the pieces one after the other. */
  scan(pieces: readonly Input[], recordDepth = ALL_DEPTHS, tokens = 1 << 20): Scan {
    const { exports } = this;
    exports.scannerReset(recordDepth, tokens);
    for (const piece of pieces)
      lend(exports, [piece], (pointer, length) => exports.scannerFeed(pointer, length));
    const valid = exports.scannerEnd() === 1;
    const error = ERRORS[exports.scannerError()] ?? "?";
    return { valid, error, offset: exports.scannerOffset(), digest: exports.tapeDigest() };
  }

  /** What the last `scan` left on the tape. */
  tokens(): Token[] {
    const { exports } = this;
    return Array.from({ length: exports.tapeCount() }, (_, index) => {
      const field = (number: number) => exports.tapeField(index, number);
      const flags = FLAGS.filter((_flag, bit) => field(5 + bit) !== 0).join(" ");
      const kind = KINDS[field(3)] ?? "?";
      return { start: field(0), end: field(1), next: field(2), kind, depth: field(4), flags };
    });
  }

  /** Lends the text while `use` asks the document about it. */
  document<Result>(text: Input, use: (root: number) => Result): Result {
    return lend(this.exports, [text], (pointer, length) => {
      if (this.exports.documentParse(pointer, length) === 0) throw new Error(`not JSON: ${text}`);
      return use(this.exports.root());
    });
  }

  find(object: number, name: string): number {
    return lend(this.exports, [name], (pointer, length) => this.exports.find(object, pointer, length));
  }

  path(node: number, steps: string): number {
    return lend(this.exports, [steps], (pointer, length) => this.exports.path(node, pointer, length));
  }

  isText(node: number, text: string): boolean {
    return lend(this.exports, [text], (pointer, length) => this.exports.isText(node, pointer, length)) === 1;
  }

  escape(utf8: Input): string {
    return lend(this.exports, [utf8], (pointer, length) => this.text(this.exports.escaped(pointer, length)));
  }

  quote(utf8: Input): string {
    return lend(this.exports, [utf8], (pointer, length) => this.text(this.exports.quoted(pointer, length)));
  }

  unescape(body: Input): string {
    return lend(this.exports, [body], (pointer, length) =>
      this.text(this.exports.unescaped(pointer, length)),
    );
  }

  /** Records and outcome of a splitter that is fed the pieces. */
  split(
    mode: SplitMode,
    pieces: readonly Input[],
    limit = 1 << 20,
  ): { records: string[]; error: string; valid: boolean } {
    const { exports } = this;
    const name = mode.name ?? "";
    lend(exports, [name], (pointer, length) => exports.splitterNew(mode.mode, pointer, length, limit));
    const records: string[] = [];
    const drain = () => {
      while (exports.splitterNext() === 1) records.push(this.text(exports.splitterRecord()));
    };
    for (const piece of pieces) {
      lend(exports, [piece], (pointer, length) => {
        exports.splitterFeed(pointer, length);
        drain();
      });
    }
    const valid = exports.splitterEnd() === 1;
    drain();
    return { records, error: ERRORS[exports.splitterError()] ?? "?", valid };
  }
}

export interface SplitMode {
  mode: number;
  name?: string;
}

export const ELEMENTS: SplitMode = { mode: 0 };
export const VALUES: SplitMode = { mode: 1 };
export const named = (name: string): SplitMode => ({ mode: 2, name });

/** The bytes that a string of characters below U+0100 spells. */
export function bytes(latin1: string): Uint8Array {
  return Buffer.from(latin1, "latin1");
}

/** The text in two pieces, for every place where it can be cut, the ends included. */
export function* cuts(text: Input): Generator<[Uint8Array, Uint8Array]> {
  const whole = typeof text === "string" ? Buffer.from(text) : text;
  for (let at = 0; at <= whole.length; at++) yield [whole.subarray(0, at), whole.subarray(at)];
}

/** The text in pieces of one byte. */
export function single(text: Input): Uint8Array[] {
  const whole = typeof text === "string" ? Buffer.from(text) : text;
  return Array.from(whole, (_, at) => whole.subarray(at, at + 1));
}

/** What the platform's own parser says: strict UTF-8, no byte order mark, then `JSON.parse`. */
export function platformParse(text: Uint8Array): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(text)) };
  } catch {
    return undefined;
  }
}
