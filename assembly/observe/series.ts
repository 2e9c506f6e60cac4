import { Utf8, borrow, utf8 } from "../bytes/slice";
import { UNKNOWN, Usage } from "../chat/usage";
import { increment, record } from "../host/metrics";
import { Journal } from "./journal";
import { Metric, define } from "./metrics";
import { GOOD, OUTCOMES, outcomeName } from "./outcome";

/** Counters of a series, one behind the other: requests by class of status, tokens by type, failures by kind. */
const STATUS: i32 = 0;
const STATUSES: StaticArray<string> = ["none", "1xx", "2xx", "3xx", "4xx", "5xx"];
const TOKENS: i32 = 6;
const TOKEN_TYPES: StaticArray<string> = ["input", "output", "cached", "cache_write", "reasoning"];
const FAILURES: i32 = 11;
const COUNTERS: i32 = FAILURES + OUTCOMES;

/** The metric has not been defined yet. */
const UNDEFINED: i32 = -2;

/**
 * Requests that have all labels in common: service, operation, language of the client, model. Counters are kept in
 * memory and published by the tick; a counter is defined when it first counts. Histograms take their values at once, when
 * the exchange is over.
 */
@final
export class Series {
  private counts: StaticArray<i64> = new StaticArray<i64>(COUNTERS);
  private metrics: StaticArray<i32> = new StaticArray<i32>(COUNTERS);
  private isDirty: bool = false;
  private duration: i32 = UNDEFINED;
  private firstToken: i32 = UNDEFINED;
  private perToken: i32 = UNDEFINED;
  private inputTokens: i32 = UNDEFINED;
  private outputTokens: i32 = UNDEFINED;

  constructor(
    private service: Utf8,
    private operation: Utf8,
    private client: Utf8,
    private model: Utf8,
  ) {
    const metrics = this.metrics;
    for (let i = 0; i < COUNTERS; i++) unchecked((metrics[i] = UNDEFINED));
  }

  /** Counts one exchange that is over. */
  add(journal: Journal): void {
    this.isDirty = true;
    const counts = this.counts;
    const status = journal.status / 100;
    unchecked(counts[STATUS + (status >= 1 && status <= 5 ? status : 0)]++);
    if (journal.outcome != GOOD) unchecked(counts[FAILURES + journal.outcome]++);
    const usage = journal.usage;
    if (usage.isKnown) this.addTokens(usage);
    this.duration = this.take(this.duration, Metric.Duration, journal.durationMs);
    if (!journal.isStream || journal.firstMs < 0) return;
    this.firstToken = this.take(this.firstToken, Metric.FirstToken, journal.firstMs);
    if (journal.outcome != GOOD || usage.output < 2) return;
    const microseconds = ((journal.endedAt - journal.firstAt) * 1000) / (usage.output - 1);
    this.perToken = this.take(this.perToken, Metric.PerToken, max<i64>(0, microseconds));
  }

  /** Publishes what has been counted since the last time. */
  publish(): void {
    if (!this.isDirty) return;
    this.isDirty = false;
    for (let i = 0; i < COUNTERS; i++) {
      const count = unchecked(this.counts[i]);
      if (count == 0) continue;
      unchecked((this.counts[i] = 0));
      if (unchecked(this.metrics[i]) == UNDEFINED) unchecked((this.metrics[i] = this.counter(i)));
      increment(unchecked(this.metrics[i]), count);
    }
  }

  private addTokens(usage: Usage): void {
    const counts = this.counts;
    unchecked((counts[TOKENS] += max<i64>(0, usage.input)));
    unchecked((counts[TOKENS + 1] += max<i64>(0, usage.output)));
    unchecked((counts[TOKENS + 2] += max<i64>(0, usage.cachedInput)));
    unchecked((counts[TOKENS + 3] += max<i64>(0, usage.cacheWrite)));
    unchecked((counts[TOKENS + 4] += max<i64>(0, usage.reasoning)));
    if (usage.input != UNKNOWN)
      this.inputTokens = this.take(this.inputTokens, Metric.TokenUsage, usage.input, 0);
    if (usage.output != UNKNOWN)
      this.outputTokens = this.take(this.outputTokens, Metric.TokenUsage, usage.output, 1);
  }

  /** Gives a histogram a value. @returns its metric, which is defined with its first value */
  private take(metric: i32, kind: Metric, value: i64, tokenType: i32 = -1): i32 {
    let known = metric;
    if (known == UNDEFINED) {
      known = tokenType < 0 ? this.define(kind) : this.define(kind, unchecked(TOKEN_TYPES[tokenType]));
    }
    record(known, value);
    return known;
  }

  private counter(index: i32): i32 {
    if (index < TOKENS) return this.define(Metric.Requests, unchecked(STATUSES[index - STATUS]));
    if (index < FAILURES) return this.define(Metric.Tokens, unchecked(TOKEN_TYPES[index - TOKENS]));
    return this.define(Metric.Errors, outcomeName(index - FAILURES));
  }

  private define(metric: Metric, last: string = ""): i32 {
    const value = utf8(last);
    return define(
      metric,
      borrow(this.service),
      borrow(this.operation),
      borrow(this.client),
      borrow(this.model),
      borrow(value),
    );
  }
}
