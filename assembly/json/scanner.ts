import { Slice, lengthOf, pointerOf } from "../bytes/slice";
import { hasBit, putBit } from "./bits";
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  DIGIT_0,
  LETTER_F,
  LETTER_N,
  LETTER_T,
  MINUS,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  isDigit,
  isWhiteSpace,
  plainEnd,
} from "./characters";
import { JsonError } from "./error";
import { State, isDigits, isFinalNumber, isNumber, numberState } from "./state";
import { StringBody } from "./string-body";
import { Flag, Kind, Tape } from "./tape";

/** Open objects and arrays a text may have at most. */
export const MAX_DEPTH: i32 = 512;

/** What `scan` stopped at. */
export enum ScanEvent {
  None,
  KeyStart,
  KeyEnd,
  ValueStart,
  ValueEnd,
}

/**
 * Validates JSON text (RFC 8259, UTF-8) that comes in pieces, and records where its values are. All that the
 * scanner knows between two bytes is in its fields, and a piece of text may end anywhere: the outcome, tokens and
 * error offset included, is that of the whole. It never recurses, never allocates on the managed heap after its
 * construction, and never keeps a pointer into what it was fed.
 *
 * Two knobs say how deep it looks; deeper values are only validated. The root value has depth 0, its members or
 * elements have depth 1, and so on.
 */
@final
export class Scanner {
  readonly tape: Tape = new Tape();
  /** Sticky: after an error nothing more is read. */
  error: JsonError = JsonError.None;
  /** Bytes consumed since `reset`. After an error: the offset of the byte that is wrong. */
  offset: i32 = 0;
  /** Whether the root value has ended. A root number ends only by white space or `end`. */
  complete: bool = false;
  /** Open objects and arrays. */
  depth: i32 = 0;
  /** `scan` stops at the beginning and the end of values and keys up to this depth; -1: never. */
  stopDepth: i32 = -1;
  /** What the last `scan` stopped at. */
  event: ScanEvent = ScanEvent.None;
  /** Depth of the value or key that `event` is about. */
  eventDepth: i32 = 0;

  private state: State = State.Value;
  private inKey: bool = false;
  /** Whether the innermost open container is an object. */
  private inObject: bool = false;
  /** Whether an error or an event ended the current `scan`. */
  private stopped: bool = false;
  /** Letters that are missing of true, false or null, the next one in the lowest byte. */
  private pending: u32 = 0;
  private body: StringBody = new StringBody();
  /** Token of the innermost recorded container that is open, or -1. Its `next` holds the one around it. */
  private open: i32 = -1;
  /** Address that offset 0 would have in the piece being read. */
  private origin: usize = 0;
  /** One bit for each open container: 1 = object. */
  private objects: StaticArray<u64> = new StaticArray<u64>(MAX_DEPTH / 64);

  /**
   * @param recordDepth values and keys up to this depth become tokens (-1: none); changed only with a `reset`
   */
  constructor(public recordDepth: i32 = i32.MAX_VALUE) {}

  /** Forgets the text; keeps memory unless one large text made the tape big. */
  reset(): void {
    this.tape.reset();
    this.error = JsonError.None;
    this.offset = 0;
    this.complete = false;
    this.depth = 0;
    this.event = ScanEvent.None;
    this.state = State.Value;
    this.body.reset();
    this.open = -1;
  }

  /** Forgets the text and frees the tape. The scanner may be used again. */
  dispose(): void {
    this.reset();
    this.tape.dispose();
  }

  /** Reads the next piece of the text whole, whatever `stopDepth` says. False once an error was met. */
  feed(bytes: Slice): bool {
    let pointer = pointerOf(bytes);
    const end = pointer + lengthOf(bytes);
    do {
      pointer += this.scan(pointer, end);
    } while (this.event != ScanEvent.None);
    return this.error == JsonError.None;
  }

  /** Says that the text is over. True when it was exactly one value, with white space around it or not. */
  end(): bool {
    if (this.error != JsonError.None) return false;
    this.event = ScanEvent.None;
    if (isFinalNumber(this.state)) this.endValue(this.offset);
    if (this.state != State.Done) this.error = JsonError.UnexpectedEnd;
    return this.complete && this.error == JsonError.None;
  }

