import {
  NONE,
  Slice,
  Utf8,
  equals,
  indexOf,
  indexOfByte,
  lengthOf,
  pointerOf,
  startsWithIgnoreCase,
  subslice,
  toOwned,
  trim,
} from "../bytes/slice";
import { Writer } from "../bytes/writer";

const CR: u8 = 0x0d;
const LF: u8 = 0x0a;
const HYPHEN: u8 = 0x2d;
const QUOTE: u8 = 0x22;
const SEMICOLON: u8 = 0x3b;
const BACKSLASH: u8 = 0x5c;

/** Media type of a form. */
export const MULTIPART: string = "multipart/form-data";

/** The header that names a part. */
export const DISPOSITION: string = "content-disposition:";

/** Headers of one part, in bytes: a name and a file name; more is hostile. */
const MAX_HEAD: i32 = 8192;

/** Longest boundary. Source: RFC 2046 section 5.1.1. */
const MAX_BOUNDARY: i32 = 70;

enum State {
  /** Looking for a line that begins with `--boundary`. */
  Content,
  /** Behind a delimiter: `--` ends the form, a line end begins a part. */
  Delimiter,
  /** In the headers of a part. */
  Head,
  /** Behind the last delimiter; what follows means nothing. */
  Done,
  /** This is no form. */
  Broken,
}

/**
 * The boundary that a `multipart/form-data` media type names, owned; empty where it is another media type, or names none
 * that could be one.
 */
export function boundaryOf(mediaType: Slice): Utf8 {
  if (!startsWithIgnoreCase(mediaType, MULTIPART)) return new ArrayBuffer(0);
  const boundary = parameterOf(mediaType, "boundary=");
  return lengthOf(boundary) <= MAX_BOUNDARY ? toOwned(boundary) : new ArrayBuffer(0);
}

/**
 * Finds one field's values in a form (RFC 7578) whose bytes come piece by piece. Nothing but the headers of one part is
 * ever kept, so a form of any size costs no memory. Offsets are those of the whole form.
 */
export class MultipartScanner {
  /** Where the values of the field begin and end, in turn. */
  readonly values: Array<i32> = [];
  /** Where the first delimiter begins, with the line end before it; -1 until it is seen. */
  first: i32 = -1;
  /** Whether the first delimiter has no line end before it, since the form begins with it. */
  isBare: bool = false;
  /** Bytes that were read. */
  offset: i32 = 0;
  private state: State = State.Content;
  /** Bytes of the delimiter that have been matched. The first one may do without the line end before it. */
  private matched: i32 = 2;
  private delimiter: Utf8;
  private head: Writer = new Writer();
  /** Whether the part at hand is the field. */
  private isField: bool = false;

  /** @param name of the field, ASCII */
  constructor(
    boundary: Utf8,
    private name: string,
  ) {
    const writer = new Writer();
    writer.ascii("\r\n--");
    writer.owned(boundary);
    this.delimiter = toOwned(writer.view());
    writer.dispose();
  }

  /** Whether the last delimiter has been seen. */
  get isComplete(): bool {
    return this.state == State.Done;
  }

  /** Reads on. False: this is no form. */
  feed(bytes: Slice): bool {
    const pointer = pointerOf(bytes);
    const length = lengthOf(bytes);
    for (let i = 0; i < length; i++) {
      if (this.state == State.Content && this.matched == 0) {
        // Almost all of a file is passed over here.
        i = indexOfByte(bytes, CR, i);
        if (i < 0) break;
      }
      const byte = load<u8>(pointer + i);
      if (this.state == State.Content) this.content(byte, this.offset + i);
      else if (this.state == State.Delimiter) this.behind(byte, this.offset + i);
      else if (this.state == State.Head) this.header(byte, this.offset + i);
      else break;
    }
    this.offset += length;
    return this.state != State.Broken;
  }

  /** Frees the memory. */
  dispose(): void {
    this.head.dispose();
  }

