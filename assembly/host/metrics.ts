import { Utf8 } from "../bytes/slice";
import { MetricType, Status, proxy_define_metric, proxy_increment_metric, proxy_record_metric } from "./abi";
import { numberOut } from "./memory";

/**
 * Metrics of the host, shown under `wasmcustom.<name>` by Envoy's admin and Prometheus endpoints. A definition that
 * the host refuses gives -1, and calls with -1 do nothing.
 */

/** Defines a metric or finds the one of that name; -1 where the host refused. */
export function defineMetric(type: MetricType, name: Utf8): i32 {
  const status = proxy_define_metric(type, changetype<usize>(name), name.byteLength, numberOut());
  return status == Status.Ok ? load<i32>(numberOut()) : -1;
}

/** Adds to a counter (positive only) or a gauge. */
export function increment(metric: i32, by: i64): void {
  if (metric >= 0 && by != 0) proxy_increment_metric(metric, by);
}

/** Sets a gauge, or records one value of a histogram. */
export function record(metric: i32, value: i64): void {
  if (metric >= 0) proxy_record_metric(metric, value);
}
