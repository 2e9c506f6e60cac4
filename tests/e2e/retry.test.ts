/** Where the router has the endpoints itself and retries, an instance that crashes costs nothing at all. */

import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { overrideHostCluster, STEERING } from "../../tools/dev/envoy-config.ts";
import { type Gateway, startGateway } from "../../tools/dev/gateway.ts";
import { type ModelService, startModelService } from "../../tools/dev/model-service.ts";
import { type Registration, register } from "../../tools/dev/registration.ts";
import { type EurekaServer, startEurekaServer } from "../support/eureka-server.ts";
import { POLL_INTERVAL_MS } from "./harness.ts";
import { Traffic } from "./traffic.ts";

let eureka: EurekaServer;
let gateway: Gateway;
let services: ModelService[] = [];
let registrations: Registration[] = [];

beforeAll(async () => {
  eureka = await startEurekaServer();
  services = await Promise.all(["one", "two", "three"].map((name) => startModelService({ name })));
  registrations = await Promise.all(
    services.map(({ port }) => register({ eurekaUrl: eureka.url, application: "QWEN-CHAT", port })),
  );
  const endpoints = services.map(({ port }) => `127.0.0.1:${port}`);
  gateway = await startGateway({
    eurekaUrls: [eureka.url],
    pollIntervalMs: POLL_INTERVAL_MS,
    services: [{ application: "QWEN-CHAT", outlier: { consecutiveFailures: 2, baseEjectionMs: 500 } }],
    settings: { steering: { endpointHeader: STEERING.endpointHeader } },
    clusters: [overrideHostCluster("models", STEERING.endpointHeader, endpoints)],
    routeCluster: "models",
    retryPolicy: {
      retry_on: "connect-failure",
      num_retries: 3,
      // Without this, the next try goes to the same endpoint, which the header still names.
      retry_host_predicate: [
        {
          name: "envoy.retry_host_predicates.previous_hosts",
          typed_config: {
            "@type":
              "type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate",
          },
        },
      ],
      host_selection_retry_max_attempts: 5,
    },
    concurrency: 2,
  });
});

afterAll(async () => {
  await gateway?.stop();
  for (const registration of registrations) await registration.deregister();
  for (const service of services) await service.stop();
  await eureka?.stop();
});

test("the plugin itself asks the router to try further instances, and streams stay streams", async () => {
  const names = ["four", "five", "six"];
  const others = await Promise.all(names.map((name) => startModelService({ name })));
  const entries = await Promise.all(
    others.map(({ port }) => register({ eurekaUrl: eureka.url, application: "STREAMS", port })),
  );
  const asking = await startGateway({
    eurekaUrls: [eureka.url],
    pollIntervalMs: POLL_INTERVAL_MS,
    services: [{ application: "STREAMS", outlier: { consecutiveFailures: 0 } }],
    settings: {
      attempts: {},
      steering: { endpointHeader: STEERING.endpointHeader, routerRetries: true },
    },
    clusters: [
      overrideHostCluster(
        "models",
        STEERING.endpointHeader,
        others.map(({ port }) => `127.0.0.1:${port}`),
      ),
    ],
    routeCluster: "models",
    // No retries but those that the plugin asks for; their number is told.
    retryPolicy: {},
    concurrency: 1,
  });
  try {
    await expect
      .poll(async () => (await fetch(`${asking.url}/v1/models`)).status, { timeout: 15_000 })
      .toBe(200);
    await others[0]?.stop();
    const [, second, third] = others;
    if (second) second.behaviour = { status: 503 };
    if (third) third.behaviour = { eventDelayMs: 100 };
    let tried = 0;
    for (let i = 0; i < 6; i++) {
      const begun = performance.now();
      const reply = await fetch(`${asking.url}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ model: "m", stream: true, messages: [{ role: "user", content: "Hi" }] }),
      });
      expect([reply.status, reply.headers.get("x-instance")]).toEqual([200, "six"]);
      tried += Number(reply.headers.get("x-ai-proxy-attempts") ?? 1);
      let firstAt = 0;
      const reader = reply.body?.getReader();
      while (reader && !(await reader.read()).done) firstAt ||= performance.now() - begun;
      const wholeAt = performance.now() - begun;
      if (i === 0)
        console.log(`first byte after ${Math.round(firstAt)} ms, whole after ${Math.round(wholeAt)} ms`);
      expect(firstAt).toBeLessThan(wholeAt / 2);
    }
    expect(tried).toBeGreaterThan(6);
  } finally {
    await asking.stop();
    for (const entry of entries) await entry.deregister();
    for (const service of others) await service.stop();
  }
});

test("no request fails when an instance crashes, apart from those that it was answering", async () => {
  const traffic = new Traffic(gateway.url);
  await sleep(1500);
  expect(new Set(traffic.calls.map(({ instance }) => instance))).toEqual(new Set(["one", "two", "three"]));
  const killed = performance.now();
  await services[2]?.stop();
  await sleep(4000);
  await traffic.stop();
  const later = traffic.since(killed);
  const failed = later.filter(({ status }) => status !== 200);
  console.log(`${later.length} requests after the crash, ${failed.length} failed`);
  expect(later.length).toBeGreaterThan(100);
  expect(failed).toEqual([]);
  // It was not only stood in for: the plugin has noticed, and left it alone.
  const stats = await (await fetch(`${gateway.envoy.adminUrl}/stats?filter=ai_proxy.ejections_total`)).text();
  expect(Number(stats.trim().split(": ").at(-1))).toBeGreaterThan(0);
});
