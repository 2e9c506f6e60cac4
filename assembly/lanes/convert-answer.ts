import { Slice, Utf8, borrow, lengthOf, startsWithIgnoreCase } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { Answer } from "../chat/answer";
import { ChatEvents } from "../chat/events";
import { Failure } from "../chat/failure";
import { Reasoning } from "../chat/reasoning";
import { ToolNames } from "../chat/tool-names";
import { Usage } from "../chat/usage";
import {
  AnswerOptions,
  AnswerReader,
  ClientFormat,
  Framing,
  PathInfo,
  UpstreamFormat,
} from "../formats/format";
import { Settings } from "../formats/settings";
import { takeRecord } from "../formats/take-record";
import { Framer, FramingError } from "../framing/framer";
import { framerAt } from "../framing/table";
import { DataAction, HeadersAction } from "../host/abi";
import { closeStream } from "../host/reply";
import { Document } from "../json/document";
import { AnswerLane } from "./answer";
import { isStream as isStreamType } from "./media-type";
import { badFraming, compressed, emptyAnswer, notJson, tooLarge } from "./upstream-failures";

/** An answer that comes whole may be this large. */
const MAX_WHOLE_BYTES: i32 = 64 << 20;

/** One of each for all streams: what a callback makes is sent before it returns. */
const document: Document = new Document();
const out: Writer = new Writer();

/**
 * The convert lane of an answer: the upstream's records become events, the events become the client's answer. A whole
 * answer is a stream of one record, so one reader and one writer serve both, and any of the four combinations of
 * streamed and not works.
 *
 * The client's headers are held until the upstream has really begun to answer. So an error as first event becomes a
 * real HTTP status; one that comes later becomes the error event of the client's dialect.
 */
export class ConvertAnswer extends AnswerLane {
  private reader: AnswerReader;
  /** null where the upstream's answer comes whole. */
  private framer: Framer | null;
  private events: ChatEvents;
  /** The same object as `events` where the client wants its answer whole. */
  private answer: Answer | null = null;
  /** Whether the client's headers are on their way. */
  private isReleased: bool = false;
  /** Whether the answer's end has been written. */
  private isOver: bool = false;

  /**
   * @param isStream whether the client asked for a stream.
   * @param contentType media type of the upstream's answer, borrowed.
   * @param usage where the tokens are noted when the answer ends.
   */
  constructor(
    private client: ClientFormat,
    private format: UpstreamFormat,
    settings: Settings,
    private options: AnswerOptions,
    private info: PathInfo,
    private isStream: bool,
    contentType: Slice,
    private losses: Utf8,
    private usage: Usage,
  ) {
    super();
    this.reader = format.readerWith(settings);
    const comesInPieces = isStream || format.alwaysStreams || isStreamType(contentType);
    this.framer = comesInPieces ? framerFor(format.framing, contentType) : null;
    if (isStream) {
      this.events = client.streamWriter(options, out);
    } else {
      const answer = new Answer();
      this.answer = answer;
      this.events = answer;
    }
  }

  /**
   * @param names tools whose names were changed for the upstream
   * @param reasoning what becomes of reasoning; null: nothing special
   * @param isPacked whether the body is compressed
   */
  expect(names: ToolNames | null, reasoning: Reasoning | null, isPacked: bool): void {
    this.events.toolNames = names;
    this.events.reasoning = reasoning;
    if (isPacked) this.events.fail(compressed());
  }

  onHeaders(isEnd: bool): HeadersAction {
    if (isEnd) this.refuse(this.client, emptyAnswer());
    return HeadersAction.StopIteration;
  }

  onBody(size: i32, isEnd: bool): DataAction {
    out.reset();
    if (this.framer === null) {
      if (!isEnd && size <= MAX_WHOLE_BYTES) return DataAction.StopAndBuffer;
      this.readWhole(size);
    } else {
      this.readRecords(size);
      if (isEnd) this.readEnd();
    }
    return this.send(size);
  }

  cutShort(failure: Failure, size: i32): DataAction {
    out.reset();
    if (!this.events.hasEnded) this.events.fail(failure);
    return this.send(size);
  }

  giveUp(failure: Failure): bool {
    if (this.isReleased || this.isOver) return super.giveUp(failure);
    this.isReleased = this.isOver = true;
    this.refuse(this.client, failure);
    return true;
  }

