/** One HTTP stream: its context in the VM, and its two directions through the filter. */

import { BufferType, DataAction, HeadersAction, MapType, Status, StreamType, TrailersAction } from "./abi.ts";
import { ByteQueue, type Content, toBytes } from "./buffers.ts";
import { type Context, isHttpStream, type LocalReply } from "./context.ts";
import { type FilterSide, Flow, type Frame } from "./flow.ts";
import { HeaderMap, type HeaderSource } from "./headers.ts";
import { dottedPath, encodeProperty, type Properties } from "./properties.ts";
import type { Root } from "./root.ts";
import { streamProperties } from "./stream-properties.ts";

export interface StreamOptions {
  /** Added to, or put over, the properties the host gives by itself; by dotted path. */
  properties?: Properties;
  /**
   * Called with the request headers that leave the filter. An answer means that the gateway refuses them at once: no
   * route, no such cluster, no healthy endpoint.
   */
  route?: (headers: HeaderMap) => GatewayReply | undefined;
}

/** An answer made by the gateway itself. */
export interface GatewayReply {
  status: number;
  body?: Content;
  headers?: HeaderSource;
  /** Envoy's response code details. */
  details?: string;
}

/** A body that is not there at the moment: it reads as empty and cannot be written. */
const ABSENT = new ByteQueue(undefined, true);

/** Details of replies the host makes for the filter. */
const DETAILS_TRAP = "wasm_fail_stream";
const DETAILS_REQUEST_TOO_LARGE = "request_payload_too_large";
const DETAILS_RESPONSE_TOO_LARGE = "response_payload_too_large";

export class Stream implements Context {
  readonly id: number;
  readonly request: Flow;
  readonly response: Flow;
  /** The reply made by the filter or by the gateway itself, if any. */
  localReply: LocalReply | undefined;
  /** The stream was cut off, so what the client or the upstream got is not complete. */
  reset = false;
  routeCacheClears = 0;
  /** Higress: the endpoint that the plugin asked for. */
  overrideHost: string | undefined;
  codeDetails = "";
  readonly properties: Properties;
  private state = new Map<string, Uint8Array>();
  private maps: (HeaderMap | undefined)[] = [];
  private bodies: (ByteQueue | undefined)[] = [];
  private buffering = [false, false];
  private limits: (number | undefined)[] = [];
  private autoClearRouteCache = true;
  private cutOff = [false, false];
  private preparedReply: LocalReply | undefined;
  private created = false;
  private closed = false;

  constructor(
    readonly root: Root,
    private readonly options: StreamOptions,
  ) {
    this.id = root.host.register(this);
    this.properties = options.properties ?? {};
    this.request = this.flow(StreamType.Request);
    this.response = this.flow(StreamType.Response);
  }

  /** The whole answer has left, or the stream was reset: nothing more can happen. */
  get finished(): boolean {
    return this.response.ended || this.reset || this.closed;
  }

  // ---- fed by the test; each returns what left the filter because of it -------------------------------------------

  requestHeaders(headers: HeaderSource, end: boolean): Frame[] {
    return this.feed(this.request, (flow) => flow.feedHeaders(new HeaderMap(headers, "request"), end));
  }

  requestBody(bytes: Content, end: boolean): Frame[] {
    return this.feed(this.request, (flow) => flow.feedData(toBytes(bytes), end));
  }

  requestTrailers(trailers: HeaderSource): Frame[] {
    return this.feed(this.request, (flow) => flow.feedTrailers(new HeaderMap(trailers)));
  }

  responseHeaders(headers: HeaderSource, end: boolean): Frame[] {
    return this.feed(this.response, (flow) => flow.feedHeaders(new HeaderMap(headers, "response"), end));
  }

  responseBody(bytes: Content, end: boolean): Frame[] {
    return this.feed(this.response, (flow) => flow.feedData(toBytes(bytes), end));
  }

  responseTrailers(trailers: HeaderSource): Frame[] {
    return this.feed(this.response, (flow) => flow.feedTrailers(new HeaderMap(trailers)));
  }

