import { Gather } from "../bytes/gather";
import { NONE, Slice, lengthOf, pointerOf, slice } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { Framer, FramingError, MAX_RECORD_BYTES } from "./framer";
import { CARRIAGE_RETURN, LINE_FEED, findLineEnd } from "./line";

const COLON: u8 = 0x3a;
const SPACE: u8 = 0x20;

/** "data" as one little-endian load. */
const DATA_WORD: u32 = 0x61746164;

/** Field names as `name` packs them: the last byte lowest. */
const DATA_NAME: u64 = 0x64617461;
const EVENT_NAME: u64 = 0x6576656e74;

/** The three bytes of a byte order mark (U+FEFF in UTF-8), the first lowest. */
const BYTE_ORDER_MARK: u32 = 0xbfbbef;
const BYTE_ORDER_MARK_BYTES: i32 = 3;

/** What joins several data lines of one event. */
const JOINT: usize = memory.data<u8>([0x0a]);

/** Where in a line the parser stands. */
enum Part {
  Name = 0,
  /** Just behind the colon: one space may follow that belongs to nobody. */
  Colon = 1,
  Value = 2,
}

/** Fields that matter. `id` and `retry` serve reconnecting, which a proxy does not do, and are ignored. */
enum Field {
  Ignored = 0,
  Data = 1,
  Event = 2,
}

/**
 * Server-sent events (WHATWG HTML, section 9.2.6 "Interpreting an event stream"): `record` is the data of an
 * event, `event` its name. Lines end in LF, CRLF or CR, also cut between CR and LF; a byte order mark at the
 * start is skipped; several data lines are joined by LF.
 *
 * Two deviations, both for the sake of model servers:
 * - An event whose data is empty is skipped. WHATWG skips it only where it has no data line at all, but an
 *   empty record says nothing in any chat format.
 * - WHATWG drops an event that the stream ends in before its blank line. Many model servers leave out that
 *   blank line, or even the line end behind `data: [DONE]`. The event is given after `end` with
 *   `unterminated` set, and its reader decides whether it is whole.
 */
@final
export class SseFramer extends Framer {
  private cursor: usize = 0;
  private stopAt: usize = 0;
  private part: Part = Part.Name;
  private field: Field = Field.Ignored;
  private name: u64 = 0;
  private nameLength: i32 = 0;
  private markLength: i32 = 0;
  private afterCarriageReturn: bool = false;
  private hasData: bool = false;
  private given: bool = false;
  private ended: bool = false;
  private data: Gather = new Gather();
  private type: Gather = new Gather();

  /** `limit`: most bytes of one event's data, and of its name. */
  constructor(private limit: i32 = MAX_RECORD_BYTES) {
    super();
  }

  feed(bytes: Slice): void {
    this.cursor = pointerOf(bytes);
    this.stopAt = this.cursor + lengthOf(bytes);
  }

  next(): bool {
    if (this.given) this.forget();
    if (this.error != FramingError.None) return false;
    if (this.markLength < BYTE_ORDER_MARK_BYTES) this.skipByteOrderMark();
    while (this.cursor < this.stopAt) {
      if (this.afterCarriageReturn) {
        this.afterCarriageReturn = false;
        if (load<u8>(this.cursor) == LINE_FEED) {
          this.cursor++;
          continue;
        }
      }
      const lineEnd = findLineEnd(this.cursor, this.stopAt);
      if (!this.takePiece(this.cursor, lineEnd)) return this.stop(FramingError.TooLarge);
      this.cursor = lineEnd;
      if (lineEnd == this.stopAt) break;
      this.cursor++;
      this.afterCarriageReturn = load<u8>(lineEnd) == CARRIAGE_RETURN;
      if (this.part == Part.Name && this.nameLength == 0) {
        if (this.dispatch()) return true;
      } else if (!this.finishLine()) {
        return this.stop(FramingError.TooLarge);
      }
    }
    if (this.ended) return this.dispatchLast();
    this.data.keep();
    this.type.keep();
    return false;
  }

  end(): bool {
    if (this.error != FramingError.None) return false;
    this.ended = true;
    const insideName = this.part == Part.Name && this.nameLength > 0;
    const insideField = this.part != Part.Name && this.field != Field.Ignored;
    return !insideName && !insideField && !this.hasData && this.type.length == 0;
  }

  get held(): i32 {
    return this.data.length + this.type.length;
  }

  dispose(): void {
    this.data.dispose();
    this.type.dispose();
  }

