/** The sliding minute of requests and tokens. */
import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { compile, instantiate } from "../../support/assembly.ts";

interface Window {
  used(now: bigint, before: bigint, elapsed: bigint): bigint;
  secondsUntilFree(now: bigint, before: bigint, limit: number, elapsed: bigint): number;
}

let window: Window;
beforeAll(async () => {
  window = await instantiate<Window>(
    await compile("tests/unit/upstream/window.as.ts", { target: "harness" }),
  );
});

it("counts all of this minute, and what is left of the one before", () => {
  expect(window.used(5n, 60n, 0n)).toBe(65n);
  expect(window.used(5n, 60n, 30_000n)).toBe(35n);
  expect(window.used(5n, 60n, 59_999n)).toBe(5n);
});

/** What is used some seconds later if nothing is added. */
function later(now: bigint, before: bigint, elapsed: bigint, seconds: number): bigint {
  const at = elapsed + BigInt(seconds) * 1000n;
  if (at < 60_000n) return window.used(now, before, at);
  return at < 120_000n ? window.used(0n, now, at - 60_000n) : 0n;
}

it("names the first second in which there is room again", () => {
  const count = fc.bigInt(0n, 5_000n);
  fc.assert(
    fc.property(count, count, fc.integer({ min: 1, max: 3000 }), fc.bigInt(0n, 59_999n), (...values) => {
      const [now, before, limit, elapsed] = values;
      fc.pre(window.used(now, before, elapsed) >= BigInt(limit));
      const seconds = window.secondsUntilFree(now, before, limit, elapsed);
      expect(seconds).toBeGreaterThanOrEqual(1);
      expect(later(now, before, elapsed, seconds)).toBeLessThan(BigInt(limit));
      // A second before there was none, but for a millisecond of rounding.
      if (seconds > 2) expect(later(now, before, elapsed, seconds - 2)).toBeGreaterThanOrEqual(BigInt(limit));
    }),
    { seed: 7, numRuns: 3000 },
  );
});
