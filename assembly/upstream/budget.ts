/** A second each. */
const SLOTS: i32 = 10;
const SLOT_MS: i64 = 1000;

/** Attempts that are allowed in any case within all slots: a few requests have no share worth the name. */
const ALWAYS: i32 = 10;

/**
 * How many attempts beyond the first ones may be made, so that a fault is not made worse by trying: a share of the
 * requests of the last ten seconds and of those that are open. Open ones count, since a service that stops answering
 * fails all of them at once, however few are new. One for each configuration and worker.
 */
@final
export class RetryBudget {
  /** Requests that have begun and not ended. */
  open: i32 = 0;
  private requests: StaticArray<i32> = new StaticArray<i32>(SLOTS);
  private attempts: StaticArray<i32> = new StaticArray<i32>(SLOTS);
  /** The slot of now, counted since 1970. */
  private slot: i64 = 0;

  /** A request begins. @param now milliseconds since 1970, here and below */
  begin(now: i64): void {
    this.open++;
    const at = this.turn(now);
    unchecked((this.requests[at] += 1));
  }

  /** A request is over; to be called once for each `begin`. */
  end(): void {
    this.open--;
  }

  /** Whether one more attempt may be made. @param percent share of the requests */
  allows(percent: i32, now: i64): bool {
    this.turn(now);
    let requests = this.open;
    let attempts = 0;
    for (let i = 0; i < SLOTS; i++) {
      requests += unchecked(this.requests[i]);
      attempts += unchecked(this.attempts[i]);
    }
    return attempts < ALWAYS || (attempts as i64) * 100 < (requests as i64) * (percent as i64);
  }

  /** An attempt is made. */
  spend(now: i64): void {
    const at = this.turn(now);
    unchecked((this.attempts[at] += 1));
  }

  /** Empties the slots that time has passed over; the index of the present one. */
  private turn(now: i64): i32 {
    const slot = now / SLOT_MS;
    const passed = min(slot - this.slot, SLOTS as i64);
    for (let i: i64 = 0; i < passed; i++) {
      const at = (max<i64>(slot - i, 0) % SLOTS) as i32;
      unchecked((this.requests[at] = 0));
      unchecked((this.attempts[at] = 0));
    }
    if (slot > this.slot) this.slot = slot;
    return (max<i64>(this.slot, 0) % SLOTS) as i32;
  }
}
