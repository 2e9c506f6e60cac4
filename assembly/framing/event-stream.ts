import { crc32 } from "../bytes/crc32";
import { Gather } from "../bytes/gather";
import { NONE, Slice, equals, lengthOf, pointerOf, slice, startsWith } from "../bytes/slice";
import { Framer, FramingError, MAX_RECORD_BYTES } from "./framer";

/** Total length, length of the headers, and the checksum of these two: four bytes each, big-endian. */
const PRELUDE_BYTES: i32 = 12;
const CHECKSUM_BYTES: i32 = 4;
const SMALLEST_FRAME: i32 = PRELUDE_BYTES + CHECKSUM_BYTES;

/** Most bytes of headers that AWS allows. */
const MAX_HEADER_BYTES: i32 = 128 << 10;

/** Types of header values. */
enum Value {
  True = 0,
  False = 1,
  Byte = 2,
  Short = 3,
  Integer = 4,
  Long = 5,
  Bytes = 6,
  Text = 7,
  Timestamp = 8,
  Uuid = 9,
}

/**
 * AWS event stream (application/vnd.amazon.eventstream): binary frames with headers and two CRC-32 checksums,
 * both checked. Frame: prelude, headers, payload, checksum of all before it. Header: length of the name (1
 * byte), name, type of the value (1 byte), value. See "Amazon event stream encoding" in AWS's documentation
 * and the Smithy specification of `application/vnd.amazon.eventstream`.
 *
 * `record` is the payload and `event` the name: `:event-type` of an event, `:exception-type` of an exception,
 * `:error-code` of an error. The last two are marked by `failure`; an error has no payload, so its
 * `:error-message`, which is plain text, is its record. Frames of no known `:message-type` stop the framer,
 * since nobody could say what they mean; one without the header is taken for an event.
 */
@final
export class EventStreamFramer extends Framer {
  private cursor: usize = 0;
  private stopAt: usize = 0;
  private given: bool = false;
  /** Length of the frame being gathered, or 0 while its prelude is not complete. */
  private total: i32 = 0;
  private frame: Gather = new Gather();

  private messageType: Slice = NONE;
  private eventType: Slice = NONE;
  private exceptionType: Slice = NONE;
  private errorCode: Slice = NONE;
  private errorMessage: Slice = NONE;

  /** `limit`: most bytes of a frame. */
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
    if (this.total == 0 && this.gather(PRELUDE_BYTES)) {
      const error = this.readPrelude();
      if (error != FramingError.None) return this.stop(error);
    }
    if (this.total != 0 && this.gather(this.total)) {
      const error = this.readFrame();
      if (error != FramingError.None) return this.stop(error);
      this.given = true;
      return true;
    }
    this.frame.keep();
    return false;
  }

  end(): bool {
    return this.error == FramingError.None && this.frame.length == 0;
  }

  get held(): i32 {
    return this.frame.length;
  }

  dispose(): void {
    this.frame.dispose();
  }

  /** Takes fed bytes until the frame has `size` of them. False where more have to be fed. */
  private gather(size: i32): bool {
    const missing = size - this.frame.length;
    const taken = min(missing, (this.stopAt - this.cursor) as i32);
    this.frame.add(slice(this.cursor, taken));
    this.cursor += taken;
    return taken == missing;
  }

  /** Checks the prelude before its lengths are believed. */
  private readPrelude(): FramingError {
    const prelude = pointerOf(this.frame.view());
    if (crc32(slice(prelude, 8)) != readU32(prelude + 8)) return FramingError.Corrupt;
    const total = readU32(prelude);
    const headers = readU32(prelude + 4);
    if (headers > (MAX_HEADER_BYTES as u32)) return FramingError.Malformed;
    if (total < headers + (SMALLEST_FRAME as u32)) return FramingError.Malformed;
    if (total > (this.limit as u32)) return FramingError.TooLarge;
    this.total = total as i32;
    return FramingError.None;
  }

  private readFrame(): FramingError {
    const start = pointerOf(this.frame.view());
    const checked = this.total - CHECKSUM_BYTES;
    if (crc32(slice(start, checked)) != readU32(start + checked)) return FramingError.Corrupt;
    const headersStart = start + PRELUDE_BYTES;
    const headersEnd = headersStart + readU32(start + 4);
    if (!this.readHeaders(headersStart, headersEnd)) return FramingError.Malformed;
    return this.describe(slice(headersEnd, (start + checked - headersEnd) as i32));
  }

  /** Sets what the caller sees from the headers of the frame and its payload. */
  private describe(payload: Slice): FramingError {
    const type = this.messageType;
    this.record = payload;
    this.event = this.eventType;
    if (type == NONE || equals(type, "event")) return FramingError.None;
    this.failure = true;
    if (equals(type, "exception")) {
      this.event = this.exceptionType;
      return FramingError.None;
    }
    if (!equals(type, "error")) return FramingError.Malformed;
    this.event = this.errorCode;
    if (lengthOf(payload) == 0) this.record = this.errorMessage;
    return FramingError.None;
  }

  private readHeaders(from: usize, end: usize): bool {
    while (from < end) {
      const nameLength = load<u8>(from++);
      const name = slice(from, nameLength);
      // What follows the name is its type; with nothing left for that, the header is cut short.
      if (nameLength == 0 || from + nameLength >= end) return false;
      from += nameLength;
      const type: i32 = load<u8>(from++);
      let size = fixedSize(type);
      if (size < 0) {
        if (type != Value.Bytes && type != Value.Text) return false;
        if (from + 2 > end) return false;
        size = bswap<u16>(load<u16>(from));
        from += 2;
      }
      if (from + size > end) return false;
      if (startsWith(name, ":") && !this.keepHeader(name, type, slice(from, size))) return false;
      from += size;
    }
    return true;
  }

  /** Remembers a header that says what the frame is. False where it is not text. */
  private keepHeader(name: Slice, type: i32, value: Slice): bool {
    if (equals(name, ":message-type")) this.messageType = value;
    else if (equals(name, ":event-type")) this.eventType = value;
    else if (equals(name, ":exception-type")) this.exceptionType = value;
    else if (equals(name, ":error-code")) this.errorCode = value;
    else if (equals(name, ":error-message")) this.errorMessage = value;
    else return true;
    return type == Value.Text;
  }

  private forget(): void {
    this.record = NONE;
    this.event = NONE;
    this.failure = false;
    this.given = false;
    this.total = 0;
    this.messageType = NONE;
    this.eventType = NONE;
    this.exceptionType = NONE;
    this.errorCode = NONE;
    this.errorMessage = NONE;
    this.frame.clear();
  }
}

/** Bytes of a value whose type has one size, else -1. */
function fixedSize(type: i32): i32 {
  switch (type) {
    case Value.True:
    case Value.False:
      return 0;
    case Value.Byte:
      return 1;
    case Value.Short:
      return 2;
    case Value.Integer:
      return 4;
    case Value.Long:
    case Value.Timestamp:
      return 8;
    case Value.Uuid:
      return 16;
    default:
      return -1;
  }
}


@inline
function readU32(pointer: usize): u32 {
  return bswap<u32>(load<u32>(pointer));
}
