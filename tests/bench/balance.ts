/**
 * What the policies do to latency (simulated, the same on every machine), and what choosing costs (measured on this
 * one). Run: npx tsx tests/bench/balance.ts
 */
import { members, POLICIES, PoolHarness } from "../unit/upstream/pool.ts";
import { simulate, WORLD } from "./balance-simulation.ts";

const INSTANCES = 1000;
const CHOICES = 200_000;
const ROUNDS = 5;

const pool = await PoolHarness.open();

console.log(`${WORLD.requests} requests at ${WORLD.utilization * 100} % load, seed ${WORLD.seed}`);
console.log(`instances that take ${WORLD.slowness.join(", ")} times as long; latency in simulated ms`);
console.table(
  Object.fromEntries(
    POLICIES.map((policy) => {
      const { p50, p90, p99, mean, hitRate, mostOpen, aboveBound } = simulate(pool, policy);
      const row = {
        p50: Math.round(p50),
        p90: Math.round(p90),
        p99: Math.round(p99),
        mean: Math.round(mean),
        "cache hits %": Math.round(hitRate * 1000) / 10,
        "most open": mostOpen,
        ...(policy.endsWith("Affinity") && { "above bound": aboveBound }),
      };
      return [policy, row];
    }),
  ),
);

console.log(`choosing one of ${INSTANCES}, best of ${ROUNDS} rounds of ${CHOICES}`);
console.table(Object.fromEntries(POLICIES.map((policy) => [policy, { "ns a choice": cost(policy) }])));

/** Nanoseconds that a choice takes, with its bookkeeping. */
function cost(policy: (typeof POLICIES)[number]): number {
  pool.start(policy, members(INSTANCES));
  pool.exports.chooseOften(20_000, INSTANCES);
  const times = Array.from({ length: ROUNDS }, () => {
    const begun = process.hrtime.bigint();
    pool.exports.chooseOften(CHOICES, INSTANCES);
    return Number(process.hrtime.bigint() - begun) / CHOICES;
  });
  return Math.round(Math.min(...times));
}
