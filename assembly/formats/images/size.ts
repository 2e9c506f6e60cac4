import { Slice, indexOfByte, lengthOf, parseDecimal, subslice } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { ImagesShape } from "./shape";

const LETTER_X: u8 = 0x78;
const COLON: u8 = 0x3a;

/** No image has a longer side; more digits are not read. */
const MAX_DIGITS: i32 = 5;

/** From how many pixels of the longer side on more than a thousand, or two, are meant. */
const TWO_THOUSAND: i32 = 2000;
const THREE_THOUSAND: i32 = 3000;

/** Width and height in pixels; 0 where the client leaves them to the service. */
export class Size {
  width: i32 = 0;
  height: i32 = 0;

  /** Reads `1024x1536`. False where the text is something else. */
  read(text: Slice): bool {
    const middle = indexOfByte(text, LETTER_X);
    if (middle < 1 || middle > MAX_DIGITS || lengthOf(text) - middle - 1 > MAX_DIGITS) return false;
    this.width = parseDecimal(subslice(text, 0, middle));
    this.height = parseDecimal(subslice(text, middle + 1, lengthOf(text)));
    return this.width > 0 && this.height > 0;
  }

  get isGiven(): bool {
    return this.width > 0 && this.height > 0;
  }

  /** How many thousand pixels the longer side has, as vendors count: 1, 2 or 4. */
  get thousands(): i32 {
    const side = max(this.width, this.height);
    return side < TWO_THOUSAND ? 1 : side < THREE_THOUSAND ? 2 : 4;
  }

  /** Place of the nearest aspect ratio among those of a shape; -1 where it takes pixels. */
  private nearest(shape: ImagesShape): i32 {
    let best = -1;
    let least = f64.MAX_VALUE;
    for (let i = 0; i + 1 < shape.ratios.length; i += 2) {
      const distance = this.distance(unchecked(shape.ratios[i]), unchecked(shape.ratios[i + 1]));
      if (distance < least) best = i;
      if (distance < least) least = distance;
    }
    return best;
  }

  /** Whether the service can be asked for just this aspect ratio, and for sides of this order. */
  fits(shape: ImagesShape): bool {
    const best = this.nearest(shape);
    if (!this.isGiven || best < 0) return true;
    if (this.thousands > shape.thousands) return false;
    return this.distance(unchecked(shape.ratios[best]), unchecked(shape.ratios[best + 1])) == 1;
  }

  /** Writes the aspect ratio that comes nearest, as `3:2`. Only for shapes that have ratios. */
  writeRatio(shape: ImagesShape, out: Writer): void {
    const best = max(0, this.nearest(shape));
    if (best + 1 >= shape.ratios.length) return;
    out.number(unchecked(shape.ratios[best]));
    out.byte(COLON);
    out.number(unchecked(shape.ratios[best + 1]));
  }

  /** How many times as broad, or as narrow, an image of this ratio is: 1 is the same. */
  private distance(width: i32, height: i32): f64 {
    const left = (this.width as f64) * (height as f64);
    const right = (this.height as f64) * (width as f64);
    return max(left, right) / max<f64>(1, min(left, right));
  }
}
