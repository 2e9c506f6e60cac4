/** What the import functions need of a context, be it a root or a stream. */

import type { BufferType, MapType, Status } from "./abi.ts";
import { StreamType } from "./abi.ts";
import type { ByteQueue } from "./buffers.ts";
import type { HeaderMap, Pair } from "./headers.ts";
import type { Root } from "./root.ts";

/** A reply made inside the gateway instead of by the upstream. */
export interface LocalReply {
  status: number;
  headers: readonly Pair[];
  body: Uint8Array;
  /** Envoy's response code details. */
  details: string;
}

export interface Context {
  readonly id: number;
  readonly root: Root;
  /** A map the plugin may read. */
  readableMap(type: MapType): HeaderMap | undefined;
  /** A map the plugin may change. */
  writableMap(type: MapType): HeaderMap | undefined;
  /** Request headers were changed. */
  onRequestHeadersChanged(): void;
  buffer(type: BufferType): ByteQueue | undefined;
  /** Parts of a path are separated by NUL. */
  getProperty(path: string): Uint8Array | undefined;
  setProperty(path: string, value: Uint8Array): Status;
  sendLocalReply(reply: LocalReply): void;
  continueStream(type: StreamType): Status;
  closeStream(type: StreamType): Status;
  clearRouteCache(): void;
  /** Higress: the endpoint (`ip:port`) that the router is to take, if the cluster has it. */
  setOverrideHost(address: string): Status;
}

/** Stream types of http filters; the other two belong to network filters. */
export function isHttpStream(type: number): type is StreamType.Request | StreamType.Response {
  return type === StreamType.Request || type === StreamType.Response;
}
