/** Plays scenarios on a real Envoy: a client, Envoy with the probe filter on several listeners, and upstreams. */
import http from "node:http";
import http2 from "node:http2";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Envoy, startEnvoy } from "../../tools/dev/envoy.ts";
import { freePort } from "../../tools/dev/ports.ts";
import {
  comparable,
  digest,
  isCompared,
  LISTENERS,
  type ListenerName,
  type Observation,
  type Scenario,
} from "./scenarios/scenario.ts";

/** Between two parts, so that each arrives on its own. */
const PAUSE_MS = 25;
/** A callout is answered after the whole request was sent, also on a machine that stands still for a moment. */
const CALLOUT_MS = 400;
/** When nothing has happened for so long, the exchange hangs. */
const PATIENCE_MS = 1500;

export interface RealEnvoy {
  play(scenario: Scenario): Promise<Observation>;
  /** The address of the second upstream, which answers with the header `x-t-second`. */
  secondAddress: string;
  stop(): Promise<void>;
}

/** Starts Envoy with the probe at `wasmFile`. */
export async function startRealEnvoy(wasmFile: string): Promise<RealEnvoy> {
  let scenario: Scenario | undefined;
  let upstream: Observation["upstream"];
  let openCallouts = 0;
  const serve = (second: boolean) => async (request: http.IncomingMessage, response: http.ServerResponse) => {
    const callout = request.headers.host === "callout";
    if (callout) {
      const answer = scenario?.callouts?.[request.url ?? ""] ?? { status: 404, body: "" };
      openCallouts++;
      await sleep(CALLOUT_MS);
      response.writeHead(answer.status).end(answer.body);
      openCallouts--;
      return;
    }
    const seen = {
      headers: comparable({ ...request.headers, ":path": request.url, ":method": request.method }),
      body: "",
      complete: false,
    };
    upstream = seen;
    const parts: string[] = [];
    request.on("data", (part: Buffer) => parts.push(part.toString("latin1")));
    await new Promise<void>((resolve) => request.on("close", resolve).on("end", resolve));
    seen.body = digest(parts.join(""));
    seen.complete = request.complete;
    await answer(response, scenario?.answer ?? {}, second);
  };
  const first = await listen(http.createServer(serve(false)));
  const second = await listen(http.createServer(serve(true)));
  const lines: string[] = [];
  const envoy = await startEnvoy({
    config: configuration(wasmFile, port(first), port(second), await freePort()),
    componentLogLevel: "wasm:info",
    onLog: (line) => {
      const message = /wasm log[^:]*: (.*)$/.exec(line)?.[1];
      if (message !== undefined) lines.push(message);
    },
  });
  return {
    secondAddress: `127.0.0.1:${port(second)}`,
    async play(next) {
      scenario = next;
      const listener = envoy.ports[next.listener ?? "main"];
      const call = next.http === 2 ? callHttp2 : callHttp1;
      if (next.before !== undefined) await call(listener, { ...next, script: next.before });
      // What an earlier exchange has left open is not this one's.
      while (openCallouts > 0) await sleep(PAUSE_MS);
      await quiet(lines);
      lines.length = 0;
      upstream = undefined;
      const client = await call(listener, next);
      await quiet(lines);
      return { probe: lines.filter((line) => isCompared(next, line)), upstream, client };
    },
    async stop() {
      await stopAll(envoy, [first, second]);
    },
  };
}

async function stopAll(envoy: Envoy, servers: http.Server[]): Promise<void> {
  await envoy.stop();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
}

/** Waits until no line was logged for a while. */
async function quiet(lines: string[]): Promise<void> {
  for (let before = -1; before !== lines.length; await sleep(4 * PAUSE_MS)) before = lines.length;
}

