import { Slice, Utf8, equals, lengthOf, pointerOf, same, slice, subslice } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  POINT,
  QUOTE,
  isDigit,
} from "../../json/characters";
import { ABSENT, Document, Node } from "../../json/document";

const APOSTROPHE: u8 = 0x27;
const DOLLAR: u8 = 0x24;

/** Deeper arguments, or longer paths, are no arguments but an attack on our memory. */
const MAX_LEVELS: i32 = 64;
const MAX_PATH_BYTES: i32 = 4096;

/**
 * Segments of the path that is being read: bounds in the path, and whether it is the number of an element.
 */
const starts: StaticArray<i32> = new StaticArray<i32>(MAX_LEVELS);
const stops: StaticArray<i32> = new StaticArray<i32>(MAX_LEVELS);
const numbers: StaticArray<bool> = new StaticArray<bool>(MAX_LEVELS);

/**
 * Makes JSON text of function arguments that come as values with their paths (`partialArgs`), in the order of
 * the text: `{"jsonPath": "$.city", "stringValue": "Ber", "willContinue": true}`. Between two pieces only the
 * open path is kept: the last path, and how many children each of its containers has. A value that does not
 * fit to what is written already makes `add` fail.
 * Source: Vertex AI, "Streaming function call arguments", PartialArg.
 */
@final
export class PartialArguments {
  private begun: bool = false;
  private stringOpen: bool = false;
  /**
   * The last path, a JSON string body of `pathLength` bytes in memory that grows to the longest, and its
   * segments.
   */
  private path: Utf8 = new ArrayBuffer(128);
  private pathLength: i32 = 0;
  private levels: i32 = 0;
  private starts: StaticArray<i32> = new StaticArray<i32>(MAX_LEVELS);
  private stops: StaticArray<i32> = new StaticArray<i32>(MAX_LEVELS);
  private numbers: StaticArray<bool> = new StaticArray<bool>(MAX_LEVELS);
  /** Children so far of the container that a segment is in. */
  private children: StaticArray<i32> = new StaticArray<i32>(MAX_LEVELS);

  /** Begins the arguments of another call. */
  reset(): void {
    this.begun = false;
    this.stringOpen = false;
    this.levels = 0;
  }

  /**
   * Writes the JSON text that one element of `partialArgs` adds. False where it contradicts what came before.
   */
  add(document: Document, part: Node, writer: Writer): bool {
    const path = document.body(document.find(part, "jsonPath"));
    const count = split(path);
    if (count < 1) return false;
    const common = this.common(path, count);
    if (common == count && common == this.levels) return this.continue(document, part, writer);
    if (common == count || (this.levels > 0 && common == this.levels)) return false;
    if (common < this.levels && unchecked(this.numbers[common]) != unchecked(numbers[common])) return false;
    if (!this.begun && unchecked(numbers[0])) return false;
    this.closeTo(common + 1, writer);
    this.openFrom(common, path, count, writer);
    this.remember(path, count);
    return this.value(document, part, writer);
  }

  /** Writes what closes the text; all of it, an empty object, where nothing was added. */
  finish(writer: Writer): void {
    if (!this.begun) writer.byte(OPEN_BRACE);
    this.closeTo(1, writer);
    writer.byte(CLOSE_BRACE);
    this.reset();
  }

  /** How many leading segments a path has in common with the last one. */
  private common(path: Slice, count: i32): i32 {
    const old = slice(changetype<usize>(this.path), this.pathLength);
    const most = min(count, this.levels);
    for (let i = 0; i < most; i++) {
      const mine = subslice(old, unchecked(this.starts[i]), unchecked(this.stops[i]));
      if (unchecked(this.numbers[i]) != unchecked(numbers[i]) || !same(mine, segment(path, i))) return i;
    }
    return most;
  }

  private continue(document: Document, part: Node, writer: Writer): bool {
    if (!this.stringOpen) return false;
    writer.bytes(document.body(document.find(part, "stringValue")));
    if (!document.isTrue(document.find(part, "willContinue"))) this.closeString(writer);
    return true;
  }

  /** Closes the open string and all containers below the one that holds segment `level - 1`. */
  private closeTo(level: i32, writer: Writer): void {
    this.closeString(writer);
    for (let i = this.levels - 1; i >= level; i--)
      writer.byte(unchecked(this.numbers[i]) ? CLOSE_BRACKET : CLOSE_BRACE);
  }

