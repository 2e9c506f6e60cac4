import { NONE, Slice, lengthOf, pointerOf, slice, subslice } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { hasBit, putBit } from "./bits";
import { OPEN_BRACE, OPEN_BRACKET, isWhiteSpace } from "./characters";
import { JsonError } from "./error";
import { MAX_DEPTH, ScanEvent, Scanner } from "./scanner";
import { bodyEquals } from "./text";

/** Which parts of the text are records. */
export enum SplitMode {
  /** The elements of the one array that the text is. */
  Elements,
  /** The values of the text, one after another, with white space between them or none; behind a number some. */
  Values,
  /** Each object that is the value, or an element of the array value, of a member with a certain name. */
  Named,
}

const DEFAULT_LIMIT: i32 = 16 << 20;

/** The longest escape of an ASCII character, \u0061. A key longer than all its characters so written is another. */
const LONGEST_ESCAPE: i32 = 6;

/**
 * Takes records out of a JSON text of any length that comes in pieces. A record is given contiguous: straight from
 * the piece where it lies there whole, else from a buffer into which its parts are copied.
 *
 *     splitter.feed(piece);                              // stays valid until next() gave false
 *     while (splitter.next()) use(splitter.record);
 *     ...
 *     splitter.end();                                    // true: the whole text was valid and complete
 *     while (splitter.next()) use(splitter.record);      // Values: a number ends only with the text
 *
 * The whole text is validated on the way, and after an error nothing more is given. Which records come, and which
 * error, does not depend on how the text was cut. A record inside of a record is not looked for.
 */
@final
export class Splitter {
  /** The record that `next` found, borrowed until the next call of this splitter. */
  record: Slice = NONE;
  error: JsonError = JsonError.None;

  private scanner: Scanner = new Scanner(-1);
  /** Beginning of a record or key that earlier pieces hold. */
  private carry: Writer = new Writer();
  /** What is left of the piece. */
  private at: usize = 0;
  private to: usize = 0;
  /** Whether a key or record is open; in this piece it began, or goes on, at `heldFrom`. */
  private held: bool = false;
  private heldFrom: usize = 0;
  private inRecord: bool = false;
  /** Elements: whether the array was seen. */
  private inArray: bool = false;
  /** Values: whether the end of the text completed a number. */
  private last: bool = false;
  /** Named: whether the value that comes next belongs to a member with the name. */
  private isNamed: bool = false;
  /** Named: one bit for each open container: 1 = an array whose objects are records. */
  private sources: StaticArray<u64> = new StaticArray<u64>(MAX_DEPTH / 64);

  /**
   * @param name ASCII name of the members, for `SplitMode.Named`
   * @param limit bytes that a record may have; more is the error `TooLarge`
   */
  constructor(
    private mode: SplitMode,
    readonly name: string = "",
    private limit: i32 = DEFAULT_LIMIT,
  ) {
    this.reset();
  }

  /** Begins a new text; keeps memory unless one large record made the buffer big. */
  reset(): void {
    this.record = NONE;
    this.error = JsonError.None;
    this.carry.reset();
    this.at = this.to = this.heldFrom = 0;
    this.held = this.inRecord = this.inArray = this.last = this.isNamed = false;
    this.scanner.reset();
    this.scanner.stopDepth = this.searchDepth();
  }

  /** Frees the memory. The splitter may be used again after `reset`. */
  dispose(): void {
    this.reset();
    this.carry.dispose();
    this.scanner.dispose();
  }

  /** Bytes copied out of earlier pieces. */
  get kept(): i32 {
    return this.carry.length;
  }

  /** Lends the next piece; the one before must be used up. False once an error was met. */
  feed(piece: Slice): bool {
    this.at = this.heldFrom = pointerOf(piece);
    this.to = this.at + (lengthOf(piece) as usize);
    return this.error == JsonError.None;
  }

  /** Goes on to the next record that ends in this piece. False where there is none, or after an error. */
  next(): bool {
    if (this.record != NONE) {
      this.record = NONE;
      this.carry.reset();
    }
    if (this.error != JsonError.None) return false;
    if (this.last) {
      this.last = false;
      return this.give();
    }
    if (this.mode == SplitMode.Elements && !this.inArray && !this.findArray()) return false;
    const scanner = this.scanner;
    while (this.at < this.to) {
      this.at += scanner.scan(this.at, this.to);
      if (scanner.error != JsonError.None) return this.fail(scanner.error);
      if (scanner.event != ScanEvent.None && this.follow(scanner.event, scanner.eventDepth))
        return this.give();
    }
    if (this.held) this.keep();
    return false;
  }

