import { Slice, lengthOf, pointerOf, slice, NONE } from "../bytes/slice";
import { Writer } from "../bytes/writer";

/**
 * The serialised form of a header map (proxy-wasm "header map" encoding): u32 count, then a (name size, value size)
 * pair of u32 for each header, then each name and value followed by a NUL.
 */

/** Walks a serialised header map that the host gave. Sizes are checked: a map that lies about them ends early. */
export class PairsReader {
  name: Slice = NONE;
  value: Slice = NONE;
  private sizes: usize = 0;
  private data: usize = 0;
  private end: usize = 0;
  private left: i32 = 0;

  /** Starts at the first pair of `pairs`, which must stay valid while it is walked. */
  open(pairs: Slice): void {
    const length = lengthOf(pairs);
    const start = pointerOf(pairs);
    this.left = 0;
    if (length < 4) return;
    const count = load<u32>(start) as u64;
    if (4 + count * 8 > (length as u64)) return;
    this.left = count as i32;
    this.sizes = start + 4;
    this.data = start + 4 + ((count as usize) << 3);
    this.end = start + length;
  }

  /** Steps to the next pair; false behind the last. */
  next(): bool {
    if (this.left == 0) return false;
    this.left--;
    const nameSize = load<u32>(this.sizes) as u64;
    const valueSize = load<u32>(this.sizes + 4) as u64;
    this.sizes += 8;
    if ((this.data as u64) + nameSize + valueSize + 2 > (this.end as u64)) {
      this.left = 0;
      return false;
    }
    this.name = slice(this.data, nameSize as i32);
    this.value = slice(this.data + (nameSize as usize) + 1, valueSize as i32);
    this.data += (nameSize as usize) + (valueSize as usize) + 2;
    return true;
  }
}

/**
 * Builds a serialised header map for the host. Add pairs, then take `view`. Two writers: sizes go before data.
 */
export class PairsWriter {
  private sizes: Writer = new Writer();
  private data: Writer = new Writer();
  private count: i32 = 0;

  /** Starts an empty map. */
  reset(): void {
    this.sizes.reset();
    this.data.reset();
    this.count = 0;
    this.size(0);
  }

  /** Adds a header whose name is an ASCII literal. */
  add(name: string, value: Slice): void {
    this.count++;
    this.size(name.length);
    this.size(lengthOf(value));
    this.data.ascii(name);
    this.data.byte(0);
    this.data.bytes(value);
    this.data.byte(0);
  }

  /** Adds a header whose name and value are ASCII literals. */
  addText(name: string, value: string): void {
    this.count++;
    this.size(name.length);
    this.size(value.length);
    this.data.ascii(name);
    this.data.byte(0);
    this.data.ascii(value);
    this.data.byte(0);
  }

  /** Adds a header whose name is known only at run time. */
  addNamed(name: Slice, value: Slice): void {
    this.count++;
    this.size(lengthOf(name));
    this.size(lengthOf(value));
    this.data.bytes(name);
    this.data.byte(0);
    this.data.bytes(value);
    this.data.byte(0);
  }

  /** The serialised map, borrowed until the next change. */
  view(): Slice {
    const sizes = this.sizes.view();
    store<u32>(pointerOf(sizes), this.count);
    const whole = this.sizes;
    whole.bytes(this.data.view());
    return whole.view();
  }

  private size(value: i32): void {
    store<u32>(this.sizes.reserve(4), value);
    this.sizes.advance(4);
  }
}
