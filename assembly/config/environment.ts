import {
  EMPTY,
  NONE,
  Slice,
  Utf8,
  borrow,
  indexOfByte,
  lengthOf,
  pointerOf,
  same,
  subslice,
} from "../bytes/slice";
import { Writer } from "../bytes/writer";

const NUL: u8 = 0x00;
const DOLLAR: u8 = 0x24;
const EQUALS: u8 = 0x3d;
const OPEN_BRACE: u8 = 0x7b;
const CLOSE_BRACE: u8 = 0x7d;

/** The environment variables of the VM, as what stands in a configuration for a secret: `${NAME}`. */
export class Environment {
  /** The variable that the last `expand` did not find; borrowed from its text. */
  missing: Slice = NONE;

  /** @param block `NAME=value` with a NUL behind it, for each variable */
  constructor(private readonly block: Utf8 = EMPTY) {}

  /** Value of a variable, borrowed; NONE where there is none of this name. */
  find(name: Slice): Slice {
    const block = borrow(this.block);
    for (let from = 0; from < lengthOf(block);) {
      const end = indexOfByte(block, NUL, from);
      const entry = subslice(block, from, end < 0 ? lengthOf(block) : end);
      const sign = indexOfByte(entry, EQUALS);
      if (sign > 0 && same(subslice(entry, 0, sign), name)) return subslice(entry, sign + 1, lengthOf(entry));
      from += lengthOf(entry) + 1;
    }
    return NONE;
  }

  /**
   * Writes a text with the value of each `${NAME}` in its place. A name begins with a letter or `_`, and goes on with
   * these and digits; other braces stay as they are.
   * @returns false where a variable is not set: see `missing`
   */
  expand(text: Slice, out: Writer): bool {
    this.missing = NONE;
    const length = lengthOf(text);
    let from = 0;
    while (from < length) {
      const dollar = indexOfByte(text, DOLLAR, from);
      const name = dollar < 0 ? NONE : nameAt(text, dollar);
      const to = dollar < 0 ? length : dollar;
      out.bytes(subslice(text, from, to));
      if (dollar < 0) break;
      if (name == NONE) {
        out.byte(DOLLAR);
        from = dollar + 1;
        continue;
      }
      const value = this.find(name);
      if (value == NONE) {
        this.missing = name;
        return false;
      }
      out.bytes(value);
      from = dollar + lengthOf(name) + 3;
    }
    return true;
  }
}

/** Whether there is anything to replace in a text. */
export function hasVariable(text: Slice): bool {
  for (let at = indexOfByte(text, DOLLAR); at >= 0; at = indexOfByte(text, DOLLAR, at + 1)) {
    if (nameAt(text, at) != NONE) return true;
  }
  return false;
}

/** The name in `${NAME}` at a dollar sign; NONE where there is none. */
function nameAt(text: Slice, dollar: i32): Slice {
  const length = lengthOf(text);
  const start = dollar + 2;
  if (start >= length || load<u8>(pointerOf(text) + dollar + 1) != OPEN_BRACE) return NONE;
  let end = start;
  while (end < length && isNameByte(load<u8>(pointerOf(text) + end), end == start)) end++;
  const isClosed = end > start && end < length && load<u8>(pointerOf(text) + end) == CLOSE_BRACE;
  return isClosed ? subslice(text, start, end) : NONE;
}

function isNameByte(byte: u8, isFirst: bool): bool {
  const letter = byte | 0x20;
  if (byte == 0x5f || (letter >= 0x61 && letter <= 0x7a)) return true;
  return !isFirst && byte >= 0x30 && byte <= 0x39;
}
