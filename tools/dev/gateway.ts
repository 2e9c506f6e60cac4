/** Envoy with the plugin and a Eureka server: the gateway of `npm start` and of the end-to-end tests. */
import { type Envoy, startEnvoy } from "./envoy.ts";
import {
  type Cluster,
  gatewayConfig,
  instancesCluster,
  type Plugin,
  STEERING,
  serverCluster,
} from "./envoy-config.ts";
import { builtPlugin } from "./plugin.ts";

/** What the gateway is made of. */
export interface GatewayOptions {
  /** Where clients call, on 127.0.0.1; default: a free port. */
  port?: number;
  /** Envoy's admin interface; default: a free port. */
  adminPort?: number;
  /** Where the REST interfaces of the Eureka servers begin, best first. May hold `user:password@`. */
  eurekaUrls: string[];
  /** Milliseconds between two polls of Eureka. */
  pollIntervalMs: number;
  /** `services` of the plugin's configuration. */
  services: object[];
  /** Further settings of the plugin's configuration; replace the ones made here. */
  settings?: object;
  /** Environment variables of the plugin's virtual machine. */
  environment?: Plugin["environment"];
  /** Further clusters, for services that are not in Eureka. */
  clusters?: Cluster[];
  /** Cluster of every request; default: the one that the plugin chooses. */
  routeCluster?: string;
  /** Routes that come before the one for everything, as Envoy's API has them. */
  routes?: object[];
  /** Retry policy of the route, as Envoy's API has it; default: none. */
  retryPolicy?: object;
  /** Format of Envoy's access log, whose lines come with the others; default: none. */
  accessLog?: string;
  concurrency?: number;
  logLevel?: string;
  onLog?: (line: string) => void;
}

/** A running gateway. */
export interface Gateway {
  /** Where clients call, for example `http://127.0.0.1:10000`. */
  url: string;
  envoy: Envoy;
  stop: () => Promise<void>;
}

/** Builds the plugin if needed, starts Envoy with it and resolves when Envoy takes requests. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const servers = options.eurekaUrls.map((text, index) => {
    const url = new URL(text);
    const cluster = index === 0 ? "eureka" : `eureka-${index + 1}`;
    return { url, cluster };
  });
  const configuration = {
    allowOnHeadersStopIteration: true,
    steering: STEERING,
    eureka: {
      servers: servers.map(({ url, cluster }) => ({
        cluster,
        path: url.pathname.replace(/(.)\/$/, "$1"),
        authority: url.host,
      })),
      pollIntervalMs: options.pollIntervalMs,
    },
    services: options.services,
    ...options.settings,
  };
  const config = gatewayConfig({
    port: options.port ?? 0,
    adminPort: options.adminPort ?? 0,
    plugin: { file: await builtPlugin(), configuration, environment: options.environment },
    routeCluster: options.routeCluster,
    routes: options.routes,
    retryPolicy: options.retryPolicy,
    accessLog: options.accessLog,
    clusters: [
      instancesCluster(),
      ...servers.map(({ url, cluster }) => serverCluster(cluster, url)),
      ...(options.clusters ?? []),
    ],
  });
  const envoy = await startEnvoy({
    config,
    concurrency: options.concurrency,
    logLevel: options.logLevel,
    onLog: options.onLog,
  });
  return { url: `http://127.0.0.1:${envoy.ports.main}`, envoy, stop: envoy.stop };
}
