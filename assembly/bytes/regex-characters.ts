import { CharacterSet, DIGITS, SPACES, WORDS } from "./character-set";

/** Bytes that mean something in a regular expression, alone or behind a backslash. */
export const DOLLAR: i32 = 0x24;
export const OPEN_GROUP: i32 = 0x28;
export const CLOSE_GROUP: i32 = 0x29;
export const STAR: i32 = 0x2a;
export const PLUS: i32 = 0x2b;
export const COMMA: i32 = 0x2c;
export const HYPHEN: i32 = 0x2d;
export const DOT: i32 = 0x2e;
export const COLON: i32 = 0x3a;
export const QUESTION: i32 = 0x3f;
export const UPPER_A: i32 = 0x41;
export const UPPER_B: i32 = 0x42;
export const OPEN_CLASS: i32 = 0x5b;
export const BACKSLASH: i32 = 0x5c;
export const CLOSE_CLASS: i32 = 0x5d;
export const CARET: i32 = 0x5e;
export const LOWER_A: i32 = 0x61;
export const LOWER_B: i32 = 0x62;
export const LOWER_F: i32 = 0x66;
export const LOWER_N: i32 = 0x6e;
export const LOWER_R: i32 = 0x72;
export const LOWER_T: i32 = 0x74;
export const LOWER_V: i32 = 0x76;
export const LOWER_X: i32 = 0x78;
export const LOWER_Z: i32 = 0x7a;
export const OPEN_BRACE: i32 = 0x7b;
export const BAR: i32 = 0x7c;
export const CLOSE_BRACE: i32 = 0x7d;

/** Letters that stand for a set behind a backslash. */
const LOWER_D: i32 = 0x64;
const UPPER_D: i32 = 0x44;
const LOWER_W: i32 = 0x77;
const UPPER_W: i32 = 0x57;
const LOWER_S: i32 = 0x73;
const UPPER_S: i32 = 0x53;

/** The set that an escaped letter stands for, or null. */
export function shorthandSet(letter: i32): CharacterSet | null {
  switch (letter) {
    case LOWER_D:
      return DIGITS;
    case UPPER_D:
      return DIGITS.complement();
    case LOWER_W:
      return WORDS;
    case UPPER_W:
      return WORDS.complement();
    case LOWER_S:
      return SPACES;
    case UPPER_S:
      return SPACES.complement();
    default:
      return null;
  }
}

/** Whether this is an ASCII digit. */
export function isDigit(byte: i32): bool {
  return byte >= 0x30 && byte <= 0x39;
}

/** Whether this is an ASCII letter or digit. */
export function isLetterOrDigit(byte: i32): bool {
  const letter = byte | 0x20;
  return isDigit(byte) || (letter >= 0x61 && letter <= 0x7a);
}

/** Value of a hexadecimal digit, or -1. */
export function hexadecimal(byte: i32): i32 {
  if (isDigit(byte)) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
