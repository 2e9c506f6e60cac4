import { NONE, Slice, hash, lengthOf, pointerOf, slice } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import {
  COUNT,
  HASH,
  HEADER_BYTES,
  KEY,
  MAGIC,
  MAX_INSTANCES,
  RECORD_BYTES,
  SEQUENCE,
  SIZE,
  STATUS,
  Snapshot,
  TAKEN_AT,
  TEXTS,
  textBytes,
} from "./snapshot";

/** Most bytes of texts in one snapshot: a limit for what a broken registry can make a worker hold. */
const MAX_TEXT_BYTES: i32 = 16 << 20;

/** Status of a record that only says that an earlier one of its key is gone. */
const REMOVED: u8 = 0xff;

/**
 * Collects instances in any order and makes a snapshot of them. Of several instances with one key the one that was
 * added or removed last counts, so that a delta is an old snapshot plus what changed. What is not finished is dropped
 * by `reset` or `dispose`.
 */
@final
export class SnapshotBuilder {
  private records: Writer = new Writer();
  private texts: Writer = new Writer();
  private count: i32 = 0;

  /** Whether something was added or removed since the last reset. */
  get isTouched(): bool {
    return this.count > 0;
  }

  /** Forgets everything. */
  reset(): void {
    this.records.reset();
    this.texts.reset();
    this.count = 0;
  }

  /** Makes room for about this many bytes of texts, so that a large snapshot is not moved while it grows. */
  reserve(bytes: i32): void {
    this.texts.reserve(min(bytes, MAX_TEXT_BYTES));
  }

  /** Frees all memory. The builder may be used again. */
  dispose(): void {
    this.records.dispose();
    this.texts.dispose();
    this.count = 0;
  }

  /** Adds a record with its texts; both are copied. False where a limit is reached: the reply must be given up. */
  add(record: usize, texts: Slice): bool {
    if (this.count >= MAX_INSTANCES || this.texts.length + lengthOf(texts) > MAX_TEXT_BYTES) return false;
    const target = this.records.reserve(RECORD_BYTES);
    memory.copy(target, record, RECORD_BYTES);
    store<u32>(target, this.texts.length, TEXTS);
    store<u32>(target, this.count++, SEQUENCE);
    this.records.advance(RECORD_BYTES);
    this.texts.bytes(texts);
    return true;
  }

  /** Takes back whatever was added under this key so far. */
  remove(key: u64): bool {
    memory.fill(removal, 0, RECORD_BYTES);
    store<u64>(removal, key, KEY);
    store<u8>(removal, REMOVED, STATUS);
    return this.add(removal, NONE);
  }

  /** Adds all instances of a snapshot. */
  addAll(snapshot: Snapshot): bool {
    const count = snapshot.count;
    for (let index = 0; index < count; index++) {
      if (!this.add(snapshot.record(index), snapshot.textsOf(index))) return false;
    }
    return true;
  }

  /** The snapshot of all instances, taken at this time (ms since 1970). The caller owns it; the builder is empty. */
  finish(takenAt: i64): Snapshot {
    const records = pointerOf(this.records.view());
    sortRecords(records, this.count);
    const kept = keepLast(records, this.count);
    let size = HEADER_BYTES + kept * RECORD_BYTES;
    for (let i = 0; i < kept; i++) size += textBytes(records + (i as usize) * RECORD_BYTES);

    const block = heap.alloc(size);
    memory.fill(block, 0, HEADER_BYTES);
    store<u32>(block, MAGIC);
    store<u32>(block, size, SIZE);
    store<i64>(block, takenAt, TAKEN_AT);
    store<u32>(block, kept, COUNT);
    memory.copy(block + HEADER_BYTES, records, kept * RECORD_BYTES);
    this.moveTexts(block, kept);
    store<u64>(block, hash(slice(block + HEADER_BYTES, size - HEADER_BYTES)), HASH);
    this.reset();
    return Snapshot.own(block);
  }

  /** Copies the texts behind the records, in their order, so that equal instances give equal bytes. */
  private moveTexts(block: usize, count: i32): void {
    const texts = pointerOf(this.texts.view());
    let target = HEADER_BYTES + count * RECORD_BYTES;
    for (let i = 0; i < count; i++) {
      const record = block + HEADER_BYTES + (i as usize) * RECORD_BYTES;
      const size = textBytes(record);
      memory.copy(block + target, texts + load<u32>(record, TEXTS), size);
      store<u32>(record, target, TEXTS);
      store<u32>(record, 0, SEQUENCE);
      target += size;
    }
  }
}

const removal: usize = memory.data(RECORD_BYTES, 8);
const swapSpace: usize = memory.data(RECORD_BYTES, 8);

/** Whether record `left` comes before `right`: by key, and under one key by the order in which they were added. */
@inline
function isBefore(left: usize, right: usize): bool {
  const leftKey = load<u64>(left, KEY);
  const rightKey = load<u64>(right, KEY);
  return (
    leftKey < rightKey || (leftKey == rightKey && load<u32>(left, SEQUENCE) < load<u32>(right, SEQUENCE))
  );
}


@inline
function swap(left: usize, right: usize): void {
  memory.copy(swapSpace, left, RECORD_BYTES);
  memory.copy(left, right, RECORD_BYTES);
  memory.copy(right, swapSpace, RECORD_BYTES);
}

/** Heapsort: in place, no recursion, and no input makes it slow. */
function sortRecords(base: usize, count: i32): void {
  for (let root = (count >> 1) - 1; root >= 0; root--) sink(base, root, count);
  for (let last = count - 1; last > 0; last--) {
    swap(base, base + (last as usize) * RECORD_BYTES);
    sink(base, 0, last);
  }
}

/** Moves a record down until no child comes after it. */
function sink(base: usize, root: i32, count: i32): void {
  while (true) {
    let child = (root << 1) + 1;
    if (child >= count) return;
    let below = base + (child as usize) * RECORD_BYTES;
    if (child + 1 < count && isBefore(below, below + RECORD_BYTES)) {
      child++;
      below += RECORD_BYTES;
    }
    const above = base + (root as usize) * RECORD_BYTES;
    if (!isBefore(above, below)) return;
    swap(above, below);
    root = child;
  }
}

/** Moves the last record of each key to the front, without those that were removed; gives how many are left. */
function keepLast(base: usize, count: i32): i32 {
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const record = base + (i as usize) * RECORD_BYTES;
    const isLast = i + 1 == count || load<u64>(record + RECORD_BYTES, KEY) != load<u64>(record, KEY);
    if (!isLast || load<u8>(record, STATUS) == REMOVED) continue;
    if (kept < i) memory.copy(base + (kept as usize) * RECORD_BYTES, record, RECORD_BYTES);
    kept++;
  }
  return kept;
}
