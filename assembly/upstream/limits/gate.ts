import { Service } from "../../config/model";
import { Limits } from "../../config/policies";

/** Milliseconds between ticks where requests may wait, and where streams are watched. */
export const QUEUE_TICK_MS: i32 = 100;
export const WATCH_TICK_MS: i32 = 250;

/** Which limit refused a request. Their order is that of KINDS in observe/gate-metrics.ts. */
export enum Limit {
  None,
  /** As many requests as may be open are open, and as many as may wait are waiting. */
  Concurrency,
  /** It waited as long as it may. */
  Queue,
  /** Requests or tokens of the service in a minute. */
  Minute,
  /** Requests or tokens of a consumer in a minute. */
  Consumer,
}

/** Number of limits, `None` included. */
export const LIMITS: i32 = 5;

/**
 * How many requests of a service are open on this worker, and how many wait. Workers share no memory, so all counts are
 * each worker's own.
 */
@final
export class Gate {
  active: i32 = 0;
  queued: i32 = 0;
  /** Requests that were refused since the last `takeRefusals`, by limit. */
  private refusals: StaticArray<i32> = new StaticArray<i32>(LIMITS);

  constructor(
    readonly service: Service,
    readonly limits: Limits,
  ) {}

  /** Takes a place, if there is one. Who comes new does not overtake those that wait. */
  enter(isQueued: bool): bool {
    if (!isQueued && this.queued > 0) return false;
    const most = this.limits.concurrent;
    if (most > 0 && this.active >= most) return false;
    this.active++;
    return true;
  }

  /** Notes that a request was refused. */
  refuse(limit: Limit): void {
    unchecked(this.refusals[limit]++);
  }

  /** How many requests this limit has refused since the last call. */
  takeRefusals(limit: Limit): i32 {
    const count = unchecked(this.refusals[limit]);
    unchecked((this.refusals[limit] = 0));
    return count;
  }
}
