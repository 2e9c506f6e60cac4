import {
  EMPTY,
  NONE,
  Slice,
  Utf8,
  borrow,
  equals,
  hash,
  indexOf,
  indexOfByte,
  lengthOf,
  same,
  subslice,
  toOwned,
  utf8,
} from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { Failure } from "../chat/failure";
import { BufferType } from "../host/abi";
import { readBody, readWindow } from "../host/body";
import { Message } from "../host/message";
import { describeJsonError } from "../json/error";
import { Patches } from "../json/patch";
import { Scanner } from "../json/scanner";
import { Flag, Kind } from "../json/tape";
import { bodyEquals, escape, unescape } from "../json/text";
import { rewriteBody } from "../upstream/rewrite";

/** Only the members of the root object are looked at. */
const ROOT_MEMBERS: i32 = 1;

/** A name longer than this is not one that we look for. */
const MAX_NAME_BYTES: i32 = 1024;

/** A body up to this size is read once more as a whole when its members are looked at: one host call for all. */
const MAX_WHOLE: i32 = 4096;

const COLON: u8 = 0x3a;

const STREAM: Utf8 = utf8("stream");
const STREAM_OPTIONS: Utf8 = utf8("stream_options");
const INCLUDE_USAGE: string = '"include_usage"';
const USAGE_MEMBER: Utf8 = utf8('"stream_options":{"include_usage":true},');
const USAGE_FIRST: Utf8 = utf8('"include_usage":true,');
const USAGE_ALONE: Utf8 = utf8('"include_usage":true');

/** For names that are taken out of JSON, or put into it. */
const scratch: Writer = new Writer();

/** Requests that are through lend their memory to the next ones; no more than were ever open at once, up to this. */
const MAX_IDLE: i32 = 64;
const idle: Array<TapRequest> = [];

/** A view for a new request. */
export function takeTapRequest(): TapRequest {
  return idle.length > 0 ? idle.pop() : new TapRequest();
}

/** To be called once for each one taken. It must not be used any more. */
export function giveBack(request: TapRequest): void {
  request.reset();
  if (request.isLent && idle.length < MAX_IDLE) idle.push(request);
  else request.dispose();
}

/**
 * The tap lane's view of a JSON request body. The body stays in the host's buffer: it is validated window by window
 * as it arrives, and only the model's name is ever copied out. So a body of any size costs one window of memory, and
 * unknown fields, number spelling and key order reach the upstream byte for byte.
 */
export class TapRequest {
  private scanner: Scanner = new Scanner(ROOT_MEMBERS);
  protected patches: Patches = new Patches();
  /** A small body, while `finish` looks at it; borrowed. */
  private whole: Slice = NONE;
  /** The body, where it is kept here; NONE where the host holds it. */
  protected kept: Slice = NONE;
  /** Value tokens of `model`, as a rule one. */
  private models: Array<i32> = [];

  /** The model's name as UTF-8 text, owned; empty where the request names none. */
  model: Utf8 = EMPTY;

  /** Whether its memory may serve other requests: it came from `takeTapRequest`. */
  get isLent(): bool {
    return true;
  }

  /** Reads what has arrived since the last call. False: this is no JSON, see `problem`. */
  read(size: i32): bool {
    while (this.scanner.offset < size) {
      const window = readWindow(BufferType.RequestBody, this.scanner.offset);
      if (lengthOf(window) == 0) break;
      if (!this.scanner.feed(window)) return false;
    }
    return true;
  }

  /** Reads a complete body that is kept here, and must stay until this is given back. False: this is no JSON. */
  readKept(bytes: Slice): bool {
    this.kept = bytes;
    return this.scanner.feed(bytes);
  }

  /** The body is complete: checks that it is one JSON value and finds the model. False: see `problem`. */
  finish(): bool {
    if (!this.scanner.end()) return false;
    const tape = this.scanner.tape;
    if (tape.count == 0 || tape.kind(0) != Kind.Object) return true;
    this.whole = this.readSmall();
    for (let key = 1; key < tape.count; key = tape.next(key + 1)) {
      if (tape.kind(key + 1) == Kind.String && this.isModel(key)) this.takeModel(key + 1);
    }
    return true;
  }

  /** What is wrong with the body, for the client. */
  get problem(): string {
    const what = describeJsonError(this.scanner.error);
    return `request body is not valid JSON: ${what} at byte ${this.scanner.offset}`;
  }

  /**
   * Gives the model another name (UTF-8 text). Where the client wrote the member more than once, every one is
   * renamed: whichever the upstream reads, it is the mapped one.
   */
  rename(model: Slice): void {
    const tape = this.scanner.tape;
    scratch.reset();
    escape(scratch, model);
    for (let i = 0; i < this.models.length; i++) {
      const value = unchecked(this.models[i]);
      this.patches.replace(tape.start(value) + 1, tape.end(value) - 1, scratch.view());
    }
  }

