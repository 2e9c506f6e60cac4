/** Bootstrap configurations for plain Envoy with the plugin in front of every route. See docs/operations.md. */

/** Largest request or response body that Envoy holds for the plugin, in bytes; Envoy's own default is 1 MiB. */
const BODY_LIMIT_BYTES = 100 * 1024 * 1024;

/** The request headers by which the plugin tells Envoy's router where to go. */
export const STEERING = {
  endpointHeader: "x-envoy-original-dst-host",
  clusterHeader: "x-ai-proxy-cluster",
  cluster: "eureka-instances",
} as const;

/** Takes the steering headers out: of what clients send, and of what instances get. */
const STEERING_REMOVALS = [{ remove: STEERING.clusterHeader }, { remove: STEERING.endpointHeader }];

/** Makes labels of what stands behind the names of the plugin's metrics. See docs/observability.md. */
export const STATS_TAGS = [
  "service",
  "operation",
  "client",
  "model",
  "instance",
  "status",
  "kind",
  "token_type",
  "worker",
].map((tag_name) => ({ tag_name, regex: `^wasmcustom\\.ai_proxy\\..*?(\\.${tag_name}\\.([^.]+))` }));

/** A cluster as Envoy's API v3 has it; made by the functions below or by hand. */
export type Cluster = { name: string } & Record<string, unknown>;

/** What to configure. */
export interface GatewayOptions {
  /** Where clients call; 0 takes a free port. */
  port: number;
  /** Where Envoy's admin interface is, on 127.0.0.1; 0 takes a free port. */
  adminPort: number;
  /** Address of the listener; default 127.0.0.1. */
  address?: string;
  /** The plugin; without it Envoy only routes. */
  plugin?: Plugin;
  /** Cluster of every request; default: the one that {@link STEERING}'s cluster header names. */
  routeCluster?: string;
  /** Routes that come before the one for everything, as Envoy's API has them. */
  routes?: object[];
  /** Retry policy of the route; default: none. */
  retryPolicy?: object;
  /** Envoy's access log goes to standard output in this format; default: there is none. */
  accessLog?: string;
  clusters: Cluster[];
}

/** The plugin's file and configuration, and its environment variables as Envoy's `vm_config` has them. */
export interface Plugin {
  file: string;
  configuration: object;
  environment?: { host_env_keys?: string[]; key_values?: Record<string, string> };
}

/** The bootstrap: listener `main`, the plugin, one route for everything, the clusters, the admin interface. */
export function gatewayConfig(options: GatewayOptions): object {
  return {
    admin: { address: socketAddress("127.0.0.1", options.adminPort) },
    static_resources: { listeners: [listener(options)], clusters: options.clusters },
    stats_config: { stats_tags: STATS_TAGS },
    // Envoy warns about listeners without any limit of connections.
    overload_manager: {
      resource_monitors: [
        {
          name: "envoy.resource_monitors.global_downstream_max_connections",
          typed_config: {
            "@type": type(
              "extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig",
            ),
            max_active_downstream_connections: 50_000,
          },
        },
      ],
    },
  };
}

function listener(options: GatewayOptions): object {
  const connectionManager = {
    "@type": type("extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"),
    stat_prefix: "ai_gateway",
    // Streams of answers may be silent for long while a model thinks.
    stream_idle_timeout: "0s",
    early_header_mutation_extensions: [dropSteeringOfClients()],
    ...(options.accessLog ? { access_log: [standardOutputLog(options.accessLog)] } : {}),
    route_config: {
      virtual_hosts: [
        {
          name: "ai",
          domains: ["*"],
          routes: [...(options.routes ?? []), route(options)],
          // So that the plugin learns of an instance for which another one had to answer.
          include_attempt_count_in_response: options.retryPolicy !== undefined,
        },
      ],
    },
    http_filters: [
      ...(options.plugin ? [wasmFilter(options.plugin)] : []),
      {
        name: "envoy.filters.http.router",
        typed_config: { "@type": type("extensions.filters.http.router.v3.Router") },
      },
    ],
  };
  return {
    name: "main",
    address: socketAddress(options.address ?? "127.0.0.1", options.port),
    per_connection_buffer_limit_bytes: BODY_LIMIT_BYTES,
    filter_chains: [
      {
        filters: [{ name: "envoy.filters.network.http_connection_manager", typed_config: connectionManager }],
      },
    ],
  };
}

function standardOutputLog(format: string): object {
  return {
    name: "envoy.access_loggers.stdout",
    typed_config: {
      "@type": type("extensions.access_loggers.stream.v3.StdoutAccessLog"),
      log_format: { text_format_source: { inline_string: `${format}\n` } },
    },
  };
}

/** One route for all paths: the plugin changes the path, and Envoy looks the route up again after that. */
function route({ routeCluster, retryPolicy }: GatewayOptions): object {
  const target = routeCluster ? { cluster: routeCluster } : { cluster_header: STEERING.clusterHeader };
  const retries = retryPolicy ? { retry_policy: retryPolicy } : {};
  return { name: "ai", match: { prefix: "/" }, route: { ...target, ...retries, timeout: "0s" } };
}

/** A client that could set these headers could make the gateway call any address. */
function dropSteeringOfClients(): object {
  return {
    name: "envoy.http.early_header_mutation.header_mutation",
    typed_config: {
      "@type": type("extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation"),
      mutations: STEERING_REMOVALS,
    },
  };
}

