import { NONE, Slice, indexOfByte, lengthOf, pointerOf, slice, subslice } from "./slice";
import { Writer } from "./writer";

const PERCENT: u8 = 0x25;
const PLUS: u8 = 0x2b;
const SLASH: u8 = 0x2f;
const SPACE: u8 = 0x20;
const AMPERSAND: u8 = 0x26;
const EQUALS: u8 = 0x3d;
const QUESTION: u8 = 0x3f;

/**
 * Writes the bytes with all but the unreserved characters of RFC 3986 section 2.3 as `%` and two upper-case
 * digits.
 */
export function encodePercent(writer: Writer, bytes: Slice, keepSlash: bool = false): void {
  const pointer = pointerOf(bytes);
  const length = lengthOf(bytes);
  for (let i = 0; i < length; i++) {
    const byte = load<u8>(pointer + i);
    if (isUnreserved(byte) || (keepSlash && byte == SLASH)) {
      writer.byte(byte);
      continue;
    }
    const target = writer.reserve(3);
    store<u8>(target, PERCENT, 0);
    store<u8>(target, upperDigit(byte >> 4), 1);
    store<u8>(target, upperDigit(byte & 15), 2);
    writer.advance(3);
  }
}

/**
 * Writes the bytes that percent-encoded text stands for; in a query of form fields (`form`) a `+` stands for
 * a space. False where a `%` is not followed by two hexadecimal digits; nothing is written then.
 */
export function decodePercent(writer: Writer, text: Slice, form: bool = false): bool {
  const pointer = pointerOf(text);
  const length = lengthOf(text);
  const start = writer.length;
  writer.reserve(length);
  for (let i = 0; i < length; i++) {
    let byte = load<u8>(pointer + i);
    if (byte == PERCENT) {
      const decoded = decodeAt(pointer + i, pointer + length);
      if (decoded < 0) {
        writer.truncate(start);
        return false;
      }
      byte = decoded as u8;
      i += 2;
    } else if (form && byte == PLUS) {
      byte = SPACE;
    }
    writer.byte(byte);
  }
  return true;
}

/** The path of a request target: what stands before `?`. */
export function pathOf(target: Slice): Slice {
  const question = indexOfByte(target, QUESTION);
  return question < 0 ? target : subslice(target, 0, question);
}

/** The query of a request target, without its `?`; NONE where there is none. */
export function queryOf(target: Slice): Slice {
  const question = indexOfByte(target, QUESTION);
  return question < 0 ? NONE : subslice(target, question + 1, lengthOf(target));
}

/**
 * Value of the first parameter of this name in a query, as written (encoded), or NONE. A parameter without
 * `=` has an empty value. Names are compared decoded, so that no spelling of one escapes.
 */
export function findParameter(query: Slice, name: Slice): Slice {
  let from = 0;
  while (from < lengthOf(query)) {
    const parameter = parameterAt(query, from);
    if (isNamed(parameter, name)) {
      const length = lengthOf(parameter);
      const sign = indexOfByte(parameter, EQUALS);
      return sign < 0 ? slice(pointerOf(parameter) + length, 0) : subslice(parameter, sign + 1, length);
    }
    from += lengthOf(parameter) + 1;
  }
  return NONE;
}

/** Writes a query without any parameter of this name; the rest stays byte for byte. */
export function writeWithoutParameter(writer: Writer, query: Slice, name: Slice): void {
  let first = true;
  let from = 0;
  while (from <= lengthOf(query)) {
    const parameter = parameterAt(query, from);
    from += lengthOf(parameter) + 1;
    if (isNamed(parameter, name)) continue;
    if (!first) writer.byte(AMPERSAND);
    writer.bytes(parameter);
    first = false;
  }
}

/**
 * Adds a parameter, name and value encoded, to the query that the writer holds from `queryStart` on (behind
 * its `?`).
 */
export function appendParameter(writer: Writer, queryStart: i32, name: Slice, value: Slice): void {
  if (writer.length > queryStart) writer.byte(AMPERSAND);
  encodePercent(writer, name);
  writer.byte(EQUALS);
  encodePercent(writer, value);
}

/** The parameter that begins at `from`, up to the next `&`. */
function parameterAt(query: Slice, from: i32): Slice {
  const end = indexOfByte(query, AMPERSAND, from);
  return subslice(query, from, end < 0 ? lengthOf(query) : end);
}

/**
 * Whether the name of `name=value` is this one once decoded. A `%` that encodes nothing stands for itself.
 */
function isNamed(parameter: Slice, name: Slice): bool {
  let from = pointerOf(parameter);
  const end = from + lengthOf(parameter);
  const length = lengthOf(name);
  let matched = 0;
  while (from < end) {
    let byte = load<u8>(from);
    if (byte == EQUALS) break;
    const decoded = byte == PERCENT ? decodeAt(from, end) : -1;
    if (decoded >= 0) {
      byte = decoded as u8;
      from += 2;
    } else if (byte == PLUS) {
      byte = SPACE;
    }
    from++;
    if (matched == length || load<u8>(pointerOf(name) + matched) != byte) return false;
    matched++;
  }
  return matched == length;
}

/** Value of the `%` and two digits at `from`, or -1. */
function decodeAt(from: usize, end: usize): i32 {
  if (from + 2 >= end) return -1;
  const high = digitValue(load<u8>(from, 1));
  const low = digitValue(load<u8>(from, 2));
  return high < 0 || low < 0 ? -1 : (high << 4) | low;
}

function digitValue(byte: i32): i32 {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}


@inline
function upperDigit(value: u8): u8 {
  return value < 10 ? 0x30 + value : 0x37 + value;
}

function isUnreserved(byte: u8): bool {
  const letter = byte | 0x20;
  if (letter >= 0x61 && letter <= 0x7a) return true;
  if (byte >= 0x30 && byte <= 0x39) return true;
  return byte == 0x2d || byte == 0x2e || byte == 0x5f || byte == 0x7e;
}
