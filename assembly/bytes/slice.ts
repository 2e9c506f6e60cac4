/**
 * A slice is a borrowed run of bytes: pointer in the low 32 bits, length in the high 32 bits of a u64.
 * It is a plain value: it costs no allocation, the collector does not see it, and it is valid only until the
 * memory it points to is reused. What must outlive the callback is copied with `toOwned`.
 */
export type Slice = u64;

/** Owned bytes: an ArrayBuffer, visible to the collector. Its address is the address of its first byte. */
export type Utf8 = ArrayBuffer;

/** The empty slice that points nowhere: "absent". An empty but present value has a pointer. */
export const NONE: Slice = 0;

/** No bytes, owned; shared by everybody, since there is nothing in it to change. */
export const EMPTY: Utf8 = new ArrayBuffer(0);

/** Builds a slice from a pointer and a length in bytes. */
@inline
export function slice(pointer: usize, length: i32): Slice {
  return (pointer as u64) | ((length as u64) << 32);
}

/** Address of the first byte. */
@inline
export function pointerOf(bytes: Slice): usize {
  return bytes as u32 as usize;
}

/** Length in bytes. */
@inline
export function lengthOf(bytes: Slice): i32 {
  return (bytes >>> 32) as i32;
}

/** Borrows owned bytes; valid as long as `owned` is referenced by something the collector sees. */
@inline
export function borrow(owned: Utf8): Slice {
  return slice(changetype<usize>(owned), owned.byteLength);
}

/** Copies a slice into memory that the collector owns. */
export function toOwned(bytes: Slice): Utf8 {
  const length = lengthOf(bytes);
  const owned = new ArrayBuffer(length);
  memory.copy(changetype<usize>(owned), pointerOf(bytes), length);
  return owned;
}

/** UTF-8 of a string, owned. For configuration and constants; not for traffic. */
@inline
export function utf8(text: string): Utf8 {
  return String.UTF8.encode(text);
}

/** Bytes `from`..`to` of a slice, clipped to it. */
export function subslice(bytes: Slice, from: i32, to: i32): Slice {
  const length = lengthOf(bytes);
  const start = max(0, min(from, length));
  const end = max(start, min(to, length));
  return slice(pointerOf(bytes) + start, end - start);
}

/** Whether the bytes are exactly this ASCII text, which is compared where it lies (two bytes a character). */
export function equals(bytes: Slice, ascii: string): bool {
  if (lengthOf(bytes) != ascii.length) return false;
  return matchesAt(pointerOf(bytes), ascii);
}

/** Whether the bytes begin with this ASCII text. */
export function startsWith(bytes: Slice, ascii: string): bool {
  return lengthOf(bytes) >= ascii.length && matchesAt(pointerOf(bytes), ascii);
}

/** Whether the bytes end with this ASCII text. */
export function endsWith(bytes: Slice, ascii: string): bool {
  const from = lengthOf(bytes) - ascii.length;
  return from >= 0 && matchesAt(pointerOf(bytes) + from, ascii);
}

/** Whether the bytes are this ASCII text in any case; `ascii` must be in lower case. */
export function equalsIgnoreCase(bytes: Slice, ascii: string): bool {
  const length = ascii.length;
  if (lengthOf(bytes) != length) return false;
  return matchesIgnoreCaseAt(pointerOf(bytes), ascii);
}

/** Whether the bytes begin with this ASCII text in any case; `ascii` must be in lower case. */
export function startsWithIgnoreCase(bytes: Slice, ascii: string): bool {
  return lengthOf(bytes) >= ascii.length && matchesIgnoreCaseAt(pointerOf(bytes), ascii);
}

/** Whether two slices hold the same bytes. */
@inline
export function same(left: Slice, right: Slice): bool {
  const length = lengthOf(left);
  return length == lengthOf(right) && memory.compare(pointerOf(left), pointerOf(right), length) == 0;
}

/** Index of the first byte with this value at or after `from`, or -1. */
export function indexOfByte(bytes: Slice, value: u8, from: i32 = 0): i32 {
  const pointer = pointerOf(bytes);
  const length = lengthOf(bytes);
  for (let i = max(0, from); i < length; i++) {
    if (load<u8>(pointer + i) == value) return i;
  }
  return -1;
}

/** Index of the last byte with this value, or -1. */
export function lastIndexOfByte(bytes: Slice, value: u8): i32 {
  const pointer = pointerOf(bytes);
  for (let i = lengthOf(bytes) - 1; i >= 0; i--) {
    if (load<u8>(pointer + i) == value) return i;
  }
  return -1;
}

/** Index of the first occurrence of this ASCII text at or after `from`, or -1. */
export function indexOf(bytes: Slice, ascii: string, from: i32 = 0): i32 {
  const pointer = pointerOf(bytes);
  const last = lengthOf(bytes) - ascii.length;
  for (let i = max(0, from); i <= last; i++) {
    if (matchesAt(pointer + i, ascii)) return i;
  }
  return -1;
}

/** The slice without spaces and tabs at both ends (optional white space of RFC 9110 section 5.6.3). */
export function trim(bytes: Slice): Slice {
  let start = pointerOf(bytes);
  let end = start + lengthOf(bytes);
  while (start < end && isBlank(load<u8>(start))) start++;
  while (end > start && isBlank(load<u8>(end - 1))) end--;
  return slice(start, (end - start) as i32);
}

/** A decimal number without sign, or -1 where the bytes are anything else or exceed 2^31 - 1. */
export function parseDecimal(bytes: Slice): i32 {
  const length = lengthOf(bytes);
  if (length == 0 || length > 10) return -1;
  const pointer = pointerOf(bytes);
  let value: i64 = 0;
  for (let i = 0; i < length; i++) {
    const digit = (load<u8>(pointer + i) as i32) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value > i32.MAX_VALUE ? -1 : (value as i32);
}

/** FNV-1a of the bytes, 64 bits: for tables and rings, not for secrets. */
export function hash(bytes: Slice, seed: u64 = 0xcbf29ce484222325): u64 {
  const pointer = pointerOf(bytes);
  const length = lengthOf(bytes);
  let value = seed;
  for (let i = 0; i < length; i++) value = (value ^ (load<u8>(pointer + i) as u64)) * 0x100000001b3;
  return value;
}

/** Text of UTF-8 bytes, for messages at configuration time. Invalid sequences become replacement characters. */
@inline
export function toText(bytes: Slice): string {
  return String.UTF8.decodeUnsafe(pointerOf(bytes), lengthOf(bytes));
}


@inline
function matchesAt(pointer: usize, ascii: string): bool {
  const length = ascii.length;
  const text = changetype<usize>(ascii);
  for (let i = 0; i < length; i++) {
    if ((load<u8>(pointer + i) as u16) != load<u16>(text + (i << 1))) return false;
  }
  return true;
}


@inline
function matchesIgnoreCaseAt(pointer: usize, ascii: string): bool {
  const length = ascii.length;
  const text = changetype<usize>(ascii);
  for (let i = 0; i < length; i++) {
    let byte: u16 = load<u8>(pointer + i);
    if (byte >= 0x41 && byte <= 0x5a) byte |= 0x20;
    if (byte != load<u16>(text + (i << 1))) return false;
  }
  return true;
}


@inline
function isBlank(byte: u8): bool {
  return byte == 0x20 || byte == 0x09;
}
