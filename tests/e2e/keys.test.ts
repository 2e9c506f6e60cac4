/** Several keys on a real Envoy with four workers: they count failures together, and one request at a time finds out. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serverCluster } from "../../tools/dev/envoy-config.ts";
import { type Gateway, startGateway } from "../../tools/dev/gateway.ts";
import { type EurekaServer, startEurekaServer } from "../support/eureka-server.ts";
import { POLL_INTERVAL_MS, post } from "./harness.ts";

const WORKERS = 4;
const FAILURES = 6;
const COOL_DOWN_MS = 2000;
/** What the workers know of each other is no older than this. */
const TICK_MS = 1000;

let eureka: EurekaServer;
let gateway: Gateway;
let service: Server;
let isBad = true;
let delayMs = 0;
/** How often the bad key came since it was asked last. */
let uses = 0;

beforeAll(async () => {
  service = createServer((request, answer) => {
    const isMeant = request.headers.authorization === "Bearer sk-one";
    if (isMeant) uses++;
    request.resume();
    setTimeout(() => {
      answer.writeHead(isMeant && isBad ? 429 : 200, { "content-type": "application/json" }).end("{}");
    }, delayMs);
  });
  await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
  const { port } = service.address() as AddressInfo;
  eureka = await startEurekaServer();
  const keys = { consecutiveFailures: FAILURES, consecutiveSuccesses: 2, coolDownMs: COOL_DOWN_MS };
  gateway = await startGateway({
    eurekaUrls: [eureka.url],
    pollIntervalMs: POLL_INTERVAL_MS,
    services: [{ cluster: "models", authority: "models.test", tokens: ["sk-one", "sk-two"], keys }],
    clusters: [serverCluster("models", new URL(`http://127.0.0.1:${port}`))],
    concurrency: WORKERS,
  });
});

afterAll(async () => {
  await gateway?.stop();
  await eureka?.stop();
  service?.close();
});

/** Sends requests, all at once or one after the other. @returns how often the bad key was used for them */
async function send(count: number, atOnce: boolean): Promise<number> {
  uses = 0;
  // Long enough for all that are sent at once to be under way together, and shorter than the cool-down.
  delayMs = atOnce ? 1000 : 0;
  const ask = async () =>
    (await post(gateway, "/v1/chat/completions", { model: "m", messages: [] })).arrayBuffer();
  if (atOnce) await Promise.all(Array.from({ length: count }, ask));
  else for (let index = 0; index < count; index++) await ask();
  return uses;
}

test("a key is counted, left alone, tried and taken back by all workers together", {
  timeout: 60_000,
}, async () => {
  // A worker that has not heard of the last failure may still try once.
  const failed = await send(3 * FAILURES, false);
  expect(failed).toBeGreaterThanOrEqual(FAILURES);
  expect(failed).toBeLessThan(FAILURES + WORKERS);
  await sleep(COOL_DOWN_MS + TICK_MS);
  expect(await send(24, true)).toBe(1);
  isBad = false;
  await sleep(2 * COOL_DOWN_MS + TICK_MS);
  expect(await send(24, true)).toBe(1);
  await sleep(TICK_MS);
  expect(await send(24, true)).toBe(1);
  await sleep(TICK_MS + 100);
  expect(await send(24, true)).toBeGreaterThan(6);
});