  /** Says that the text is over. True when it was valid and complete, without any record as well. */
  end(): bool {
    if (this.error != JsonError.None) return false;
    if (this.mode == SplitMode.Values && !this.held) return true;
    if (!this.scanner.end()) {
      this.fail(this.scanner.error);
      return false;
    }
    this.last = this.inRecord;
    return true;
  }

  /** Skips white space up to the array. Whatever else comes first is not taken, valid or not. */
  private findArray(): bool {
    let at = this.at;
    while (at < this.to && isWhiteSpace(load<u8>(at))) at++;
    this.at = at;
    if (at == this.to) return false;
    this.inArray = load<u8>(at) == OPEN_BRACKET;
    return this.inArray || this.fail(JsonError.NotArray);
  }

  /** Takes note of what the scanner stopped at. True where a record ended. */
  private follow(event: ScanEvent, depth: i32): bool {
    if (this.inRecord) return event == ScanEvent.ValueEnd;
    switch (event) {
      case ScanEvent.KeyStart:
        this.hold();
        return false;
      case ScanEvent.KeyEnd:
        this.isNamed = this.heldKeyMatches();
        return false;
      case ScanEvent.ValueStart:
        if (this.startsRecord(depth)) {
          this.hold();
          this.inRecord = true;
          this.scanner.stopDepth = depth;
        }
        return false;
      default:
        return false;
    }
  }

  /** Whether the value of which the first byte was just read is a record. */
  private startsRecord(depth: i32): bool {
    if (this.mode != SplitMode.Named) return depth == this.searchDepth();
    const byte = load<u8>(this.at - 1);
    const isNamed = this.isNamed;
    this.isNamed = false;
    if (byte == OPEN_BRACE && (isNamed || (depth > 0 && hasBit(this.sources, depth - 1)))) return true;
    if (byte == OPEN_BRACE || byte == OPEN_BRACKET)
      putBit(this.sources, depth, byte == OPEN_BRACKET && isNamed);
    return false;
  }

  /** How deep the scanner reports while no record is open. */
  private searchDepth(): i32 {
    return this.mode == SplitMode.Named ? MAX_DEPTH : this.mode == SplitMode.Elements ? 1 : 0;
  }

  /** Begins to hold what begins with the byte just read. */
  @inline
  private hold(): void {
    this.held = true;
    this.heldFrom = this.at - 1;
  }

  private heldKeyMatches(): bool {
    if (!this.held) return false; // too long, see `keep`
    const key = this.takeHeld();
    const matches = bodyEquals(subslice(key, 1, lengthOf(key) - 1), this.name);
    this.carry.reset();
    return matches;
  }

  private give(): bool {
    if (this.heldLength() > this.limit) return this.fail(JsonError.TooLarge);
    this.record = this.takeHeld();
    this.inRecord = false;
    if (this.mode == SplitMode.Values) this.scanner.reset();
    this.scanner.stopDepth = this.searchDepth();
    return true;
  }

  /** What is held, contiguous, and holds nothing any more. */
  private takeHeld(): Slice {
    this.held = false;
    const here = slice(this.heldFrom, (this.at - this.heldFrom) as i32);
    if (this.carry.length == 0) return here;
    this.carry.bytes(here);
    return this.carry.view();
  }

  /** Copies what is held out of the used up piece. */
  private keep(): void {
    const length = this.heldLength();
    if (this.inRecord) {
      if (length > this.limit) {
        this.fail(JsonError.TooLarge);
        return;
      }
    } else if (length > LONGEST_ESCAPE * this.name.length + 2) {
      this.held = false;
      this.carry.reset();
      return;
    }
    this.carry.bytes(slice(this.heldFrom, (this.to - this.heldFrom) as i32));
    this.heldFrom = this.to;
  }


  @inline
  private heldLength(): i32 {
    return this.carry.length + ((this.at - this.heldFrom) as i32);
  }

  /** A record that is too large before the place of another error has that error, as it has when it is cut there. */
  private fail(error: JsonError): bool {
    this.error = this.inRecord && this.heldLength() > this.limit ? JsonError.TooLarge : error;
    this.carry.reset();
    this.held = false;
    return false;
  }
}
