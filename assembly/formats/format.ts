import { EMPTY, NONE, Slice, Utf8 } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { Answer } from "../chat/answer";
import { ChatEvents, Finish } from "../chat/events";
import { Failure, FailureKind } from "../chat/failure";
import { Tiers } from "../chat/parameters";
import { ChatRequest } from "../chat/request";
import { ToolNames } from "../chat/tool-names";
import { Usage } from "../chat/usage";
import { Document, Node } from "../json/document";
import { NO_SETTINGS, Settings } from "./settings";

/**
 * A format is a language that chat is spoken in. A client format reads requests and writes answers; an upstream
 * format writes requests and reads answers. All are stateless and shared: what belongs to one exchange lives in the
 * reader and the writer that they make for it.
 */

/** How an upstream cuts a streamed answer into records. */
export enum Framing {
  /** Server-sent events. */
  Sse,
  /** One JSON value a line. */
  NdJson,
  /** One JSON array whose elements come over time. */
  JsonArray,
  /** JSON values one after the other. */
  Concatenated,
  /** Frames of the AWS event stream, `application/vnd.amazon.eventstream`. */
  AwsEventStream,
  /** Not at all: the answer comes whole, even where a stream was asked for. */
  Whole,
}

/** How a request is to be written for one service: the parts that the request itself does not say. */
export class RenderOptions {
  /** JSON string body of the model name upstream, mapped. */
  model: Slice = NONE;
  /** For formats that require a limit where the client gave none. */
  defaultMaxTokens: i32 = 4096;
  /** OpenAI's own newer models take `max_completion_tokens`, most servers that speak its language `max_tokens`. */
  maxCompletionTokens: bool = false;
  /** Whether the usage of a stream has to be asked for; there are servers that refuse to be asked, and send it anyway. */
  asksForUsage: bool = true;
  /** Whether "do not think" is written as the effort `none`, which OpenAI's older models refuse. */
  writesNoneEffort: bool = false;
  /** Whether reasoning of earlier turns goes back to the upstream where that is possible. */
  thinkingHistory: bool = true;
  /** What the configuration says in this format's own terms. */
  settings: Settings = NO_SETTINGS;
  /** What the client sent in the header `conversationHeader` of the format, UTF-8; empty where there was none. */
  conversation: Slice = NONE;
  /** When the request came, in seconds since 1970. */
  created: i64 = 0;
  /** Unique bytes of this request (JSON string body), for declared formats. */
  id: Utf8 = EMPTY;
  /** JSON string body of the service's token, where a declared format says itself where it stands; else NONE. */
  token: Slice = NONE;
  /** JSON text of Gemini's `safetySettings` for calls that are no chat; empty where the configuration has none. */
  safetySettings: Utf8 = EMPTY;
}

/** What the client's URL says beyond the body: Gemini puts model and streaming there. */
export class PathInfo {
  /** JSON string body, or NONE. */
  model: Slice = NONE;
  stream: bool = false;
  /** Gemini without `alt=sse` streams one JSON array. */
  isSse: bool = true;
}

/** Turns what an upstream answers into events. One for each exchange. */
export abstract class AnswerReader {
  /** Name of the conversation at the upstream, ASCII; for the client, in the header that it may send with its next turn. */
  conversation: Utf8 = EMPTY;

  /** The whole answer to a request that was not streamed; calls `out.end()` or `out.fail()`. */
  abstract whole(answer: Document, out: ChatEvents): void;

  /**
   * One record of a stream. `event` is its event name, NONE where the framing has none. A record that means the end
   * calls `out.end()`; records after the end are ignored by `out`.
   */
  abstract record(record: Document, event: Slice, out: ChatEvents): void;

  /**
   * A record that the framing itself marks as a failure (an exception of the AWS event stream). `record` is null where
   * it is no JSON; `text` is its bytes, `event` the failure's name.
   */
  failed(record: Document | null, text: Slice, event: Slice, out: ChatEvents): void {
    out.fail(Failure.of(FailureKind.BadGateway, "upstream_error", "upstream reported an error"));
  }

  /** The body ended inside a record. Only a format that has no finish reasons need look at this. */
  cutOff(out: ChatEvents): void {}

  /**
   * A record that is not JSON, nor cut off. True: this format knows what it means, and has said so, or that it means
   * nothing; false: the upstream is broken.
   */
  plain(event: Slice, out: ChatEvents): bool {
    return false;
  }

  /** Whether a record is no JSON but the format's end mark (OpenAI's `[DONE]`). */
  isEndMark(record: Slice): bool {
    return false;
  }

  /** The end mark came: the answer is complete, whatever else was left out. */
  complete(out: ChatEvents): void {
    out.finishRest(Finish.Stop);
    out.end();
  }

  /** The body is over. For formats without an end mark, this is the end; `out.end()` fails where it was cut off. */
  end(out: ChatEvents): void {
    out.end();
  }

  /** Frees what it kept. Called once, when the exchange is over. */
  dispose(): void {}
}

const NO_HEADERS: StaticArray<string> = [];

