import { NONE, Slice, lengthOf, pointerOf, slice, subslice } from "./slice";

/** Tags of the types that keys are made of (X.690 section 8). */
export enum DerTag {
  Integer = 0x02,
  OctetString = 0x04,
  ObjectIdentifier = 0x06,
  Sequence = 0x30,
}

/** Bytes that a length may have. */
const MAX_LENGTH_BYTES: i32 = 3;

/**
 * Reads values in DER (X.690), one behind the other. A value that is not what it is taken for makes the reader `failed`,
 * and everything after it NONE; so a chain of readings needs one check at its end. Slices borrow from the input.
 */
export class DerReader {
  failed: bool = false;

  constructor(private rest: Slice) {}

  /** Contents of the next value, which has this tag. */
  next(tag: DerTag): Slice {
    const rest = this.rest;
    const pointer = pointerOf(rest);
    if (this.failed || lengthOf(rest) < 2 || load<u8>(pointer) != (tag as u8)) return this.fail();
    let length = load<u8>(pointer, 1) as i32;
    let start = 2;
    if (length >= 0x80) {
      const count = length & 0x7f;
      if (count == 0 || count > MAX_LENGTH_BYTES || lengthOf(rest) < 2 + count) return this.fail();
      length = 0;
      for (let i = 0; i < count; i++) length = (length << 8) | (load<u8>(pointer + 2 + i) as i32);
      start += count;
    }
    if (length > lengthOf(rest) - start) return this.fail();
    this.rest = subslice(rest, start + length, lengthOf(rest));
    return subslice(rest, start, start + length);
  }

  /** The next value, an integer that is not negative: big-endian, without leading zeros. 0 is empty. */
  integer(): Slice {
    const bytes = this.next(DerTag.Integer);
    let start = pointerOf(bytes);
    const end = start + lengthOf(bytes);
    if (this.failed || start == end || load<u8>(start) >= 0x80) return this.fail();
    while (start < end && load<u8>(start) == 0) start++;
    return slice(start, (end - start) as i32);
  }

  private fail(): Slice {
    this.failed = true;
    return NONE;
  }
}