async function answer(
  response: http.ServerResponse,
  wanted: NonNullable<Scenario["answer"]>,
  second: boolean,
): Promise<void> {
  if (wanted.abort && wanted.parts === undefined) {
    response.destroy();
    return;
  }
  if (wanted.hang && wanted.parts === undefined) return;
  const trailers = wanted.trailers === undefined ? {} : { trailer: Object.keys(wanted.trailers).join() };
  response.sendDate = false;
  response.writeHead(wanted.status ?? 200, {
    ...wanted.headers,
    ...trailers,
    ...(second ? { "x-t-second": "1" } : {}),
  });
  if (wanted.parts === undefined) {
    response.end();
    return;
  }
  response.flushHeaders();
  for (const part of wanted.parts ?? []) {
    await sleep(PAUSE_MS);
    response.write(part, "latin1");
  }
  if (wanted.hang) return;
  await sleep(PAUSE_MS);
  if (wanted.abort) {
    response.destroy();
    return;
  }
  if (wanted.trailers !== undefined) response.addTrailers(wanted.trailers);
  response.end();
}

/** The request's own headers, with the script. */
function requestHeaders(scenario: Scenario): Record<string, string> {
  const length = (scenario.request ?? []).join("").length;
  const chunked = scenario.requestTrailers !== undefined;
  return {
    ...(length > 0 && !chunked ? { "content-length": String(length) } : {}),
    ...(chunked
      ? { "transfer-encoding": "chunked", trailer: Object.keys(scenario.requestTrailers ?? {}).join() }
      : {}),
    ...scenario.headers,
    "x-probe": scenario.script,
  };
}

async function callHttp1(listener: number, scenario: Scenario): Promise<Observation["client"]> {
  const request = http.request({
    host: "127.0.0.1",
    port: listener,
    method: scenario.method ?? "POST",
    path: scenario.path ?? "/",
    headers: requestHeaders(scenario),
    agent: false,
  });
  const result = new Promise<Observation["client"]>((resolve) => {
    request.on("error", () => resolve(undefined));
    request.on("response", (response) => {
      let body = "";
      response.on("data", (part: Buffer) => {
        body += part.toString("latin1");
        if (scenario.clientLeavesAfter !== undefined && body.length >= scenario.clientLeavesAfter)
          request.destroy();
      });
      response.on("error", () => {});
      response.on("close", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: comparable(response.headers),
          body: digest(body),
          complete: response.complete,
          trailers: comparable(response.trailers),
        }),
      );
    });
  });
  request.flushHeaders();
  for (const part of scenario.request ?? []) {
    await sleep(PAUSE_MS);
    request.write(part, "latin1");
  }
  if (scenario.request !== undefined) await sleep(PAUSE_MS);
  if (scenario.requestTrailers !== undefined) request.addTrailers(scenario.requestTrailers);
  request.end();
  const patience = setTimeout(() => request.destroy(), PATIENCE_MS);
  return result.finally(() => clearTimeout(patience));
}

async function callHttp2(listener: number, scenario: Scenario): Promise<Observation["client"]> {
  const session = http2.connect(`http://127.0.0.1:${listener}`);
  const parts = scenario.request ?? [];
  const stream = session.request(
    {
      ":method": scenario.method ?? "POST",
      ":path": scenario.path ?? "/",
      ...requestHeaders(scenario),
    },
    { endStream: parts.length === 0 },
  );
  const result = new Promise<Observation["client"]>((resolve) => {
    let headers: http2.IncomingHttpHeaders = {};
    let trailers: http2.IncomingHttpHeaders = {};
    let body = "";
    let complete = false;
    stream.on("response", (received) => {
      headers = received;
    });
    stream.on("trailers", (received) => {
      trailers = received;
    });
    stream.on("data", (part: Buffer) => {
      body += part.toString("latin1");
    });
    stream.on("end", () => {
      complete = stream.rstCode === 0;
    });
    stream.on("error", () => {});
    stream.on("close", () => {
      const status = Number(headers[":status"] ?? 0);
      const client = {
        status,
        headers: comparable(headers),
        body: digest(body),
        complete,
        trailers: comparable(trailers),
      };
      resolve(status === 0 ? undefined : client);
    });
  });
  for (const [index, part] of parts.entries()) {
    await sleep(PAUSE_MS);
    if (index === parts.length - 1) stream.end(part, "latin1");
    else stream.write(part, "latin1");
  }
  const patience = setTimeout(() => stream.close(http2.constants.NGHTTP2_CANCEL), PATIENCE_MS);
  return result.finally(() => {
    clearTimeout(patience);
    session.destroy();
  });
}

