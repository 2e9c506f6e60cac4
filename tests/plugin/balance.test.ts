/** Which instance a request goes to, by what the configuration says and by what instances answered before. */
import { describe, expect, it } from "vitest";
import type { ExchangeOptions, HostOptions, Root } from "../host/index.ts";
import { chat, configured, eurekaConfiguration, eurekaReply } from "./plugin.ts";

const endpoint = "x-envoy-original-dst-host";
const PORTS = [9001, 9002, 9003, 9004];

interface Clocked {
  root: Root;
  /** Milliseconds pass; one tick at the end. */
  wait: (milliseconds: number) => void;
}

/** A gateway that knows four instances. */
async function gateway(service: object, options: Partial<HostOptions> = {}): Promise<Clocked> {
  let time = 1_000_000;
  const root = await configured(eurekaConfiguration(service), { now: () => time, ...options });
  root.tick();
  const reply = eurekaReply(
    "QWEN-CHAT",
    PORTS.map((port) => [port, "UP"]),
  );
  root.callouts[0]?.respond({ body: reply });
  root.tick();
  const wait = (milliseconds: number) => {
    time += milliseconds;
    root.tick();
    for (const call of root.callouts.filter(({ cluster }) => cluster === "eureka"))
      call.respond({ body: reply });
  };
  return { root, wait };
}

/** The port that a request went to; 0 where it went nowhere. */
function portOf(root: Root, body: object = {}, options: Partial<ExchangeOptions> = {}): number {
  const exchange = chat(root, { model: "m", messages: [], ...body }, options);
  return Number(exchange.upstream?.headers.get(endpoint)?.split(":")[1] ?? 0);
}

function withHeaders(headers: Record<string, string>): Partial<ExchangeOptions> {
  return { request: { headers } };
}

/** Requests until the instance fails once; what the client got. */
function failOnce(root: Root, port: number, respond: ExchangeOptions["respond"]): void {
  for (let index = 0; index < 2 * PORTS.length; index++) {
    let isHit = false;
    chat(
      root,
      { model: "m", messages: [] },
      {
        respond: (request) => {
          isHit = request.headers.get(endpoint)?.endsWith(`:${port}`) === true;
          return isHit && respond ? respond(request) : { body: "{}" };
        },
      },
    );
    if (isHit) return;
  }
  throw new Error(`nothing went to ${port}`);
}

function portsOf(root: Root, requests = 12): number[] {
  return [...new Set(Array.from({ length: requests }, () => portOf(root)))].sort();
}

describe("session affinity", () => {
  const cases: [string, object, (session: string) => [object, Partial<ExchangeOptions>]][] = [
    ["the default header", {}, (session) => [{}, withHeaders({ "x-session-id": session })]],
    ["a header", { header: "X-User" }, (session) => [{}, withHeaders({ "x-user": session })]],
    ["a cookie", { cookie: "sid" }, (session) => [{}, withHeaders({ cookie: `a=b; sid=${session}; c=d` })]],
    ["a member of the body", { field: "user" }, (session) => [{ user: session }, {}]],
  ];
  it.each(cases)("follows %s", async (_, balance, request) => {
    const { root } = await gateway({ balance: { policy: "sessionAffinity", ...balance } });
    const homes = Array.from({ length: 40 }, (_, index) => portOf(root, ...request(`session-${index}`)));
    expect(new Set(homes)).toEqual(new Set(PORTS));
    for (const [index, home] of homes.entries())
      expect(portOf(root, ...request(`session-${index}`))).toBe(home);
  });

  it("finds a member of a body that comes in windows", async () => {
    const { root } = await gateway({ balance: { policy: "sessionAffinity", field: "user" } });
    const long = { messages: [{ role: "user", content: "x".repeat(200_000) }] };
    const home = portOf(root, { user: "me" });
    expect(portOf(root, { ...long, user: "me" })).toBe(home);
    expect(portOf(root, { user: "me", ...long })).toBe(home);
  });
});

