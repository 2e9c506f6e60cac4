/**
 * Two Eureka peers, instances that come, go and break, and clients that never stop calling: who gets requests, how soon
 * a change is seen, and how many requests fail.
 */

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../../tools/dev/command.ts";
import { instancesCluster, STEERING } from "../../tools/dev/envoy-config.ts";
import { type Gateway, startGateway } from "../../tools/dev/gateway.ts";
import { type ModelService, startModelService } from "../../tools/dev/model-service.ts";
import { type EurekaServer, startEurekaPeers, startEurekaServer } from "../support/eureka-server.ts";
import { POLL_INTERVAL_MS } from "./harness.ts";
import { type Call, Traffic } from "./traffic.ts";

const APPLICATION = "QWEN-CHAT";
const WORKERS = 2;

/** What was promised: one poll interval and a second. */
const PROMISED_MS = POLL_INTERVAL_MS + 1000;

/** How long who gets requests is looked at once a change should be known. */
const WATCHED_MS = 700;

interface Row {
  requests: number;
  failed: number;
  "seen after ms": number | string;
  "then answered by": string;
}

let peers: [EurekaServer, EurekaServer];
let gateway: Gateway;
let traffic: Traffic;
let secure: Server;
const services = new Map<string, ModelService>();
const table: Record<string, Row> = {};

beforeAll(async () => {
  peers = await startEurekaPeers();
  for (const name of ["one", "two", "three", "four"]) services.set(name, await startModelService({ name }));
  secure = await startSecureService();
  await register("one");
  await register("two");
  gateway = await startGateway({
    eurekaUrls: peers.map(({ url }) => url),
    pollIntervalMs: POLL_INTERVAL_MS,
    services: [
      {
        application: APPLICATION,
        select: { metadata: { pool: "a" } },
        outlier: { baseEjectionMs: 500, maxEjectionMs: 1000 },
      },
    ],
    settings: { steering: { ...STEERING, secureCluster: "secure-instances" }, attempts: {} },
    clusters: [
      {
        ...instancesCluster("secure-instances"),
        transport_socket: {
          name: "envoy.transport_sockets.tls",
          typed_config: {
            "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
          },
        },
      },
    ],
    concurrency: WORKERS,
  });
  traffic = new Traffic(gateway.url);
  await settled(["one", "two"]);
});

afterAll(async () => {
  await traffic?.stop();
  console.table(table);
  await gateway?.stop();
  secure?.close();
  for (const service of services.values()) await service.stop();
  for (const peer of peers ?? []) await peer.stop();
});

/** Registers an instance at a peer; without a heartbeat it stays for as long as the test lasts. */
async function register(name: string, change: object = {}, peer = peers[0]): Promise<void> {
  const port = services.get(name)?.port ?? 0;
  const instance = {
    instanceId: name,
    hostName: "127.0.0.1",
    app: APPLICATION,
    ipAddr: "127.0.0.1",
    status: "UP",
    port: { $: port, "@enabled": true },
    vipAddress: "qwen",
    dataCenterInfo: { "@class": "com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo", name: "MyOwn" },
    leaseInfo: { renewalIntervalInSecs: 30, durationInSecs: 100_000 },
    metadata: { pool: "a" },
    ...change,
  };
  await ask("POST", "", peer, JSON.stringify({ instance }));
}

/** A call to a peer's interface below the application. */
async function ask(method: string, path: string, peer = peers[0], body?: string): Promise<void> {
  const headers = { "content-type": "application/json" };
  const reply = await fetch(`${peer.url}/apps/${APPLICATION}${path}`, { method, headers, body });
  if (reply.status >= 300) throw new Error(`Eureka answered ${reply.status} to ${method} ${path}`);
}

/** Waits until exactly these instances answer; milliseconds since the call, or the time it took to give up. */
async function settled(names: string[], timeoutMs = 10_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const from = performance.now();
    await sleep(400);
    if (answerers(traffic.since(from)).join() === [...names].sort().join()) return;
    if (performance.now() > deadline)
      throw new Error(`not answered by ${names}: ${answerers(traffic.since(from))}`);
  }
}

