/** The development registry answers as a real Eureka server does. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EmbeddedEureka, startEureka } from "../../tools/dev/eureka.ts";
import { type EurekaServer, startEurekaServer } from "../support/eureka-server.ts";

let real: EurekaServer;
let standIn: EmbeddedEureka;

beforeAll(async () => {
  real = await startEurekaServer();
  standIn = await startEureka(0);
});

afterAll(async () => {
  await real?.stop();
  await standIn?.stop();
});

const instance = {
  instanceId: "chat:9001",
  hostName: "chat-1.example.test",
  app: "chat",
  ipAddr: "127.0.0.1",
  status: "UP",
  port: { $: "9001", "@enabled": true },
  securePort: { $: 9443, "@enabled": "false" },
  vipAddress: "chat-vip",
  secureVipAddress: "chat-svip",
  dataCenterInfo: { "@class": "com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo", name: "MyOwn" },
  leaseInfo: { renewalIntervalInSecs: 30, durationInSecs: 1000 },
  metadata: { weight: 3, canary: true, zone: "a" },
  lastDirtyTimestamp: "1700000000000",
};
const { instanceId: _, ...unnamed } = instance;
const bare = {
  hostName: "bare.example.test",
  app: "BARE",
  ipAddr: "127.0.0.2",
  dataCenterInfo: instance.dataCenterInfo,
  leaseInfo: instance.leaseInfo,
};

/** [method, path, body]: one history of a registry, with a read of everything after each write. */
const CALLS: [string, string, unknown?][] = [
  ["GET", "/apps"],
  ["GET", "/apps/delta"],
  ["POST", "/apps/CHAT", { instance }],
  ["POST", "/apps/CHAT", { instance: { ...instance, instanceId: "chat:9002", metadata: {} } }],
  ["POST", "/apps/bare", { instance: bare }],
  ["POST", "/apps/CHAT", { instance: { ...unnamed, hostName: "unnamed", status: "NONSENSE" } }],
  ["POST", "/apps/OTHER", { instance }],
  ["POST", "/apps/CHAT", { instance: { ...instance, ipAddr: undefined } }],
  ["POST", "/apps/CHAT", { nonsense: 1 }],
  ["PUT", "/apps/CHAT/chat:9001"],
  ["PUT", "/apps/CHAT/chat%3A9001"],
  ["PUT", "/apps/CHAT/unknown"],
  ["PUT", "/apps/CHAT/chat:9001/status?value=OUT_OF_SERVICE"],
  ["POST", "/apps/CHAT", { instance }],
  ["POST", "/apps/CHAT", { instance: { ...instance, status: "DOWN" } }],
  ["DELETE", "/apps/CHAT/chat:9001/status?value=UP"],
  ["PUT", "/apps/CHAT/chat:9002/status?value=DOWN"],
  ["DELETE", "/apps/CHAT/chat:9002/status"],
  ["PUT", "/apps/CHAT/unknown/status?value=DOWN"],
  ["PUT", "/apps/CHAT/chat:9002/metadata?version=2&zone=b"],
  ["GET", "/apps/chat"],
  ["GET", "/apps/UNKNOWN"],
  ["GET", "/apps/CHAT/chat:9001"],
  ["GET", "/apps/CHAT/unknown"],
  ["GET", "/instances/chat:9002"],
  ["GET", "/instances/unknown"],
  ["GET", "/vips/chat-vip"],
  ["GET", "/vips/unknown"],
  ["GET", "/svips/chat-svip"],
  ["DELETE", "/apps/CHAT/chat:9001"],
  ["DELETE", "/apps/CHAT/chat:9001"],
  ["DELETE", "/apps/BARE/bare.example.test"],
];

test("the same calls have the same answers", { timeout: 60_000 }, async () => {
  for (const [method, path, body] of CALLS) {
    const call = `${method} ${path}`;
    expect(await ask(standIn.url, method, path, body), call).toEqual(await ask(real.url, method, path, body));
    for (const read of ["/apps", "/apps/delta"]) {
      const mine = await ask(standIn.url, "GET", read);
      expect(mine, `${read} after ${call}`).toEqual(await ask(real.url, "GET", read));
    }
  }
});

test("the compact form is the same", async () => {
  const headers = { "x-eureka-accept": "compact" };
  for (const path of ["/apps", "/apps/delta", "/apps/CHAT", "/vips/chat-vip"]) {
    const mine = await ask(standIn.url, "GET", path, undefined, headers);
    expect(mine, path).toEqual(await ask(real.url, "GET", path, undefined, headers));
  }
});

test("an instance whose lease runs out is dropped", { timeout: 20_000 }, async () => {
  const leaseInfo = { renewalIntervalInSecs: 1, durationInSecs: 1 };
  const brief = { ...bare, app: "BRIEF", leaseInfo };
  await ask(standIn.url, "POST", "/apps/BRIEF", { instance: brief });
  expect((await ask(standIn.url, "GET", "/apps/BRIEF")).status).toBe(200);
  await expect
    .poll(async () => (await ask(standIn.url, "GET", "/apps/BRIEF")).status, { timeout: 5_000 })
    .toBe(404);
});

async function ask(
  base: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: unknown }> {
  const reply = await fetch(base + path, {
    method,
    headers: { accept: "application/json", "content-type": "application/json", ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await reply.text();
  // Error texts are each server's own; what counts is the status.
  const json = reply.status === 200 && text ? comparable(JSON.parse(text)) : undefined;
  return { status: reply.status, body: json };
}

/** Times become their type, lists are sorted: a real server's order is not stable. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value
      .map(comparable)
      .sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, item]) => {
        const time = key.endsWith("Timestamp") && item !== 0;
        // The count of versions is the server's own bookkeeping, except for -1.
        const version = key === "versions__delta" && item !== "-1";
        return [key, time || version ? typeof item : comparable(item)];
      }),
  );
}