/** What an upstream speaks. */
export abstract class UpstreamFormat {
  constructor(
    /** Name in the configuration. */
    readonly name: string,
    /** What becomes of each parameter. */
    readonly tiers: Tiers,
    /** How streams are cut. */
    readonly framing: Framing,
  ) {}

  /** Base path of a service that the configuration gives none. */
  get basePath(): string {
    return "/v1";
  }

  /**
   * Header that carries the service's key where the configuration does not say how; `authorization` alone means bearer, a
   * name and a word that this stands before the key.
   */
  get keyHeader(): string {
    return "authorization";
  }

  /** Further headers that a converted request needs: names and values in turn. */
  headers(stream: bool): StaticArray<string> {
    return NO_HEADERS;
  }

  /** Whether an answer comes in records, whether or not a stream was asked for. */
  get alwaysStreams(): bool {
    return false;
  }

  /** Further headers that depend on the request: names and values, each followed by a zero byte. */
  writeHeaders(request: ChatRequest, options: RenderOptions, writer: Writer): void {}

  /** Path and query below the service's base path, e.g. `/chat/completions`. */
  abstract writePath(request: ChatRequest, options: RenderOptions, writer: Writer): void;

  /**
   * The request body as this format writes it. Refused and dropped parameters were dealt with before, by `tiers`;
   * a failure is for what the table cannot know (arguments that are no JSON object, an image type that is not
   * taken).
   */
  abstract writeRequest(request: ChatRequest, options: RenderOptions, writer: Writer): Failure | null;

  /**
   * The tools of the request whose names this format does not take as they are; null where it takes all. The exchange
   * keeps them and gives them to the answer's `ChatEvents.toolNames`, so that the client sees its own names.
   */
  toolNames(request: ChatRequest): ToolNames | null {
    return null;
  }

  /** A reader for one answer. */
  abstract reader(): AnswerReader;

  /** The same, for a format whose answers depend on the service's settings. */
  readerWith(settings: Settings): AnswerReader {
    return this.reader();
  }

  /**
   * Lower-case header of request and answer that names a conversation which the upstream remembers; empty where it knows
   * no such thing.
   */
  get conversationHeader(): string {
    return "";
  }

  /**
   * The failure that an error answer (status 400 and up) stands for. `body` is null where it is no JSON; `text` is
   * the raw body, cut to a sane length.
   */
  abstract readFailure(status: i32, body: Document | null, text: Slice): Failure;

  /** Name of the member that holds the usage of a whole answer, wherever it stands in it. */
  get usageKey(): string {
    return "usage";
  }

  /** Reads a usage object of this format. */
  readUsage(document: Document, node: Node, usage: Usage): void {}

  /**
   * The tap lane looks at a record of a stream that it hands on unchanged: notes its usage and says whether it is one
   * after which the answer is complete (a finish reason, an end mark, an error).
   */
  observe(record: Document, event: Slice, usage: Usage): bool {
    return true;
  }

  /** Media type asked for, in `accept`. */
  accept(stream: bool): string {
    return stream ? "text/event-stream" : "application/json";
  }
}

/** What a client speaks. */
export abstract class ClientFormat {
  constructor(
    readonly name: string,
    /** The upstream format that is the same language, for the tap lane. */
    readonly sameAs: string,
  ) {}

  /** Reads a request. A failure is answered 400 in this format. */
  abstract readRequest(body: Document, path: PathInfo, request: ChatRequest): Failure | null;

  /**
   * What of the request the answer needs (the Responses API repeats most of it): owned bytes whose meaning is the
   * format's own, kept until the answer.
   */
  remember(request: ChatRequest): Utf8 {
    return EMPTY;
  }

  /** A writer of the streamed answer: appends finished events to `out` as they come. */
  abstract streamWriter(request: AnswerOptions, out: Writer): ChatEvents;

  /** The whole answer. */
  abstract writeAnswer(answer: Answer, request: AnswerOptions, out: Writer): void;

  /** The body of an error answer. */
  abstract writeFailure(failure: Failure, out: Writer): void;

  /**
   * The event that tells a client that its stream failed. Used where an answer is handed on as it came, so that no
   * writer exists; the whole of a failure that `streamWriter` writes must be the same.
   */
  writeFailureEvent(failure: Failure, out: Writer): void {
    out.ascii("data: ");
    this.writeFailure(failure, out);
    out.ascii("\n\n");
  }

  /** `content-type` of a streamed answer. */
  streamContentType(path: PathInfo): string {
    return "text/event-stream";
  }
}

/** What an answer must know of its request, kept while the upstream works. */
export class AnswerOptions {
  /** JSON string body: the model as the client named it. */
  model: Utf8 = EMPTY;
  includeUsage: bool = false;
  /** See `ClientFormat.remember`. */
  remembered: Utf8 = EMPTY;
  /** See `PathInfo.isSse`. */
  isSse: bool = true;
  /** Unique bytes (JSON string body) to make up ids from, where the upstream gives none. */
  id: Utf8 = EMPTY;
  /** Seconds since 1970 when the request came; stands in where the upstream gives no time. */
  created: i64 = 0;
}