  /**
   * Reads the bytes from `from` to `to` until they are used up, an error is met, or something begins or ends at
   * `stopDepth` or above, which `event` then tells. A start is told behind the first byte, an end behind the last.
   * Returns how many bytes were consumed.
   */
  scan(from: usize, to: usize): usize {
    this.event = ScanEvent.None;
    if (this.error != JsonError.None) return 0;
    const room: usize = i32.MAX_VALUE - this.offset;
    if (to - from > room) {
      this.error = JsonError.TooLarge;
      return 0;
    }
    this.origin = from - this.offset;
    this.stopped = false;
    let at = from;
    while (at < to && !this.stopped) {
      switch (this.state) {
        case State.String:
          at = this.string(at, to);
          break;
        case State.Literal:
          at = this.literal(at, to);
          break;
        default:
          at = isNumber(this.state) ? this.number(at, to) : this.structure(at, to);
      }
    }
    this.offset = this.offsetOf(at);
    return at - from;
  }

  // Each of the following reads from `at` on and returns the address of the first byte it did not consume.

  /** What stands between the values: white space, punctuation, and the first byte of a value. */
  private structure(at: usize, to: usize): usize {
    while (at < to && !this.stopped) {
      const byte = load<u8>(at);
      if (isWhiteSpace(byte)) {
        at++;
        continue;
      }
      if (byte == CLOSE_BRACE || byte == CLOSE_BRACKET) {
        at = this.closeContainer(at, byte);
        continue;
      }
      switch (this.state) {
        case State.AfterValue:
          if (byte != COMMA) return this.fail(JsonError.UnexpectedByte, at);
          this.state = this.inObject ? State.Key : State.Value;
          at++;
          break;
        case State.Colon:
          if (byte != COLON) return this.fail(JsonError.UnexpectedByte, at);
          this.state = State.Value;
          at++;
          break;
        case State.FirstKey:
        case State.Key:
          at = this.key(at, to, byte);
          break;
        case State.FirstElement:
        case State.Value:
          at = this.value(at, to, byte);
          break;
        case State.Done:
          return this.fail(JsonError.TrailingBytes, at);
        default:
          return at; // the piece ended, or stops, inside a token
      }
    }
    return at;
  }

  private key(at: usize, to: usize, byte: u8): usize {
    if (byte != QUOTE) return this.fail(JsonError.UnexpectedByte, at);
    if (!this.record(at, (Kind.String as u32) | (Flag.Key as u32))) return at;
    this.inKey = true;
    this.state = State.String;
    this.tell(ScanEvent.KeyStart);
    return this.stopped ? at + 1 : this.startString(at + 1, to);
  }

  /** The first byte of a value; more of it where that is not told about. */
  @inline
  private value(at: usize, to: usize, byte: u8): usize {
    switch (byte) {
      case QUOTE:
        this.inKey = false;
        if (!this.start(at, Kind.String, State.String)) return at;
        return this.stopped ? at + 1 : this.startString(at + 1, to);
      case OPEN_BRACE:
        return this.openContainer(at, Kind.Object, State.FirstKey);
      case OPEN_BRACKET:
        return this.openContainer(at, Kind.Array, State.FirstElement);
      case LETTER_T:
        return this.startLiteral(at, to, Kind.True, 0x657572); // r, u, e
      case LETTER_F:
        return this.startLiteral(at, to, Kind.False, 0x65736c61); // a, l, s, e
      case LETTER_N:
        return this.startLiteral(at, to, Kind.Null, 0x6c6c75); // u, l, l
      default:
        if (byte == MINUS) {
          if (!this.start(at, Kind.Number, State.Minus)) return at;
        } else if (isDigit(byte)) {
          if (!this.start(at, Kind.Number, byte == DIGIT_0 ? State.Zero : State.Integer)) return at;
        } else {
          return this.fail(JsonError.UnexpectedByte, at);
        }
        return this.stopped ? at + 1 : this.number(at + 1, to);
    }
  }

  /** `pending` is what follows its first letter. */
  @inline
  private startLiteral(at: usize, to: usize, kind: Kind, pending: u32): usize {
    if (!this.start(at, kind, State.Literal)) return at;
    this.pending = pending;
    return this.stopped ? at + 1 : this.literal(at + 1, to);
  }

  /** Records and tells a value that is one token. */
  @inline
  private start(at: usize, kind: Kind, state: State): bool {
    if (!this.record(at, kind as u32)) return false;
    this.state = state;
    this.tell(ScanEvent.ValueStart);
    return true;
  }