function answerers(calls: Call[]): string[] {
  return [
    ...new Set(calls.map(({ instance, status }) => (status === 200 ? instance : String(status)))),
  ].sort();
}

function failed(calls: Call[]): Call[] {
  return calls.filter(({ status }) => status !== 200);
}

/**
 * Makes a change under traffic. Once it should be known, exactly `names` answer.
 * @returns the calls since the change
 */
async function change(
  title: string,
  names: string[],
  make: () => Promise<unknown>,
  promisedMs = PROMISED_MS,
): Promise<Call[]> {
  const before = new Set(answerers(traffic.since(performance.now() - 500)));
  await make();
  const made = performance.now();
  await sleep(promisedMs);
  const known = performance.now();
  await sleep(WATCHED_MS);
  const calls = traffic.since(made);
  table[title] = {
    requests: calls.length,
    failed: failed(calls).length,
    "seen after ms": seenAfter(calls, before, new Set(names), made),
    "then answered by": answerers(traffic.since(known)).join(" "),
  };
  expect(answerers(traffic.since(known))).toEqual([...names].sort());
  return calls;
}

/** When the last request went to who is no longer to get any, or the first one to who is new. */
function seenAfter(calls: Call[], before: Set<string>, after: Set<string>, made: number): number | string {
  const gone = calls.filter(({ instance }) => before.has(instance) && !after.has(instance));
  const fresh = [...after]
    .filter((name) => !before.has(name))
    .map((name) => calls.find(({ instance }) => instance === name)?.begunAt ?? Number.POSITIVE_INFINITY);
  const times = [...gone.map(({ begunAt }) => begunAt), ...fresh];
  return times.length === 0 ? "" : Math.round(Math.max(...times) - made);
}

function expectNoFailure(calls: Call[]): void {
  expect(failed(calls)).toEqual([]);
}

/** A server with a certificate of its own that answers as `secure`. */
async function startSecureService(): Promise<Server> {
  const directory = await mkdtemp(join(tmpdir(), "secure-service-"));
  const [key, cert] = [join(directory, "key.pem"), join(directory, "cert.pem")];
  const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=secure"];
  const made = await run("openssl", [...request, "-keyout", key, "-out", cert]);
  if (made.code !== 0) throw new Error(`openssl failed:\n${made.output}`);
  const answer: RequestListener = (incoming, reply) => {
    incoming.resume();
    incoming.on("end", () => {
      reply.writeHead(200, { "content-type": "application/json", "x-instance": "secure" });
      reply.end("{}");
    });
  };
  const server = createTlsServer({ key: await readFile(key), cert: await readFile(cert) }, answer);
  server.keepAliveTimeout = 3_600_000;
  await rm(directory, { recursive: true });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server as unknown as Server)));
}

test("register", async () => {
  expectNoFailure(await change("register", ["one", "two", "three"], () => register("three")));
});

test("cancel", async () => {
  expectNoFailure(await change("cancel", ["one", "two"], () => ask("DELETE", "/three")));
});

test.each(["DOWN", "OUT_OF_SERVICE"])("%s", async (status) => {
  expectNoFailure(await change(status, ["two"], () => ask("PUT", `/one/status?value=${status}`)));
  expectNoFailure(
    await change(`${status} lifted`, ["one", "two"], () => ask("DELETE", "/one/status?value=UP")),
  );
});

test("metadata change", async () => {
  expectNoFailure(await change("metadata pool=b", ["one"], () => ask("PUT", "/two/metadata?pool=b")));
  expectNoFailure(await change("metadata pool=a", ["one", "two"], () => ask("PUT", "/two/metadata?pool=a")));
});

test("another port", async () => {
  const moved = { instanceId: "two", port: { $: services.get("four")?.port, "@enabled": true } };
  expectNoFailure(await change("another port", ["four", "one"], () => register("two", moved)));
  expectNoFailure(await change("the port of before", ["one", "two"], () => register("two")));
});

test("secure port only", async () => {
  const { port } = secure.address() as AddressInfo;
  const only = {
    instanceId: "secure",
    port: { $: 80, "@enabled": false },
    securePort: { $: port, "@enabled": true },
  };
  expectNoFailure(await change("secure only", ["one", "secure", "two"], () => register("one", only)));
  expectNoFailure(await change("secure cancelled", ["one", "two"], () => ask("DELETE", "/secure")));
});

