/** docs/eureka/envoy.yaml works as it is written, with this machine's addresses put in; and its metrics have labels. */
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { type Envoy, startEnvoy } from "../../tools/dev/envoy.ts";
import { type ModelService, startModelService } from "../../tools/dev/model-service.ts";
import { builtPlugin } from "../../tools/dev/plugin.ts";
import { type Registration, register } from "../../tools/dev/registration.ts";
import { type EurekaServer, startEurekaServer } from "../support/eureka-server.ts";

const FILE = new URL("../../docs/eureka/envoy.yaml", import.meta.url);
const WORKERS = 4;

let eureka: EurekaServer;
let services: ModelService[] = [];
let registrations: Registration[] = [];
let envoy: Envoy;

beforeAll(async () => {
  eureka = await startEurekaServer({ credentials: "reader:secret" });
  const eurekaUrl = eureka.url.replace("://", "://reader:secret@");
  services = await Promise.all(["one", "two", "other"].map((name) => startModelService({ name })));
  registrations = await Promise.all(
    services.map(({ name, port }) =>
      register({
        eurekaUrl,
        application: "QWEN-CHAT",
        port,
        metadata: { model: name === "other" ? "llama" : "qwen" },
      }),
    ),
  );
  const changes: [string, string][] = [
    ["address: 0.0.0.0, port_value: 10000", "address: 127.0.0.1, port_value: 0"],
    ["port_value: 9901", "port_value: 0"],
    ["/etc/envoy/plugin.wasm", await builtPlugin()],
    // The first server is not there, so the second one is asked.
    ["address: eureka-a.example.com, port_value: 8761", "address: 127.0.0.1, port_value: 1"],
    ["address: eureka-b.example.com, port_value: 8761", `address: 127.0.0.1, port_value: ${eureka.port}`],
  ];
  let text = await readFile(FILE, "utf8");
  for (const [from, to] of changes) {
    expect(text).toContain(from);
    text = text.replaceAll(from, to);
  }
  envoy = await startEnvoy({ config: parse(text) as object, concurrency: WORKERS });
});

afterAll(async () => {
  await envoy?.stop();
  for (const registration of registrations) await registration.deregister();
  for (const service of services) await service.stop();
  await eureka?.stop();
});

async function ask(prompt: string): Promise<string> {
  const reply = await fetch(`http://127.0.0.1:${envoy.ports.main}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "gpt-4o", messages: [{ role: "user", content: prompt }] }),
  });
  await reply.arrayBuffer();
  return reply.headers.get("x-instance") ?? String(reply.status);
}

test("equal prompts reach one instance of the right model, in every worker", async () => {
  await expect.poll(() => ask("Hello"), { timeout: 20_000 }).toMatch(/one|two/);
  const seen = new Set<string>();
  for (let index = 0; index < 20; index++) {
    const home = await ask(`Prompt ${index}`);
    seen.add(home);
    for (let again = 0; again < 4; again++) expect(await ask(`Prompt ${index}`)).toBe(home);
  }
  expect(seen).toEqual(new Set(["one", "two"]));
});

test("the metrics have labels, and one of four workers asks Eureka", async () => {
  const metrics = async () => {
    const reply = await fetch(`${envoy.adminUrl}/stats/prometheus?filter=ai_proxy`);
    return reply.text();
  };
  const value = (text: string, name: string) => {
    const line = text.split("\n").find((found) => found.startsWith(`${name} `));
    return line === undefined ? -1 : Number(line.slice(name.length + 1));
  };
  const choices = (text: string, { port }: ModelService) =>
    value(
      text,
      `ai_proxy_choices_total{service="QWEN-CHAT",instance="127_0_0_1:${port}"}`.replaceAll("?", ""),
    );
  await expect
    .poll(async () => choices(await metrics(), services[0] as ModelService), { timeout: 5000 })
    .toBeGreaterThan(0);
  const text = await metrics();
  expect(value(text, 'ai_proxy_eureka_instances{service="QWEN-CHAT",status="UP"}')).toBe(3);
  expect(value(text, 'ai_proxy_instances_usable{service="QWEN-CHAT"}')).toBe(2);
  expect(value(text, 'ai_proxy_eureka_snapshot_age_ms{service="QWEN-CHAT"}')).toBeLessThan(10_000);
  const calls = value(text, "ai_proxy_eureka_calls_total{}");
  await new Promise((resolve) => setTimeout(resolve, 11_000));
  const later = value(await metrics(), "ai_proxy_eureka_calls_total{}");
  // Two or three polls of five seconds, whatever the number of workers.
  expect(later - calls).toBeGreaterThanOrEqual(2);
  expect(later - calls).toBeLessThanOrEqual(3);
});
