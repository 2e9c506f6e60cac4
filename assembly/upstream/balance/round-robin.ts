import { Roster } from "../roster";
import { Balancer } from "./balancer";
import { random, randomShare } from "./random";

/** Each instance in its turn. A new one lets turns pass, fewer and fewer. */
@final
export class RoundRobin extends Balancer {
  /** Workers start at different places, so that they do not all begin with the same instance. */
  private turn: u32 = random() as u32;

  choose(roster: Roster, end: i32, key: u64): i32 {
    if (end == 0) return -1;
    let passed = -1;
    for (let i = 0; i < end; i++) {
      const candidate = (this.turn++ % (end as u32)) as i32;
      if (!roster.isOpen(candidate)) continue;
      if (!roster.hasNew || randomShare() < roster.share(candidate)) return candidate;
      passed = candidate;
    }
    return passed;
  }
}
