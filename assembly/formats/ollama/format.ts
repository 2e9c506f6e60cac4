import { Slice } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure } from "../../chat/failure";
import { ChatRequest } from "../../chat/request";
import { ToolNames } from "../../chat/tool-names";
import { Document } from "../../json/document";
import { AnswerReader, Framing, RenderOptions, UpstreamFormat } from "../format";
import { toolNamesOf } from "../names";
import { readFailure } from "../openai/failure";
import { OllamaReader } from "./read-answer";
import { MAX_NAME_BYTES, TIERS } from "./tiers";
import { writeRequest } from "./write-request";

/** Ollama's own chat API (`/api/chat`), which streams one JSON object a line. */
@final
export class OllamaUpstream extends UpstreamFormat {
  constructor() {
    super("ollama", TIERS, Framing.NdJson);
  }

  get basePath(): string {
    return "/api";
  }

  writePath(request: ChatRequest, options: RenderOptions, writer: Writer): void {
    writer.ascii("/chat");
  }

  writeRequest(request: ChatRequest, options: RenderOptions, writer: Writer): Failure | null {
    return writeRequest(request, options, writer);
  }

  toolNames(request: ChatRequest): ToolNames | null {
    return toolNamesOf(request, MAX_NAME_BYTES);
  }

  reader(): AnswerReader {
    return new OllamaReader();
  }

  /** `{"error": "text"}`, which the reader of OpenAI's errors knows from other servers. */
  readFailure(status: i32, body: Document | null, text: Slice): Failure {
    return readFailure(status, body, text);
  }

  accept(stream: bool): string {
    return stream ? "application/x-ndjson" : "application/json";
  }
}