  /** A part of a line, or a whole line without its end. False where the bound is exceeded. */
  private takePiece(from: usize, to: usize): bool {
    if (this.part == Part.Name) {
      // The common line, recognised at one glance; what follows the branch would come to the same.
      if (
        this.nameLength == 0 &&
        from + 5 <= to &&
        load<u32>(from) == DATA_WORD &&
        load<u8>(from + 4) == COLON
      ) {
        from += 5;
        if (!this.beginValue(Field.Data)) return false;
      } else {
        from = this.takeName(from, to);
        if (this.part == Part.Name) return true;
        if (!this.beginValue(this.fieldOfName())) return false;
      }
    }
    if (from == to) return true;
    if (this.part == Part.Colon) {
      this.part = Part.Value;
      if (load<u8>(from) == SPACE) from++;
    }
    return this.takeValue(from, to);
  }

  /** Reads the field name up to its colon, and gives the address behind that. */
  private takeName(from: usize, to: usize): usize {
    let name = this.name;
    let length = this.nameLength;
    while (from < to) {
      const byte = load<u8>(from++);
      if (byte == COLON) {
        this.part = Part.Colon;
        break;
      }
      name = (name << 8) | byte;
      // A length that no known name has is enough to know; counting on could overflow.
      if (length < 8) length++;
    }
    this.name = name;
    this.nameLength = length;
    return from;
  }

  private fieldOfName(): Field {
    if (this.nameLength == 4 && this.name == DATA_NAME) return Field.Data;
    if (this.nameLength == 5 && this.name == EVENT_NAME) return Field.Event;
    return Field.Ignored;
  }

  private beginValue(field: Field): bool {
    this.part = Part.Colon;
    this.field = field;
    if (field == Field.Event) this.type.clear();
    if (field != Field.Data) return true;
    if (!this.hasData) {
      this.hasData = true;
      return true;
    }
    return this.takeValue(JOINT, JOINT + 1);
  }

  private takeValue(from: usize, to: usize): bool {
    if (this.field == Field.Ignored) return true;
    const target = this.field == Field.Data ? this.data : this.type;
    const size = (to - from) as i32;
    if (size > this.limit - target.length) return false;
    target.add(slice(from, size));
    return true;
  }

  /** Ends a line that was not blank. A line without a colon is a field with an empty value. */
  private finishLine(): bool {
    const fits = this.part != Part.Name || this.beginValue(this.fieldOfName());
    this.part = Part.Name;
    this.name = 0;
    this.nameLength = 0;
    return fits;
  }

  /** A blank line: the event is complete. False where it has no data. */
  private dispatch(): bool {
    const data = this.data.view();
    if (lengthOf(data) == 0) {
      this.forget();
      return false;
    }
    this.record = data;
    this.event = this.type.view();
    this.given = true;
    return true;
  }

  private dispatchLast(): bool {
    if (this.part != Part.Name || this.nameLength > 0) {
      if (!this.finishLine()) return this.stop(FramingError.TooLarge);
    }
    this.unterminated = this.dispatch();
    return this.unterminated;
  }

  private forget(): void {
    this.record = NONE;
    this.event = NONE;
    this.unterminated = false;
    this.given = false;
    this.hasData = false;
    this.data.clear();
    this.type.clear();
  }

  /** Where the first bytes only resemble the mark, they begin a field name that no field has. */
  private skipByteOrderMark(): void {
    while (this.markLength < BYTE_ORDER_MARK_BYTES && this.cursor < this.stopAt) {
      const expected = (BYTE_ORDER_MARK >>> (this.markLength << 3)) as u8;
      if (load<u8>(this.cursor) != expected) {
        this.nameLength = this.markLength;
        this.markLength = BYTE_ORDER_MARK_BYTES;
        return;
      }
      this.cursor++;
      this.markLength++;
    }
  }
}

/**
 * Writes one event: its name where there is one, and its data. Line ends inside the data begin a new data
 * line, and all become LF for the reader: the format cannot carry a CR. The name must not contain line ends.
 */
export function writeEvent(writer: Writer, name: Slice, data: Slice): void {
  if (name != NONE) {
    writer.ascii("event: ");
    writer.bytes(name);
    writer.byte(LINE_FEED);
  }
  let from = pointerOf(data);
  const end = from + lengthOf(data);
  while (true) {
    const lineEnd = findLineEnd(from, end);
    writer.ascii("data: ");
    writer.bytes(slice(from, (lineEnd - from) as i32));
    writer.byte(LINE_FEED);
    if (lineEnd == end) break;
    from = lineEnd + 1;
    if (load<u8>(lineEnd) == CARRIAGE_RETURN && from < end && load<u8>(from) == LINE_FEED) from++;
  }
  writer.byte(LINE_FEED);
}