  onTrailers(): DataAction {
    out.reset();
    if (this.framer === null) this.readWhole(MAX_WHOLE_BYTES);
    else this.readEnd();
    if (this.isReleased && out.length > 0) {
      // The body is on its way and the host takes no more of it here: a reset is the honest end.
      closeStream();
      return DataAction.Continue;
    }
    return this.send(0);
  }

  get holds(): bool {
    return !this.isReleased;
  }

  settle(): void {
    this.usage.merge(this.events.usage);
  }

  dispose(): void {
    this.reader.dispose();
    const framer = this.framer;
    if (framer !== null) framer.dispose();
    const answer = this.answer;
    if (answer !== null) answer.release();
    else this.events.dispose();
  }

  // ---- reading ----------------------------------------------------------------------------------------------

  private readWhole(size: i32): void {
    const events = this.events;
    if (events.hasEnded) return;
    if (size > MAX_WHOLE_BYTES) events.fail(tooLarge());
    else if (document.parse(this.message.read(0, size))) this.reader.whole(document, events);
    else events.fail(notJson());
    if (!events.hasEnded) events.end();
  }

  private readRecords(size: i32): void {
    const framer = this.framer;
    if (framer === null) return;
    let position = 0;
    while (position < size && !this.events.hasEnded) {
      const window = this.message.window(position);
      if (lengthOf(window) == 0) break;
      position += lengthOf(window);
      framer.feed(window);
      this.takeRecords(framer);
    }
  }

  private takeRecords(framer: Framer): void {
    const events = this.events;
    while (framer.next()) takeRecord(framer, document, this.reader, events);
    if (framer.error != FramingError.None) events.fail(badFraming());
  }

  private readEnd(): void {
    const framer = this.framer;
    if (framer === null || this.events.hasEnded) return;
    framer.end();
    this.takeRecords(framer);
    this.reader.end(this.events);
    if (!this.events.hasEnded) this.events.end();
  }

  // ---- sending ----------------------------------------------------------------------------------------------

  /** Puts what was written in the place of the `size` bytes that were read. */
  private send(size: i32): DataAction {
    const events = this.events;
    if (events.hasEnded && !this.isOver) this.finish();
    if (!this.isReleased) {
      if (this.answer !== null ? !this.isOver : !events.hasBegun && !this.isOver) {
        this.message.drain(size);
        return DataAction.StopAndBuffer;
      }
      this.release();
    }
    this.message.replace(out.view());
    return DataAction.Continue;
  }

  /** The answer has come to its end: what is still to be written, once. */
  private finish(): void {
    this.isOver = true;
    this.usage.merge(this.events.usage);
    const failure = this.events.failure;
    const answer = this.answer;
    this.failure = failure;
    if (failure !== null) {
      if (this.isRefusal) {
        out.reset();
        this.client.writeFailure(failure, out);
      }
    } else if (answer !== null) {
      this.client.writeAnswer(answer, this.options, out);
    }
    if (answer !== null) answer.release();
  }

  /** Whether the client gets an error status: the answer failed, and nothing of it had left. */
  private get isRefusal(): bool {
    return this.events.failure !== null && (this.answer !== null || !this.events.hasBegun);
  }

  /** Lets the client's headers go: they say what is known now. */
  private release(): void {
    this.isReleased = true;
    const failure = this.events.failure;
    const isError = this.isRefusal;
    this.message.remove("content-length");
    if (isError && failure !== null) {
      this.message.setNumber(":status", failure.status);
      if (failure.retryAfter > 0) this.message.setNumber("retry-after", failure.retryAfter);
    }
    const isJson = isError || !this.isStream;
    const type = isJson ? "application/json" : this.client.streamContentType(this.info);
    this.message.setText("content-type", type);
    const conversation = this.reader.conversation;
    if (conversation.byteLength > 0) this.message.set(this.format.conversationHeader, borrow(conversation));
    if (this.losses.byteLength > 0) {
      this.message.set("x-ai-proxy-dropped-params", borrow(this.losses));
    }
  }
}

/** How the upstream cut its stream; null where it answers whole although a stream was asked for. */
function framerFor(framing: Framing, contentType: Slice): Framer | null {
  if (framing == Framing.Whole) return null;
  const mayBeWhole = framing == Framing.Sse || framing == Framing.AwsEventStream;
  if (mayBeWhole && startsWithIgnoreCase(contentType, "application/json")) return null;
  return framerAt(framing as i32);
}
