import { NONE, Slice, lengthOf, pointerOf, slice } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { BACKSLASH, LETTER_U } from "../../json/characters";

/** Bytes of `\uXXXX`, and of other escapes. */
const LONG_ESCAPE: i32 = 6;
const SHORT_ESCAPE: i32 = 2;

/**
 * What is new in texts (JSON string bodies) of which each repeats the earlier one. Where the beginning is the same, byte
 * for byte, the rest is new. Where it is not (it was changed, or is escaped in another way), what was told cannot be
 * taken back: as many UTF-16 units as were told are skipped, and what comes then is new. It owns memory: `dispose`.
 */
@final
export class Cumulative {
  private last: Writer = new Writer();
  /** UTF-16 units that were told. */
  private told: i32 = 0;
  /** Whether `last` has exactly the units that were told. */
  private isLevel: bool = true;

  /** The part of the text that is new, borrowed from it. */
  take(text: Slice): Slice {
    const known = this.last.view();
    const length = lengthOf(known);
    if (
      this.isLevel &&
      lengthOf(text) >= length &&
      memory.compare(pointerOf(text), pointerOf(known), length) == 0
    ) {
      const rest = slice(pointerOf(text) + length, lengthOf(text) - length);
      this.last.bytes(rest);
      this.told += unitsIn(rest);
      return rest;
    }
    const rest = skipUnits(text, this.told);
    this.told += unitsIn(rest);
    this.last.reset();
    this.last.bytes(text);
    this.isLevel = unitsIn(text) == this.told;
    return rest;
  }

  dispose(): void {
    this.last.dispose();
  }
}

function unitsIn(body: Slice): i32 {
  let at = pointerOf(body);
  const end = at + lengthOf(body);
  let units = 0;
  while (at < end) {
    units += unitsAt(at);
    at += sizeAt(at, end);
  }
  return units;
}

/** The body behind its first units; NONE where it has no more. */
function skipUnits(body: Slice, count: i32): Slice {
  let at = pointerOf(body);
  const end = at + lengthOf(body);
  while (at < end && count > 0) {
    count -= unitsAt(at);
    at += sizeAt(at, end);
  }
  return at < end ? slice(at, (end - at) as i32) : NONE;
}

/** UTF-16 units of the character at `at`: one with four bytes in UTF-8 has two. */
function unitsAt(at: usize): i32 {
  return load<u8>(at) >= 0xf0 ? 2 : 1;
}

/** Bytes of the character or escape at `at`. */
function sizeAt(at: usize, end: usize): i32 {
  const byte = load<u8>(at);
  let size = 1;
  if (byte == BACKSLASH) size = at + 1 < end && load<u8>(at + 1) == LETTER_U ? LONG_ESCAPE : SHORT_ESCAPE;
  else if (byte >= 0xf0) size = 4;
  else if (byte >= 0xe0) size = 3;
  else if (byte >= 0xc0) size = 2;
  return min(size, (end - at) as i32);
}