async function listen(server: http.Server): Promise<http.Server> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

function port(server: http.Server): number {
  return (server.address() as AddressInfo).port;
}

// ---- Envoy's configuration ------------------------------------------------------------------------------------------

const type = (name: string) => ({ "@type": `type.googleapis.com/envoy.${name}` });
const address = (number: number) => ({ socket_address: { address: "127.0.0.1", port_value: number } });

function configuration(wasmFile: string, first: number, second: number, closed: number): object {
  return {
    admin: { address: address(0) },
    static_resources: {
      listeners: (Object.keys(LISTENERS) as ListenerName[]).map((name) => listener(name, wasmFile)),
      clusters: [
        cluster("upstream", [first]),
        cluster("second", [second]),
        cluster("refused", [closed]),
        cluster("empty", []),
        {
          name: "instances",
          type: "ORIGINAL_DST",
          lb_policy: "CLUSTER_PROVIDED",
          original_dst_lb_config: { use_http_header: true, http_header_name: "x-envoy-original-dst-host" },
        },
      ],
    },
  };
}

function cluster(name: string, ports: number[]): object {
  const endpoints = ports.map((number) => ({ endpoint: { address: address(number) } }));
  return {
    name,
    type: "STATIC",
    per_connection_buffer_limit_bytes: LISTENERS.large.limit,
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: endpoints }] },
    typed_extension_protocol_options: {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
        ...type("extensions.upstreams.http.v3.HttpProtocolOptions"),
        explicit_http_config: { http_protocol_options: { enable_trailers: true } },
      },
    },
  };
}

function listener(name: ListenerName, wasmFile: string): object {
  const routes = [
    { name: "refused", match: { prefix: "/refused" }, route: { cluster: "refused" } },
    { name: "empty", match: { prefix: "/empty" }, route: { cluster: "empty" } },
    { name: "instances", match: { prefix: "/instances" }, route: { cluster: "instances" } },
    { name: "slow", match: { prefix: "/slow" }, route: { cluster: "upstream", timeout: "0.2s" } },
    {
      name: "direct",
      match: { prefix: "/direct" },
      direct_response: { status: 418, body: { inline_string: "tea" } },
    },
    {
      name: "chosen",
      match: { prefix: "/", headers: [{ name: "x-t-cluster", present_match: true }] },
      route: { cluster_header: "x-t-cluster", timeout: "0s" },
    },
    { name: "default-route", match: { prefix: "/" }, route: { cluster: "upstream", timeout: "0s" } },
  ];
  const wasm = {
    ...type("extensions.filters.http.wasm.v3.Wasm"),
    config: {
      name: "probe",
      root_id: "root",
      allow_on_headers_stop_iteration: LISTENERS[name].hold,
      vm_config: { vm_id: name, runtime: "envoy.wasm.runtime.v8", code: { local: { filename: wasmFile } } },
    },
  };
  const manager = {
    ...type("extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"),
    stat_prefix: name,
    http_protocol_options: { enable_trailers: true },
    route_config: { virtual_hosts: [{ name: "all", domains: ["*"], routes }] },
    http_filters: [
      { name: "envoy.filters.http.wasm", typed_config: wasm },
      { name: "envoy.filters.http.router", typed_config: type("extensions.filters.http.router.v3.Router") },
    ],
  };
  return {
    name,
    address: address(0),
    per_connection_buffer_limit_bytes: LISTENERS[name].limit,
    filter_chains: [{ filters: [{ name: "envoy.http_connection_manager", typed_config: manager }] }],
  };
}
