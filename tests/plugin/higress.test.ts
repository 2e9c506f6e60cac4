/** The build for Higress: instances are chosen by the gateway's own call. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { pathOf } from "../../tools/build.ts";
import { Host, type Root } from "../host/index.ts";
import { chat, eurekaConfiguration, eurekaReply, pluginModule } from "./plugin.ts";

let module: WebAssembly.Module;
beforeAll(() => {
  const file = pathOf("higress");
  if (!existsSync(file)) execFileSync("npm", ["run", "build:higress"], { stdio: "inherit" });
  module = new WebAssembly.Module(readFileSync(file));
}, 300_000);

async function gateway(code: WebAssembly.Module, kind: "higress" | "envoy"): Promise<Root> {
  const host = await Host.load(code, { kind, allowOnHeadersStopIteration: true, clusters: ["eureka"] });
  const root = host.root(JSON.stringify(eurekaConfiguration()), { name: "ai-proxy" });
  root.tick();
  const reply = eurekaReply("QWEN-CHAT", [
    [9001, "UP"],
    [9002, "UP"],
    [9003, "DOWN"],
  ]);
  root.callouts[0]?.respond({ body: reply });
  return root;
}

const request = { model: "m", messages: [] };

describe("the build for Higress", () => {
  it("sends requests to the instances that are UP by set_upstream_override_host", async () => {
    const root = await gateway(module, "higress");
    const exchanges = Array.from({ length: 6 }, () => chat(root, request));
    const hosts = exchanges.map(({ stream }) => stream.overrideHost);
    expect(new Set(hosts)).toEqual(new Set(["10.0.0.1:9001", "10.0.0.1:9002"]));
    for (const { upstream, client } of exchanges) {
      expect(client?.status).toBe(200);
      expect(upstream?.headers.get("x-envoy-original-dst-host")).toBeUndefined();
      expect(upstream?.headers.get("x-ai-proxy-cluster")).toBeUndefined();
    }
  });

  it("takes out what a client wrote into the steering headers", async () => {
    const root = await gateway(module, "higress");
    const headers = { "x-envoy-original-dst-host": "10.6.6.6:1", "x-ai-proxy-cluster": "evil" };
    const { upstream } = chat(root, request, { request: { headers } });
    expect(upstream?.headers.get("x-envoy-original-dst-host")).toBeUndefined();
    expect(upstream?.headers.get("x-ai-proxy-cluster")).toBeUndefined();
  });

  it("does not load on plain Envoy", async () => {
    await expect(gateway(module, "envoy")).rejects.toThrow("proxy_set_upstream_override_host");
  });

  it("leaves services that are not in Eureka to the route's cluster", async () => {
    const host = await Host.load(module, { kind: "higress" });
    const services = [{ service: "llm.dns:443" }];
    const root = host.root(JSON.stringify({ services }), { name: "ai-proxy" });
    const { stream, client } = chat(root, request);
    expect(client?.status).toBe(200);
    expect(stream.overrideHost).toBeUndefined();
  });
});

describe("docs/eureka/higress.yaml", () => {
  it("configures the build for Higress", async () => {
    const text = readFileSync(new URL("../../docs/eureka/higress.yaml", import.meta.url), "utf8");
    const resources = parseAllDocuments(text).map((document) => document.toJS());
    expect(resources.map(({ kind }) => kind)).toEqual(["McpBridge", "Ingress", "WasmPlugin"]);
    const [{ config, ingress }] = resources[2].spec.matchRules;
    const configuration = { _rules_: [{ ...config, _match_route_: ingress }] };
    const clusters = ["outbound|8761||eureka-server.dns"];
    const host = await Host.load(module, { kind: "higress", clusters });
    const root = host.root(JSON.stringify(configuration), { name: "ai-proxy" });
    root.tick();
    expect(root.callouts[0]?.headers.get(":authority")).toBe("eureka.example.com");
    expect(root.callouts[0]?.headers.get("authorization")).toMatch(/^Basic /);
    root.callouts[0]?.respond({ body: eurekaReply("QWEN-CHAT", [[9001, "UP"]]) });
    const { stream, upstream } = chat(root, request, { properties: { "xds.route_name": "qwen" } });
    expect(stream.overrideHost).toBe("10.0.0.1:9001");
    expect(JSON.parse(upstream?.text ?? "")).toMatchObject({ model: "qwen-max" });
    expect(host.logs.filter(({ level }) => level >= 3)).toEqual([]);
  });
});

describe("the build for every host", () => {
  it("loads on Higress as well, and names the instance in the header only", async () => {
    const root = await gateway(pluginModule(), "higress");
    const { stream, upstream } = chat(root, request);
    expect(stream.overrideHost).toBeUndefined();
    expect(upstream?.headers.get("x-envoy-original-dst-host")).toMatch(/^10\.0\.0\.1:900[12]$/);
  });
});
