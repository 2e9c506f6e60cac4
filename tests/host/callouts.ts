/** Requests the plugin sends itself (http_call), answered by the test. */

import type { Content } from "./buffers.ts";
import { ByteQueue, toBytes } from "./buffers.ts";
import type { HeaderSource, Pair } from "./headers.ts";
import { HeaderMap } from "./headers.ts";

/** What the plugin can read while the answer callback runs. */
export interface CalloutAnswer {
  headers: HeaderMap | undefined;
  body: ByteQueue;
  trailers: HeaderMap | undefined;
}

/** Delivers an answer to the plugin; `undefined` is a transport failure. */
type Deliver = (callout: Callout, answer: CalloutAnswer | undefined) => void;

export class Callout {
  /** True until it was answered, failed or cancelled. */
  pending = true;

  constructor(
    readonly token: number,
    readonly cluster: string,
    readonly headers: HeaderMap,
    readonly body: Uint8Array,
    readonly trailers: readonly Pair[],
    /** 0: no time limit. */
    readonly timeoutMs: number,
    private readonly deliver: Deliver,
  ) {}

  /** Answers with a response; `:status` is 200 unless given. */
  respond(answer: { headers?: HeaderSource; body?: Content; trailers?: HeaderSource }): void {
    const headers = new HeaderMap(answer.headers, "response");
    if (!headers.has(":status")) headers.add(":status", "200");
    this.finish({
      headers,
      body: new ByteQueue(toBytes(answer.body), true),
      trailers: answer.trailers === undefined ? undefined : new HeaderMap(answer.trailers),
    });
  }

  /** Transport failure: the callback comes without headers, body and trailers, and get_status says "reset". */
  fail(): void {
    this.finish(undefined);
  }

  /** The time limit passed: Envoy's router answers itself with a plain 504. */
  timeOut(): void {
    this.respond({
      headers: { ":status": "504", "content-length": "24", "content-type": "text/plain" },
      body: "upstream request timeout",
    });
  }

  private finish(answer: CalloutAnswer | undefined): void {
    if (!this.pending) throw new Error(`callout ${this.token} to ${this.cluster} is not pending any more`);
    this.pending = false;
    this.deliver(this, answer);
  }
}
