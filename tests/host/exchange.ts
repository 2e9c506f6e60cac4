/** One whole exchange: client -> filter -> upstream -> filter -> client. */

import { type Content, concatenate, toBytes, toText } from "./buffers.ts";
import type { LocalReply } from "./context.ts";
import type { Flow, Frame } from "./flow.ts";
import { HeaderMap, type HeaderSource } from "./headers.ts";
import type { Root } from "./root.ts";
import type { GatewayReply, Stream, StreamOptions } from "./stream.ts";

/** How the end of a body comes. */
export type End = "separate" | "joined";

/** Where to cut a body: every n bytes, or at these offsets. */
export type Cut = number | readonly number[];

export interface ClientRequest {
  /** Added when missing: `:method` POST, `:path` /, `:authority`, `:scheme`, and content-length for a body. */
  headers?: HeaderSource;
  body?: Content;
  /** Instead of `body`: the parts as they arrive. */
  chunks?: readonly Content[];
  trailers?: HeaderSource;
}

export interface UpstreamAnswer {
  /** `:status` is 200 unless given. */
  headers?: HeaderSource;
  body?: Content;
  /** Instead of `body`: the parts as they arrive. */
  chunks?: readonly Content[];
  trailers?: HeaderSource;
  /** The upstream breaks off after what it has sent. */
  abort?: boolean;
  /** It sends nothing more after its parts, and no headers either where it has none (`chunks`, `body`). */
  hang?: boolean;
}

/** The upstream was not reached, or broke off before it answered: the gateway answers itself. */
export interface UpstreamFailure {
  failure: GatewayReply;
  /** The request had arrived before. */
  received?: boolean;
}

export interface ExchangeOptions extends StreamOptions {
  request: ClientRequest;
  /** Called with the complete request that reached the upstream. Default: an empty 200. */
  respond?: (request: Message) => UpstreamAnswer | UpstreamFailure;
  cutRequest?: Cut;
  cutResponse?: Cut;
  /**
   * "separate" (default): the end comes as an empty frame of its own, as with HTTP/1. "joined": it comes with the
   * last bytes, as with HTTP/2.
   */
  end?: End;
  /** The same for the answer, if it differs from the request (HTTP/2 client, HTTP/1 upstream). */
  answerEnd?: End;
  /** The client goes away once it has this many bytes of the answer's body. */
  clientLeavesAfter?: number;
  /**
   * Called when the exchange can go no further by itself. Answer callouts or tick here. When nothing has moved
   * afterwards the exchange counts as hung.
   */
  onHeld?: (stream: Stream) => void;
}

/** A request or an answer as it left the filter. */
export interface Message {
  headers: HeaderMap;
  body: Uint8Array;
  /** The body as text. */
  text: string;
  /** Non-empty parts in the order and sizes in which they left. */
  chunks: Uint8Array[];
  trailers: HeaderMap | undefined;
  /** All of it has left. */
  complete: boolean;
  /** content-length was sent and is not the length of the body: the receiver would fail. */
  lengthMismatch: boolean;
}

export interface Answer extends Message {
  status: number;
  /** For each part of `chunks`: the index of the upstream part that was being fed when it left, -1 before the first. */
  arrivals: number[];
}

export interface Exchange {
  /** What reached the upstream, also if incomplete; undefined when nothing did. */
  upstream: Message | undefined;
  /** What reached the client; undefined when nothing did. */
  client: Answer | undefined;
  localReply: LocalReply | undefined;
  reset: boolean;
  /** The exchange stopped with something held that nobody will release. */
  hung: boolean;
  routeCacheClears: number;
  stream: Stream;
}

const END_FRAME = { bytes: new Uint8Array(0), end: true };

/** Runs one exchange on a new stream of `root`, which is closed at the end. */
export function exchange(root: Root, options: ExchangeOptions): Exchange {
  const stream = root.stream(options);
  const arrivals = new Map<Frame, number>();
  let hung = !runRequest(stream, options);
  let unreachable = false;
  if (!hung && !stream.finished && stream.request.ended) {
    const request = message(stream.request);
    // An upstream that was promised another length waits for more, or takes the rest for another request.
    if (request === undefined || request.lengthMismatch) hung = true;
    else unreachable = runResponse(stream, options, options.respond?.(request) ?? {}, arrivals);
  }
  if (!hung && !stream.finished) hung = !advance(stream, options, () => stream.finished);
  const result: Exchange = {
    upstream: unreachable ? undefined : message(stream.request),
    client: answer(stream.response, arrivals),
    localReply: stream.localReply,
    reset: stream.reset,
    hung,
    routeCacheClears: stream.routeCacheClears,
    stream,
  };
  stream.close();
  return result;
}

/** Feeds the request; false when it got stuck. */
function runRequest(stream: Stream, options: ExchangeOptions): boolean {
  const { request } = options;
  const headers = requestHeaders(request);
  const parts = request.chunks?.map(toBytes) ?? cut([toBytes(request.body)], options.cutRequest);
  const frames = plan(parts, request.trailers !== undefined, options.end);
  stream.requestHeaders(headers, frames.length === 0 && request.trailers === undefined);
  for (const frame of frames) stream.requestBody(frame.bytes, frame.end);
  if (request.trailers !== undefined) stream.requestTrailers(request.trailers);
  return advance(
    stream,
    options,
    () => stream.request.ended || stream.finished || stream.response.headersSent,
  );
}

