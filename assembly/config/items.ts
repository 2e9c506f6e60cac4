import { NONE, Slice, indexOfByte, lengthOf, subslice, trim } from "../bytes/slice";

const COMMA: u8 = 0x2c;

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
