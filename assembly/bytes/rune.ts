/** Code point for what is not UTF-8. */
export const REPLACEMENT: i32 = 0xfffd;

/** A code point and its width in bytes, in one value. */
export type Rune = i32;

const WIDTH_SHIFT: i32 = 24;

/** The code point. */
@inline
export function runeOf(decoded: Rune): i32 {
  return decoded & 0xffffff;
}

/** The width in bytes. */
@inline
export function widthOf(decoded: Rune): i32 {
  return (decoded >>> WIDTH_SHIFT) as i32;
}

/**
 * The code point at `from`, which must lie before `end`. A byte that begins no well-formed sequence (RFC
 * 3629: shortest form, no surrogates) counts as U+FFFD of one byte, as in Go.
 */
export function decodeRune(from: usize, end: usize): Rune {
  const first: i32 = load<u8>(from);
  if (first < 0x80) return rune(first, 1);
  const second = continuation(from + 1, end);
  if (first < 0xc2 || first > 0xf4 || second < 0) return rune(REPLACEMENT, 1);
  if (first < 0xe0) return rune(((first & 0x1f) << 6) | second, 2);
  const third = continuation(from + 2, end);
  if (third < 0) return rune(REPLACEMENT, 1);
  if (first < 0xf0) {
    const value = ((first & 0x0f) << 12) | (second << 6) | third;
    return value < 0x800 || (value >= 0xd800 && value < 0xe000) ? rune(REPLACEMENT, 1) : rune(value, 3);
  }
  const fourth = continuation(from + 3, end);
  if (fourth < 0) return rune(REPLACEMENT, 1);
  const value = ((first & 0x07) << 18) | (second << 12) | (third << 6) | fourth;
  return value < 0x10000 || value > 0x10ffff ? rune(REPLACEMENT, 1) : rune(value, 4);
}


@inline
function rune(value: i32, width: i32): Rune {
  return value | (width << WIDTH_SHIFT);
}

/** The six bits of a continuation byte, or -1. */
@inline
function continuation(pointer: usize, end: usize): i32 {
  if (pointer >= end) return -1;
  const byte: i32 = load<u8>(pointer);
  return (byte & 0xc0) == 0x80 ? byte & 0x3f : -1;
}