/** Feeds the upstream's answer; true when the upstream was not reached. */
function runResponse(
  stream: Stream,
  options: ExchangeOptions,
  upstream: UpstreamAnswer | UpstreamFailure,
  arrivals: Map<Frame, number>,
): boolean {
  if ("failure" in upstream) {
    stream.gatewayReply(upstream.failure);
    return upstream.received !== true;
  }
  if (upstream.hang && upstream.chunks === undefined && upstream.body === undefined) return false;
  const note = (frames: Frame[], index: number): void => {
    for (const frame of frames) arrivals.set(frame, index);
  };
  const headers = new HeaderMap(upstream.headers);
  if (!headers.has(":status")) headers.add(":status", "200");
  const parts = upstream.chunks?.map(toBytes) ?? cut([toBytes(upstream.body)], options.cutResponse);
  const withTrailers = upstream.trailers !== undefined;
  const isOpen = upstream.abort === true || upstream.hang === true;
  const frames = plan(parts, withTrailers || isOpen, options.answerEnd ?? options.end);
  // An answer that comes in parts has no known length, so its end comes after the headers even without any part.
  if (upstream.chunks?.length === 0 && !withTrailers && !isOpen) frames.push(END_FRAME);
  note(stream.responseHeaders(headers.pairs(), frames.length === 0 && !withTrailers && !isOpen), -1);
  for (const [index, frame] of frames.entries()) {
    note(stream.responseBody(frame.bytes, frame.end), index);
    const received = message(stream.response)?.body.length ?? 0;
    if (options.clientLeavesAfter !== undefined && received >= options.clientLeavesAfter) stream.abort();
  }
  if (upstream.trailers !== undefined) note(stream.responseTrailers(upstream.trailers), frames.length);
  if (upstream.abort) stream.upstreamReset();
  return false;
}

/** Lets the test release what is held until `done`; false when nothing moves any more. */
function advance(stream: Stream, options: ExchangeOptions, done: () => boolean): boolean {
  while (!done()) {
    const before = progress(stream);
    options.onHeld?.(stream);
    if (progress(stream) === before) return false;
  }
  return true;
}

/** Changes whenever the exchange has moved: frames left, or a callout was sent or answered. */
function progress(stream: Stream): string {
  const { request, response, root } = stream;
  const callouts = root.callouts.map((callout) => callout.token);
  return [request.frames.length, response.frames.length, stream.reset, ...callouts].join();
}

function requestHeaders(request: ClientRequest): [string, string][] {
  const headers = new HeaderMap(request.headers);
  const defaults = { ":scheme": "http", ":authority": "gateway.test", ":path": "/", ":method": "POST" };
  for (const [name, value] of Object.entries(defaults)) if (!headers.has(name)) headers.add(name, value);
  const length = concatenate((request.chunks ?? [request.body ?? ""]).map(toBytes)).length;
  const framed = headers.has("content-length") || headers.has("transfer-encoding") || request.trailers;
  if (length > 0 && !framed) headers.add("content-length", String(length));
  return headers.pairs();
}

/** Cuts bytes into parts. */
function cut(parts: readonly Uint8Array[], where: Cut | undefined): Uint8Array[] {
  const whole = concatenate(parts);
  if (whole.length === 0) return [];
  if (where === undefined) return [whole];
  const offsets = typeof where === "number" ? [] : [...where];
  if (typeof where === "number") for (let at = where; at < whole.length; at += where) offsets.push(at);
  const pieces: Uint8Array[] = [];
  let start = 0;
  for (const offset of [...offsets.sort((a, b) => a - b), whole.length]) {
    const end = Math.min(offset, whole.length);
    if (end > start) pieces.push(whole.subarray(start, end));
    start = Math.max(start, end);
  }
  return pieces;
}

/** The frames of a body. */
function plan(
  parts: readonly Uint8Array[],
  open: boolean,
  end: End | undefined,
): { bytes: Uint8Array; end: boolean }[] {
  const frames = parts.map((bytes, index) => ({
    bytes,
    end: !open && end === "joined" && index === parts.length - 1,
  }));
  if (frames.length > 0 && !open && end !== "joined") frames.push(END_FRAME);
  return frames;
}

/** Puts the frames of a direction together. */
export function message(flow: Flow): Message | undefined {
  let headers: HeaderMap | undefined;
  let trailers: HeaderMap | undefined;
  const chunks: Uint8Array[] = [];
  for (const frame of flow.frames) {
    if (frame.kind === "headers") headers = frame.headers;
    else if (frame.kind === "trailers") trailers = frame.headers;
    else if (frame.bytes.length > 0) chunks.push(frame.bytes);
  }
  if (headers === undefined) return undefined;
  const body = concatenate(chunks);
  const length = headers.get("content-length");
  const lengthMismatch = flow.ended && length !== undefined && Number(length) !== body.length;
  return { headers, body, text: toText(body), chunks, trailers, complete: flow.ended, lengthMismatch };
}

function answer(flow: Flow, arrivals: Map<Frame, number>): Answer | undefined {
  const whole = message(flow);
  if (whole === undefined) return undefined;
  const frames = flow.frames.filter((frame) => frame.kind === "data" && frame.bytes.length > 0);
  return {
    ...whole,
    status: Number(whole.headers.get(":status")),
    arrivals: frames.map((frame) => arrivals.get(frame) ?? -1),
  };
}
