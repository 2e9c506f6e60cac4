import { Slice, Utf8, lengthOf, pointerOf, slice } from "./slice";

/** Room behind the last byte, so that wide loads near the end stay inside the block. */
const PADDING: i32 = 16;

/** A writer that grew beyond this gives its block back on `reset`. */
const KEEP_BYTES: i32 = 1 << 18;

/**
 * Growing byte buffer: what the plugin sends is written here. One writer per purpose lives as long as the VM and
 * is reset before use; a writer that belongs to a stream is disposed with it. The bytes are borrowed with `view`
 * until the next write, reset or dispose.
 */
export class Writer {
  private block: usize = 0;
  private capacity: i32 = 0;
  /** Bytes written since the last reset. */
  length: i32 = 0;

  /** Empties the writer; keeps its block unless one large message made it big. */
  reset(): void {
    this.length = 0;
    if (this.capacity > KEEP_BYTES) this.dispose();
  }

  /** Frees the block. The writer may be used again. */
  dispose(): void {
    if (this.block != 0) heap.free(this.block);
    this.block = 0;
    this.capacity = 0;
    this.length = 0;
  }

  /** What was written, borrowed. */
  view(): Slice {
    return slice(this.block, this.length);
  }

  /** Bytes `from`..end of what was written, borrowed. */
  viewFrom(from: i32): Slice {
    return slice(this.block + from, max(0, this.length - from));
  }

  /** Forgets everything after the first `length` bytes. */
  truncate(length: i32): void {
    if (length < this.length) this.length = max(0, length);
  }

  /** Makes room for `size` more bytes and gives the address where they go; `advance` counts them in. */
  reserve(size: i32): usize {
    const needed = this.length + size + PADDING;
    if (needed > this.capacity) this.grow(needed);
    return this.block + this.length;
  }

  /** Counts in bytes that were stored at the address `reserve` gave. */
  @inline
  advance(size: i32): void {
    this.length += size;
  }

  /** One byte. */
  byte(value: u8): void {
    store<u8>(this.reserve(1), value);
    this.length++;
  }

  /** Borrowed bytes, copied. The slice must not point into this writer. */
  bytes(source: Slice): void {
    const size = lengthOf(source);
    memory.copy(this.reserve(size), pointerOf(source), size);
    this.length += size;
  }

  /** Owned bytes, copied. */
  @inline
  owned(source: Utf8): void {
    this.bytes(slice(changetype<usize>(source), source.byteLength));
  }

  /** ASCII text, narrowed from the two bytes a character of a string. */
  ascii(text: string): void {
    const size = text.length;
    copyAscii(this.reserve(size), text);
    this.length += size;
  }

  /** Decimal number. */
  number(value: i64): void {
    let rest: u64 = value < 0 ? ((0 - value) as u64) : (value as u64);
    if (value < 0) this.byte(0x2d);
    let digits = 1;
    for (let power = rest; power >= 10; power /= 10) digits++;
    const target = this.reserve(digits);
    for (let i = digits - 1; i >= 0; i--) {
      store<u8>(target + i, (0x30 + (rest % 10)) as u8);
      rest /= 10;
    }
    this.length += digits;
  }

  /** Two lower-case hexadecimal digits for each byte of `source`. */
  hex(source: Slice): void {
    const size = lengthOf(source);
    const pointer = pointerOf(source);
    const target = this.reserve(size << 1);
    for (let i = 0; i < size; i++) {
      const byte = load<u8>(pointer + i);
      store<u8>(target + (i << 1), hexDigit(byte >> 4));
      store<u8>(target + (i << 1) + 1, hexDigit(byte & 15));
    }
    this.length += size << 1;
  }

  /** A large message whose size is known at its beginning gets just the room it needs. */
  private grow(needed: i32): void {
    const isKnown = this.length == 0 && needed > KEEP_BYTES;
    let capacity = isKnown ? needed : max(256, this.capacity);
    while (capacity < needed) capacity = capacity < 1 << 20 ? capacity << 1 : capacity + (capacity >> 1);
    this.block = this.block == 0 ? heap.alloc(capacity) : heap.realloc(this.block, capacity);
    this.capacity = capacity;
  }
}


@inline
function hexDigit(value: u8): u8 {
  return value < 10 ? 0x30 + value : 0x57 + value;
}

/** Copies ASCII text to where there is room, four characters a step: each is two bytes in a string, one here. */
@inline
export function copyAscii(target: usize, text: string): void {
  const source = changetype<usize>(text);
  const size = text.length;
  let i = 0;
  for (; i + 4 <= size; i += 4) {
    const units = load<u64>(source + (i << 1));
    const pairs = units | (units >>> 8);
    store<u32>(target + i, ((pairs & 0xffff) | ((pairs >>> 16) & 0xffff0000)) as u32);
  }
  for (; i < size; i++) store<u8>(target + i, load<u16>(source + (i << 1)) as u8);
}
