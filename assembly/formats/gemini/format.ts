import { Slice } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Answer } from "../../chat/answer";
import { ChatEvents } from "../../chat/events";
import { Failure } from "../../chat/failure";
import { ChatRequest } from "../../chat/request";
import { ToolNames } from "../../chat/tool-names";
import { Usage } from "../../chat/usage";
import { ABSENT, Document, Node } from "../../json/document";
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
import { errorIn, readFailure, writeFailure } from "./failure";
import { writeModelPath } from "./model";
import { GeminiReader } from "./read-answer";
import { readRequest } from "./read-request";
import { MAX_NAME_BYTES, TIERS, VERTEX_TIERS } from "./tiers";
import { readUsage } from "./usage";
import { writeAnswer } from "./write-answer";
import { writeRequest } from "./write-request";
import { GeminiStream } from "./write-stream";

/**
 * generateContent as an upstream: of AI Studio (`gemini`, base path `/v1beta`), or of Vertex AI (`vertex`,
 * base path `/v1/projects/{project}/locations/{location}`), which has another path, no ids of calls, and
 * labels.
 */
@final
export class GeminiUpstream extends UpstreamFormat {
  constructor(
    name: string,
    private isVertex: bool,
  ) {
    super(name, isVertex ? VERTEX_TIERS : TIERS, Framing.Sse);
  }

  get basePath(): string {
    return this.isVertex ? "" : "/v1beta";
  }

  get keyHeader(): string {
    return this.isVertex ? "authorization" : "x-goog-api-key";
  }

  writePath(request: ChatRequest, options: RenderOptions, writer: Writer): void {
    writeModelPath(options.model, this.isVertex ? "/publishers/google" : "", request.stream, writer);
  }

  writeRequest(request: ChatRequest, options: RenderOptions, writer: Writer): Failure | null {
    return writeRequest(request, options, this.isVertex, writer);
  }

  toolNames(request: ChatRequest): ToolNames | null {
    return toolNamesOf(request, MAX_NAME_BYTES);
  }

  reader(): AnswerReader {
    return new GeminiReader();
  }

  readFailure(status: i32, body: Document | null, text: Slice): Failure {
    return readFailure(status, body, text);
  }

  get usageKey(): string {
    return "usageMetadata";
  }

  readUsage(document: Document, node: Node, usage: Usage): void {
    readUsage(document, node, usage);
  }

  observe(record: Document, event: Slice, usage: Usage): bool {
    const root = record.root;
    if (errorIn(record, root) != ABSENT) return true;
    readUsage(record, record.find(root, "usageMetadata"), usage);
    if (record.path(root, "promptFeedback.blockReason") != ABSENT) return true;
    const candidates = record.find(root, "candidates");
    for (let node = record.firstElement(candidates); node != ABSENT; node = record.nextElement(node)) {
      if (record.find(node, "finishReason") != ABSENT) return true;
    }
    return false;
  }
}

/** generateContent and streamGenerateContent for clients, in AI Studio's and Vertex AI's paths. */
@final
export class GeminiClient extends ClientFormat {
  constructor() {
    super("gemini", "gemini");
  }

  readRequest(body: Document, path: PathInfo, request: ChatRequest): Failure | null {
    return readRequest(body, path, request);
  }

  streamWriter(request: AnswerOptions, out: Writer): ChatEvents {
    return new GeminiStream(request, out);
  }

  writeAnswer(answer: Answer, request: AnswerOptions, out: Writer): void {
    writeAnswer(answer, request, out);
  }

  writeFailure(failure: Failure, out: Writer): void {
    writeFailure(failure, out);
  }

  streamContentType(path: PathInfo): string {
    return path.isSse ? "text/event-stream" : "application/json";
  }
}
