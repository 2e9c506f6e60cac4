/**
 * One direction of a stream (request or response) through Envoy's filter manager, with exactly one filter in it.
 * The names follow Envoy's source/common/http/filter_manager.cc, whose rules this file restates.
 */

import { DataAction, HeadersAction, TrailersAction } from "./abi.ts";
import { ByteQueue } from "./buffers.ts";
import type { HeaderMap } from "./headers.ts";

/** What leaves the filter: to the upstream in the request direction, to the client in the response direction. */
export type Frame =
  | { kind: "headers"; headers: HeaderMap; end: boolean }
  | { kind: "data"; bytes: Uint8Array; end: boolean }
  | { kind: "trailers"; headers: HeaderMap; end: true };

/** The filter as the filter manager calls it. Actions are final: ABI quirks are already applied. */
export interface FilterSide {
  onHeaders(headers: HeaderMap, end: boolean): HeadersAction;
  onData(data: ByteQueue, end: boolean): DataAction;
  onTrailers(trailers: HeaderMap): TrailersAction;
}

/** The stream around a direction. */
export interface FlowOwner {
  /** Bytes a held body may take before it counts as too large. */
  bufferLimit(): number;
  /** A body that is buffered (not streamed) passed the limit. */
  onOverflow(): void;
  /** Runs what a callback left to do (a local reply); true when this direction must go no further. */
  isCutOff(): boolean;
  /** Something leaves the filter; false when nobody takes it. */
  onFrame(frame: Frame): boolean;
}

enum Iteration {
  Open,
  /** Headers, data or trailers are held, and the filter still sees what comes after. */
  StopSingle,
  /** Everything is held and the filter sees nothing until it continues. */
  StopAllBuffer,
  StopAllWatermark,
}

export class Flow {
  headers: HeaderMap | undefined;
  trailers: HeaderMap | undefined;
  /** Body held by the filter manager. */
  buffered: ByteQueue | undefined;
  /** Everything that left so far, in order. */
  readonly frames: Frame[] = [];
  /** The last frame has left. */
  ended = false;
  /** True inside a callback of this direction. */
  inCallback = false;
  private iteration = Iteration.Open;
  private headersContinued = false;
  private endSeen = false;
  /** The filter was told the end of the body. */
  private filterEnded = false;
  /** The held body is passed on as soon as possible, so it never counts as too large. Only "buffer" ends that. */
  private streaming = true;
  private overflowed = false;

  constructor(
    private readonly filter: FilterSide,
    private readonly owner: FlowOwner,
  ) {}

  get headersSent(): boolean {
    return this.frames.length > 0;
  }

  /** The filter or the manager holds something back. */
  get held(): boolean {
    return this.iteration !== Iteration.Open;
  }

  /** Everything of the message was fed, but not everything left. */
  get stuck(): boolean {
    return this.endSeen && !this.ended;
  }

  feedHeaders(headers: HeaderMap, end: boolean): void {
    this.headers = headers;
    this.endSeen = end;
    this.filterEnded = end;
    const action = this.within(() => this.filter.onHeaders(headers, end));
    if (this.owner.isCutOff()) return;
    switch (action) {
      case HeadersAction.StopIteration:
        this.iteration = Iteration.StopSingle;
        return;
      case HeadersAction.StopAllIterationAndBuffer:
        this.iteration = Iteration.StopAllBuffer;
        return;
      case HeadersAction.StopAllIterationAndWatermark:
        this.iteration = Iteration.StopAllWatermark;
        return;
      default:
        this.sendHeaders(end);
    }
  }

  feedData(bytes: Uint8Array, end: boolean): void {
    this.endSeen = this.endSeen || end;
    this.passData(new ByteQueue(bytes), end);
  }

  feedTrailers(trailers: HeaderMap): void {
    this.trailers = trailers;
    this.endSeen = true;
    this.passTrailers();
  }

