import { Slice, lengthOf, pointerOf, slice } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import {
  BACKSLASH,
  CARRIAGE_RETURN,
  LETTER_B,
  LETTER_F,
  LETTER_N,
  LETTER_R,
  LETTER_T,
  LETTER_U,
  LINE_FEED,
  QUOTE,
  TAB,
  followers,
  hexValue,
  highestSecond,
  isHexDigit,
  lowestSecond,
  plainEnd,
  wideCharactersEnd,
} from "./characters";

const BACKSPACE: u8 = 0x08;
const FORM_FEED: u8 = 0x0c;

/** U+FFFD in UTF-8, as a number in the order of memory. */
const REPLACEMENT: u32 = 0xbdbfef;
const REPLACEMENT_CHARACTER: u32 = 0xfffd;

/** Escape of two bytes: its length in the high half, the character in the low half. */
const SHORT: u32 = 2 << 16;
const LONG: u32 = 6 << 16;

/**
 * Writes UTF-8 text as the body of a JSON string, without the quotes. What need not be escaped stays as it is.
 * Bytes that are not UTF-8 become U+FFFD, one for each maximal part of a character (Unicode section 3.9), so what
 * is written is always valid. A JSON text is UTF-8 text, too: this is how an object becomes the text of a string.
 */
export function escape(writer: Writer, utf8: Slice): void {
  let at = pointerOf(utf8);
  const end = at + lengthOf(utf8);
  let from = at; // what is not yet written
  while (true) {
    at = plainEnd(at, end);
    if (at == end) break;
    const byte = load<u8>(at);
    if (byte >= 0x80) {
      at = wideCharactersEnd(at, end);
      if (at == end || load<u8>(at) < 0x80) continue;
      const size = characterSize(at, end);
      if (size > 0) {
        at += size;
        continue;
      }
      copy(writer, from, at);
      at -= size;
      store<u32>(writer.reserve(4), REPLACEMENT);
      writer.advance(3);
    } else {
      copy(writer, from, at++);
      writeEscape(writer, byte);
    }
    from = at;
  }
  copy(writer, from, at);
}

/** `escape` between quotes. */
export function quote(writer: Writer, utf8: Slice): void {
  writer.byte(QUOTE);
  escape(writer, utf8);
  writer.byte(QUOTE);
}

/**
 * Writes the text that the body of a JSON string stands for, as UTF-8. Half of a surrogate pair without the other
 * half becomes U+FFFD, as does an escape that is none (a validated body has none).
 */
export function unescape(writer: Writer, body: Slice): void {
  let at = pointerOf(body);
  const end = at + lengthOf(body);
  while (true) {
    const from = at;
    while (at < end && load<u8>(at) != BACKSLASH) at++;
    copy(writer, from, at);
    if (at == end) return;
    const first = readEscape(at, end);
    at += first >>> 16;
    let character = first & 0xffff;
    if (isHighSurrogate(character)) {
      const second = at < end && load<u8>(at) == BACKSLASH ? readEscape(at, end) : 0;
      if (isLowSurrogate(second & 0xffff)) {
        at += second >>> 16;
        character = 0x10000 + ((character & 0x3ff) << 10) + (second & 0x3ff);
      } else {
        character = REPLACEMENT_CHARACTER;
      }
    } else if (isLowSurrogate(character)) {
      character = REPLACEMENT_CHARACTER;
    }
    writeCharacter(writer, character);
  }
}

/** Whether the body of a JSON string, escapes and all, stands for exactly this ASCII text. */
@inline
export function bodyEquals(body: Slice, ascii: string): bool {
  return bodyEqualsUnits(body, changetype<usize>(ascii), ascii.length);
}

/** `bodyEquals` for a part of a string: `length` characters of two bytes at `units`. */
export function bodyEqualsUnits(body: Slice, units: usize, length: i32): bool {
  let at = pointerOf(body);
  const end = at + lengthOf(body);
  for (let i = 0; i < length; i++) {
    if (at >= end) return false;
    let character: u32 = load<u8>(at);
    if (character == BACKSLASH) {
      const read = readEscape(at, end);
      character = read & 0xffff;
      at += read >>> 16;
    } else {
      at++;
    }
    if (character != (load<u16>(units + ((i as usize) << 1)) as u32)) return false;
  }
  return at == end;
}