  /** A CR begins a delimiter anew wherever it stands, since there is none inside of one. */
  private content(byte: u8, at: i32): void {
    if (byte == load<u8>(changetype<usize>(this.delimiter) + this.matched)) this.matched++;
    else this.matched = byte == CR ? 1 : 0;
    if (this.matched < this.delimiter.byteLength) return;
    const start = at + 1 - this.matched;
    this.end(start);
    if (this.first < 0) {
      this.isBare = start < 0;
      this.first = max(0, start);
    }
    this.state = State.Delimiter;
    this.matched = 0;
  }

  /** White space may stand before the line end (RFC 2046, `transport-padding`). */
  private behind(byte: u8, at: i32): void {
    if (byte == HYPHEN) {
      this.matched++;
      if (this.matched == 2) this.state = State.Done;
    } else if (byte == LF) {
      this.state = this.matched == 0 ? State.Head : State.Broken;
      this.head.reset();
    } else if (byte != CR && byte != 0x20 && byte != 0x09) {
      this.state = State.Broken;
    }
  }

  private header(byte: u8, at: i32): void {
    const head = this.head;
    head.byte(byte);
    if (byte != LF) {
      if (head.length > MAX_HEAD) this.state = State.Broken;
      return;
    }
    const text = head.view();
    const length = lengthOf(text);
    const isEmptyLine = equals(text, "\r\n") || (length >= 4 && indexOf(text, "\r\n\r\n", length - 4) >= 0);
    if (!isEmptyLine) return;
    this.begin(text, at + 1);
    this.state = State.Content;
    this.matched = 0;
  }

  /** A part begins. @param head its headers, borrowed. @param start where its content does */
  protected begin(head: Slice, start: i32): void {
    this.isField = equals(parameterOf(headerOf(head, DISPOSITION), "name="), this.name);
    if (this.isField) this.values.push(start);
  }

  /** The content of the part that has begun ends, if one has. @param end behind its last byte */
  protected end(end: i32): void {
    if (this.isField) this.values.push(end);
    this.isField = false;
  }
}

/** The whole line of a header among those of a part; NONE where it is not there. @param name lower case, with its colon */
export function headerOf(head: Slice, name: string): Slice {
  let from = 0;
  while (from < lengthOf(head)) {
    const end = indexOf(head, "\r\n", from);
    const line = subslice(head, from, end < 0 ? lengthOf(head) : end);
    if (startsWithIgnoreCase(line, name)) return line;
    if (end < 0) return NONE;
    from = end + 2;
  }
  return NONE;
}

/** Value of a parameter of a header, without its quotes; NONE where there is none. */
export function parameterOf(line: Slice, name: string): Slice {
  let from = nextSemicolon(line, 0);
  while (from >= 0) {
    const end = nextSemicolon(line, from + 1);
    const parameter = trim(subslice(line, from + 1, end < 0 ? lengthOf(line) : end));
    if (startsWithIgnoreCase(parameter, name)) {
      return unquoted(subslice(parameter, name.length, lengthOf(parameter)));
    }
    from = end;
  }
  return NONE;
}

/** The next semicolon at or after `from` that does not stand between quotes; -1 where there is none. */
function nextSemicolon(line: Slice, from: i32): i32 {
  const pointer = pointerOf(line);
  let isQuoted = false;
  for (let i = from; i < lengthOf(line); i++) {
    const byte = load<u8>(pointer + i);
    if (byte == QUOTE) isQuoted = !isQuoted;
    else if (byte == BACKSLASH && isQuoted) i++;
    else if (byte == SEMICOLON && !isQuoted) return i;
  }
  return -1;
}

function unquoted(text: Slice): Slice {
  const length = lengthOf(text);
  const pointer = pointerOf(text);
  const isQuoted = length >= 2 && load<u8>(pointer) == QUOTE && load<u8>(pointer + length - 1) == QUOTE;
  return isQuoted ? subslice(text, 1, length - 1) : text;
}
