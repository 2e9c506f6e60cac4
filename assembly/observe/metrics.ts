import { NONE, Slice, lengthOf, pointerOf, toOwned } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { MetricType } from "../host/abi";
import { defineMetric } from "../host/metrics";

/** Every metric of the plugin. The order is that of METRICS. */
export enum Metric {
  SnapshotAge,
  Instances,
  Usable,
  Ejected,
  Ejections,
  Spared,
  Choices,
  Calls,
  FullCalls,
  DeltaCalls,
  Replies,
  Failures,
  Skipped,
  Adopted,
  Takeovers,
  HeldEmpty,
}

/** Name, type and labels of one metric. */
class Row {
  constructor(
    readonly name: string,
    readonly type: MetricType,
    readonly labels: string[],
  ) {}
}

/**
 * The list of all metrics. In the host a name is `ai_proxy.NAME` with `.LABEL.VALUE` for each label behind it, since
 * hosts have no labels of their own; what a user must do to see labels in Prometheus is in docs/eureka.md. Gauges that
 * are a worker's own are added up over the workers.
 */
const METRICS: Row[] = [
  new Row("eureka_snapshot_age_ms", MetricType.Gauge, ["service"]),
  new Row("eureka_instances", MetricType.Gauge, ["service", "status"]),
  new Row("instances_usable", MetricType.Gauge, ["service"]),
  new Row("instances_ejected", MetricType.Gauge, ["service"]),
  new Row("ejections_total", MetricType.Counter, ["service"]),
  new Row("ejections_spared_total", MetricType.Counter, ["service"]),
  new Row("choices_total", MetricType.Counter, ["service", "instance"]),
  new Row("eureka_calls_total", MetricType.Counter, []),
  new Row("eureka_full_calls_total", MetricType.Counter, []),
  new Row("eureka_delta_calls_total", MetricType.Counter, []),
  new Row("eureka_replies_total", MetricType.Counter, []),
  new Row("eureka_failures_total", MetricType.Counter, ["kind"]),
  new Row("eureka_skipped_instances_total", MetricType.Counter, []),
  new Row("eureka_adopted_snapshots_total", MetricType.Counter, []),
  new Row("eureka_takeovers_total", MetricType.Counter, []),
  new Row("eureka_held_empty_replies_total", MetricType.Counter, []),
];

const name: Writer = new Writer();

/**
 * Defines a metric with the values of its labels, or finds it; -1 where the host refused. Values that are not given
 * are left out with their labels. Costs a host call: keep the result.
 */
export function define(metric: Metric, first: Slice = NONE, second: Slice = NONE): i32 {
  const row = METRICS[metric];
  name.reset();
  name.ascii("ai_proxy.");
  name.ascii(row.name);
  for (let i = 0; i < row.labels.length; i++) {
    const value = i == 0 ? first : second;
    if (lengthOf(value) == 0) continue;
    name.byte(0x2e);
    name.ascii(row.labels[i]);
    name.byte(0x2e);
    writeValue(value);
  }
  return defineMetric(row.type, toOwned(name.view()));
}

/** Dots would look like the end of the value; only visible ASCII can stand in a name. */
function writeValue(value: Slice): void {
  for (let i = 0; i < lengthOf(value); i++) {
    const byte = load<u8>(pointerOf(value) + i);
    name.byte(byte > 0x20 && byte < 0x7f && byte != 0x2e ? byte : 0x5f);
  }
}
