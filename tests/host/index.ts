/**
 * An emulator of a proxy-wasm host that drives a real filter, in the terms of a test. It has no dependency on Node, so
 * it also runs in a browser. `tests/e2e/host-conformance.test.ts` compares it with Envoy 1.40.
 *
 * ```ts
 * const host = await Host.load(module, { kind: "envoy", allowOnHeadersStopIteration: true, clusters: ["eureka"] });
 * const root = host.root(JSON.stringify(configuration), { name: "ai-proxy" });
 * root.accepted;                                     // proxy_on_configure said yes
 * root.tick();
 * root.callouts[0].respond({ body: "{}" });          // or .fail() or .timeOut()
 *
 * // One exchange, whole:
 * const { upstream, client, localReply, hung, reset } = root.exchange({
 *   request: { headers: { ":path": "/v1/chat/completions" }, body: "{...}" },
 *   respond: (request) => ({ headers: { "content-type": "application/json" }, body: request.text }),
 *   cutRequest: 7,                                   // bytes per part, or the offsets of the cuts
 *   cutResponse: [1, 5],
 *   end: "joined",                                   // end of stream with the last part, as in HTTP/2
 *   onHeld: () => root.callouts[0]?.respond({}),     // nothing moves: what the outside world does next
 * });
 *
 * // Step by step; each call returns the frames that left the filter because of it:
 * const stream = root.stream({ properties: { "xds.route_name": "r1" } });
 * stream.requestHeaders({ ":method": "GET", ":path": "/", ":authority": "a" }, true);
 * stream.responseHeaders({ ":status": "200" }, false);
 * stream.responseBody("data: 1\n\n", false);
 * stream.gatewayReply({ status: 503 });              // the gateway answers by itself
 * stream.upstreamReset();                            // the upstream broke off in the middle of its answer
 * stream.abort();                                    // the client went away
 * stream.close();                                    // on_log, on_done, on_delete
 * ```
 *
 * Also of use: `host.logs` / `host.messages()` (proxy_log), `host.log` with `trace: true` (the flat call log),
 * `host.counters` (host calls, bytes copied), `host.memoryBytes`, `host.metrics.value(name)`, `host.failed` and
 * `host.trap`, `Host.canary(...)`, and one `SharedStore` given to several hosts as several workers.
 */

export {
  BufferType,
  DataAction,
  HeadersAction,
  type HostKind,
  LogLevel,
  MapType,
  MetricType,
  Status,
  StreamType,
  TrailersAction,
} from "./abi.ts";
export { ByteQueue, type Content, concatenate, toBytes, toText } from "./buffers.ts";
export type { Callout } from "./callouts.ts";
export type { LocalReply } from "./context.ts";
export type {
  Answer,
  ClientRequest,
  Cut,
  Exchange,
  ExchangeOptions,
  Message,
  UpstreamAnswer,
  UpstreamFailure,
} from "./exchange.ts";
export type { Frame } from "./flow.ts";
export { HeaderMap, type HeaderSource, type Pair, parsePairs, serializePairs } from "./headers.ts";
export { Host, type HostOptions, type LogLine } from "./host.ts";
export type { Counters } from "./memory.ts";
export { MetricStore } from "./metrics.ts";
export type { Properties } from "./properties.ts";
export type { Root, RootOptions } from "./root.ts";
export { SharedStore } from "./shared.ts";
export type { GatewayReply, Stream, StreamOptions } from "./stream.ts";
