import { borrow, utf8 } from "../bytes/slice";
import { increment } from "../host/metrics";
import { Gate, LIMITS, Limit } from "../upstream/limits/gate";
import { Metric, define } from "./metrics";

/** Values of the label `kind`, in the order of `Limit`. */
const KINDS: StaticArray<string> = ["none", "concurrency", "queue", "minute", "consumer"];

/** The metrics of one service's limits. */
@final
export class GateMetrics {
  private queued: i32;
  private queuedBefore: i32 = 0;
  private refusals: StaticArray<i32> = new StaticArray<i32>(LIMITS);

  constructor(private gate: Gate) {
    const service = borrow(gate.service.name);
    this.queued = define(Metric.Queued, service);
    for (let i = 1; i < LIMITS; i++) {
      const kind = utf8(unchecked(KINDS[i]));
      unchecked((this.refusals[i] = define(Metric.Limited, service, borrow(kind))));
    }
  }

  /** Publishes what has changed. */
  publish(): void {
    this.publishQueued(this.gate.queued);
    for (let i = 1; i < LIMITS; i++) {
      increment(unchecked(this.refusals[i]), this.gate.takeRefusals(i as Limit));
    }
  }

  /** This worker's part of the gauge goes with it. */
  withdraw(): void {
    this.publishQueued(0);
  }

  private publishQueued(queued: i32): void {
    increment(this.queued, queued - this.queuedBefore);
    this.queuedBefore = queued;
  }
}
