import { NONE, Slice, indexOfByte, lengthOf, subslice, trim } from "../bytes/slice";

const COMMA: u8 = 0x2c;
const EQUALS: u8 = 0x3d;

/** The texts between the commas of one text, without the spaces around them; empty ones are left out. */
export class Items {
  /** The text that `next` found. */
  item: Slice = NONE;
  private from: i32 = 0;

  constructor(private text: Slice) {}

  /** Goes to the next text; false behind the last one. */
  next(): bool {
    const length = lengthOf(this.text);
    while (this.from <= length) {
      const comma = indexOfByte(this.text, COMMA, this.from);
      const to = comma < 0 ? length : comma;
      this.item = trim(subslice(this.text, this.from, to));
      this.from = to + 1;
      if (lengthOf(this.item) > 0) return true;
    }
    return false;
  }
}

/** What stands before the first "=" of an item such as `gpt-4o = qwen-max`; NONE where it has none. */
export function itemKey(item: Slice): Slice {
  const equals = indexOfByte(item, EQUALS);
  return equals < 0 ? NONE : trim(subslice(item, 0, equals));
}

/** What stands behind the first "=" of an item. */
export function itemValue(item: Slice): Slice {
  return trim(subslice(item, indexOfByte(item, EQUALS) + 1, lengthOf(item)));
}