/** The UTF-16 unit of the escape at `at`, which holds a backslash, and the length of the escape above it. */
function readEscape(at: usize, end: usize): u32 {
  if (at + 2 > end) return (1 << 16) | REPLACEMENT_CHARACTER;
  const byte = load<u8>(at + 1);
  switch (byte) {
    case LETTER_B:
      return SHORT | BACKSPACE;
    case LETTER_F:
      return SHORT | FORM_FEED;
    case LETTER_N:
      return SHORT | LINE_FEED;
    case LETTER_R:
      return SHORT | CARRIAGE_RETURN;
    case LETTER_T:
      return SHORT | TAB;
    case LETTER_U: {
      if (at + 6 > end) return SHORT | REPLACEMENT_CHARACTER;
      let unit: u32 = 0;
      for (let i: usize = 2; i < 6; i++) {
        const digit = load<u8>(at + i);
        if (!isHexDigit(digit)) return SHORT | REPLACEMENT_CHARACTER;
        unit = (unit << 4) | hexValue(digit);
      }
      return LONG | unit;
    }
    default:
      return SHORT | (byte < 0x80 ? (byte as u32) : REPLACEMENT_CHARACTER);
  }
}

function writeEscape(writer: Writer, byte: u8): void {
  const target = writer.reserve(8);
  let letter: u8 = 0;
  switch (byte) {
    case QUOTE:
    case BACKSLASH:
      letter = byte;
      break;
    case LINE_FEED:
      letter = LETTER_N;
      break;
    case CARRIAGE_RETURN:
      letter = LETTER_R;
      break;
    case TAB:
      letter = LETTER_T;
      break;
    case BACKSPACE:
      letter = LETTER_B;
      break;
    case FORM_FEED:
      letter = LETTER_F;
      break;
    default: {
      store<u32>(target, 0x3030755c); // \u00
      store<u8>(target + 4, 0x30 + (byte >> 4));
      store<u8>(target + 5, (byte & 15) + ((byte & 15) < 10 ? 0x30 : 0x57));
      writer.advance(6);
      return;
    }
  }
  store<u16>(target, (BACKSLASH as u16) | ((letter as u16) << 8));
  writer.advance(2);
}

/** UTF-8 of a code point, which is no surrogate. */
function writeCharacter(writer: Writer, character: u32): void {
  const target = writer.reserve(4);
  if (character < 0x80) {
    store<u8>(target, character as u8);
    writer.advance(1);
  } else if (character < 0x800) {
    store<u8>(target, (0xc0 | (character >> 6)) as u8);
    store<u8>(target, (0x80 | (character & 0x3f)) as u8, 1);
    writer.advance(2);
  } else if (character < 0x10000) {
    store<u8>(target, (0xe0 | (character >> 12)) as u8);
    store<u8>(target, (0x80 | ((character >> 6) & 0x3f)) as u8, 1);
    store<u8>(target, (0x80 | (character & 0x3f)) as u8, 2);
    writer.advance(3);
  } else {
    store<u8>(target, (0xf0 | (character >> 18)) as u8);
    store<u8>(target, (0x80 | ((character >> 12) & 0x3f)) as u8, 1);
    store<u8>(target, (0x80 | ((character >> 6) & 0x3f)) as u8, 2);
    store<u8>(target, (0x80 | (character & 0x3f)) as u8, 3);
    writer.advance(4);
  }
}

/** Size of the UTF-8 character at `at`; where it is malformed, minus the size of its longest well-formed beginning. */
function characterSize(at: usize, end: usize): i32 {
  const first = load<u8>(at);
  const size = 1 + followers(first);
  if (size == 1) return -1;
  let lower = lowestSecond(first);
  let upper = highestSecond(first);
  for (let i = 1; i < size; i++) {
    if (at + i >= end) return -i;
    const next = load<u8>(at + i);
    if (next < lower || next > upper) return -i;
    lower = 0x80;
    upper = 0xbf;
  }
  return size;
}


@inline
function isHighSurrogate(unit: u32): bool {
  return (unit & 0xfc00) == 0xd800;
}


@inline
function isLowSurrogate(unit: u32): bool {
  return (unit & 0xfc00) == 0xdc00;
}


@inline
function copy(writer: Writer, from: usize, to: usize): void {
  if (to > from) writer.bytes(slice(from, (to - from) as i32));
}
