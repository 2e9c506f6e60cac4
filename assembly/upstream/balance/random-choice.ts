import { Roster } from "../roster";
import { Balancer, nextOpen } from "./balancer";
import { randomBelow, randomShare } from "./random";

/** Tries before the next open candidate is taken as it comes. */
const TRIES: i32 = 8;

/** Any open instance, each as likely as the others; a new one less so. */
@final
export class RandomChoice extends Balancer {
  choose(roster: Roster, end: i32, key: u64): i32 {
    if (end == 0) return -1;
    for (let i = 0; i < TRIES; i++) {
      const candidate = randomBelow(end);
      if (!roster.isOpen(candidate)) continue;
      if (!roster.hasNew || randomShare() < roster.share(candidate)) return candidate;
    }
    return nextOpen(roster, end, randomBelow(end));
  }
}
