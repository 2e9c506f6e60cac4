import { Slice } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure } from "../../chat/failure";
import { ChatRequest } from "../../chat/request";
import { ToolNames } from "../../chat/tool-names";
import { Document } from "../../json/document";
import { AnswerReader, Framing, RenderOptions, UpstreamFormat } from "../format";
import { toolNamesOf } from "../names";
import { readFailure } from "./failure";
import { isMultimodal } from "./model";
import { DashScopeReader } from "./read-answer";
import { MAX_NAME_BYTES, TIERS } from "./tiers";
import { writeRequest } from "./write-request";

const STREAMED: StaticArray<string> = ["x-dashscope-sse", "enable"];
const WHOLE: StaticArray<string> = [];

/** DashScope's own generation API, of text and of text from media. */
@final
export class DashScopeUpstream extends UpstreamFormat {
  constructor() {
    super("dashscope", TIERS, Framing.Sse);
  }

  get basePath(): string {
    return "/api/v1";
  }

  headers(stream: bool): StaticArray<string> {
    return stream ? STREAMED : WHOLE;
  }

  writePath(request: ChatRequest, options: RenderOptions, writer: Writer): void {
    writer.ascii("/services/aigc/");
    writer.ascii(isMultimodal(request, options.model) ? "multimodal-generation" : "text-generation");
    writer.ascii("/generation");
  }

  writeRequest(request: ChatRequest, options: RenderOptions, writer: Writer): Failure | null {
    return writeRequest(request, options, writer);
  }

  toolNames(request: ChatRequest): ToolNames | null {
    return toolNamesOf(request, MAX_NAME_BYTES);
  }

  reader(): AnswerReader {
    return new DashScopeReader();
  }

  readFailure(status: i32, body: Document | null, text: Slice): Failure {
    return readFailure(status, body, text);
  }
}
