/** A root context: one configuration of the plugin inside a VM. */

import { BufferType, MapType, Status, StreamType } from "./abi.ts";
import { ByteQueue, toBytes } from "./buffers.ts";
import { Callout, type CalloutAnswer } from "./callouts.ts";
import type { Context, LocalReply } from "./context.ts";
import { type Exchange, type ExchangeOptions, exchange } from "./exchange.ts";
import { HeaderMap, type Pair } from "./headers.ts";
import type { Host } from "./host.ts";
import { dottedPath, encodeProperty, type Properties, type PropertyValue } from "./properties.ts";
import { Stream, type StreamOptions } from "./stream.ts";

export interface RootOptions {
  /** root_id of the plugin configuration. */
  rootId?: string;
  /** Name of the plugin configuration. */
  name?: string;
}

export class Root implements Context {
  readonly id: number;
  readonly root: Root = this;
  /** proxy_on_vm_start and proxy_on_configure both said yes. */
  readonly accepted: boolean;
  /** Period asked for by the plugin; 0: no ticks. */
  tickPeriodMs = 0;
  /** Callouts that wait for an answer, oldest first. */
  readonly callouts: Callout[] = [];
  readonly rootId: string;
  readonly name: string;
  /** What get_status answers. */
  status: { code: number; message: string } = { code: 0, message: "" };
  private answer: CalloutAnswer | undefined;
  private configuration: ByteQueue | undefined;
  private state = new Map<string, Uint8Array>();
  private done: "no" | "waiting" | "yes" = "no";

  constructor(
    readonly host: Host,
    configuration: string | Uint8Array | undefined,
    options: RootOptions,
    starting: boolean,
  ) {
    this.rootId = options.rootId ?? "";
    this.name = options.name ?? "";
    this.id = host.register(this);
    host.callback(this, "proxy_on_context_create", this.id, 0);
    const started =
      !starting || host.callback(this, "proxy_on_vm_start", this.id, host.vmConfiguration.length) !== 0;
    this.accepted = started && this.configure(toBytes(configuration)) && !host.failed;
  }

  /** Calls proxy_on_configure; true unless the plugin refused. */
  private configure(configuration: Uint8Array): boolean {
    this.configuration = new ByteQueue(configuration, true);
    const result = this.host.callback(this, "proxy_on_configure", this.id, configuration.length);
    this.configuration = undefined;
    return result !== 0;
  }

  /** One tick, whether or not the plugin asked for ticks. */
  tick(): void {
    this.host.callback(this, "proxy_on_tick", this.id);
  }

  /** A new stream, to be fed by hand. */
  stream(options: StreamOptions = {}): Stream {
    return new Stream(this, options);
  }

  /** One whole exchange; see {@link ExchangeOptions}. */
  exchange(options: ExchangeOptions): Exchange {
    return exchange(this, options);
  }

  /** The configuration is gone: on_done, and when the plugin is done, on_log and on_delete. */
  close(): void {
    for (const callout of this.callouts.splice(0)) callout.pending = false;
    this.done = "waiting";
    if (this.host.callback(this, "proxy_on_done", this.id) !== 0) this.finish();
  }

  /** proxy_done: a root that delayed its end has ended. */
  markDone(): Status {
    if (this.done !== "waiting") return Status.NotFound;
    this.host.afterCall(() => this.finish());
    return Status.Ok;
  }

  private finish(): void {
    if (this.done === "yes") return;
    this.done = "yes";
    this.host.callback(this, "proxy_on_log", this.id);
    this.host.callback(this, "proxy_on_delete", this.id);
    this.host.unregister(this);
  }

  /** http_call of this root or one of its streams; the token, or undefined for a bad argument. 0: no endpoint. */
  call(
    cluster: string,
    headers: Pair[],
    body: Uint8Array,
    trailers: Pair[],
    timeoutMs: number,
  ): number | undefined {
    const map = new HeaderMap(headers, "request");
    const complete = map.has(":method") && map.has(":path") && map.has(":authority");
    if (timeoutMs < 0 || !this.host.hasCluster(cluster) || !complete) return undefined;
    if (this.host.isEmptyCluster(cluster)) return 0;
    if (body.length > 0) map.replace("content-length", String(body.length));
    const token = this.host.nextCalloutToken();
    this.callouts.push(new Callout(token, cluster, map, body, trailers, timeoutMs, this.deliver));
    return token;
  }

  private deliver = (callout: Callout, answer: CalloutAnswer | undefined): void => {
    this.callouts.splice(this.callouts.indexOf(callout), 1);
    this.answer = answer;
    if (answer === undefined) this.status = { code: Status.BrokenConnection, message: "reset" };
    const trailerCount = answer?.trailers?.size ?? 0;
    this.host.callback(
      this,
      "proxy_on_http_call_response",
      this.id,
      callout.token,
      answer?.headers?.size ?? 0,
      answer?.body.length ?? 0,
      trailerCount,
    );
    this.answer = undefined;
    this.status.message = "";
  };

  calloutMap(type: MapType): HeaderMap | undefined {
    return type === MapType.CalloutHeaders ? this.answer?.headers : this.answer?.trailers;
  }

  readableMap(type: MapType): HeaderMap | undefined {
    return type === MapType.CalloutHeaders || type === MapType.CalloutTrailers
      ? this.calloutMap(type)
      : undefined;
  }

  writableMap(): HeaderMap | undefined {
    return undefined;
  }

  onRequestHeadersChanged(): void {}

  buffer(type: BufferType): ByteQueue | undefined {
    switch (type) {
      case BufferType.VmConfiguration:
        return new ByteQueue(this.host.vmConfiguration, true);
      case BufferType.PluginConfiguration:
        return this.configuration;
      case BufferType.CalloutBody:
        return this.answer?.body;
      case BufferType.RequestBody:
      case BufferType.ResponseBody:
      case BufferType.CallData:
        return new ByteQueue(undefined, true);
      default:
        return undefined;
    }
  }

  /** Properties that every context of this root has. */
  baseProperties(): Properties {
    return {
      plugin_name: this.name,
      plugin_root_id: this.rootId,
      plugin_vm_id: this.host.vmId,
      ...(this.host.kind === "higress" ? { plugin_vm_memory: this.host.memoryBytes } : {}),
      ...this.host.properties,
    };
  }

  getProperty(path: string): Uint8Array | undefined {
    const value: PropertyValue | undefined = this.state.get(path) ?? this.baseProperties()[dottedPath(path)];
    return value === undefined ? undefined : encodeProperty(value);
  }

  /** A root has no stream whose state could keep the property. */
  setProperty(path: string, value: Uint8Array): Status {
    if (path !== "wasm_need_rebuild" || this.host.kind !== "higress") return Status.NotFound;
    this.state.set(path, value);
    return Status.Ok;
  }

  sendLocalReply(_reply: LocalReply): void {}

  continueStream(type: StreamType): Status {
    return type > StreamType.Upstream ? Status.BadArgument : Status.Ok;
  }

  closeStream(type: StreamType): Status {
    return type > StreamType.Upstream ? Status.BadArgument : Status.Ok;
  }

  clearRouteCache(): void {}

  setOverrideHost(): Status {
    return Status.BadArgument;
  }
}
