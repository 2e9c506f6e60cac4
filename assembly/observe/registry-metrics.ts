import { borrow, utf8 } from "../bytes/slice";
import { Counters } from "../discovery/catalog";
import { FAILURES, Failure, failureName } from "../discovery/failure";
import { increment } from "../host/metrics";
import { Metric, define } from "./metrics";

/** Counters without labels, in the order in which `valueOf` knows them. */
const PLAIN: Metric[] = [
  Metric.Calls,
  Metric.FullCalls,
  Metric.DeltaCalls,
  Metric.Replies,
  Metric.Skipped,
  Metric.Adopted,
  Metric.Takeovers,
  Metric.HeldEmpty,
];

/** The metrics of this worker's work with Eureka. */
export class RegistryMetrics {
  private plain: StaticArray<i32> = new StaticArray<i32>(PLAIN.length);
  private plainBefore: StaticArray<i64> = new StaticArray<i64>(PLAIN.length);
  private failures: StaticArray<i32> = new StaticArray<i32>(FAILURES);
  private failuresBefore: StaticArray<i64> = new StaticArray<i64>(FAILURES);

  constructor(private counters: Counters) {
    for (let i = 0; i < PLAIN.length; i++) this.plain[i] = define(PLAIN[i]);
    for (let i = 0; i < FAILURES; i++) this.failures[i] = -1;
  }

  /** Publishes what has changed. A kind of failure is shown from the first one on. */
  publish(): void {
    for (let i = 0; i < PLAIN.length; i++) {
      const value = valueOf(this.counters, i);
      increment(this.plain[i], value - this.plainBefore[i]);
      this.plainBefore[i] = value;
    }
    for (let i = 0; i < FAILURES; i++) {
      const value = this.counters.failures[i];
      if (value == this.failuresBefore[i]) continue;
      if (this.failures[i] < 0) {
        const kind = utf8(failureName(i as Failure));
        this.failures[i] = define(Metric.Failures, borrow(kind));
      }
      increment(this.failures[i], value - this.failuresBefore[i]);
      this.failuresBefore[i] = value;
    }
  }
}

function valueOf(counters: Counters, index: i32): i64 {
  switch (PLAIN[index]) {
    case Metric.Calls:
      return counters.calls;
    case Metric.FullCalls:
      return counters.fullCalls;
    case Metric.DeltaCalls:
      return counters.deltaCalls;
    case Metric.Replies:
      return counters.replies;
    case Metric.Skipped:
      return counters.skipped;
    case Metric.Adopted:
      return counters.adopted;
    case Metric.Takeovers:
      return counters.takeovers;
    default:
      return counters.heldEmpty;
  }
}
