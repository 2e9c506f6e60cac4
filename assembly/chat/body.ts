import { Slice, lengthOf, pointerOf, slice } from "../bytes/slice";
import { BACKSLASH, CARRIAGE_RETURN, LETTER_N, LETTER_T, LINE_FEED, SPACE, TAB } from "../json/characters";

const LETTER_R: u8 = 0x72;

/** Questions about JSON string bodies, answered without decoding them. */

/** Whether a body is empty or nothing but white space. */
export function isBlank(body: Slice): bool {
  let at = pointerOf(body);
  const end = at + lengthOf(body);
  while (at < end) {
    const byte = load<u8>(at++);
    if (isSpace(byte)) continue;
    if (byte != BACKSLASH || at >= end || !isSpaceEscape(load<u8>(at++))) return false;
  }
  return true;
}

/** The body without white space at its end. */
export function trimEnd(body: Slice): Slice {
  const start = pointerOf(body);
  let end = start + lengthOf(body);
  while (end > start) {
    if (isSpace(load<u8>(end - 1))) end--;
    else if (end - start >= 2 && isSpaceEscape(load<u8>(end - 1)) && isEscapeAt(start, end - 2)) end -= 2;
    else break;
  }
  return slice(start, (end - start) as i32);
}

/** Whether a backslash stands at `at` that begins an escape, and is not itself escaped. */
function isEscapeAt(start: usize, at: usize): bool {
  let from = at + 1;
  while (from > start && load<u8>(from - 1) == BACKSLASH) from--;
  return ((at + 1 - from) & 1) == 1;
}


@inline
function isSpace(byte: u8): bool {
  return byte == SPACE || byte == TAB || byte == LINE_FEED || byte == CARRIAGE_RETURN;
}


@inline
function isSpaceEscape(letter: u8): bool {
  return letter == LETTER_N || letter == LETTER_R || letter == LETTER_T;
}
