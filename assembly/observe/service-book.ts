import { borrow, utf8 } from "../bytes/slice";
import { Service } from "../config/model";
import { increment } from "../host/metrics";
import { Metric, define } from "./metrics";
import { OUTCOMES, outcomeName } from "./outcome";

/** What a service is counted by, beyond single requests. Counted in memory, published by the tick. */
@final
export class ServiceBook {
  /** Open exchanges. */
  active: i32 = 0;
  /** Requests sent, each attempt of its own. */
  attempts: i64 = 0;
  /** Requests of which a conversion left something out. */
  dropped: i64 = 0;
  private retries: StaticArray<i32> = new StaticArray<i32>(OUTCOMES);
  private retryMetrics: StaticArray<i32> = new StaticArray<i32>(OUTCOMES);
  private activeBefore: i32 = 0;
  private activeMetric: i32 = -1;
  private attemptsMetric: i32 = -1;
  private droppedMetric: i32 = -1;

  /** @param isMeasured whether metrics are wanted: else it is only counted */
  constructor(
    /** Its name tells it apart; the object may be a copy. */
    readonly service: Service,
    private isMeasured: bool,
    /** Tells its series apart from those of others. */
    readonly key: u64,
  ) {
    const retryMetrics = this.retryMetrics;
    for (let i = 0; i < OUTCOMES; i++) unchecked((retryMetrics[i] = -1));
    if (isMeasured) {
      const name = borrow(service.name);
      this.activeMetric = define(Metric.ActiveRequests, name);
      this.attemptsMetric = define(Metric.Attempts, name);
      this.droppedMetric = define(Metric.Dropped, name);
    }
  }

  /** Another attempt follows one that ended so. */
  retry(outcome: i32): void {
    if (outcome >= 0 && outcome < OUTCOMES) unchecked(this.retries[outcome]++);
  }

  /** Publishes what has changed. */
  publish(): void {
    if (!this.isMeasured) return;
    this.publishActive(this.active);
    increment(this.attemptsMetric, this.attempts);
    increment(this.droppedMetric, this.dropped);
    this.attempts = this.dropped = 0;
    for (let i = 0; i < OUTCOMES; i++) {
      const count = unchecked(this.retries[i]);
      if (count == 0) continue;
      unchecked((this.retries[i] = 0));
      if (unchecked(this.retryMetrics[i]) < 0) {
        const kind = utf8(outcomeName(i));
        unchecked((this.retryMetrics[i] = define(Metric.Retries, borrow(this.service.name), borrow(kind))));
      }
      increment(unchecked(this.retryMetrics[i]), count);
    }
  }

  /** This worker's part of the gauge goes with it. */
  withdraw(): void {
    this.publish();
    this.publishActive(0);
  }

  private publishActive(active: i32): void {
    increment(this.activeMetric, active - this.activeBefore);
    this.activeBefore = active;
  }
}