  /** The gateway itself answers, e.g. 503 because the upstream refused the connection. */
  gatewayReply(reply: GatewayReply): Frame[] {
    const before = this.response.frames.length;
    this.sendReplyNow({
      status: reply.status,
      headers: new HeaderMap(reply.headers).pairs(),
      body: toBytes(reply.body),
      details: reply.details ?? "",
    });
    return this.response.frames.slice(before);
  }

  /** The upstream broke off after it had begun to answer: the client gets 502, or a torn answer if it had a part. */
  upstreamReset(): void {
    this.sendReplyNow({
      status: 502,
      headers: [],
      body: toBytes(
        "upstream connect error or disconnect/reset before headers. reset reason: protocol error",
      ),
      details: "upstream_reset_after_response_started{protocol_error}",
    });
  }

  private cutShort(): void {
    if (this.finished) return;
    this.reset = true;
    if (this.response.headers === undefined) this.codeDetails ||= DETAILS_TRAP;
  }

  /** The client went away. */
  abort(): void {
    if (this.finished) return;
    this.reset = true;
    this.codeDetails ||= "downstream_remote_disconnect";
  }

  /** The end of the stream: on_log, on_done and on_delete. */
  close(): void {
    if (this.closed) return;
    if (!this.response.ended) this.reset = true;
    this.closed = true;
    const host = this.root.host;
    if (this.created) {
      for (const callback of ["proxy_on_log", "proxy_on_done", "proxy_on_delete"] as const) {
        host.callback(this, callback, this.id);
      }
    }
    host.unregister(this);
  }

  // ---- the filter as the filter manager sees it -------------------------------------------------------------------

  private feed(flow: Flow, step: (flow: Flow) => void): Frame[] {
    const before = flow.frames.length;
    const deaf = this.finished || (flow === this.request && this.cutOff[StreamType.Request]);
    if (!deaf) step(flow);
    return flow.frames.slice(before);
  }

  private flow(type: StreamType.Request | StreamType.Response): Flow {
    const side = type === StreamType.Request ? "request" : "response";
    const headersMap = type === StreamType.Request ? MapType.RequestHeaders : MapType.ResponseHeaders;
    const trailersMap = type === StreamType.Request ? MapType.RequestTrailers : MapType.ResponseTrailers;
    const filter: FilterSide = {
      onHeaders: (headers, end) => {
        this.create();
        this.maps[headersMap] = headers;
        const action = this.headersAction(`proxy_on_${side}_headers`, headers.size, end);
        if (action === HeadersAction.Continue) this.maps[headersMap] = undefined;
        return action;
      },
      onData: (data, end) => {
        const seen = this.buffering[type] ? flow.addBuffered(data, false) : data;
        // A request that grew too large is still shown to the filter; an answer is not.
        if (this.cutOff[StreamType.Response]) return DataAction.StopIterationNoBuffer;
        this.bodies[type] = seen;
        const action = this.dataAction(`proxy_on_${side}_body`, seen.length, end);
        this.buffering[type] = action === DataAction.StopIterationAndBuffer;
        if (action === DataAction.Continue) this.bodies[type] = undefined;
        return action;
      },
      onTrailers: (trailers) => {
        this.maps[trailersMap] = trailers;
        const action = this.trailersAction(`proxy_on_${side}_trailers`, trailers.size);
        if (action === TrailersAction.Continue) this.maps[trailersMap] = undefined;
        return action;
      },
    };
    const flow: Flow = new Flow(filter, {
      bufferLimit: () => this.limits[type] ?? this.root.host.bufferLimit,
      onOverflow: () => this.overflow(type),
      isCutOff: () => this.settle(type),
      onFrame: (frame) => type === StreamType.Response || this.route(frame),
    });
    return flow;
  }

  /** The router takes the request, or the gateway answers by itself. */
  private route(frame: Frame): boolean {
    const refusal = frame.kind === "headers" ? this.options.route?.(frame.headers) : undefined;
    if (refusal !== undefined) this.gatewayReply(refusal);
    return refusal === undefined;
  }

