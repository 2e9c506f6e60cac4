/** The soak, made short: `npm run soak` is the long one. */
import { expect, test } from "vitest";
import { fitLine } from "../support/slope.ts";
import { soak } from "./soak.ts";

test("half a minute of mixed load leaves the memory of every worker flat", async () => {
  const { requests, wrong, workers, isFlat } = await soak({ seconds: 40, clients: 6 });
  expect([...wrong]).toEqual([]);
  expect(requests).toBeGreaterThan(500);
  expect(workers.length).toBeGreaterThan(0);
  expect(isFlat, JSON.stringify(workers)).toBe(true);
}, 120_000);

test("a line through points, and how sure it is", () => {
  const exact = fitLine([0, 1, 2, 3, 4].map((x) => [x, 5 + 2 * x]));
  expect(exact.slope).toBeCloseTo(2);
  expect(exact.error).toBeCloseTo(0);
  // y = x with one outlier of +3 at the middle: the slope stays, its error does not.
  const noisy = fitLine([0, 1, 2, 3, 4].map((x) => [x, x === 2 ? 5 : x]));
  expect(noisy.slope).toBeCloseTo(1);
  expect(noisy.error).toBeCloseTo(Math.sqrt(7.2 / 3 / 10));
});
