/** The real parts of the chaos test: a Eureka server, an Envoy whose plugin can be exchanged, instances that break. */
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Envoy, startEnvoy } from "../../../tools/dev/envoy.ts";
import { gatewayConfig, instancesCluster, STEERING, serverCluster } from "../../../tools/dev/envoy-config.ts";
import { compileToFile } from "../../support/assembly.ts";
import { type EurekaServer, startEurekaServer } from "../../support/eureka-server.ts";
import { Instance } from "./instance.ts";

const APPLICATION = "CHAOS";
const WORKERS = 2;

/** What must be found nowhere but where it belongs. */
export const SECRETS = {
  service: "sk-service-4f1e9c",
  client: "sk-client-7d20ab",
  text: "confidential-95c3e8",
};

/** Everything that runs. */
export interface Stage {
  url: string;
  envoy: Envoy;
  eureka: EurekaServer;
  instances: Instance[];
  /** Gives the plugin another configuration while requests are on their way. */
  configure: (change: object) => Promise<void>;
  stop: () => Promise<void>;
}

/** Starts everything and resolves when the gateway has learnt the instances. */
export async function startStage(): Promise<Stage> {
  const directory = await mkdtemp(join(tmpdir(), "chaos-"));
  const eureka = await startEurekaServer();
  const instances = ["one", "two", "three"].map((name) => new Instance(name, SECRETS.service));
  for (const instance of instances) {
    await instance.start();
    await register(eureka, instance);
  }
  const file = await compileToFile("tests/e2e/chaos/trapping.as.ts");
  const resource = join(directory, "plugin.json");
  const write = async (change: object) => {
    const configuration = { ...configurationFor(eureka), ...change };
    const config = gatewayConfig({ port: 0, adminPort: 0, plugin: { file, configuration }, clusters: [] });
    // Envoy notices a file that takes another's place, not one that is written to.
    await writeFile(`${resource}.new`, JSON.stringify(discovered(pluginOf(config)), null, 2));
    await rename(`${resource}.new`, resource);
  };
  await write({});
  const envoy = await startEnvoy({
    config: withDiscovery(eureka, file, resource),
    concurrency: WORKERS,
    componentLogLevel: "wasm:debug",
  });
  const url = `http://127.0.0.1:${envoy.ports.main}`;
  await known(url);
  return {
    url,
    envoy,
    eureka,
    instances,
    configure: write,
    stop: async () => {
      await envoy.stop();
      for (const instance of instances) await instance.kill();
      await eureka.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function configurationFor(eureka: EurekaServer): object {
  return {
    allowOnHeadersStopIteration: true,
    steering: STEERING,
    eureka: {
      servers: [{ cluster: "eureka", path: "/eureka", authority: new URL(eureka.url).host }],
      pollIntervalMs: 1000,
    },
    attempts: { max: 3, firstByteMs: 1000, backoffMs: 10, maxBackoffMs: 50, budgetPercent: 100 },
    services: [
      {
        application: APPLICATION,
        token: SECRETS.service,
        outlier: { consecutiveFailures: 2, baseEjectionMs: 500, maxEjectionMs: 1000, maxEjectedPercent: 70 },
      },
    ],
  };
}

/** An entry without heartbeats, which stays for as long as the test lasts. */
async function register(eureka: EurekaServer, { name, port }: Instance): Promise<void> {
  const instance = {
    instanceId: name,
    hostName: "127.0.0.1",
    app: APPLICATION,
    ipAddr: "127.0.0.1",
    status: "UP",
    port: { $: port, "@enabled": true },
    vipAddress: "chaos",
    dataCenterInfo: { "@class": "com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo", name: "MyOwn" },
    leaseInfo: { renewalIntervalInSecs: 30, durationInSecs: 100_000 },
  };
  const reply = await fetch(`${eureka.url}/apps/${APPLICATION}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ instance }),
  });
  if (reply.status >= 300) throw new Error(`Eureka answered ${reply.status} to a registration`);
}

async function known(url: string): Promise<void> {
  const deadline = Date.now() + 15_000;
  const body = JSON.stringify({ model: "chaos", messages: [{ role: "user", content: "first" }] });
  for (;;) {
    const headers = { "content-type": "application/json" };
    const reply = await fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body });
    const text = await reply.text();
    if (reply.status === 200) return;
    if (Date.now() > deadline) throw new Error(`The gateway still answers ${reply.status} ${text}`);
  }
}

// ---- Envoy's extension discovery, by which Higress, too, exchanges a plugin ----------------------------------

interface Filter {
  name: string;
  typed_config: object;
}

// biome-ignore lint/suspicious/noExplicitAny: the bootstrap is built as plain JSON
function filtersOf(config: any): Filter[] {
  const [listener] = config.static_resources.listeners;
  return listener.filter_chains[0].filters[0].typed_config.http_filters;
}

function pluginOf(config: object): Filter {
  return filtersOf(config)[0] as Filter;
}

function discovered({ name, typed_config }: Filter): object {
  const type = "type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig";
  return {
    version_info: String(Date.now()),
    resources: [{ "@type": type, name, typed_config }],
  };
}

function withDiscovery(eureka: EurekaServer, file: string, path: string): object {
  const config = gatewayConfig({
    port: 0,
    adminPort: 0,
    plugin: { file, configuration: {} },
    clusters: [instancesCluster(), serverCluster("eureka", new URL(eureka.url))],
  });
  const { name } = pluginOf(config);
  filtersOf(config)[0] = {
    name,
    config_discovery: {
      config_source: { path_config_source: { path }, resource_api_version: "V3" },
      type_urls: ["type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm"],
    },
  } as unknown as Filter;
  return { node: { id: "gateway", cluster: "gateway" }, ...config };
}
