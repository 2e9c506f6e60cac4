/**
 * Requests that fail before their first byte, on a real Envoy: with one healthy instance or service left, no client sees
 * a failure, and none sees anything twice.
 */

import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serverCluster } from "../../tools/dev/envoy-config.ts";
import { type Gateway, startGateway } from "../../tools/dev/gateway.ts";
import { type ModelService, startModelService } from "../../tools/dev/model-service.ts";
import { type Registration, register } from "../../tools/dev/registration.ts";
import { type EurekaServer, startEurekaServer } from "../support/eureka-server.ts";
import { vendorOf } from "../support/upstreams/index.ts";
import { POLL_INTERVAL_MS, post } from "./harness.ts";
import { Traffic } from "./traffic.ts";

const WORKERS = 2;
const ANTHROPIC = vendorOf("anthropic");
const SAID = { text: "It is blue", usage: { input: 3, output: 4 } };

let eureka: EurekaServer;
let gateway: Gateway;
const services: ModelService[] = [];
const registrations: Registration[] = [];
const servers: Server[] = [];
const table: Record<string, object> = {};

/** A server that answers each request by `respond`, at a cluster of its own. */
async function cluster(name: string, respond: RequestListener) {
  const server = createServer((request, reply) => {
    request.resume();
    request.on("end", () => respond(request, reply));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  servers.push(server);
  return serverCluster(name, new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
}

const silent: RequestListener = () => {};
const broken: RequestListener = (_, reply) => {
  reply.writeHead(503, { "content-type": "application/json" }).end('{"error":{"message":"out of order"}}');
};
const reset: RequestListener = (_, reply) => void reply.destroy();
const anthropic: RequestListener = (request, reply) => {
  const isStream = request.headers.accept === "text/event-stream";
  const body = isStream
    ? Buffer.concat(ANTHROPIC.stream(SAID, "m"))
    : JSON.stringify(ANTHROPIC.whole(SAID, "m"));
  reply.writeHead(200, { "content-type": isStream ? ANTHROPIC.streamType : "application/json" }).end(body);
};
/** An event stream that begins with an error. */
const errorFirst: RequestListener = (_, reply) => {
  reply.writeHead(200, { "content-type": "text/event-stream" });
  reply.end(vendorOf("openai").failureEvent("out of order"));
};
const nothingAfterHead: RequestListener = (_, reply) => {
  reply.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
};

beforeAll(async () => {
  eureka = await startEurekaServer();
  for (const name of ["one", "two", "three"]) services.push(await startModelService({ name }));
  for (const { port } of services)
    registrations.push(await register({ eurekaUrl: eureka.url, application: "QWEN-CHAT", port }));
  const spare = { name: "spare", cluster: "spare", format: "anthropic", token: "k", models: ["*"] };
  const kinds = { silent, broken, reset, errorFirst, nothingAfterHead };
  const outlier = { consecutiveFailures: 0 };
  gateway = await startGateway({
    eurekaUrls: [eureka.url],
    pollIntervalMs: POLL_INTERVAL_MS,
    services: [
      { application: "QWEN-CHAT", models: ["gpt-4o"], outlier: { baseEjectionMs: 500, maxEjectionMs: 1000 } },
      ...Object.keys(kinds).map((name) => ({ name, cluster: name, models: [name], outlier })),
      spare,
    ],
    settings: { attempts: { firstByteMs: 400 }, lastResort: { answer: "Please try again later." } },
    clusters: [
      ...(await Promise.all(Object.entries(kinds).map(([name, respond]) => cluster(name, respond)))),
      await cluster("spare", anthropic),
    ],
    concurrency: WORKERS,
  });
});

afterAll(async () => {
  console.table(table);
  await gateway?.stop();
  for (const registration of registrations) await registration.deregister();
  for (const service of services) await service.stop();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await eureka?.stop();
});

test.each(["silent", "broken", "reset", "errorFirst", "nothingAfterHead"])(
  "a service that is %s: another one answers, in another format, whole and streamed",
  async (model) => {
    for (const stream of [false, true]) {
      const begun = performance.now();
      const body = { model, stream, messages: [{ role: "user", content: "Hello" }] };
      const reply = await post(gateway, "/v1/chat/completions", body);
      const text = await reply.text();
      table[`${model}${stream ? ", streamed" : ""}`] = {
        status: reply.status,
        "whole answer after ms": Math.round(performance.now() - begun),
      };
      expect(reply.status, text).toBe(200);
      expect(reply.headers.get("x-ai-proxy-attempts")).toBe("2");
      expect(reply.headers.get("x-ai-proxy-service")).toBe("spare");
      expect(text).not.toContain("out of order");
      if (stream) {
        expect(text.match(/\[DONE\]/g)).toHaveLength(1);
        const said = [...text.matchAll(/"content":"([^"]*)"/g)].map(([, part]) => part).join("");
        expect(said).toBe(SAID.text);
      } else expect(JSON.parse(text).choices[0].message.content).toBe(SAID.text);
    }
  },
);

test("many at once, of which half fail, are all answered", async () => {
  const replies = await Promise.all(
    Array.from({ length: 60 }, async (_, index) => {
      const model = ["broken", "reset", "spare"][index % 3];
      const reply = await post(gateway, "/v1/chat/completions", {
        model,
        messages: [{ role: "user", content: "x".repeat(20_000) }],
      });
      return { status: reply.status, content: (await reply.json()).choices[0].message.content };
    }),
  );
  for (const reply of replies) expect(reply).toEqual({ status: 200, content: SAID.text });
});

test("no request fails while instances crash, as long as one is left", async () => {
  const traffic = new Traffic(gateway.url);
  await sleep(1500);
  const begun = performance.now();
  await services[2]?.stop();
  await sleep(1500);
  await services[1]?.stop();
  await sleep(2500);
  await traffic.stop();
  const calls = traffic.since(begun);
  const failed = traffic.calls.filter(({ status }) => status !== 200);
  const torn = failed.filter(({ begunAt }) => begunAt < begun);
  table["two of three instances crash"] = {
    requests: calls.length,
    failed: failed.length,
    "in flight then": torn.length,
    "longest ms": Math.round(Math.max(...calls.map(({ begunAt, endedAt }) => endedAt - begunAt))),
  };
  expect(calls.length).toBeGreaterThan(200);
  expect(failed).toEqual([]);
});

test("when nobody is left, the last resort answers", async () => {
  await services[0]?.stop();
  servers.at(-1)?.closeAllConnections();
  await new Promise((resolve) => servers.at(-1)?.close(resolve));
  const reply = await post(gateway, "/v1/chat/completions", {
    model: "broken",
    messages: [{ role: "user", content: "Hello" }],
  });
  expect(reply.status).toBe(200);
  expect(reply.headers.get("x-ai-proxy-degraded")).toBe("answer");
  expect((await reply.json()).choices[0].message.content).toBe("Please try again later.");
});