describe("prefix affinity", () => {
  const system = { role: "system", content: `You are a helpful assistant. ${"Rules. ".repeat(60)}` };
  const ask = (prompt: string, first: object = system) => ({
    messages: [first, { role: "user", content: prompt }],
  });

  it("sends equal beginnings to one instance, and different ones to all", async () => {
    const { root } = await gateway({ balance: { policy: "prefixAffinity", prefixBytes: 256 } });
    const home = portOf(root, ask("one"));
    for (const prompt of ["two", "three", "x".repeat(100_000)]) expect(portOf(root, ask(prompt))).toBe(home);
    expect(portOf(root, { temperature: 1, top_p: 0.5, ...ask("four") })).toBe(home);
    const others = Array.from({ length: 40 }, (_, index) =>
      portOf(root, ask("one", { role: "system", content: `${index} ${"Rules. ".repeat(60)}` })),
    );
    expect(new Set(others)).toEqual(new Set(PORTS));
  });

  it("tells apart what differs within the prefix only", async () => {
    const { root } = await gateway({ balance: { policy: "prefixAffinity", prefixBytes: 32 } });
    const homes = Array.from({ length: 20 }, (_, index) => portOf(root, ask(`prompt ${index}`)));
    expect(new Set(homes).size).toBe(1);
  });
});

describe("least outstanding", () => {
  it("sends nothing more to an instance that does not answer", async () => {
    const { root } = await gateway({ balance: { policy: "leastOutstanding" } });
    const stream = root.stream();
    stream.requestHeaders(
      [
        [":method", "GET"],
        [":path", "/v1/files"],
        [":authority", "g"],
        [":scheme", "http"],
      ],
      true,
    );
    const busy = Number(
      stream.request.frames[0]?.kind === "headers" &&
        stream.request.frames[0].headers.get(endpoint)?.split(":")[1],
    );
    expect(PORTS).toContain(busy);
    expect(portsOf(root)).toEqual(PORTS.filter((port) => port !== busy));
    stream.close();
    expect(portsOf(root)).toEqual(PORTS);
  });
});

describe("an instance that fails", () => {
  const outlier = { consecutiveFailures: 3, baseEjectionMs: 2000, maxEjectionMs: 60_000 };
  const error: ExchangeOptions["respond"] = () => ({ headers: { ":status": "500" }, body: "{}" });
  const gone =
    (details: string): ExchangeOptions["respond"] =>
    () => ({
      failure: { status: 503, body: "upstream connect error", details },
    });
  const rest = PORTS.filter((port) => port !== 9002);

  it("is left alone after a streak of 5xx, and tried again later", async () => {
    const { root, wait } = await gateway({ outlier });
    failOnce(root, 9002, error);
    failOnce(root, 9002, error);
    expect(portsOf(root)).toEqual(PORTS);
    for (let index = 0; index < 3; index++) failOnce(root, 9002, error);
    expect(portsOf(root)).toEqual(rest);
    wait(1900);
    expect(portsOf(root)).toEqual(rest);
    wait(200);
    failOnce(root, 9002, error);
    expect(portsOf(root)).toEqual(rest);
    wait(2100);
    expect(portsOf(root)).toEqual(rest);
    wait(2000);
    expect(portsOf(root)).toEqual(PORTS);
  });

  it("is left alone at once where no connection is made", async () => {
    const { root } = await gateway({ outlier });
    failOnce(
      root,
      9002,
      gone("upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_111}"),
    );
    expect(portsOf(root)).toEqual(rest);
  });

  it("is asked whether it is there before a request tries it", async () => {
    const clusters = ["eureka", "eureka-instances"];
    const { root, wait } = await gateway({ outlier }, { clusters });
    const asked = () => root.callouts.find(({ cluster }) => cluster === "eureka-instances");
    failOnce(root, 9002, gone("upstream_reset_before_response_started{remote_connection_failure}"));
    wait(1900);
    expect(asked()).toBeUndefined();
    wait(200);
    expect(asked()?.headers.get(endpoint)).toBe("10.0.0.1:9002");
    expect(asked()?.headers.get(":method")).toBe("HEAD");
    asked()?.respond({ headers: { ":status": "503" }, body: "upstream connect error" });
    expect(asked()).toBeUndefined();
    wait(3900);
    expect(asked()).toBeUndefined();
    wait(200);
    expect(portsOf(root)).toEqual(rest);
    asked()?.respond({ headers: { ":status": "404" }, body: "" });
    expect(portsOf(root)).toEqual(PORTS);
  });

  it("is left alone where another one had to answer for it", async () => {
    const { root } = await gateway({ outlier });
    const retried: ExchangeOptions["respond"] = () => ({
      headers: { "x-envoy-attempt-count": "2" },
      body: "{}",
    });
    for (let index = 0; index < 3; index++) failOnce(root, 9002, retried);
    expect(portsOf(root)).toEqual(rest);
  });

  it("is left alone after a streak of time-outs", async () => {
    const { root } = await gateway({ outlier });
    for (let index = 0; index < 3; index++) failOnce(root, 9002, gone("response_timeout"));
    expect(portsOf(root)).toEqual(rest);
  });

  it("is left alone when its answers break off", async () => {
    const { root } = await gateway({ outlier });
    const headers = { "content-type": "text/event-stream" };
    const torn: ExchangeOptions["respond"] = () => ({ headers, chunks: ['data: {"a":1}\n\n'], abort: true });
    for (let index = 0; index < 3; index++) failOnce(root, 9002, torn);
    expect(portsOf(root)).toEqual(rest);
  });

  it.each([
    "upstream_reset_before_response_started{overflow}",
    "no_healthy_upstream",
    "cluster_not_found",
    "ai-proxy.x",
  ])("is not blamed for %s", async (details) => {
    const { root } = await gateway({ outlier });
    for (let index = 0; index < 5; index++) failOnce(root, 9002, gone(details));
    expect(portsOf(root)).toEqual(PORTS);
  });

  it("is not blamed for 4xx, nor when the client leaves", async () => {
    const { root } = await gateway({ outlier });
    for (let index = 0; index < 5; index++)
      failOnce(root, 9002, () => ({ headers: { ":status": "429" }, body: "{}" }));
    for (let index = 0; index < 24; index++)
      chat(
        root,
        { model: "m", messages: [] },
        { respond: () => ({ chunks: ["a", "b"] }), clientLeavesAfter: 1 },
      );
    expect(portsOf(root)).toEqual(PORTS);
  });
});

