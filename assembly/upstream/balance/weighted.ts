import { Roster } from "../roster";
import { Balancer, nextOpen } from "./balancer";
import { randomBelow, randomShare } from "./random";

/** Layout of an entry of the heap: its deadline, and the candidate. */
const ENTRY_SHIFT: usize = 4;
const CANDIDATE: usize = 8;

/**
 * Smooth weighted round robin: each instance has a deadline, the earliest is chosen, and its next deadline is the
 * later the less it weighs. So weights 5 and 1 give one turn in six to the second, never five in a row at the end.
 * The deadlines are a binary heap: a choice costs log n steps. Weight 0 gets nothing, unless all have it.
 */
@final
export class Weighted extends Balancer {
  private heap: usize = 0;
  private size: i32 = 0;
  private end: i32 = 0;
  private generation: i32 = -1;

  choose(roster: Roster, end: i32, key: u64): i32 {
    if (end == 0) return -1;
    if (this.generation != roster.generation || this.end != end) this.prepare(roster, end);
    for (let i = 0; i < this.size; i++) {
      const candidate = load<i32>(this.heap, CANDIDATE);
      this.postpone(1 / ((roster.weight(candidate) as f64) * roster.share(candidate)));
      if (roster.isOpen(candidate)) return candidate;
    }
    return nextOpen(roster, end, randomBelow(end));
  }

  dispose(): void {
    if (this.heap != 0) heap.free(this.heap);
    this.heap = 0;
    this.size = 0;
    this.generation = -1;
  }

  private prepare(roster: Roster, end: i32): void {
    this.dispose();
    this.heap = heap.alloc((end as usize) << ENTRY_SHIFT);
    this.end = end;
    this.generation = roster.generation;
    for (let candidate = 0; candidate < end; candidate++) {
      const weight = roster.weight(candidate);
      if (weight == 0) continue;
      // The first deadlines are spread, so that workers begin with different instances.
      this.put(this.size++, randomShare() / (weight as f64), candidate);
    }
    for (let i = (this.size >> 1) - 1; i >= 0; i--) this.sink(i);
  }

  /** Makes the earliest deadline later. */
  private postpone(by: f64): void {
    store<f64>(this.heap, load<f64>(this.heap) + by);
    this.sink(0);
  }

  /** Moves an entry down until both of its children are later. */
  private sink(index: i32): void {
    const deadline = load<f64>(this.entry(index));
    const candidate = load<i32>(this.entry(index), CANDIDATE);
    for (let child = 2 * index + 1; child < this.size; child = 2 * index + 1) {
      if (child + 1 < this.size && load<f64>(this.entry(child + 1)) < load<f64>(this.entry(child))) child++;
      if (load<f64>(this.entry(child)) >= deadline) break;
      memory.copy(this.entry(index), this.entry(child), 1 << ENTRY_SHIFT);
      index = child;
    }
    this.put(index, deadline, candidate);
  }


  @inline
  private put(index: i32, deadline: f64, candidate: i32): void {
    store<f64>(this.entry(index), deadline);
    store<i32>(this.entry(index), candidate, CANDIDATE);
  }


  @inline
  private entry(index: i32): usize {
    return this.heap + ((index as usize) << ENTRY_SHIFT);
  }
}
