import { Slice, equals } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Answer } from "../../chat/answer";
import { ChatEvents } from "../../chat/events";
import { Failure } from "../../chat/failure";
import { ChatRequest } from "../../chat/request";
import { ToolNames } from "../../chat/tool-names";
import { Usage } from "../../chat/usage";
import { Document, Node } from "../../json/document";
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
import { readFailure, writeFailure } from "./failure";
import { AnthropicReader } from "./read-answer";
import { readRequest } from "./read-request";
import { MAX_NAME_BYTES, TIERS } from "./tiers";
import { readUsage } from "./usage";
import { writeAnswer } from "./write-answer";
import { writeRequest } from "./write-request";
import { AnthropicStream, writeFailureEvent } from "./write-stream";

/** Anthropic's Messages as a client's language. */
export class AnthropicClient extends ClientFormat {
  constructor() {
    super("anthropic", "anthropic");
  }

  readRequest(body: Document, path: PathInfo, request: ChatRequest): Failure | null {
    return readRequest(body, request);
  }

  streamWriter(request: AnswerOptions, out: Writer): ChatEvents {
    return new AnthropicStream(request, out);
  }

  writeAnswer(answer: Answer, request: AnswerOptions, out: Writer): void {
    writeAnswer(answer, request, out);
  }

  writeFailure(failure: Failure, out: Writer): void {
    writeFailure(failure, out);
  }

  writeFailureEvent(failure: Failure, out: Writer): void {
    writeFailureEvent(failure, out);
  }
}

/** Version of the API that the writers and readers here speak. Source: Anthropic API reference, "Versions". */
const HEADERS: StaticArray<string> = ["anthropic-version", "2023-06-01"];

/** The same as an upstream's language: Anthropic itself, and servers that speak it. */
export class AnthropicUpstream extends UpstreamFormat {
  constructor() {
    super("anthropic", TIERS, Framing.Sse);
  }

  get keyHeader(): string {
    return "x-api-key";
  }

  headers(stream: bool): StaticArray<string> {
    return HEADERS;
  }

  writePath(request: ChatRequest, options: RenderOptions, writer: Writer): void {
    writer.ascii("/messages");
  }

  writeRequest(request: ChatRequest, options: RenderOptions, writer: Writer): Failure | null {
    return writeRequest(request, options, writer);
  }

  toolNames(request: ChatRequest): ToolNames | null {
    return toolNamesOf(request, MAX_NAME_BYTES);
  }

  reader(): AnswerReader {
    return new AnthropicReader();
  }

  readFailure(status: i32, body: Document | null, text: Slice): Failure {
    return readFailure(status, body, text);
  }

  readUsage(document: Document, node: Node, usage: Usage): void {
    readUsage(document, node, usage);
  }

  observe(record: Document, event: Slice, usage: Usage): bool {
    const root = record.root;
    readUsage(record, record.path(root, "message.usage"), usage);
    readUsage(record, record.find(root, "usage"), usage);
    const type = record.body(record.find(root, "type"));
    return equals(type, "message_stop") || equals(type, "error");
  }
}
