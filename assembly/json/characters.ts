/** Bytes that have a meaning in JSON text, and the fast ways over those that have none. */

export const TAB: u8 = 0x09;
export const LINE_FEED: u8 = 0x0a;
export const CARRIAGE_RETURN: u8 = 0x0d;
export const SPACE: u8 = 0x20;
export const QUOTE: u8 = 0x22;
export const PLUS: u8 = 0x2b;
export const COMMA: u8 = 0x2c;
export const MINUS: u8 = 0x2d;
export const POINT: u8 = 0x2e;
export const SLASH: u8 = 0x2f;
export const DIGIT_0: u8 = 0x30;
export const COLON: u8 = 0x3a;
export const OPEN_BRACKET: u8 = 0x5b;
export const BACKSLASH: u8 = 0x5c;
export const CLOSE_BRACKET: u8 = 0x5d;
export const LETTER_B: u8 = 0x62;
export const LETTER_E: u8 = 0x65;
export const LETTER_F: u8 = 0x66;
export const LETTER_N: u8 = 0x6e;
export const LETTER_R: u8 = 0x72;
export const LETTER_T: u8 = 0x74;
export const LETTER_U: u8 = 0x75;
export const OPEN_BRACE: u8 = 0x7b;
export const CLOSE_BRACE: u8 = 0x7d;

/** Makes a letter lower case; `E` becomes `e`. */
export const CASE_BIT: u8 = 0x20;

const EACH_BYTE_01: u64 = 0x0101010101010101;
const EACH_BYTE_20: u64 = 0x2020202020202020;
const EACH_BYTE_22: u64 = 0x2222222222222222;
const EACH_BYTE_5C: u64 = 0x5c5c5c5c5c5c5c5c;
const EACH_BYTE_80: u64 = 0x8080808080808080;

/** White space of RFC 8259 section 2. */
@inline
export function isWhiteSpace(byte: u8): bool {
  return byte <= SPACE && (byte == SPACE || byte == LINE_FEED || byte == CARRIAGE_RETURN || byte == TAB);
}


@inline
export function isDigit(byte: u8): bool {
  return ((byte - DIGIT_0) as u8) < 10;
}


@inline
export function isHexDigit(byte: u8): bool {
  return isDigit(byte) || (((byte | CASE_BIT) - 0x61) as u8) < 6;
}

/** Value of a hexadecimal digit; the byte must be one. */
@inline
export function hexValue(byte: u8): u32 {
  return isDigit(byte) ? ((byte - DIGIT_0) as u32) : (((byte | CASE_BIT) - 0x57) as u32);
}

/** Whether a byte stands for itself in a JSON string: ASCII, no control character, no quote, no backslash. */
@inline
export function isPlain(byte: u8): bool {
  return byte >= SPACE && byte < 0x80 && byte != QUOTE && byte != BACKSLASH;
}

/** Whether a backslash and this byte are a whole escape: " \\ / b f n r t. */
@inline
export function isShortEscape(byte: u8): bool {
  switch (byte) {
    case QUOTE:
    case BACKSLASH:
    case SLASH:
    case LETTER_B:
    case LETTER_F:
    case LETTER_N:
    case LETTER_R:
    case LETTER_T:
      return true;
    default:
      return false;
  }
}

// The first byte of a UTF-8 character says how many follow and narrows the second (RFC 3629 section 4): E0 and F0
// exclude overlong forms, ED surrogates, F4 what is above U+10FFFF. All others are between 80 and BF.

/** Bytes that follow the first one of a character of two to four bytes; 0 where it cannot begin one. */
@inline
export function followers(first: u8): i32 {
  return first < 0xc2 || first > 0xf4 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
}


@inline
export function lowestSecond(first: u8): u8 {
  return first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
}


@inline
export function highestSecond(first: u8): u8 {
  return first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
}

/**
 * Address of the first byte in `at`..`end` that is not plain (see `isPlain`), or `end`. Eight bytes a step: in every
 * byte of the word the high bit is raised where it is a quote, a backslash, below 0x20 or above 0x7f. A borrow can
 * only run upwards from such a byte, so the lowest raised bit is always a true one.
 */
@inline
export function plainEnd(at: usize, end: usize): usize {
  while (at + 8 <= end) {
    const word = load<u64>(at);
    const special =
      (((word ^ EACH_BYTE_22) - EACH_BYTE_01) |
        ((word ^ EACH_BYTE_5C) - EACH_BYTE_01) |
        (word - EACH_BYTE_20) |
        word) &
      EACH_BYTE_80;
    if (special != 0) return at + ((ctz(special) >> 3) as usize);
    at += 8;
  }
  while (at < end && isPlain(load<u8>(at))) at++;
  return at;
}

/**
 * Address behind the run of well-formed UTF-8 characters of two to four bytes that begins at `at` (RFC 3629: no
 * overlong form, no surrogate, nothing above U+10FFFF). It looks at four bytes a step and stops where fewer are
 * left, so the caller must settle what is at the returned address itself, byte by byte.
 */
export function wideCharactersEnd(at: usize, end: usize): usize {
  while (at + 4 <= end) {
    const word = load<u32>(at);
    if ((word & 0x00c0c0f0) == 0x008080e0) {
      const head = word & 0x200f; // low half of the first byte, bit 5 of the second
      if (head == 0x0000 || head == 0x200d) break; // E0 80..9F is overlong, ED A0..BF a surrogate
      at += 3;
    } else if ((word & 0xc0e0) == 0x80c0) {
      if ((word & 0x1e) == 0) break; // C0 and C1 are overlong
      at += 2;
    } else if ((word & 0xc0c0c0f8) == 0x808080f0) {
      const plane = word & 0x07;
      const high = word & 0x3000;
      if (plane == 0 ? high == 0 : plane > 4 || (plane == 4 && high != 0)) break; // F0 80..8F, F4 90.., F5..
      at += 4;
    } else {
      break;
    }
  }
  return at;
}
