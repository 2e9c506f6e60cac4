import { NONE, Slice, lengthOf, pointerOf, slice, subslice } from "../bytes/slice";
import { Writer } from "../bytes/writer";

/** Layout of an edit: start and end in the text, start and end of the replacement in `replacements`; four u32. */
const EDIT_SHIFT: usize = 4;
const END: usize = 4;
const FROM: usize = 8;
const TO: usize = 12;

/** Edits that a text may have. A real request needs a handful; one that needs more is hostile (see `failed`). */
const MAX_EDITS: i32 = 256;

/**
 * Edits of a text that is not to be written anew: an ordered list of ranges and of what stands there instead. The
 * offsets are those of the original text. Replacements are copied; the text is not held.
 */
@final
export class Patches {
  private block: usize = 0;
  private replacements: Writer = new Writer();
  /** Number of edits. */
  count: i32 = 0;
  /** What the edits add to the length of the text; may be negative. */
  delta: i32 = 0;
  /** Whether an edit was refused since `clear`. Then the text must not be used with the others. */
  failed: bool = false;

  clear(): void {
    this.count = 0;
    this.delta = 0;
    this.failed = false;
    this.replacements.reset();
  }

  /** Frees the memory. The list may be used again. */
  dispose(): void {
    this.clear();
    this.replacements.dispose();
    if (this.block != 0) heap.free(this.block);
    this.block = 0;
  }

  /**
   * Puts `bytes` in the place of `start`..`end` and of the edits inside of it, so the later edit of a range wins.
   * False, and `failed`, where the range overlaps another one in part or lies inside of it, or there are too many.
   * Insertions at one place stay in the order of their calls, before a range that begins there.
   */
  replace(start: i32, end: i32, bytes: Slice): bool {
    if (start < 0 || end < start) return this.refuse();
    let last = this.count;
    while (last > 0 && this.isBehind(last - 1, start, end)) last--;
    let first = last;
    while (first > 0 && this.isInside(first - 1, start, end)) first--;
    if (first > 0 && this.end(first - 1) > start) return this.refuse();
    if (first == last && this.count == MAX_EDITS) return this.refuse();

    if (this.block == 0) this.block = heap.alloc((MAX_EDITS as usize) << EDIT_SHIFT);
    for (let i = first; i < last; i++) this.delta -= this.gain(i);
    memory.copy(this.edit(first + 1), this.edit(last), ((this.count - last) as usize) << EDIT_SHIFT);
    this.count += 1 - (last - first);
    const edit = this.edit(first);
    store<i32>(edit, start);
    store<i32>(edit, end, END);
    store<i32>(edit, this.replacements.length, FROM);
    this.replacements.bytes(bytes);
    store<i32>(edit, this.replacements.length, TO);
    this.delta += this.gain(first);
    return true;
  }

  /** Puts `bytes` before offset `at`. */
  insert(at: i32, bytes: Slice): bool {
    return this.replace(at, at, bytes);
  }

  /** Takes `start`..`end` away. */
  remove(start: i32, end: i32): bool {
    return this.replace(start, end, NONE);
  }

  /** Where edit `index` begins in the original text. The caller keeps `index` below `count`, here and below. */
  @inline
  start(index: i32): i32 {
    return load<i32>(this.edit(index));
  }

  /** Where edit `index` ends in the original text. */
  @inline
  end(index: i32): i32 {
    return load<i32>(this.edit(index), END);
  }

  /** What edit `index` puts there, borrowed until the list changes. */
  replacement(index: i32): Slice {
    const edit = this.edit(index);
    const from = load<i32>(edit, FROM);
    return slice(pointerOf(this.replacements.view()) + from, load<i32>(edit, TO) - from);
  }

  /** Writes the edited text. Edits beyond the end of `text` are clipped to it. */
  apply(text: Slice, writer: Writer): void {
    let at = 0;
    for (let i = 0; i < this.count; i++) {
      writer.bytes(subslice(text, at, this.start(i)));
      writer.bytes(this.replacement(i));
      at = this.end(i);
    }
    writer.bytes(subslice(text, at, lengthOf(text)));
  }

  private refuse(): bool {
    this.failed = true;
    return false;
  }


  @inline
  private isBehind(index: i32, start: i32, end: i32): bool {
    const other = this.start(index);
    return other > end || (other == end && (start < end || this.end(index) > other));
  }


  @inline
  private isInside(index: i32, start: i32, end: i32): bool {
    const other = this.start(index);
    const otherEnd = this.end(index);
    return other >= start && otherEnd <= end && otherEnd > start && start < end;
  }

  /** What edit `index` adds to the length of the text. */
  @inline
  private gain(index: i32): i32 {
    const edit = this.edit(index);
    return load<i32>(edit, TO) - load<i32>(edit, FROM) - (load<i32>(edit, END) - load<i32>(edit));
  }


  @inline
  private edit(index: i32): usize {
    return this.block + ((index as usize) << EDIT_SHIFT);
  }
}
