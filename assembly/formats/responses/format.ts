import { Slice, Utf8, equals, startsWith } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Answer } from "../../chat/answer";
import { ChatEvents } from "../../chat/events";
import { Failure } from "../../chat/failure";
import { ChatRequest } from "../../chat/request";
import { ToolNames } from "../../chat/tool-names";
import { Usage } from "../../chat/usage";
import { Document, Node } from "../../json/document";
import { JsonWriter } from "../../json/writer";
import {
  AnswerOptions,
  AnswerReader,
  ClientFormat,
  Framing,
  PathInfo,
  RenderOptions,
  UpstreamFormat,
} from "../format";
import { toolNamesOf } from "../names";
import { readFailure, writeFailure } from "../openai/failure";
import { writeErrorEvent } from "./event";
import { ResponsesReader } from "./read-answer";
import { readRequest } from "./read-request";
import { MAX_NAME_BYTES, TIERS } from "./tiers";
import { readUsage } from "./usage";
import { writeAnswer } from "./write-answer";
import { writeRequest } from "./write-request";
import { ResponsesStream } from "./write-stream";

/** OpenAI's Responses API as an upstream. */
@final
export class ResponsesUpstream extends UpstreamFormat {
  constructor() {
    super("responses", TIERS, Framing.Sse);
  }

  writePath(request: ChatRequest, options: RenderOptions, writer: Writer): void {
    writer.ascii("/responses");
  }

  writeRequest(request: ChatRequest, options: RenderOptions, writer: Writer): Failure | null {
    return writeRequest(request, options, writer);
  }

  toolNames(request: ChatRequest): ToolNames | null {
    return toolNamesOf(request, MAX_NAME_BYTES);
  }

  reader(): AnswerReader {
    return new ResponsesReader();
  }

  readFailure(status: i32, body: Document | null, text: Slice): Failure {
    return readFailure(status, body, text);
  }

  readUsage(document: Document, node: Node, usage: Usage): void {
    readUsage(document, node, usage);
  }

  observe(record: Document, event: Slice, usage: Usage): bool {
    const root = record.root;
    readUsage(record, record.path(root, "response.usage"), usage);
    const type = record.body(record.find(root, "type"));
    if (!startsWith(type, "response."))
      return record.isObject(record.find(root, "error")) || equals(type, "error");
    return (
      equals(type, "response.completed") ||
      equals(type, "response.incomplete") ||
      equals(type, "response.failed") ||
      equals(type, "response.cancelled")
    );
  }
}

/** The same for clients. Responses are not stored, so what builds on stored ones is refused. */
@final
export class ResponsesClient extends ClientFormat {
  constructor() {
    super("responses", "responses");
  }

  readRequest(body: Document, path: PathInfo, request: ChatRequest): Failure | null {
    return readRequest(body, request);
  }

  remember(request: ChatRequest): Utf8 {
    return request.remembered;
  }

  streamWriter(request: AnswerOptions, out: Writer): ChatEvents {
    return new ResponsesStream(request, out);
  }

  writeAnswer(answer: Answer, request: AnswerOptions, out: Writer): void {
    writeAnswer(answer, request, out);
  }

  writeFailure(failure: Failure, out: Writer): void {
    writeFailure(failure, out);
  }

  /** The number of the event is not known here; SDKs do not look at it. */
  writeFailureEvent(failure: Failure, out: Writer): void {
    writeErrorEvent(failure, 0, new JsonWriter(out));
  }
}
