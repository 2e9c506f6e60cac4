/** When Eureka is asked next. Times in milliseconds; what is random is a number from 0 to below 1. */

/** Wait after the first failed round; it doubles with each further one. */
const FIRST_BACKOFF_MS: i64 = 1000;

/**
 * Time of the next poll after one that was sent at `sentAt` and answered. Up to a tenth earlier than the interval
 * says, so that gateways that started together do not stay together, and never later: a change in Eureka is to be
 * seen within one interval.
 */
export function nextPoll(sentAt: i64, interval: i32, random: f64): i64 {
  return sentAt + interval - (((interval as f64) * 0.1 * random) as i64);
}

/** Time of the next poll after `failures` (1, 2, ...) rounds without news: exponential, give or take a tenth. */
export function nextTry(now: i64, failures: i32, longest: i32, random: f64): i64 {
  const doublings = min(max(failures - 1, 0), 20);
  const wait = min(FIRST_BACKOFF_MS << doublings, longest as i64);
  return now + (((wait as f64) * (0.9 + 0.2 * random)) as i64);
}

/** Numbers for jitter (xorshift64*), nothing else: the host offers no random source that every engine links. */
@final
export class Jitter {
  private state: u64;

  constructor(seed: u64) {
    this.state = seed * 0x9e3779b97f4a7c15 + 1;
    if (this.state == 0) this.state = 1;
  }

  /** From 0 to below 1. */
  next(): f64 {
    let value = this.state;
    value ^= value >> 12;
    value ^= value << 25;
    value ^= value >> 27;
    this.state = value;
    return (((value * 0x2545f4914f6cdd1d) >> 11) as f64) / 9007199254740992.0;
  }
}