  /**
   * Hash of the first `most` bytes of these root members' values as they are written, one behind the other in the order
   * of the names; 0 where there is none of them. Names with escapes are not looked into: nobody writes these so.
   */
  hashMembers(names: Utf8[], most: i32): u64 {
    const tape = this.scanner.tape;
    if (tape.count == 0 || tape.kind(0) != Kind.Object) return 0;
    this.whole = this.readSmall();
    let value: u64 = 0;
    for (let i = 0; i < names.length && most > 0; i++) {
      const token = this.find(borrow(unchecked(names[i])));
      if (token < 0) continue;
      const bytes = this.at(tape.start(token), min(most, tape.end(token) - tape.start(token)));
      value = value == 0 ? hash(bytes) : hash(bytes, value);
      most -= lengthOf(bytes);
    }
    return value;
  }

  /** Bytes of the body as it was read. */
  get size(): i32 {
    return this.scanner.offset;
  }

  /** Whether a root member is `true`. Names with escapes are not looked into. */
  isTrue(name: Utf8): bool {
    const token = this.find(borrow(name));
    return token >= 0 && this.scanner.tape.kind(token) == Kind.True;
  }

  /** Asks OpenAI's streams for their usage, unless the client says whether it wants it. */
  askForUsage(): void {
    if (!this.isTrue(STREAM)) return;
    const options = this.find(borrow(STREAM_OPTIONS));
    const tape = this.scanner.tape;
    if (options < 0) {
      this.patches.insert(tape.start(0) + 1, borrow(USAGE_MEMBER));
    } else if (tape.kind(options) == Kind.Object) {
      const text = this.at(tape.start(options), tape.end(options) - tape.start(options));
      if (indexOf(text, INCLUDE_USAGE) >= 0) return;
      const isEmpty = indexOfByte(text, COLON) < 0;
      this.patches.insert(tape.start(options) + 1, borrow(isEmpty ? USAGE_ALONE : USAGE_FIRST));
    }
  }

  /**
   * The whole body as JSON, to be converted: borrowed from the request on its way, or from this. NONE: see `refusal`.
   * @param out the request on its way
   */
  toJson(out: Message): Slice {
    return out.read(0, i32.MAX_VALUE);
  }

  /** Why there is no JSON. */
  get refusal(): Failure | null {
    return null;
  }

  /** By how many bytes the edits change the length of the body. */
  get growth(): i32 {
    return this.patches.delta;
  }

  /** Applies the edits to the body, wherever it is. False: the host refused, or there are too many. */
  apply(out: Message): bool {
    if (this.patches.failed) return false;
    if (this.kept == NONE) return rewriteBody(BufferType.RequestBody, this.patches);
    const edited = new Writer();
    this.patches.apply(this.kept, edited);
    const isDone = out.replace(edited.view());
    edited.dispose();
    return isDone;
  }

  /** Forgets the request; keeps its memory for the next. */
  reset(): void {
    this.scanner.reset();
    this.patches.clear();
    this.models.length = 0;
    this.model = EMPTY;
    this.whole = NONE;
    this.kept = NONE;
  }

  /** Names with escapes are compared as what they stand for, so that none slips by. */
  dispose(): void {
    this.scanner.dispose();
    this.patches.dispose();
  }

  /** Token of a root member's value; of several the first; -1 where it is absent. */
  private find(name: Slice): i32 {
    const tape = this.scanner.tape;
    for (let key = 1; key < tape.count; key = tape.next(key + 1)) {
      const start = tape.start(key) + 1;
      const length = tape.end(key) - 1 - start;
      if (length == lengthOf(name) && same(this.at(start, length), name)) return key + 1;
    }
    return -1;
  }

  private isModel(key: i32): bool {
    const tape = this.scanner.tape;
    const start = tape.start(key) + 1;
    const length = tape.end(key) - 1 - start;
    if (!tape.has(key, Flag.Escape)) return length == 5 && equals(this.at(start, length), "model");
    return length <= MAX_NAME_BYTES && bodyEquals(this.at(start, length), "model");
  }

  /** With several members of that name the last one counts, as in ECMAScript. */
  private takeModel(value: i32): void {
    const start = this.scanner.tape.start(value) + 1;
    const length = this.scanner.tape.end(value) - 1 - start;
    if (length > MAX_NAME_BYTES) return;
    this.models.push(value);
    const body = this.at(start, length);
    scratch.reset();
    if (this.scanner.tape.has(value, Flag.Escape)) unescape(scratch, body);
    else scratch.bytes(body);
    this.model = toOwned(scratch.view());
  }

  /** A body that is kept here, or a small one by one host call; NONE where it is neither. */
  private readSmall(): Slice {
    if (this.kept != NONE) return this.kept;
    return this.scanner.offset <= MAX_WHOLE ? readBody(BufferType.RequestBody, 0, MAX_WHOLE) : NONE;
  }

  /** Bytes of the body: out of the small body that was just read whole, or by a host call of their own. */
  private at(start: i32, length: i32): Slice {
    if (this.whole != NONE) return subslice(this.whole, start, start + length);
    return readBody(BufferType.RequestBody, start, length);
  }
}
