import { Gather } from "../bytes/gather";
import { NONE, Slice, lengthOf, pointerOf, slice, subslice } from "../bytes/slice";
import { CARRIAGE_RETURN, LINE_FEED, findLineEnd } from "./line";

const SPACE: u8 = 0x20;
const OPEN_BRACE: u8 = 0x7b;

/** What a line begins with that has the data of an event. */
const DATA: string = "data:";

/** Most bytes of a line that is held until it is whole: 256 KiB. A longer one passes as it comes. */
const MAX_LINE_BYTES: i32 = 1 << 18;

/**
 * A stream of server-sent events as the lines that it is made of, for who hands it on and changes some of its records:
 *
 *     lines.feed(chunk);
 *     while (lines.next()) write(lines.data != NONE ? changed(lines.data) : lines.bytes);
 *
 * All `bytes` together are the stream. Nothing is held back but a line whose data is an object and that is not whole
 * yet; how the stream was cut has no influence on `data`. Servers write the JSON of a record in one line: a record of
 * several data lines is not put together, and a line behind a byte order mark not recognised; both pass. CRLF ends a line
 * with its CR, so that nothing has to be known of the next byte.
 *
 * Fed bytes have to stay valid until `next` has given false. Feeding allocates nothing that is managed. Whoever owns one
 * calls `dispose`.
 */
@final
export class SseLines {
  /** What `next` gave: a line with its end, or a piece of one; borrowed until the next call. */
  bytes: Slice = NONE;
  /** Where `bytes` is a whole line whose data begins as an object does: the data, a part of `bytes`; else NONE. */
  data: Slice = NONE;
  private cursor: usize = 0;
  private stopAt: usize = 0;
  private line: Gather = new Gather();
  /** Whether the beginning of the present line has been given already. */
  private passes: bool = false;
  private given: bool = false;
  private ended: bool = false;

  /** @param limit most bytes of a line that is held */
  constructor(private limit: i32 = MAX_LINE_BYTES) {}

  /** Takes the bytes of one callback, borrowed. */
  feed(bytes: Slice): void {
    this.cursor = pointerOf(bytes);
    this.stopAt = this.cursor + lengthOf(bytes);
  }

  /** Moves to the next line, or piece of one. False: no more until more is fed. */
  next(): bool {
    if (this.given) this.forget();
    if (this.cursor < this.stopAt) {
      const from = this.cursor;
      const lineEnd = findLineEnd(from, this.stopAt);
      const isWhole = lineEnd < this.stopAt;
      this.cursor = isWhole ? lineEnd + 1 : lineEnd;
      this.line.add(slice(from, (this.cursor - from) as i32));
      if (isWhole) return this.give();
      this.passes = this.passes || this.line.length > this.limit || !mayHaveObject(this.line.view());
      if (this.passes) return this.givePiece();
      this.line.keep();
    }
    return this.ended && this.line.length > 0 && this.give();
  }

  /** Says that no more bytes come: what is held is then given as a line without its end. */
  end(): void {
    this.ended = true;
  }

  /** Bytes that are held. */
  get held(): i32 {
    return this.given ? 0 : this.line.length;
  }

  /** Frees what is held. */
  dispose(): void {
    this.line.dispose();
  }

  private give(): bool {
    this.givePiece();
    const isHeld = !this.passes && lengthOf(this.bytes) <= this.limit;
    if (isHeld) this.data = objectOf(this.bytes);
    this.passes = false;
    return true;
  }

  private givePiece(): bool {
    this.bytes = this.line.view();
    this.given = true;
    return true;
  }

  private forget(): void {
    this.bytes = NONE;
    this.data = NONE;
    this.given = false;
    this.line.clear();
  }
}

/** Whether an unfinished line may come to have an object as its data. */
function mayHaveObject(line: Slice): bool {
  const at = dataAt(line);
  return at == lengthOf(line) || (at >= 0 && load<u8>(pointerOf(line) + at) == OPEN_BRACE);
}

/** The data of a line, without the line's end, where it begins as an object does; else NONE. */
function objectOf(line: Slice): Slice {
  const at = dataAt(line);
  const length = lengthOf(line);
  if (at < 0 || at == length || load<u8>(pointerOf(line) + at) != OPEN_BRACE) return NONE;
  const last = load<u8>(pointerOf(line) + length - 1);
  return subslice(line, at, last == LINE_FEED || last == CARRIAGE_RETURN ? length - 1 : length);
}

/**
 * Where the data of a line begins that is perhaps not whole yet, spaces left out: its length where that is not known yet,
 * -1 where it is another kind of line.
 */
function dataAt(line: Slice): i32 {
  const pointer = pointerOf(line);
  const length = lengthOf(line);
  let at = 0;
  for (; at < length && at < DATA.length; at++) {
    if (load<u8>(pointer + at) != DATA.charCodeAt(at)) return -1;
  }
  while (at < length && load<u8>(pointer + at) == SPACE) at++;
  return at;
}