  /** An opening brace or bracket. */
  @inline
  private openContainer(at: usize, kind: Kind, state: State): usize {
    const depth = this.depth;
    if (depth == MAX_DEPTH) return this.fail(JsonError.TooDeep, at);
    if (!this.record(at, kind as u32)) return at;
    if (depth <= this.recordDepth) {
      const token = this.tape.count - 1;
      this.tape.link(token, this.open);
      this.open = token;
    }
    this.tell(ScanEvent.ValueStart);
    this.inObject = kind == Kind.Object;
    putBit(this.objects, depth, this.inObject);
    this.depth = depth + 1;
    this.state = state;
    return at + 1;
  }

  private closeContainer(at: usize, byte: u8): usize {
    const state = this.state;
    if (state == State.Done) return this.fail(JsonError.TrailingBytes, at);
    const mayEnd = state == State.AfterValue || state == State.FirstElement || state == State.FirstKey;
    if (!mayEnd || byte != (this.inObject ? CLOSE_BRACE : CLOSE_BRACKET)) {
      return this.fail(JsonError.UnexpectedByte, at);
    }
    const depth = --this.depth;
    this.inObject = depth > 0 && hasBit(this.objects, depth - 1);
    if (depth <= this.recordDepth) {
      const tape = this.tape;
      const token = this.open;
      this.open = tape.next(token);
      tape.link(token, tape.count);
      tape.close(token, this.offsetOf(at + 1));
    }
    this.valueEnded();
    return at + 1;
  }

  private startString(at: usize, to: usize): usize {
    at = plainEnd(at, to);
    if (at < to && load<u8>(at) == QUOTE) return this.endString(at + 1); // as most strings do
    return this.string(at, to);
  }

  private string(at: usize, to: usize): usize {
    const body = this.body;
    at = body.read(at, to);
    if (!body.isOver) return body.error == JsonError.None ? at : this.fail(body.error, at);
    if (body.hasEscape) this.flag(Flag.Escape);
    body.reset();
    return this.endString(at);
  }

  private endString(at: usize): usize {
    if (this.depth <= this.recordDepth) this.tape.closeLast(this.offsetOf(at));
    if (this.inKey) {
      this.state = State.Colon;
      this.tell(ScanEvent.KeyEnd);
    } else {
      this.valueEnded();
    }
    return at;
  }

  private literal(at: usize, to: usize): usize {
    let missing = this.pending;
    for (; at < to && missing != 0; at++, missing >>>= 8) {
      if (load<u8>(at) != (missing as u8)) return this.fail(JsonError.InvalidLiteral, at);
    }
    this.pending = missing;
    if (missing == 0) this.endValue(this.offsetOf(at));
    return at;
  }

  private number(at: usize, to: usize): usize {
    let state = this.state;
    while (at < to) {
      const next = numberState(state, load<u8>(at));
      if (next == State.AfterValue) {
        this.endValue(this.offsetOf(at));
        return at;
      }
      if (next == State.Point) this.flag(Flag.Fraction);
      else if (next == State.Exponent) this.flag(Flag.Exponent);
      else if (next == State.None) return this.fail(JsonError.InvalidNumber, at);
      state = next;
      at++;
      if (isDigits(state)) while (at < to && isDigit(load<u8>(at))) at++;
    }
    this.state = state;
    return at;
  }

  /** A value that is one token ended; a value ends at the offset behind its last byte. */
  @inline
  private endValue(offset: i32): void {
    if (this.depth <= this.recordDepth) this.tape.closeLast(offset);
    this.valueEnded();
  }

  /** A value of any kind ended. */
  @inline
  private valueEnded(): void {
    if (this.depth == 0) {
      this.state = State.Done;
      this.complete = true;
    } else {
      this.state = State.AfterValue;
    }
    this.tell(ScanEvent.ValueEnd);
  }

  /** Puts a token on the tape where values of this depth are recorded. False where the tape is full. */
  @inline
  private record(at: usize, kindAndFlags: u32): bool {
    if (this.depth > this.recordDepth) return true;
    if (this.tape.push(this.offsetOf(at), this.depth, kindAndFlags)) return true;
    this.fail(JsonError.TooManyTokens, at);
    return false;
  }

  /** Marks the string or number being read. */
  @inline
  private flag(flag: Flag): void {
    if (this.depth <= this.recordDepth) this.tape.markLast(flag);
  }

  /** Stops the scan where the event is not deeper than asked for. */
  @inline
  private tell(event: ScanEvent): void {
    if (this.depth > this.stopDepth) return;
    this.event = event;
    this.eventDepth = this.depth;
    this.stopped = true;
  }

  private fail(error: JsonError, at: usize): usize {
    this.error = error;
    this.stopped = true;
    return at;
  }

  private offsetOf(at: usize): i32 {
    return (at - this.origin) as i32;
  }
}
