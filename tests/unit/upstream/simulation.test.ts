/** What the policies are for: see tests/bench/balance.ts, which prints the same. */
import { beforeAll, expect, it } from "vitest";
import { simulate } from "../../bench/balance-simulation";
import { members, POLICIES, PoolHarness } from "./pool";

let pool: PoolHarness;
beforeAll(async () => {
  pool = await PoolHarness.open();
});

it("least outstanding beats round robin where instances are of unequal speed", () => {
  const even = simulate(pool, "roundRobin");
  const least = simulate(pool, "leastOutstanding");
  expect(least.p99).toBeLessThan(even.p99 / 2);
  expect(least.mean).toBeLessThan(even.mean / 2);
});

it("weights that tell the speed beat round robin as well", () => {
  expect(simulate(pool, "weighted").p99).toBeLessThan(simulate(pool, "roundRobin").p99 / 2);
});

it("prefix affinity finds caches, and holds its bound", () => {
  const affine = simulate(pool, "prefixAffinity");
  const least = simulate(pool, "leastOutstanding");
  expect(affine.hitRate).toBeGreaterThan(least.hitRate + 0.1);
  expect(affine.aboveBound).toBe(0);
});

it.each(POLICIES)("%s chooses one of 1,000 instances in a few microseconds", (policy) => {
  // The bench holds 2 microseconds on an idle machine; this only catches what is of another order.
  pool.start(policy, members(1000));
  pool.exports.chooseOften(20_000, 1000);
  const begun = performance.now();
  pool.exports.chooseOften(50_000, 1000);
  expect((performance.now() - begun) / 50).toBeLessThan(20);
});

it.each(POLICIES)("%s keeps 10,000 instances in less than 16 MiB", async (policy) => {
  const fresh = await PoolHarness.open();
  fresh.start(policy, members(10_000));
  expect(fresh.exports.count()).toBe(10_000);
  fresh.exports.chooseOften(10_000, 1000);
  fresh.news(members(10_000).slice(5));
  fresh.exports.chooseOften(10_000, 1000);
  expect(fresh.exports.pages() * 65_536).toBeLessThan(16 << 20);
});