  /** Moves data to the held body, from inside a body callback; the callback then sees the held body whole. */
  addBuffered(data: ByteQueue, streaming: boolean): ByteQueue {
    this.streaming = streaming;
    return this.hold(data);
  }

  /** continueDecoding / continueEncoding: releases what is held. */
  continue(): void {
    if (this.iteration === Iteration.Open) return;
    // When everything was stopped the filter has not seen the body yet, so it starts with the filter itself.
    const filterFirst = this.iteration !== Iteration.StopSingle;
    this.iteration = Iteration.Open;
    if (!this.headersContinued)
      this.sendHeaders(this.endSeen && this.buffered === undefined && !this.trailers);
    const hadTrailers = this.trailers !== undefined;
    if (this.buffered !== undefined) {
      const end = this.endSeen && !hadTrailers;
      if (filterFirst) this.passData(this.buffered, end);
      else this.sendData(this.buffered, end);
    }
    if (!hadTrailers) return;
    if (filterFirst) this.passTrailers();
    else this.sendTrailers();
  }

  private passData(data: ByteQueue, end: boolean): void {
    if (this.iteration === Iteration.StopAllBuffer || this.iteration === Iteration.StopAllWatermark) {
      this.streaming = this.iteration === Iteration.StopAllWatermark;
      this.hold(data);
      this.owner.isCutOff();
      return;
    }
    if (this.filterEnded) return;
    this.filterEnded = end && this.trailers === undefined;
    const action = this.within(() => this.filter.onData(data, this.filterEnded));
    if (this.owner.isCutOff()) return;
    if (action === DataAction.Continue) {
      if (this.iteration === Iteration.StopSingle) {
        this.hold(data);
        this.continue();
      } else {
        this.sendData(data, end);
      }
      return;
    }
    this.iteration = Iteration.StopSingle;
    if (action === DataAction.StopIterationNoBuffer) {
      // The end must not be lost when there is nothing to hold.
      if (this.endSeen && this.trailers === undefined) this.buffered ??= new ByteQueue();
      return;
    }
    this.streaming = action === DataAction.StopIterationAndWatermark;
    this.hold(data);
    this.owner.isCutOff();
  }

  private passTrailers(): void {
    if (this.iteration === Iteration.StopAllBuffer || this.iteration === Iteration.StopAllWatermark) return;
    const trailers = this.trailers;
    if (trailers === undefined) return;
    const action = this.within(() => this.filter.onTrailers(trailers));
    if (this.owner.isCutOff()) return;
    if (action === TrailersAction.StopIteration) {
      if (this.iteration === Iteration.Open) this.iteration = Iteration.StopSingle;
      return;
    }
    if (this.iteration === Iteration.StopSingle) this.continue();
    else this.sendTrailers();
  }

  private within<T>(callback: () => T): T {
    this.inCallback = true;
    try {
      return callback();
    } finally {
      this.inCallback = false;
    }
  }

  private hold(data: ByteQueue): ByteQueue {
    const held = this.buffered ?? new ByteQueue();
    this.buffered = held;
    held.onGrowth = () => {
      if (held.length <= this.owner.bufferLimit() || this.streaming || this.overflowed) return;
      this.overflowed = true;
      this.owner.onOverflow();
    };
    held.moveFrom(data);
    return held;
  }

  private sendHeaders(end: boolean): void {
    this.headersContinued = true;
    if (this.headers !== undefined) this.send({ kind: "headers", headers: this.headers.copy(), end });
  }

  private sendData(data: ByteQueue, end: boolean): void {
    this.send({ kind: "data", bytes: data.takeAll(), end });
  }

  private sendTrailers(): void {
    if (this.trailers !== undefined)
      this.send({ kind: "trailers", headers: this.trailers.copy(), end: true });
  }

  private send(frame: Frame): void {
    if (!this.owner.isCutOff()) this.emit(frame);
  }

  /** Sends a frame past the filter. */
  emit(frame: Frame): void {
    if (this.ended || !this.owner.onFrame(frame)) return;
    this.ended = frame.end;
    this.frames.push(frame);
  }
}
