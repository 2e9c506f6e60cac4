/**
 * Everything that goes wrong goes wrong here, one thing after the other, in a real Envoy with a real Eureka, under the
 * traffic of clients of every protocol: who gets an answer, who does not, and whether anybody is lied to.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Call } from "./chaos/calls.ts";
import { Crowd, failedBefore, type Row, rowOf } from "./chaos/crowd.ts";
import type { Instance, Mode } from "./chaos/instance.ts";
import { SECRETS, type Stage, startStage } from "./chaos/stage.ts";

/** How long something is broken. */
const BROKEN_MS = 2_500;

/** How long after that the traffic is still looked at. */
const AFTER_MS = 1_500;

let stage: Stage;
let crowd: Crowd;
const table: Record<string, Row> = {};
const everything: string[] = [];

beforeAll(async () => {
  stage = await startStage();
  const headers = { authorization: `Bearer ${SECRETS.client}`, "x-api-key": SECRETS.client };
  crowd = new Crowd(stage.url, headers, 10, SECRETS.text);
  await sleep(1000);
});

afterAll(async () => {
  await crowd?.stop();
  console.table(table);
  await stage?.stop();
});

/** Breaks something, mends it, and gives every call that ended since. Nobody may be lied to, whatever breaks. */
async function during(
  title: string,
  breaks: () => unknown,
  mends: () => unknown,
  brokenMs = BROKEN_MS,
): Promise<Call[]> {
  const from = performance.now();
  await breaks();
  await sleep(brokenMs);
  await mends();
  await sleep(AFTER_MS);
  const calls = crowd.since(from);
  table[title] = rowOf(calls);
  expect(calls.length).toBeGreaterThan(100);
  expect(calls.filter(({ outcome }) => outcome === "lie")).toEqual([]);
  expect(table[title].duplicated).toBe(0);
  return calls;
}

function first(): Instance {
  return stage.instances[0] as Instance;
}

function setMode(mode: Mode, instances = [first()]): void {
  for (const instance of instances) instance.mode = mode;
}

test("nothing is broken", async () => {
  const calls = await during(
    "nothing",
    () => {},
    () => {},
  );
  expect(calls.filter(({ outcome }) => outcome !== "answered")).toEqual([]);
});

test("an instance is killed and comes back", async () => {
  const calls = await during(
    "an instance is killed",
    () => first().kill(),
    () => first().start(),
  );
  expect(failedBefore(calls)).toEqual([]);
});

test.each([
  ["closes before it answers", "dies before"],
  ["answers too late", "slow"],
  ["takes requests and is silent", "silent"],
  ["answers 429", "limited"],
  ["answers garbage", "garbage"],
] as [string, Mode][])("an instance %s", async (title, mode) => {
  const calls = await during(
    `an instance ${title}`,
    () => setMode(mode),
    () => setMode("healthy"),
  );
  expect(failedBefore(calls)).toEqual([]);
});

test("two of three are broken, in different ways", async () => {
  const [one, two] = stage.instances as [Instance, Instance];
  const calls = await during(
    "two of three",
    async () => {
      setMode("dies before", [one]);
      await two.kill();
    },
    async () => {
      setMode("healthy", [one]);
      await two.start();
    },
  );
  expect(failedBefore(calls)).toEqual([]);
});

test("an instance closes within its answers", async () => {
  const calls = await during(
    "an instance closes within",
    () => setMode("dies within"),
    () => setMode("healthy"),
  );
  expect(calls.some(({ hasBegun, outcome }) => hasBegun && outcome !== "answered")).toBe(true);
  // An answer that is converted whole is held until it is complete. Where it breaks off, Envoy answers by itself.
  for (const { outcome, status } of failedBefore(calls))
    expect([outcome, status]).toEqual(["refused by Envoy", 502]);
});

test("all answer 429: the clients are told, and when to come again", async () => {
  const calls = await during(
    "all answer 429",
    () => setMode("limited", stage.instances),
    () => setMode("healthy", stage.instances),
  );
  const failed = calls.filter(({ outcome }) => outcome !== "answered");
  expect(failed.length).toBeGreaterThan(0);
  for (const { outcome, status } of failed) expect([outcome, status]).toEqual(["refused", 429]);
});

test("Eureka is down", async () => {
  const calls = await during(
    "Eureka is down",
    () => stage.eureka.kill(),
    () => {},
  );
  expect(calls.filter(({ outcome }) => outcome !== "answered")).toEqual([]);
});

test("the configuration changes under load, again and again", async () => {
  let isOver = false;
  const changes = (async () => {
    for (let i = 0; !isOver; i++) {
      await stage.configure({ maxBodyBytes: 1_000_000 + i });
      await sleep(400);
    }
  })();
  const calls = await during(
    "configuration changed",
    () => {},
    async () => {
      isOver = true;
      await changes;
    },
  );
  expect(failedBefore(calls)).toEqual([]);
});

test("a VM crashes and is started again", async () => {
  let crashed = 0;
  const calls = await during(
    "a VM crashes",
    async () => {
      crashed = performance.now();
      await fetch(`${stage.url}/v1/models`, { headers: { "x-trap": "1" } }).catch(() => {});
    },
    () => {},
  );
  // What the crashed worker had in hand is lost with it; nothing that came later is.
  const later = calls.filter(({ begunAt }) => begunAt > crashed + 200);
  expect(later.length).toBeGreaterThan(50);
  expect(later.filter(({ outcome }) => outcome !== "answered")).toEqual([]);
});

test("secrets are in no log, metric or error", async () => {
  const admin = stage.envoy.adminUrl;
  for (const path of ["/stats", "/stats/prometheus", "/clusters", "/listeners"]) {
    everything.push(await (await fetch(admin + path)).text());
  }
  everything.push(...stage.envoy.logs);
  // An answer repeats what was asked; an error does not.
  everything.push(...crowd.calls.filter(({ outcome }) => outcome === "refused").map(({ detail }) => detail));
  const all = everything.join("\n");
  expect(all.length).toBeGreaterThan(10_000);
  for (const secret of Object.values(SECRETS)) expect(all.includes(secret), secret).toBe(false);
  for (const instance of stage.instances) expect(instance.strangers).toEqual([]);
});
