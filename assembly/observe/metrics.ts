import { NONE, Slice, lengthOf, pointerOf, subslice, toOwned } from "../bytes/slice";
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
  Requests,
  Errors,
  Tokens,
  TokenUsage,
  Duration,
  FirstToken,
  PerToken,
  ActiveRequests,
  Attempts,
  Retries,
  Dropped,
  VmMemory,
  Queued,
  Limited,
}

/** Name, type and labels of one metric. */
class Row {
  constructor(
    readonly name: string,
    readonly type: MetricType,
    readonly labels: string[],
  ) {}
}

/** Labels of what is said of requests. */
const SERIES: string[] = ["service", "operation", "client", "model"];

/**
 * The list of all metrics. In the host a name is `ai_proxy.NAME` with `.LABEL.VALUE` for each label behind it, since
 * hosts have no labels of their own; what a user must do to see labels in Prometheus is in docs/observability.md. Names that begin with `gen_ai` are those of
 * OpenTelemetry's GenAI conventions with underscores for dots, and with a unit, since hosts keep whole numbers. Gauges that
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
  new Row("gen_ai_requests_total", MetricType.Counter, SERIES.concat(["status"])),
  new Row("gen_ai_errors_total", MetricType.Counter, SERIES.concat(["kind"])),
  new Row("gen_ai_tokens_total", MetricType.Counter, SERIES.concat(["token_type"])),
  new Row("gen_ai_client_token_usage", MetricType.Histogram, SERIES.concat(["token_type"])),
  new Row("gen_ai_client_operation_duration_ms", MetricType.Histogram, SERIES),
  new Row("gen_ai_server_time_to_first_token_ms", MetricType.Histogram, SERIES),
  new Row("gen_ai_server_time_per_output_token_us", MetricType.Histogram, SERIES),
  new Row("active_requests", MetricType.Gauge, ["service"]),
  new Row("attempts_total", MetricType.Counter, ["service"]),
  new Row("retries_total", MetricType.Counter, ["service", "kind"]),
  new Row("dropped_parameters_total", MetricType.Counter, ["service"]),
  new Row("vm_memory_bytes", MetricType.Gauge, ["worker"]),
  new Row("queued_requests", MetricType.Gauge, ["service"]),
  new Row("limited_requests_total", MetricType.Counter, ["service", "kind"]),
];

const name: Writer = new Writer();

/** Bytes of a label's value; what is longer is cut. */
const MAX_VALUE: i32 = 96;

/**
 * Defines a metric with the values of its labels, or finds it; -1 where the host refused. Values that are not given
 * are left out with their labels. Costs a host call: keep the result.
 */
export function define(
  metric: Metric,
  first: Slice = NONE,
  second: Slice = NONE,
  third: Slice = NONE,
  fourth: Slice = NONE,
  fifth: Slice = NONE,
): i32 {
  const row = METRICS[metric];
  name.reset();
  name.ascii("ai_proxy.");
  name.ascii(row.name);
  writeLabel(row, 0, first);
  writeLabel(row, 1, second);
  writeLabel(row, 2, third);
  writeLabel(row, 3, fourth);
  writeLabel(row, 4, fifth);
  return defineMetric(row.type, toOwned(name.view()));
}

function writeLabel(row: Row, index: i32, value: Slice): void {
  if (index >= row.labels.length || lengthOf(value) == 0) return;
  name.byte(0x2e);
  name.ascii(row.labels[index]);
  name.byte(0x2e);
  writeValue(subslice(value, 0, MAX_VALUE));
}

/** Dots would look like the end of the value; only visible ASCII can stand in a name. */
function writeValue(value: Slice): void {
  for (let i = 0; i < lengthOf(value); i++) {
    const byte = load<u8>(pointerOf(value) + i);
    name.byte(byte > 0x20 && byte < 0x7f && byte != 0x2e ? byte : 0x5f);
  }
}
