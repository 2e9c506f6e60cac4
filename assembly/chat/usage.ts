/** A count that the upstream did not report. Absent is not zero. */
export const UNKNOWN: i64 = -1;

/**
 * Tokens of one exchange. `input` counts everything the model read, cached parts included; `output` everything it
 * wrote, reasoning included. Parts are shares of these totals, not additions.
 */
export class Usage {
  input: i64 = UNKNOWN;
  output: i64 = UNKNOWN;
  total: i64 = UNKNOWN;
  /** Share of `input` that a prompt cache served. */
  cachedInput: i64 = UNKNOWN;
  /** Share of `input` that was written to a prompt cache. */
  cacheWrite: i64 = UNKNOWN;
  audioInput: i64 = UNKNOWN;
  /** Share of `output` that was reasoning. */
  reasoning: i64 = UNKNOWN;
  audioOutput: i64 = UNKNOWN;

  /** Whether the upstream said anything. */
  get isKnown(): bool {
    return this.input != UNKNOWN || this.output != UNKNOWN || this.total != UNKNOWN;
  }

  /** The total: as reported, else the sum of what is known. */
  get sum(): i64 {
    if (this.total != UNKNOWN) return this.total;
    return max<i64>(0, this.input) + max<i64>(0, this.output);
  }

  /** Takes over each count that `other` knows: later reports are cumulative and replace earlier ones. */
  merge(other: Usage): void {
    if (other.input != UNKNOWN) this.input = other.input;
    if (other.output != UNKNOWN) this.output = other.output;
    if (other.total != UNKNOWN) this.total = other.total;
    if (other.cachedInput != UNKNOWN) this.cachedInput = other.cachedInput;
    if (other.cacheWrite != UNKNOWN) this.cacheWrite = other.cacheWrite;
    if (other.audioInput != UNKNOWN) this.audioInput = other.audioInput;
    if (other.reasoning != UNKNOWN) this.reasoning = other.reasoning;
    if (other.audioOutput != UNKNOWN) this.audioOutput = other.audioOutput;
  }

  /** Forgets everything. */
  clear(): void {
    this.input = UNKNOWN;
    this.output = UNKNOWN;
    this.total = UNKNOWN;
    this.cachedInput = UNKNOWN;
    this.cacheWrite = UNKNOWN;
    this.audioInput = UNKNOWN;
    this.reasoning = UNKNOWN;
    this.audioOutput = UNKNOWN;
  }
}
