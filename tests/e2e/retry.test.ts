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