  private openFrom(level: i32, path: Slice, count: i32, writer: Writer): void {
    if (!this.begun) {
      this.begun = true;
      writer.byte(OPEN_BRACE);
      unchecked((this.children[0] = 0));
    }
    for (let i = level; i < count; i++) {
      if (i > level) {
        writer.byte(unchecked(numbers[i]) ? OPEN_BRACKET : OPEN_BRACE);
        unchecked((this.children[i] = 0));
      }
      if (unchecked(this.children[i]) > 0) writer.byte(COMMA);
      unchecked((this.children[i] = unchecked(this.children[i]) + 1));
      if (unchecked(numbers[i])) continue;
      writer.byte(QUOTE);
      writer.bytes(segment(path, i));
      writer.byte(QUOTE);
      writer.byte(COLON);
    }
  }

  private remember(path: Slice, count: i32): void {
    const length = lengthOf(path);
    if (length > this.path.byteLength) this.path = new ArrayBuffer(length << 1);
    memory.copy(changetype<usize>(this.path), pointerOf(path), length);
    this.pathLength = length;
    this.levels = count;
    for (let i = 0; i < count; i++) {
      unchecked((this.starts[i] = unchecked(starts[i])));
      unchecked((this.stops[i] = unchecked(stops[i])));
      unchecked((this.numbers[i] = unchecked(numbers[i])));
    }
  }

  private value(document: Document, part: Node, writer: Writer): bool {
    const text = document.find(part, "stringValue");
    if (document.isString(text)) {
      writer.byte(QUOTE);
      writer.bytes(document.body(text));
      this.stringOpen = true;
      if (!document.isTrue(document.find(part, "willContinue"))) this.closeString(writer);
      return true;
    }
    let value = document.find(part, "numberValue");
    if (value == ABSENT) value = document.find(part, "boolValue");
    if (document.isNumber(value) || document.isTrue(value) || document.isFalse(value)) {
      writer.bytes(document.raw(value));
      return true;
    }
    writer.ascii("null");
    return document.find(part, "nullValue") != ABSENT;
  }

  private closeString(writer: Writer): void {
    if (this.stringOpen) writer.byte(QUOTE);
    this.stringOpen = false;
  }
}

/** Segment `index` of the path that `split` read. */
@inline
function segment(path: Slice, index: i32): Slice {
  return subslice(path, unchecked(starts[index]), unchecked(stops[index]));
}

/**
 * Finds the segments of a path such as `$.a.b[0]['c d']`, which is a JSON string body.
 * @returns their number; -1 where it is no such path, or too long
 */
function split(path: Slice): i32 {
  const length = lengthOf(path);
  const pointer = pointerOf(path);
  if (length < 1 || length > MAX_PATH_BYTES || load<u8>(pointer) != DOLLAR) return -1;
  let count = 0;
  let at = 1;
  while (at < length) {
    if (count == MAX_LEVELS) return -1;
    const byte = load<u8>(pointer + at);
    at++;
    let stop = at;
    let isNumber = false;
    let behind: i32;
    if (byte == POINT) {
      while (stop < length && !isSeparator(load<u8>(pointer + stop))) stop++;
      behind = stop;
    } else if (byte == OPEN_BRACKET) {
      const quote = quoteAt(path, at);
      at += quote;
      stop = at;
      isNumber = quote == 0;
      while (stop < length && !isEnd(path, stop, quote)) stop++;
      if (stop >= length || (isNumber && !isIndex(subslice(path, at, stop)))) return -1;
      behind = stop + quote + 1;
    } else {
      return -1;
    }
    unchecked((starts[count] = at));
    unchecked((stops[count] = stop));
    unchecked((numbers[count] = isNumber));
    count++;
    at = behind;
  }
  return count;
}


@inline
function isSeparator(byte: u8): bool {
  return byte == POINT || byte == OPEN_BRACKET;
}

/** Length of the quote that begins a name in brackets: 1 for `'`, 2 for `\"`, 0 where there is none. */
function quoteAt(path: Slice, at: i32): i32 {
  const rest = subslice(path, at, at + 2);
  if (lengthOf(rest) > 0 && load<u8>(pointerOf(rest)) == APOSTROPHE) return 1;
  return equals(rest, '\\"') ? 2 : 0;
}

/** Whether a segment in brackets ends at `at`. */
function isEnd(path: Slice, at: i32, quote: i32): bool {
  const pointer = pointerOf(path) + at;
  if (at + quote >= lengthOf(path) || load<u8>(pointer + quote) != CLOSE_BRACKET) return false;
  if (quote == 0) return true;
  const first = load<u8>(pointer);
  return quote == 1 ? first == APOSTROPHE : first == BACKSLASH && load<u8>(pointer + 1) == QUOTE;
}

function isIndex(digits: Slice): bool {
  const length = lengthOf(digits);
  if (length < 1 || length > 9) return false;
  for (let i = 0; i < length; i++) {
    if (!isDigit(load<u8>(pointerOf(digits) + i))) return false;
  }
  return true;
}