describe("what is asked for", () => {
  it("is asked of the Eureka that a rule names, also for services that the rule inherits", async () => {
    const rule = { _match_route_: ["other"], eureka: { servers: [{ cluster: "models" }] } };
    const root = await configured({ ...eurekaConfiguration(), _rules_: [rule] });
    root.tick();
    expect(root.callouts.map(({ cluster }) => cluster).sort()).toEqual(["eureka", "models"]);
    for (const call of [...root.callouts]) {
      const port = call.cluster === "eureka" ? 9001 : 9002;
      call.respond({ body: eurekaReply("QWEN-CHAT", [[port, "UP"]]) });
    }
    expect(portOf(root)).toBe(9001);
    expect(portOf(root, {}, { properties: { "xds.route_name": "other" } })).toBe(9002);
  });

  it("may be a VIP, found in the whole registry", async () => {
    const configuration = eurekaConfiguration() as { services: object[] };
    const root = await configured({ ...configuration, services: [{ vip: "Qwen.Local" }] });
    root.tick();
    expect(root.callouts[0]?.headers.get(":path")).toBe("/eureka/apps");
    const { application } = JSON.parse(eurekaReply("ANY", [[9005, "UP"]]));
    application.instance[0].vipAddress = "other,qwen.local";
    root.callouts[0]?.respond({ body: JSON.stringify({ applications: { application: [application] } }) });
    expect(portOf(root)).toBe(9005);
  });

  it("is asked for with the password of the server", async () => {
    const servers = [{ cluster: "eureka", path: "/eureka/v2", username: "reader", password: "s:t" }];
    const root = await configured({ ...eurekaConfiguration(), eureka: { servers } });
    root.tick();
    expect(root.callouts[0]?.headers.get(":path")).toBe("/eureka/v2/apps/QWEN-CHAT");
    const credentials = Buffer.from("reader:s:t").toString("base64");
    expect(root.callouts[0]?.headers.get("authorization")).toBe(`Basic ${credentials}`);
  });

  it("is answered by the fall-back list while Eureka has not answered", async () => {
    const { eureka } = eurekaConfiguration() as { eureka: object };
    let time = 1_000_000;
    const root = await configured(
      {
        ...eurekaConfiguration({ instances: ["10.9.9.9:7001"] }),
        eureka: { ...eureka, coldStartMs: 60_000 },
      },
      { now: () => time },
    );
    const { upstream } = chat(
      root,
      { model: "m", messages: [] },
      {
        onHeld: () => {
          time += 100;
          root.tick();
          for (const call of [...root.callouts]) call.fail();
        },
      },
    );
    expect(upstream?.headers.get(endpoint)).toBe("10.9.9.9:7001");
    time += 60_000;
    root.tick();
    root.callouts[0]?.respond({ body: eurekaReply("QWEN-CHAT", [[9001, "UP"]]) });
    expect(portOf(root)).toBe(9001);
  });

  it.each([0, 20_000])("is waited for no longer than %d ms", async (coldStartMs) => {
    let time = 1_000_000;
    const { eureka } = eurekaConfiguration() as { eureka: object };
    const root = await configured(
      { ...eurekaConfiguration(), eureka: { ...eureka, coldStartMs } },
      { now: () => time },
    );
    time += 1;
    const begun = time;
    const { client } = chat(
      root,
      { model: "m", messages: [] },
      {
        onHeld: (stream) => {
          while (!stream.response.headersSent && time - begun < 60_000) {
            time += 500;
            root.tick();
            for (const call of [...root.callouts]) call.fail();
          }
        },
      },
    );
    expect(client?.status).toBe(503);
    expect(Math.abs(time - begun - coldStartMs)).toBeLessThanOrEqual(500);
  });

  it("may be secure ports, which go to a cluster of their own", async () => {
    const steering = { clusterHeader: "x-ai-proxy-cluster", cluster: "plain", secureCluster: "tls" };
    const root = await configured({ ...eurekaConfiguration({ select: { ports: "secureFirst" } }), steering });
    const { application } = JSON.parse(
      eurekaReply("QWEN-CHAT", [
        [9001, "UP"],
        [9002, "UP"],
      ]),
    );
    application.instance[0].securePort = { $: 9443, "@enabled": "true" };
    root.tick();
    root.callouts[0]?.respond({ body: JSON.stringify({ application }) });
    const clusters = [0, 1].map(() => {
      const { upstream } = chat(root, { model: "m", messages: [] });
      return `${upstream?.headers.get("x-ai-proxy-cluster")} ${upstream?.headers.get(endpoint)}`;
    });
    expect(new Set(clusters)).toEqual(new Set(["tls 10.0.0.1:9443", "plain 10.0.0.1:9002"]));
  });

  it("may be a part of the instances, by status and metadata", async () => {
    const select = { statuses: ["UP", "STARTING"], metadata: { model: "qwen" } };
    const root = await configured(eurekaConfiguration({ select }));
    const { application } = JSON.parse(
      eurekaReply("QWEN-CHAT", [
        [9001, "UP"],
        [9002, "STARTING"],
        [9003, "DOWN"],
        [9004, "UP"],
      ]),
    );
    for (const instance of application.instance) instance.metadata = { model: "qwen" };
    application.instance[3].metadata = { model: "llama" };
    root.tick();
    root.callouts[0]?.respond({ body: JSON.stringify({ application }) });
    expect(portsOf(root)).toEqual([9001, 9002]);
  });
});