test("a crash without deregistration costs no request, not even one that was on its way", async () => {
  await change("register before the crash", ["one", "three", "two"], () => register("three"));
  let killed = 0;
  const calls = await change("crash", ["one", "two"], async () => {
    killed = performance.now();
    await services.get("three")?.stop();
  });
  const all = traffic.since(killed - 2000).filter(({ endedAt }) => endedAt >= killed);
  const inFlight = failed(all).filter(({ begunAt }) => begunAt < killed);
  const later = failed(all).filter(({ begunAt }) => begunAt >= killed);
  table.crash = {
    ...(table.crash as Row),
    failed: later.length + inFlight.length,
  };
  expect(calls.length).toBeGreaterThan(50);
  expectNoFailure(all);
  // It is asked again and again whether it is there, which costs no request; and when it is, it gets its share.
  expectNoFailure(await change("dead for longer", ["one", "two"], () => sleep(3000)));
  const port = services.get("three")?.port;
  const restart = async () => services.set("three", await startModelService({ name: "three", port }));
  expectNoFailure(await change("started again", ["one", "three", "two"], restart, 2 * PROMISED_MS));
  const again = await change("crash again", ["one", "two"], async () => services.get("three")?.stop());
  expectNoFailure(again);
  expectNoFailure(await change("crashed one cancelled", ["one", "two"], () => ask("DELETE", "/three")));
});

test("one server killed: nothing changes, and changes are seen through the other", async () => {
  expectNoFailure(await change("one server killed", ["one", "two"], () => peers[0].kill()));
  const calls = await change(
    "register at the other",
    ["four", "one", "two"],
    () => register("four", {}, peers[1]),
    2 * PROMISED_MS,
  );
  expectNoFailure(calls);
});

test("both killed and back empty: the instances stay until they register again", async () => {
  expectNoFailure(await change("both killed", ["four", "one", "two"], () => peers[1].kill()));
  const ports = peers.map(({ port }) => port);
  const calls = await change("both back, empty", ["four", "one", "two"], async () => {
    peers = (await Promise.all(
      ports.map((port, index) => startEurekaServer({ port, peerPorts: [ports[1 - index] ?? 0] })),
    )) as [EurekaServer, EurekaServer];
    expect(await (await fetch(`${peers[0].url}/apps/${APPLICATION}`)).status).toBe(404);
  });
  expectNoFailure(calls);
  const again = await change(
    "two of three registered again",
    ["one", "two"],
    async () => {
      await register("one");
      await register("two");
    },
    // The servers were away for long: the next question comes after the back-off.
    4 * PROMISED_MS,
  );
  expectNoFailure(again);
});

/** The longest back-off, and a tenth: it has doubled with each failure before. */
const BACK_OFF_MS = 66_000;

const html = "<!doctype html><title>Sign in</title>";
const truncated = '{"application":{"name":"QWEN-CHAT","instance":[{"instanceId":"one","ipAd';

test.each([
  ["401", 401, ""],
  ["403", 403, '{"error":"warming up"}'],
  ["404", 404, '{"status":404}'],
  ["HTML", 200, html],
  ["truncated", 200, truncated],
  ["empty", 200, ""],
  ["no application", 200, "{}"],
  ["500", 500, "oops"],
])(
  "servers that answer %s change nothing",
  async (title, status, body) => {
    const ports = peers.map(({ port }) => port);
    for (const peer of peers) await peer.stop();
    let asked = 0;
    const odd = ports.map((port) =>
      createServer((_, reply) => {
        asked++;
        reply.writeHead(status, { "content-type": body.startsWith("{") ? "application/json" : "text/html" });
        reply.end(body);
      }).listen(port, "127.0.0.1"),
    );
    try {
      expectNoFailure(await change(`replies: ${title}`, ["one", "two"], async () => {}));
      await expect.poll(() => asked, { timeout: BACK_OFF_MS }).toBeGreaterThan(0);
      expectNoFailure(traffic.since(performance.now() - 2000));
    } finally {
      for (const server of odd) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    }
  },
  2 * BACK_OFF_MS,
);
