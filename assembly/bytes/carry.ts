import { Slice, lengthOf, pointerOf, slice } from "./slice";

/**
 * A block that grew beyond this is given back on `clear`: one large record must not weigh on a whole stream.
 */
const KEEP_BYTES: i32 = 1 << 16;

/** First block: a common event fits, so that most carries are allocated once. */
const FIRST_BYTES: i32 = 512;

/** Room behind the last byte, so that wide loads near the end stay inside the block. */
const PADDING: i32 = 16;

/** Bytes ever appended to any carry. Only tests read it: where nothing does, the compiler leaves it out. */
export let copiedBytes: u64 = 0;

/**
 * Bytes ever moved inside carries, to close a gap at the front or into a larger block. Only tests read it.
 */
export let movedBytes: u64 = 0;

/**
 * Bytes kept between callbacks: appended at the back, dropped from the front. Every byte is copied once by
 * `append`, and moved a constant number of times on average, so n bytes that come in any number of pieces
 * cost O(n). The block is raw memory: whoever owns a carry calls `dispose`. How much may be kept is the
 * owner's rule.
 */
export class Carry {
  private block: usize = 0;
  private capacity: i32 = 0;
  private start: i32 = 0;
  private stop: i32 = 0;

  /** Bytes held. */
  get length(): i32 {
    return this.stop - this.start;
  }

  /** Copies borrowed bytes to the back. They must not point into this carry. */
  append(bytes: Slice): void {
    const size = lengthOf(bytes);
    if (size == 0) return;
    if (this.stop + size + PADDING > this.capacity) this.makeRoom(size);
    memory.copy(this.block + this.stop, pointerOf(bytes), size);
    this.stop += size;
    copiedBytes += size;
  }

  /** The bytes held, borrowed until the next call that changes the carry. */
  view(): Slice {
    return slice(this.block + this.start, this.length);
  }

  /** Forgets `count` bytes at the front, or all where there are fewer. Nothing is moved. */
  drop(count: i32): void {
    this.start = min(this.stop, this.start + max(0, min(count, this.length)));
    if (this.start == this.stop) this.clear();
  }

  /** Forgets everything; keeps the block unless one large record made it big. */
  clear(): void {
    this.start = 0;
    this.stop = 0;
    if (this.capacity > KEEP_BYTES) this.dispose();
  }

  /** Frees the block. The carry may be used again. */
  dispose(): void {
    if (this.block != 0) heap.free(this.block);
    this.block = 0;
    this.capacity = 0;
    this.start = 0;
    this.stop = 0;
  }

  /**
   * Makes room for `size` more bytes. The gap at the front is closed only where at least as many bytes were
   * dropped as have to be moved; that is what keeps the average cost of a byte constant.
   */
  private makeRoom(size: i32): void {
    const held = this.length;
    const needed = held + size + PADDING;
    if (needed > this.capacity || this.start < held) {
      this.grow(needed);
      return;
    }
    memory.copy(this.block, this.block + this.start, held);
    this.start = 0;
    this.stop = held;
    movedBytes += held;
  }

  private grow(needed: i32): void {
    const held = this.length;
    let capacity = max(FIRST_BYTES, this.capacity);
    do capacity = capacity < 1 << 20 ? capacity << 1 : capacity + (capacity >> 1);
    while (capacity < needed);
    const block = heap.alloc(capacity);
    memory.copy(block, this.block + this.start, held);
    if (this.block != 0) heap.free(this.block);
    this.block = block;
    this.capacity = capacity;
    this.start = 0;
    this.stop = held;
    movedBytes += held;
  }
}
