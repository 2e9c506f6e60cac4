/** Secrets from the environment, signatures and several keys, on the real Envoy. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { serverCluster } from "../../tools/dev/envoy-config.ts";
import { type Gateway, startGateway } from "../../tools/dev/gateway.ts";
import { type ModelService, startModelService } from "../../tools/dev/model-service.ts";
import { type EurekaServer, startEurekaServer } from "../support/eureka-server.ts";
import { acceptsSigV4 } from "../support/signatures.ts";
import { POLL_INTERVAL_MS, post } from "./harness.ts";

const SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/** A variable as the configuration names it. */
const variable = (name: string) => `$\{${name}}`;

let eureka: EurekaServer;
let service: ModelService;
let gateway: Gateway;

beforeAll(async () => {
  process.env.E2E_SECRET_KEY = SECRET;
  eureka = await startEurekaServer();
  service = await startModelService({ name: "signed" });
  const place = { cluster: "models", authority: "models.test" };
  gateway = await startGateway({
    eurekaUrls: [eureka.url],
    pollIntervalMs: POLL_INTERVAL_MS,
    services: [
      {
        ...place,
        name: "signed",
        models: ["signed"],
        modelMapping: { signed: "a-longer-name" },
        auth: {
          type: "sigv4",
          accessKey: variable("E2E_ACCESS_KEY"),
          secretKey: variable("E2E_SECRET_KEY"),
          region: "us-east-1",
        },
      },
      { ...place, name: "keys", tokens: variable("E2E_KEYS") },
    ],
    environment: {
      host_env_keys: ["E2E_SECRET_KEY"],
      key_values: { E2E_ACCESS_KEY: "AKIDEXAMPLE", E2E_KEYS: "sk-one,sk-two" },
    },
    clusters: [serverCluster("models", new URL(`http://127.0.0.1:${service.port}`))],
    concurrency: 1,
  });
});

afterAll(async () => {
  delete process.env.E2E_SECRET_KEY;
  await gateway?.stop();
  await service?.stop();
  await eureka?.stop();
});

test("a request is signed with keys that only the environment knows, over the body that arrives", async () => {
  service.requests.length = 0;
  for (const filler of ["", "x".repeat(300_000)]) {
    const reply = await post(gateway, "/v1/chat/completions", { model: "signed", messages: [], filler });
    expect(reply.status).toBe(200);
    await reply.arrayBuffer();
  }
  expect(service.requests).toHaveLength(2);
  for (const { method, path, headers, body } of service.requests) {
    const named: Record<string, string | undefined> = { ...headers, ":method": method, ":path": path };
    named[":authority"] = String(headers.host);
    const sent = { headers: { get: (name: string) => named[name] }, body: Buffer.from(body) };
    expect(body.toString()).toContain("a-longer-name");
    expect(acceptsSigV4(sent, { AKIDEXAMPLE: SECRET })).toBe(true);
  }
  expect(gateway.envoy.logs.join("\n")).not.toContain(SECRET);
});

test("several keys of one variable take turns", async () => {
  service.requests.length = 0;
  const ask = async () =>
    (await post(gateway, "/v1/chat/completions", { model: "m", messages: [] })).arrayBuffer();
  const used = () => service.requests.splice(0).map(({ headers }) => headers.authorization);
  await ask();
  await ask();
  expect(used().sort()).toEqual(["Bearer sk-one", "Bearer sk-two"]);
});