  private create(): void {
    if (this.created) return;
    this.created = true;
    this.root.host.callback(this, "proxy_on_context_create", this.id, this.root.id);
  }

  /** What stands for the callback's result when the VM is dead, and 0 when the plugin has no such callback. */
  private act(name: string, stopped: number, ...parameters: number[]): number {
    const host = this.root.host;
    const action = host.callback(this, name, this.id, ...parameters);
    if (host.failed) {
      this.failStream();
      return stopped;
    }
    return host.localReplySent ? stopped : (action ?? 0);
  }

  private headersAction(name: string, size: number, end: boolean): HeadersAction {
    const action = this.act(name, HeadersAction.StopAllIterationAndWatermark, size, end ? 1 : 0) >>> 0;
    if (action > HeadersAction.StopAllIterationAndWatermark)
      return HeadersAction.StopAllIterationAndWatermark;
    if (action === HeadersAction.ContinueAndEndStream) return HeadersAction.Continue;
    if (action === HeadersAction.StopIteration && !this.root.host.holdsHeadersAlone) {
      return HeadersAction.StopAllIterationAndWatermark;
    }
    return action;
  }

  private dataAction(name: string, size: number, end: boolean): DataAction {
    const action = this.act(name, DataAction.StopIterationNoBuffer, size, end ? 1 : 0) >>> 0;
    return Math.min(action, DataAction.StopIterationNoBuffer);
  }

  private trailersAction(name: string, size: number): TrailersAction {
    return this.act(name, TrailersAction.StopIteration, size) === 0
      ? TrailersAction.Continue
      : TrailersAction.StopIteration;
  }

  // ---- replies made inside the gateway ----------------------------------------------------------------------------

  private overflow(type: StreamType.Request | StreamType.Response): void {
    const reply =
      type === StreamType.Request
        ? { status: 413, body: "Payload Too Large", details: DETAILS_REQUEST_TOO_LARGE }
        : { status: 500, body: "Internal Server Error", details: DETAILS_RESPONSE_TOO_LARGE };
    const { host } = this.root;
    const within = host.running;
    this.sendReplyNow({ ...reply, headers: [], body: toBytes(reply.body) });
    // An answer is cut off at once, even in the middle of a callback (set_buffer_bytes beyond the limit): the
    // callbacks of the end run inside of the host call.
    if (within && type === StreamType.Response) this.close();
  }

  /** A dead VM: its streams get an empty 503, or are reset when they had a part of the answer. */
  private failStream(): void {
    if (this.finished) return;
    this.localReply = { status: 503, headers: [], body: new Uint8Array(0), details: DETAILS_TRAP };
    this.codeDetails = DETAILS_TRAP;
    this.cutOff = [true, true];
    if (this.response.headersSent) this.reset = true;
    else this.bypass(this.localReply);
  }

  /** The plugin's reply; it is sent after the callback in which it was asked for. */
  sendLocalReply(reply: LocalReply): void {
    this.root.host.afterCall(() => this.sendReplyNow(reply));
  }

  private sendReplyNow(reply: LocalReply): void {
    if (this.finished || this.preparedReply !== undefined) return;
    this.localReply = reply;
    this.codeDetails = reply.details;
    this.cutOff[StreamType.Request] = true;
    if (this.response.headers === undefined) {
      if (this.request.inCallback) this.preparedReply = reply;
      else this.runReply(reply);
      return;
    }
    this.cutOff[StreamType.Response] = true;
    if (this.response.headersSent) this.reset = true;
    else this.bypass(reply);
  }

  /** Sends a reply through the filter: its response callbacks see it like an upstream's answer. */
  private runReply(reply: LocalReply): void {
    const empty = reply.body.length === 0;
    this.responseHeaders(replyHeaders(reply), empty);
    if (!empty) this.responseBody(reply.body, true);
  }

  /** Sends a reply around the filter: the answer that it replaces was inside the filter already. */
  private bypass(reply: LocalReply): void {
    const empty = reply.body.length === 0;
    this.response.headers = new HeaderMap(replyHeaders(reply), "response");
    this.response.emit({ kind: "headers", headers: this.response.headers, end: empty });
    if (!empty) this.response.emit({ kind: "data", bytes: reply.body, end: true });
  }