describe("a huge registry", () => {
  it("of 10,000 instances is read and used in less than 16 MiB of memory", async () => {
    const balance = { policy: "sessionAffinity", slowStartMs: 1000 };
    const root = await configured({ ...eurekaConfiguration(), services: [{ vip: "qwen", balance }] });
    root.tick();
    const instance = Array.from({ length: 10_000 }, (_, index) => ({
      instanceId: `instance-${index}.example.test:qwen-chat:8080`,
      hostName: `instance-${index}.example.test`,
      app: "QWEN-CHAT",
      ipAddr: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
      status: "UP",
      overriddenStatus: "UNKNOWN",
      port: { $: 8080, "@enabled": "true" },
      securePort: { $: 8443, "@enabled": "false" },
      countryId: 1,
      dataCenterInfo: { "@class": "com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo", name: "MyOwn" },
      leaseInfo: { renewalIntervalInSecs: 30, durationInSecs: 90, registrationTimestamp: 1700000000000 },
      metadata: { zone: "zone-a", weight: "3", model: "qwen", "management.port": "8081" },
      homePageUrl: `http://instance-${index}.example.test:8080/`,
      statusPageUrl: `http://instance-${index}.example.test:8080/actuator/info`,
      healthCheckUrl: `http://instance-${index}.example.test:8080/actuator/health`,
      vipAddress: "qwen",
      secureVipAddress: "qwen",
      isCoordinatingDiscoveryServer: "false",
      lastUpdatedTimestamp: "1700000000000",
      lastDirtyTimestamp: "1700000000000",
      actionType: "ADDED",
    }));
    const application = [{ name: "QWEN-CHAT", instance }];
    const reply = JSON.stringify({ applications: { apps__hashcode: "UP_10000_", application } });
    expect(reply.length).toBeGreaterThan(8_000_000);
    root.callouts[0]?.respond({ body: reply });
    const endpoints = new Set(
      Array.from({ length: 500 }, (_, index) => {
        const options = withHeaders({ "x-session-id": `session-${index}` });
        return chat(root, { model: "m", messages: [] }, options).upstream?.headers.get(endpoint);
      }),
    );
    expect(endpoints.size).toBeGreaterThan(450);
    expect(root.host.memoryBytes).toBeLessThan(16 << 20);
  });
});
