import { borrow, utf8 } from "../bytes/slice";
import { record } from "../host/metrics";
import { Metric, define } from "./metrics";
import { workerNumber } from "./worker";

const PAGE_BYTES: i64 = 1 << 16;

/** Which worker `metric` speaks for. */
let worker: i32 = -1;
let metric: i32 = -1;

/** Says how much memory this worker's VM has: it never gets less, so one that grows is a leak. @param now ms since 1970 */
export function publishMemory(now: i64): void {
  const number = workerNumber(now);
  if (number < 0) return;
  if (number != worker) {
    worker = number;
    const label = utf8(number.toString());
    metric = define(Metric.VmMemory, borrow(label));
  }
  record(metric, (memory.size() as i64) * PAGE_BYTES);
}
