import { Slice, Utf8, borrow, lengthOf, same, toOwned } from "../../bytes/slice";

/** More calls than this end the answer anyway, see `ChatEvents.toolCall`. */
const MAX_SLOTS: i32 = 1024;

/** One tool call of a stream. */
class Slot {
  constructor(
    readonly choice: i32,
    readonly index: i64,
    readonly id: Utf8,
  ) {}
}

/**
 * Tells which call a fragment of `tool_calls` belongs to. By the rules that is its `index`, but:
 * - some servers leave `index` out: then a fragment with a name begins a call unless its id is known, and one without
 *   a name goes on with the call of its id, or the last one;
 * - Gemini's compatible endpoint gives every parallel call index 0: then another id together with a name is a new call;
 * - older vLLM makes up a new id for every fragment, so an id alone means nothing.
 */
@final
export class ToolSlots {
  private slots: Array<Slot> = [];

  /** The key of the fragment's call, see `ChatEvents.toolCall`. `index`: -1 where it is missing. */
  find(choice: i32, index: i64, id: Slice, hasName: bool): i32 {
    if (index >= 0) {
      const known = this.lastWith(choice, index);
      return known < 0 || (hasName && this.isOther(known, id)) ? this.add(choice, index, id) : known;
    }
    const sameId = lengthOf(id) > 0 ? this.withId(choice, id) : -1;
    if (sameId >= 0) return sameId;
    const last = this.last(choice);
    return hasName || last < 0 ? this.add(choice, -1, id) : last;
  }

  private isOther(slot: i32, id: Slice): bool {
    const known = unchecked(this.slots[slot]).id;
    return lengthOf(id) > 0 && known.byteLength > 0 && !same(id, borrow(known));
  }

  private add(choice: i32, index: i64, id: Slice): i32 {
    if (this.slots.length < MAX_SLOTS) this.slots.push(new Slot(choice, index, toOwned(id)));
    return this.slots.length - 1;
  }

  private lastWith(choice: i32, index: i64): i32 {
    for (let i = this.slots.length - 1; i >= 0; i--) {
      const slot = unchecked(this.slots[i]);
      if (slot.choice == choice && slot.index == index) return i;
    }
    return -1;
  }

  private withId(choice: i32, id: Slice): i32 {
    for (let i = this.slots.length - 1; i >= 0; i--) {
      const slot = unchecked(this.slots[i]);
      if (slot.choice == choice && same(id, borrow(slot.id))) return i;
    }
    return -1;
  }

  private last(choice: i32): i32 {
    for (let i = this.slots.length - 1; i >= 0; i--) {
      if (unchecked(this.slots[i]).choice == choice) return i;
    }
    return -1;
  }
}
