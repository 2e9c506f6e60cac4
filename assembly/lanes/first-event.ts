import { Answer } from "../chat/answer";
import { Failure } from "../chat/failure";
import { AnswerReader, UpstreamFormat } from "../formats/format";
import { takeRecord } from "../formats/take-record";
import { Framer } from "../framing/framer";
import { Document } from "../json/document";

/**
 * Whether a stream begins with an answer or with a failure, where its records are handed on as they come: they are read
 * until one of them says it.
 */
@final
export class FirstEvent {
  private reader: AnswerReader;
  private events: Answer = new Answer();

  constructor(format: UpstreamFormat) {
    this.reader = format.reader();
  }

  /** Whether it is known. */
  get isKnown(): bool {
    return this.events.hasBegun || this.events.hasEnded;
  }

  /** How the stream begins, if with a failure. */
  get failure(): Failure | null {
    return this.events.failure;
  }

  /** Reads the record that the framer has just given. @param document free again afterwards */
  take(framer: Framer, document: Document): void {
    if (!this.isKnown) takeRecord(framer, document, this.reader, this.events);
    if (this.isKnown) this.events.release();
  }

  /** Frees what the events kept. */
  dispose(): void {
    this.events.release();
  }

  /** The stream is over. Without any event it has failed. */
  end(): void {
    if (!this.isKnown) this.reader.end(this.events);
    if (!this.isKnown) this.events.end();
    this.events.release();
  }
}