function wasmFilter(plugin: Plugin): object {
  return {
    name: "envoy.filters.http.wasm",
    typed_config: {
      "@type": type("extensions.filters.http.wasm.v3.Wasm"),
      config: {
        name: "eureka-ai-proxy",
        root_id: "eureka-ai-proxy",
        vm_config: {
          runtime: "envoy.wasm.runtime.v8",
          code: { local: { filename: plugin.file } },
          ...(plugin.environment && { environment_variables: plugin.environment }),
        },
        // The plugin holds the request headers until it has read the body; Envoy lets it only with this.
        allow_on_headers_stop_iteration: true,
        failure_policy: "FAIL_RELOAD",
        configuration: {
          "@type": "type.googleapis.com/google.protobuf.StringValue",
          value: JSON.stringify(plugin.configuration),
        },
      },
    },
  };
}

/** The cluster of everything found in Eureka: Envoy connects to the `ip:port` in the endpoint header. */
export function instancesCluster(name: string = STEERING.cluster): Cluster {
  return {
    name,
    type: "ORIGINAL_DST",
    lb_policy: "CLUSTER_PROVIDED",
    connect_timeout: "5s",
    per_connection_buffer_limit_bytes: BODY_LIMIT_BYTES,
    original_dst_lb_config: { use_http_header: true, http_header_name: STEERING.endpointHeader },
    typed_extension_protocol_options: upstreamMutations(STEERING_REMOVALS),
  };
}

/**
 * A cluster of one server by its URL: a Eureka server or a model service that is not in Eureka. User and
 * password of the URL are added to every request, so that the plugin needs no credentials for Eureka.
 */
export function serverCluster(name: string, url: URL): Cluster {
  const secure = url.protocol === "https:";
  const port = Number(url.port) || (secure ? 443 : 80);
  return {
    name,
    type: "STRICT_DNS",
    dns_lookup_family: "V4_PREFERRED",
    connect_timeout: "5s",
    per_connection_buffer_limit_bytes: BODY_LIMIT_BYTES,
    load_assignment: assignment(name, [`${url.hostname}:${port}`]),
    ...(secure ? { transport_socket: tls(url.hostname) } : {}),
    ...(url.username
      ? { typed_extension_protocol_options: upstreamMutations([basicAuthentication(url)]) }
      : {}),
  };
}

/**
 * A cluster of fixed endpoints (`ip:port`) in which `header` of a request picks one; without the header
 * Envoy balances by itself.
 */
export function overrideHostCluster(name: string, header: string, endpoints: string[]): Cluster {
  const roundRobin = {
    name: "envoy.load_balancing_policies.round_robin",
    typed_config: { "@type": type("extensions.load_balancing_policies.round_robin.v3.RoundRobin") },
  };
  const overrideHost = {
    name: "envoy.load_balancing_policies.override_host",
    typed_config: {
      "@type": type("extensions.load_balancing_policies.override_host.v3.OverrideHost"),
      override_host_sources: [{ header }],
      fallback_policy: { policies: [{ typed_extension_config: roundRobin }] },
    },
  };
  return {
    name,
    type: "STATIC",
    connect_timeout: "5s",
    per_connection_buffer_limit_bytes: BODY_LIMIT_BYTES,
    load_assignment: assignment(name, endpoints),
    load_balancing_policy: { policies: [{ typed_extension_config: overrideHost }] },
  };
}

function basicAuthentication(url: URL): object {
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const value = `Basic ${Buffer.from(credentials).toString("base64")}`;
  return {
    append: { header: { key: "authorization", value }, append_action: "OVERWRITE_IF_EXISTS_OR_ADD" },
  };
}

/**
 * Changes of request headers made by a filter of the cluster. It runs after the endpoint has been chosen, and
 * sees what the plugin itself sends there, which the filters of a listener do not.
 */
function upstreamMutations(mutations: object[]): object {
  return {
    "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
      "@type": type("extensions.upstreams.http.v3.HttpProtocolOptions"),
      explicit_http_config: { http_protocol_options: {} },
      http_filters: [
        {
          name: "envoy.filters.http.header_mutation",
          typed_config: {
            "@type": type("extensions.filters.http.header_mutation.v3.HeaderMutation"),
            mutations: { request_mutations: mutations },
          },
        },
        {
          name: "envoy.filters.http.upstream_codec",
          typed_config: { "@type": type("extensions.filters.http.upstream_codec.v3.UpstreamCodec") },
        },
      ],
    },
  };
}

function assignment(cluster: string, endpoints: string[]): object {
  const addresses = endpoints.map((endpoint) => {
    const colon = endpoint.lastIndexOf(":");
    const host = endpoint.slice(0, colon).replace(/^\[|\]$/g, "");
    return { endpoint: { address: socketAddress(host, Number(endpoint.slice(colon + 1))) } };
  });
  return { cluster_name: cluster, endpoints: [{ lb_endpoints: addresses }] };
}

function tls(host: string): object {
  return {
    name: "envoy.transport_sockets.tls",
    typed_config: {
      "@type": type("extensions.transport_sockets.tls.v3.UpstreamTlsContext"),
      sni: host,
      common_tls_context: {
        validation_context: {
          trusted_ca: { filename: "/etc/ssl/certs/ca-certificates.crt" },
          match_typed_subject_alt_names: [{ san_type: "DNS", matcher: { exact: host } }],
        },
      },
    },
  };
}

function socketAddress(address: string, port: number): object {
  return { socket_address: { address, port_value: port } };
}

function type(name: string): string {
  return `type.googleapis.com/envoy.${name}`;
}
