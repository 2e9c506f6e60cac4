import { Slice, lengthOf, pointerOf } from "./slice";
import { Writer } from "./writer";

/** The two alphabets of RFC 4648: section 4, and section 5 for URLs and file names. */
export enum Alphabet {
  Standard = 0,
  Url = 1,
}

const PADDING: u8 = 0x3d;

/** What the decoding table says of a byte outside the alphabet: the only entries with this bit. */
const INVALID: u32 = 0x80;

const UPPER_A: u8 = 0x41;
const LOWER_A: u8 = 0x61;
const DIGIT_0: u8 = 0x30;

/** The characters 62 and 63 of each alphabet. */
const LAST_TWO: usize = memory.data<u8>([0x2b, 0x2f, 0x2d, 0x5f]);

/** For each alphabet 64 characters, and then for each 256 values. */
const ENCODING: usize = memory.data(2 * 64);
const DECODING: usize = memory.data(2 * 256);
let ready: bool = false;

/** Writes the base64 text of the bytes, padded with `=` where asked. */
export function encodeBase64(writer: Writer, bytes: Slice, alphabet: Alphabet, padded: bool): void {
  if (!ready) fillTables();
  const table = ENCODING + ((alphabet as usize) << 6);
  let from = pointerOf(bytes);
  const rest = lengthOf(bytes) % 3;
  const end = from + lengthOf(bytes) - rest;
  let to = writer.reserve((lengthOf(bytes) / 3 + 1) * 4);
  const start = to;
  while (from < end) {
    const group = ((load<u8>(from) as u32) << 16) | ((load<u8>(from, 1) as u32) << 8) | load<u8>(from, 2);
    store<u8>(to, character(table, group >>> 18), 0);
    store<u8>(to, character(table, group >>> 12), 1);
    store<u8>(to, character(table, group >>> 6), 2);
    store<u8>(to, character(table, group), 3);
    from += 3;
    to += 4;
  }
  if (rest > 0) {
    const second: u32 = rest == 2 ? load<u8>(from, 1) : 0;
    const group = ((load<u8>(from) as u32) << 16) | (second << 8);
    store<u8>(to++, character(table, group >>> 18));
    store<u8>(to++, character(table, group >>> 12));
    if (rest == 2) store<u8>(to++, character(table, group >>> 6));
    if (padded) {
      store<u8>(to++, PADDING);
      if (rest == 1) store<u8>(to++, PADDING);
    }
  }
  writer.advance((to - start) as i32);
}

/**
 * Writes the bytes that base64 text stands for. Padding may be left out, but not in part; anything else that
 * an encoder would not write is refused: other characters, line ends, a lone last character, and bits set
 * that no byte takes up (RFC 4648 section 3.5). False where refused; nothing is written then.
 */
export function decodeBase64(writer: Writer, text: Slice, alphabet: Alphabet): bool {
  if (!ready) fillTables();
  const table = DECODING + ((alphabet as usize) << 8);
  let from = pointerOf(text);
  const length = unpaddedLength(text);
  const rest = length & 3;
  if (length < 0 || rest == 1) return false;
  const end = from + length - rest;
  let to = writer.reserve((length >> 2) * 3 + 3);
  const start = to;
  let seen: u32 = 0;
  while (from < end) {
    const first = value(table, from);
    const second = value(table, from + 1);
    const third = value(table, from + 2);
    const fourth = value(table, from + 3);
    seen |= first | second | third | fourth;
    const group = (first << 18) | (second << 12) | (third << 6) | fourth;
    store<u8>(to, group >>> 16, 0);
    store<u8>(to, group >>> 8, 1);
    store<u8>(to, group, 2);
    from += 4;
    to += 3;
  }
  if (rest > 0) {
    const first = value(table, from);
    const second = value(table, from + 1);
    const third: u32 = rest == 3 ? value(table, from + 2) : 0;
    seen |= first | second | third;
    const group = (first << 18) | (second << 12) | (third << 6);
    if ((group & (rest == 3 ? 0xff : 0xffff)) != 0) return false;
    store<u8>(to++, group >>> 16);
    if (rest == 3) store<u8>(to++, group >>> 8);
  }
  if ((seen & INVALID) != 0) return false;
  writer.advance((to - start) as i32);
  return true;
}

/** Length without its padding, or -1 where that does not fill the last group of four. */
function unpaddedLength(text: Slice): i32 {
  const length = lengthOf(text);
  const pointer = pointerOf(text);
  let unpadded = length;
  while (unpadded > 0 && length - unpadded < 2 && load<u8>(pointer + unpadded - 1) == PADDING) unpadded--;
  return unpadded == length || (length & 3) == 0 ? unpadded : -1;
}


@inline
function character(table: usize, sextet: u32): u8 {
  return load<u8>(table + ((sextet & 63) as usize));
}


@inline
function value(table: usize, pointer: usize): u32 {
  return load<u8>(table + load<u8>(pointer));
}

function fillTables(): void {
  memory.fill(DECODING, INVALID as u8, 2 * 256);
  for (let alphabet: usize = 0; alphabet < 2; alphabet++) {
    for (let sextet: u8 = 0; sextet < 64; sextet++) {
      let byte: u8;
      if (sextet < 26) byte = UPPER_A + sextet;
      else if (sextet < 52) byte = LOWER_A + sextet - 26;
      else if (sextet < 62) byte = DIGIT_0 + sextet - 52;
      else byte = load<u8>(LAST_TWO + (alphabet << 1) + sextet - 62);
      store<u8>(ENCODING + (alphabet << 6) + sextet, byte);
      store<u8>(DECODING + (alphabet << 8) + byte, sextet);
    }
  }
  ready = true;
}
