import { Roster } from "../roster";
import { Balancer, nextOpen } from "./balancer";
import { random, randomBelow } from "./random";

/** Up to so many candidates all are compared; of more, two at random: nearly as good, at a fixed cost. */
const COMPARE_ALL: i32 = 64;

/**
 * The instance with the fewest open requests for its weight. A worker counts its own requests only, so with W workers
 * each sees about 1/W of an instance's load: a slow instance still collects open requests in every one of them.
 */
@final
export class LeastOutstanding extends Balancer {
  private turn: u32 = random() as u32;

  choose(roster: Roster, end: i32, key: u64): i32 {
    if (end == 0) return -1;
    return end <= COMPARE_ALL ? this.leastOfAll(roster, end) : leastOfTwo(roster, end);
  }

  /** Among equals it is round robin. */
  private leastOfAll(roster: Roster, end: i32): i32 {
    const start = (this.turn++ % (end as u32)) as i32;
    let best = -1;
    let least: f64 = Infinity;
    for (let i = 0; i < end; i++) {
      const candidate = start + i < end ? start + i : start + i - end;
      if (!roster.isOpen(candidate)) continue;
      const load = loadOf(roster, candidate);
      if (best >= 0 && load >= least) continue;
      best = candidate;
      least = load;
    }
    return best;
  }
}

function leastOfTwo(roster: Roster, end: i32): i32 {
  const first = nextOpen(roster, end, randomBelow(end));
  if (first < 0) return -1;
  const second = nextOpen(roster, end, randomBelow(end));
  return loadOf(roster, second) < loadOf(roster, first) ? second : first;
}

/** What the instance would have to do, for its weight; weight 0 comes last. */
function loadOf(roster: Roster, candidate: i32): f64 {
  const strength = (roster.weight(candidate) as f64) * (roster.hasNew ? roster.share(candidate) : 1);
  return ((roster.outstanding(candidate) + 1) as f64) / strength;
}
