/** Plays scenarios on the emulator. */
import {
  type ExchangeOptions,
  type GatewayReply,
  type HeaderMap,
  Host,
  LogLevel,
  type Message,
  type Root,
  type UpstreamAnswer,
  type UpstreamFailure,
} from "./index.ts";
import {
  comparable,
  digest,
  isCompared,
  LISTENERS,
  type Observation,
  type Scenario,
} from "./scenarios/scenario.ts";

export async function playEmulated(module: WebAssembly.Module, scenario: Scenario): Promise<Observation> {
  const { hold, limit } = LISTENERS[scenario.listener ?? "main"];
  const host = await Host.load(module, {
    allowOnHeadersStopIteration: hold,
    bufferLimit: limit,
    clusters: ["upstream", "second", "refused", "instances"],
    emptyClusters: ["empty"],
    logLevel: LogLevel.Info,
    vmId: scenario.listener ?? "main",
  });
  const root = host.root(undefined, { name: "probe", rootId: "root" });
  if (scenario.before !== undefined)
    root.exchange(exchangeOptions(root, { ...scenario, script: scenario.before }));
  host.logs.length = 0;
  const { upstream, client } = root.exchange(exchangeOptions(root, scenario));
  return {
    probe: host.messages().filter((line) => isCompared(scenario, line)),
    upstream: upstream && {
      headers: comparable(upstream.headers.toObject()),
      body: digest(upstream.text),
      complete: upstream.complete && !upstream.lengthMismatch,
    },
    client: client && {
      status: client.status,
      headers: comparable(client.headers.toObject()),
      body: digest(client.text),
      complete: client.complete && !client.lengthMismatch,
      trailers: comparable(client.trailers?.toObject() ?? {}),
    },
  };
}

function exchangeOptions(root: Root, scenario: Scenario): ExchangeOptions {
  return {
    request: {
      headers: {
        ":method": scenario.method ?? "POST",
        ":path": scenario.path ?? "/",
        ...scenario.headers,
        "x-probe": scenario.script,
      },
      chunks: scenario.request,
      trailers: scenario.requestTrailers,
    },
    properties: { "xds.cluster_name": "upstream", "xds.virtual_host_name": "all" },
    end: scenario.http === 2 ? "joined" : "separate",
    answerEnd: "separate",
    clientLeavesAfter: scenario.clientLeavesAfter,
    route: refuse,
    respond: (request) => answer(scenario, request),
    onHeld: () => answerCallout(root, scenario),
  };
}

/** The real upstreams and what Envoy says when there is none. */
function answer(scenario: Scenario, request: Message): UpstreamAnswer | UpstreamFailure {
  const { status = 200, headers, parts, trailers, abort, hang } = scenario.answer ?? {};
  if (request.headers.get(":path")?.startsWith("/refused")) return { failure: REFUSED };
  if (hang && parts === undefined) return { hang };
  if (abort && parts === undefined) return { failure: BROKEN_OFF, received: true };
  const second = request.headers.get("x-t-cluster") === "second" || request.headers.has(ORIGINAL_DESTINATION);
  return {
    headers: { ":status": String(status), ...headers, ...(second ? { "x-t-second": "1" } : {}) },
    chunks: parts ?? (status === 204 ? undefined : []),
    trailers,
    abort,
    hang,
  };
}

/** Routes that Envoy does not take a request for. */
function refuse(headers: HeaderMap): GatewayReply | undefined {
  const path = headers.get(":path") ?? "";
  if (path.startsWith("/empty")) return NO_ENDPOINT;
  if (path.startsWith("/direct")) return { status: 418, body: "tea", details: "direct_response" };
  if (path.startsWith("/instances") && !headers.has(ORIGINAL_DESTINATION)) return NO_ENDPOINT;
  if (headers.get("x-t-cluster") === "unknown") return { status: 503, details: "cluster_not_found" };
  return undefined;
}

function answerCallout(root: Root, scenario: Scenario): void {
  const [callout] = root.callouts;
  if (callout === undefined) return;
  const reply = scenario.callouts?.[callout.headers.get(":path") ?? ""];
  if (callout.cluster === "refused") callout.respond({ headers: { ":status": "503" }, body: REFUSED.body });
  else callout.respond({ headers: { ":status": String(reply?.status ?? 404) }, body: reply?.body });
}

const ORIGINAL_DESTINATION = "x-envoy-original-dst-host";
const NO_ENDPOINT = { status: 503, body: "no healthy upstream", details: "no_healthy_upstream" };
const REFUSED = {
  status: 503,
  body: "upstream connect error or disconnect/reset before headers. reset reason: remote connection failure",
  details:
    "upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_Connection_refused}",
};
const BROKEN_OFF = {
  status: 503,
  body: "upstream connect error or disconnect/reset before headers. reset reason: connection termination",
  details: "upstream_reset_before_response_started{connection_termination}",
};
