import { Roster } from "../roster";

/**
 * One way to choose an instance. It allocates nothing for a request, and reads nothing but the roster: what it
 * prepares, it prepares when the candidates have changed.
 */
export abstract class Balancer {
  /**
   * The candidate for a request, or -1 where none is open.
   * @param end only the first `end` candidates count: those of the own zone, or all
   * @param key what requests that belong together have in common; 0: nothing is known
   */
  abstract choose(roster: Roster, end: i32, key: u64): i32;

  /** Frees the memory. */
  dispose(): void {}
}

/** One open candidate after the other from `start` on; the first one that is open, or -1. */
export function nextOpen(roster: Roster, end: i32, start: i32): i32 {
  for (let i = 0; i < end; i++) {
    const candidate = start + i < end ? start + i : start + i - end;
    if (roster.isOpen(candidate)) return candidate;
  }
  return -1;
}
