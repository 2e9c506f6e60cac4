/** The built plugin in the emulator, for tests of whole exchanges. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Exchange, type ExchangeOptions, Host, type HostOptions, type Root } from "../host/index.ts";

const file = fileURLToPath(new URL("../../build/plugin.wasm", import.meta.url));
let module: WebAssembly.Module | undefined;

/** The plugin as `npm run build` makes it; built when it is missing. */
export function pluginModule(): WebAssembly.Module {
  if (!existsSync(file)) execFileSync("npm", ["run", "build"], { stdio: "inherit" });
  module ??= new WebAssembly.Module(readFileSync(file));
  return module;
}

/** A host with the plugin in it: plain Envoy that holds headers, unless told otherwise. */
export function loadHost(options: Partial<HostOptions> = {}): Promise<Host> {
  return Host.load(pluginModule(), {
    kind: "envoy",
    allowOnHeadersStopIteration: true,
    bufferLimit: 100 << 20,
    clusters: ["eureka", "models"],
    ...options,
  });
}

/** A configuration with one service in the cluster `models`. */
export function clusterConfiguration(service: object = {}, rest: object = {}): object {
  return {
    allowOnHeadersStopIteration: true,
    steering: { clusterHeader: "x-ai-proxy-cluster" },
    services: [{ name: "models", cluster: "models", ...service }],
    ...rest,
  };
}

/** A configuration with one application in Eureka. */
export function eurekaConfiguration(service: object = {}, rest: object = {}): object {
  return {
    allowOnHeadersStopIteration: true,
    steering: { clusterHeader: "x-ai-proxy-cluster", cluster: "eureka-instances" },
    eureka: { servers: [{ cluster: "eureka" }], pollIntervalMs: 5000 },
    services: [{ application: "QWEN-CHAT", ...service }],
    ...rest,
  };
}

/** Host and root in one call. */
export async function configured(configuration: object, options: Partial<HostOptions> = {}): Promise<Root> {
  const host = await loadHost(options);
  return host.root(JSON.stringify(configuration), { name: "ai-proxy" });
}

/** One chat request to the plugin, answered by `respond`. */
export function chat(root: Root, body: unknown, options: Partial<ExchangeOptions> = {}): Exchange {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return root.exchange({
    ...options,
    request: {
      body: text,
      ...options.request,
      headers: {
        ":path": "/v1/chat/completions",
        "content-type": "application/json",
        "content-length": String(Buffer.byteLength(text)),
        ...(options.request?.headers as Record<string, string> | undefined),
      },
    },
    respond: options.respond ?? (() => ({ headers: { "content-type": "application/json" }, body: "{}" })),
  });
}

/** Eureka's reply for one application; each instance is `[port, status]`. */
export function eurekaReply(application: string, instances: [port: number, status: string][]): string {
  return JSON.stringify({
    application: {
      name: application,
      instance: instances.map(([port, status]) => ({
        instanceId: `model:${port}`,
        hostName: "model",
        app: application,
        ipAddr: "10.0.0.1",
        status,
        port: { $: port, "@enabled": "true" },
        securePort: { $: 443, "@enabled": "false" },
        metadata: { "@class": "java.util.Collections$EmptyMap" },
      })),
    },
  });
}
