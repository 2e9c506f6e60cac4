import { Slice } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { Failure } from "../chat/failure";
import { Usage } from "../chat/usage";
import { Document } from "../json/document";
import { RenderOptions } from "./format";

/**
 * A call that is no chat: one request, one whole answer, each turned from the client's shape into the upstream's and
 * back. One for each exchange.
 */
export abstract class Task {
  /** Names (JSON string bodies) of the request's fields that the upstream does not get. */
  unknown: Array<Slice> = [];
  /** What the request itself does not say, set before `read`. */
  options: RenderOptions = new RenderOptions();

  /** Reads the client's request, whose bytes stay borrowed until `write`. A failure is answered 400. */
  abstract read(body: Document): Failure | null;

  /**
   * Writes path and body for the upstream, and copies what the answer needs.
   * @param model JSON string body of the model's name upstream
   */
  abstract write(model: Slice, path: Writer, out: Writer): Failure | null;

  /** See `UpstreamFormat.writeHeaders`; after `write`. */
  writeHeaders(out: Writer): void {}

  /** Values of an answer that are deeper than this need not be seen: the root has depth 0, its members have 1. */
  get answerDepth(): i32 {
    return i32.MAX_VALUE;
  }

  /** Turns a whole answer into the client's. A failure means that it is not in the upstream's format. */
  abstract convert(answer: Document, usage: Usage, out: Writer): Failure | null;
}
