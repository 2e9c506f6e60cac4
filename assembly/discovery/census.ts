import { Slice } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { STATUSES, Status, writeHashCode } from "./status";

/** Slots at first; doubled when two thirds are taken. */
const FIRST_SLOTS: i32 = 1024;

/** Low bits of a slot: status + 1, or 7 for an instance that is gone. The rest is the key's upper bits. */
const STATUS_BITS: u64 = 7;
const GONE: u64 = 7;

/**
 * Status of every instance of the whole registry, in eight bytes each: what the hash code after a delta is computed
 * from. Instances that are not needed otherwise are kept nowhere else.
 */
@final
export class Census {
  private slots: usize = 0;
  private capacity: i32 = 0;
  /** Slots that hold something, instances that are gone included. */
  private taken: i32 = 0;
  private counts: StaticArray<i32> = new StaticArray<i32>(STATUSES);
  private text: Writer = new Writer();

  /** Forgets all instances. */
  reset(): void {
    this.taken = 0;
    if (this.slots != 0) memory.fill(this.slots, 0, (this.capacity as usize) << 3);
    for (let i = 0; i < STATUSES; i++) unchecked((this.counts[i] = 0));
  }

  /** Frees the memory. The census may be used again. */
  dispose(): void {
    this.text.dispose();
    if (this.slots != 0) heap.free(this.slots);
    this.slots = 0;
    this.capacity = 0;
    this.reset();
  }

  /** An instance is there and has this status. */
  put(key: u64, status: Status): void {
    this.write(key, (status as u64) + 1);
  }

  /** An instance is gone. */
  remove(key: u64): void {
    this.write(key, GONE);
  }

  /** Number of instances with this status. */
  count(status: Status): i32 {
    return unchecked(this.counts[status]);
  }

  /** Eureka's hash code of the registry, borrowed until the next call. */
  hashCode(): Slice {
    this.text.reset();
    writeHashCode(this.text, this.counts);
    return this.text.view();
  }

  private write(key: u64, mark: u64): void {
    if ((this.taken + 1) * 3 > this.capacity * 2) this.grow();
    const slot = this.find(key);
    const before = load<u64>(slot) & STATUS_BITS;
    if (before == 0) {
      if (mark == GONE) return;
      this.taken++;
    }
    this.tally(before, -1);
    this.tally(mark, 1);
    store<u64>(slot, (key & ~STATUS_BITS) | mark);
  }


  @inline
  private tally(mark: u64, by: i32): void {
    if (mark == 0 || mark == GONE) return;
    const status = (mark - 1) as i32;
    unchecked((this.counts[status] = unchecked(this.counts[status]) + by));
  }

  /** Address of the slot that has the key, or of the free one where it belongs. */
  private find(key: u64): usize {
    const mask = this.capacity - 1;
    let index = ((key >> 20) as i32) & mask;
    while (true) {
      const slot = this.slots + ((index as usize) << 3);
      const value = load<u64>(slot);
      if (value == 0 || ((value ^ key) & ~STATUS_BITS) == 0) return slot;
      index = (index + 1) & mask;
    }
  }

  private grow(): void {
    const old = this.slots;
    const oldCapacity = this.capacity;
    this.capacity = oldCapacity == 0 ? FIRST_SLOTS : oldCapacity << 1;
    this.slots = heap.alloc((this.capacity as usize) << 3);
    memory.fill(this.slots, 0, (this.capacity as usize) << 3);
    this.taken = 0;
    for (let i = 0; i < oldCapacity; i++) {
      const value = load<u64>(old + ((i as usize) << 3));
      if (value == 0 || (value & STATUS_BITS) == GONE) continue;
      store<u64>(this.find(value), value);
      this.taken++;
    }
    if (old != 0) heap.free(old);
  }
}
