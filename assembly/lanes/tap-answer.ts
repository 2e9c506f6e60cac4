import { NONE, Slice, equals, lengthOf, startsWithIgnoreCase } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { Failure, FailureKind } from "../chat/failure";
import { Usage } from "../chat/usage";
import { AnswerReader, ClientFormat, UpstreamFormat } from "../formats/format";
import { Framer } from "../framing/framer";
import { SseFramer } from "../framing/sse";
import { DataAction, HeadersAction } from "../host/abi";
import { Document } from "../json/document";
import { SplitMode, Splitter } from "../json/split";
import { AnswerLane } from "./answer";
import { FirstEvent } from "./first-event";

/** A usage object is small; a larger one is not looked into. */
const MAX_USAGE_BYTES: i32 = 1 << 16;

/** One of each for all streams: a record is read, and an event written, within one callback. */
const document: Document = new Document();
const event: Writer = new Writer();

/** Splitters that look for `usage`, kept for the next answers, up to this many. */
const MAX_IDLE: i32 = 64;
const COMMON_KEY: string = "usage";
const idle: Array<Splitter> = [];

function takeSplitter(key: string): Splitter {
  if (key == COMMON_KEY && idle.length > 0) return idle.pop();
  return new Splitter(SplitMode.Named, key, MAX_USAGE_BYTES);
}

function giveBack(splitter: Splitter): void {
  splitter.reset();
  if (splitter.name == COMMON_KEY && idle.length < MAX_IDLE) idle.push(splitter);
  else splitter.dispose();
}

/**
 * The tap lane of an answer: client and upstream speak the same language. The bytes go to the client as they came;
 * usage is read in passing, and a stream is watched for its end, so that one that broke off is not taken for a
 * complete one.
 */
export class TapAnswer extends AnswerLane {
  private splitter: Splitter | null = null;
  private framer: Framer | null = null;
  /** Knows the end mark of a stream; null where the answer is none. */
  private reader: AnswerReader | null = null;
  /** Learns whether the stream begins with a failure; null where that is known, or not asked. */
  private first: FirstEvent | null = null;
  /** Bytes that were read and are still held. */
  private seen: i32 = 0;
  private hasRecords: bool = false;
  private isComplete: bool = false;

  /**
   * @param usage where the tokens are noted.
   * @param isJudged whether the stream is chat, whose end can be told; other APIs end as they please.
   * @param contentType media type of the answer, borrowed; NONE where it is packed, so that nothing can be read.
   */
  constructor(
    private client: ClientFormat,
    private format: UpstreamFormat,
    private usage: Usage,
    private isJudged: bool,
    contentType: Slice,
  ) {
    super();
    if (startsWithIgnoreCase(contentType, "application/json")) {
      this.splitter = takeSplitter(format.usageKey);
    } else if (startsWithIgnoreCase(contentType, "text/event-stream")) {
      this.framer = new SseFramer();
      this.reader = format.reader();
    }
  }

  /** Holds the client's headers until it is known whether the stream begins with a failure. */
  watchBeginning(): void {
    if (this.framer !== null && this.isJudged) this.first = new FirstEvent(this.format);
  }

  get holds(): bool {
    return this.first !== null;
  }

  onHeaders(isEnd: bool): HeadersAction {
    return this.first !== null && !isEnd ? HeadersAction.StopIteration : HeadersAction.Continue;
  }

  onBody(size: i32, isEnd: bool): DataAction {
    if (this.splitter === null && this.framer === null) return DataAction.Continue;
    let position = this.seen;
    while (position < size) {
      const window = this.message.window(position);
      if (lengthOf(window) == 0) break;
      position += lengthOf(window);
      this.read(window);
    }
    if (!this.knowsBeginning(size, isEnd)) return DataAction.StopAndBuffer;
    if (isEnd && this.isCutOff()) this.appendFailure();
    return DataAction.Continue;
  }

  cutShort(failure: Failure, size: i32): DataAction {
    if (this.framer === null) return super.cutShort(failure, size);
    if (this.failure === null && !this.isComplete) this.message.replace(this.failureEvent(failure));
    else this.message.drain(size);
    return DataAction.Continue;
  }

  giveUp(failure: Failure): bool {
    if (this.first === null) return super.giveUp(failure);
    this.first = null;
    this.refuse(this.client, failure);
    return true;
  }

  /** False while nothing may leave, since it is not known how the stream begins. */
  private knowsBeginning(size: i32, isEnd: bool): bool {
    const first = this.first;
    const framer = this.framer;
    if (first === null || framer === null) return true;
    if (isEnd) {
      framer.end();
      this.observe(framer);
      first.end();
    }
    this.seen = first.isKnown ? 0 : size;
    if (!first.isKnown) return false;
    this.failure = first.failure;
    this.first = null;
    return true;
  }

  onTrailers(): DataAction {
    return DataAction.Continue;
  }

  dispose(): void {
    const splitter = this.splitter;
    if (splitter !== null) giveBack(splitter);
    this.splitter = null;
    const framer = this.framer;
    if (framer !== null) framer.dispose();
    const first = this.first;
    if (first !== null) first.dispose();
  }

  private read(bytes: Slice): void {
    const splitter = this.splitter;
    if (splitter !== null) {
      splitter.feed(bytes);
      while (splitter.next()) {
        if (document.parse(splitter.record)) this.format.readUsage(document, document.root, this.usage);
      }
    }
    const framer = this.framer;
    if (framer !== null) {
      framer.feed(bytes);
      this.observe(framer);
    }
  }

  private observe(framer: Framer): void {
    const reader = this.reader;
    while (framer.next()) {
      this.hasRecords = true;
      const first = this.first;
      if (first !== null) first.take(framer, document);
      if (reader !== null && reader.isEndMark(framer.record)) this.isComplete = true;
      else if (document.parse(framer.record)) {
        if (this.format.observe(document, framer.event, this.usage)) this.conclude(framer);
      }
    }
  }

  /** The framer's record, which is in `document`, is the stream's last, or says that it has failed. */
  private conclude(framer: Framer): void {
    this.isComplete = true;
    const root = document.root;
    const type = document.body(document.find(root, "type"));
    const isError = equals(type, "error") || equals(type, "response.failed");
    if (!isError && !document.isObject(document.find(root, "error"))) return;
    const last = new FirstEvent(this.format);
    last.take(framer, document);
    this.reported = last.failure;
  }

  /** Whether the stream had begun and was closed before it was complete. */
  private isCutOff(): bool {
    const framer = this.framer;
    if (framer === null || !this.isJudged) return false;
    framer.end();
    this.observe(framer);
    return this.hasRecords && !this.isComplete;
  }

  private appendFailure(): void {
    const failure = Failure.of(
      FailureKind.BadGateway,
      "upstream_truncated",
      "upstream closed the answer before it was complete",
    );
    this.message.append(this.failureEvent(failure));
  }

  /** Behind an unfinished event a blank line is due first, or the client would read ours as a part of it. */
  private failureEvent(failure: Failure): Slice {
    this.failure = failure;
    event.reset();
    event.ascii("\n\n");
    this.client.writeFailureEvent(failure, event);
    return event.view();
  }
}
