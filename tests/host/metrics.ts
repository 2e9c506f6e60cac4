/** Metrics as Envoy keeps them for Wasm: the low two bits of an id are its type, ids grow by four. */

import { MetricType, Status } from "./abi.ts";

const TYPE_MASK = 3;
const ID_STEP = 4;

interface Metric {
  type: MetricType;
  value: bigint;
  /** What was recorded, for histograms. */
  samples: bigint[];
}

export class MetricStore {
  private byName = new Map<string, Metric>();
  private byId = new Map<number, Metric>();
  private lastId = [0, 1, 2];

  /** A new id for the metric of this name and type, undefined for no such type; a repeated definition shares the value. */
  define(type: number, name: string): number | undefined {
    if (type > MetricType.Histogram) return undefined;
    const key = `${MetricType[type]} ${name}`;
    const metric = this.byName.get(key) ?? { type, value: 0n, samples: [] };
    this.byName.set(key, metric);
    this.lastId[type] += ID_STEP;
    this.byId.set(this.lastId[type], metric);
    return this.lastId[type];
  }

  increment(id: number, offset: bigint): Status {
    if ((id & TYPE_MASK) >= MetricType.Histogram) return Status.BadArgument;
    const metric = this.byId.get(id);
    if (metric === undefined) return Status.NotFound;
    if (metric.type === MetricType.Counter && offset <= 0n) return Status.BadArgument;
    metric.value += offset;
    return Status.Ok;
  }

  record(id: number, value: bigint): Status {
    const metric = this.byId.get(id);
    if (metric === undefined) return Status.NotFound;
    if (metric.type === MetricType.Counter) metric.value += value;
    else if (metric.type === MetricType.Gauge) metric.value = value;
    else metric.samples.push(value);
    return Status.Ok;
  }

  read(id: number): bigint | Status {
    if ((id & TYPE_MASK) >= MetricType.Histogram) return Status.BadArgument;
    return this.byId.get(id)?.value ?? Status.NotFound;
  }

  /** Value of a counter or gauge by name, for tests. */
  value(name: string): number | undefined {
    const metric = this.byName.get(`Counter ${name}`) ?? this.byName.get(`Gauge ${name}`);
    return metric === undefined ? undefined : Number(metric.value);
  }

  /** What was recorded in a histogram, for tests. */
  samples(name: string): number[] {
    return (this.byName.get(`Histogram ${name}`)?.samples ?? []).map(Number);
  }

  names(): string[] {
    return [...this.byName.keys()].map((key) => key.slice(key.indexOf(" ") + 1)).sort();
  }
}