  /** Runs a prepared reply; true when the direction was cut off. */
  private settle(type: StreamType.Request | StreamType.Response): boolean {
    const reply = this.preparedReply;
    if (type === StreamType.Request && reply !== undefined) {
      this.preparedReply = undefined;
      this.runReply(reply);
    }
    return this.cutOff[type] || this.reset;
  }

  // ---- the context as the plugin sees it --------------------------------------------------------------------------

  readableMap(type: MapType): HeaderMap | undefined {
    if (type === MapType.CalloutHeaders || type === MapType.CalloutTrailers)
      return this.root.calloutMap(type);
    // The access log sees the final maps again.
    if (this.closed && type === MapType.RequestHeaders) return this.request.headers;
    if (this.closed && type === MapType.ResponseHeaders) return this.response.headers;
    if (this.closed && type === MapType.ResponseTrailers) return this.response.trailers;
    return this.maps[type];
  }

  writableMap(type: MapType): HeaderMap | undefined {
    return this.maps[type];
  }

  onRequestHeadersChanged(): void {
    if (this.autoClearRouteCache) this.routeCacheClears++;
  }

  buffer(type: BufferType): ByteQueue | undefined {
    if (type !== BufferType.RequestBody && type !== BufferType.ResponseBody) return this.root.buffer(type);
    const direction = type === BufferType.RequestBody ? StreamType.Request : StreamType.Response;
    const held = direction === StreamType.Request ? this.request.buffered : this.response.buffered;
    return (this.buffering[direction] ? held : this.bodies[direction]) ?? ABSENT;
  }

  getProperty(path: string): Uint8Array | undefined {
    const name = dottedPath(path);
    const value = this.properties[name] ?? streamProperties(this)[name] ?? this.state.get(path);
    return value === undefined ? this.root.getProperty(path) : encodeProperty(value);
  }

  setProperty(path: string, value: Uint8Array): Status {
    this.state.set(path, value);
    if (this.root.host.kind === "higress") this.applyHigressProperty(path, new TextDecoder().decode(value));
    return Status.Ok;
  }

  /** Higress reads some properties as commands. Either limit sets both, as in Envoy one limit serves both. */
  private applyHigressProperty(path: string, value: string): void {
    if (path === "set_decoder_buffer_limit") this.limits[StreamType.Request] = Number(value);
    else if (path === "set_encoder_buffer_limit") this.limits[StreamType.Response] = Number(value);
    else if (path === "clear_route_cache") this.autoClearRouteCache = value !== "off";
  }

  continueStream(type: StreamType): Status {
    if (type > StreamType.Upstream) return Status.BadArgument;
    if (isHttpStream(type)) {
      const flow = type === StreamType.Request ? this.request : this.response;
      this.root.host.afterCall(() => {
        if (!this.finished && !this.cutOff[type]) flow.continue();
      });
    }
    this.maps[MapType.RequestHeaders] = undefined;
    this.maps[MapType.RequestTrailers] = undefined;
    this.bodies[StreamType.Request] = undefined;
    return Status.Ok;
  }

  closeStream(type: StreamType): Status {
    if (type > StreamType.Upstream) return Status.BadArgument;
    if (isHttpStream(type)) this.root.host.afterCall(() => this.cutShort());
    return Status.Ok;
  }

  clearRouteCache(): void {
    this.routeCacheClears++;
  }

  setOverrideHost(address: string): Status {
    this.overrideHost = address;
    return Status.Ok;
  }
}

/** Header map of a local reply in the order in which Envoy builds it. */
function replyHeaders(reply: LocalReply): [string, string][] {
  const headers = new HeaderMap([[":status", String(reply.status)], ...reply.headers], "response");
  headers.remove("content-length");
  if (reply.body.length === 0) return headers.pairs();
  headers.add("content-length", String(reply.body.length));
  if (!headers.has("content-type")) headers.add("content-type", "text/plain");
  return headers.pairs();
}
