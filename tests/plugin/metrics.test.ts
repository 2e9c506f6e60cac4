/** What the gateway's metrics say of Eureka and of instances. */
import { expect, it } from "vitest";
import { MetricStore, SharedStore } from "../host/index.ts";
import { chat, configured, eurekaConfiguration, eurekaReply } from "./plugin.ts";

const SERVICE = "service.QWEN-CHAT";

/** A worker that ticks each second; metrics are shared with other workers. */
async function worker(metrics: MetricStore, shared = new SharedStore(), service: object = {}) {
  let time = 1_000_000;
  const outlier = { consecutiveFailures: 1, baseEjectionMs: 60_000 };
  const root = await configured(eurekaConfiguration({ outlier, ...service }), {
    metrics,
    shared,
    now: () => time,
  });
  const wait = (milliseconds: number) => {
    time += milliseconds;
    root.tick();
  };
  return { root, wait };
}

const four = eurekaReply("QWEN-CHAT", [
  [9001, "UP"],
  [9002, "UP"],
  [9003, "DOWN"],
  [9004, "UP"],
]);

it("instances by status, age of the snapshot, calls", async () => {
  const metrics = new MetricStore();
  const { root, wait } = await worker(metrics);
  const value = (name: string) => metrics.value(`ai_proxy.${name}`);
  wait(0);
  root.callouts[0]?.respond({ body: four });
  wait(1000);
  expect(value(`eureka_instances.${SERVICE}.status.UP`)).toBe(3);
  expect(value(`eureka_instances.${SERVICE}.status.DOWN`)).toBe(1);
  expect(value(`eureka_instances.${SERVICE}.status.STARTING`)).toBe(0);
  expect(value(`instances_usable.${SERVICE}`)).toBe(3);
  expect(value(`eureka_snapshot_age_ms.${SERVICE}`)).toBe(1000);
  expect(value("eureka_calls_total")).toBe(1);
  expect(value("eureka_replies_total")).toBe(1);
  expect(value("eureka_takeovers_total")).toBe(1);
  wait(1500);
  expect(value(`eureka_snapshot_age_ms.${SERVICE}`)).toBe(2500);
});

it("failures by kind", async () => {
  const metrics = new MetricStore();
  const { root, wait } = await worker(metrics);
  const bodies = ["<html></html>", '{"application":{"ins', "{}"];
  for (const body of bodies) {
    for (let step = 0; step < 200 && root.callouts.length === 0; step++) wait(500);
    root.callouts[0]?.respond({ body });
  }
  for (const status of ["403", "500"]) {
    for (let step = 0; step < 200 && root.callouts.length === 0; step++) wait(500);
    root.callouts[0]?.respond({ headers: { ":status": status }, body: "" });
  }
  for (let step = 0; step < 200 && root.callouts.length === 0; step++) wait(500);
  root.callouts[0]?.fail();
  wait(1000);
  const kinds = ["not_json", "truncated", "shape", "denied", "status", "unreachable"];
  expect(kinds.map((kind) => metrics.value(`ai_proxy.eureka_failures_total.kind.${kind}`))).toEqual([
    1, 1, 1, 1, 1, 1,
  ]);
});

it("choices and ejections, added up over workers", async () => {
  const metrics = new MetricStore();
  const shared = new SharedStore();
  const workers = [await worker(metrics, shared), await worker(metrics, shared)];
  for (const { root, wait } of workers) {
    wait(0);
    root.callouts[0]?.respond({ body: four });
    wait(1000);
  }
  for (const { root, wait } of workers) {
    for (let index = 0; index < 3; index++) chat(root, { model: "m", messages: [] });
    chat(root, { model: "m", messages: [] }, { respond: () => ({ headers: { ":status": "500" } }) });
    wait(1000);
  }
  const value = (name: string) => metrics.value(`ai_proxy.${name}`) ?? 0;
  const choices = ["9001", "9002", "9004"].map((port) =>
    value(`choices_total.${SERVICE}.instance.10_0_0_1:${port}`),
  );
  expect(choices.reduce((sum, count) => sum + count, 0)).toBe(8);
  expect(Math.min(...choices)).toBeGreaterThan(0);
  expect(value(`instances_ejected.${SERVICE}`)).toBe(2);
  expect(value(`ejections_total.${SERVICE}`)).toBe(2);
  workers[0]?.root.close();
  expect(value(`instances_ejected.${SERVICE}`)).toBe(1);
});

it("a bounded number of instances", async () => {
  const metrics = new MetricStore();
  const { root, wait } = await worker(metrics);
  wait(0);
  const ports = Array.from({ length: 200 }, (_, index): [number, string] => [10_000 + index, "UP"]);
  root.callouts[0]?.respond({ body: eurekaReply("QWEN-CHAT", ports) });
  for (let index = 0; index < 200; index++) chat(root, { model: "m", messages: [] });
  wait(1000);
  const names = metrics.names().filter((name) => name.startsWith("ai_proxy.choices_total"));
  expect(names).toHaveLength(65);
  expect(metrics.value(`ai_proxy.choices_total.${SERVICE}.instance.other`)).toBe(136);
});

it("nothing for a request", async () => {
  const metrics = new MetricStore();
  const { root, wait } = await worker(metrics);
  wait(0);
  root.callouts[0]?.respond({ body: four });
  wait(1000);
  const { byName } = root.host.counters;
  chat(root, { model: "m", messages: [] });
  const before = [byName.increment_metric, byName.define_metric];
  expect(before.every((count = 0) => count > 0)).toBe(true);
  for (let index = 0; index < 50; index++) chat(root, { model: "m", messages: [] });
  expect([byName.increment_metric, byName.define_metric]).toEqual(before);
});
