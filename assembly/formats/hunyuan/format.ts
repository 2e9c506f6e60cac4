import { Slice } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure } from "../../chat/failure";
import { ChatRequest } from "../../chat/request";
import { ToolNames } from "../../chat/tool-names";
import { Document } from "../../json/document";
import { AnswerReader, Framing, RenderOptions, UpstreamFormat } from "../format";
import { toolNamesOf } from "../names";
import { readFailure } from "./failure";
import { HunyuanReader } from "./read-answer";
import { MAX_NAME_BYTES, TIERS } from "./tiers";
import { writeRequest } from "./write-request";

/**
 * Hunyuan in the Tencent Cloud API's own words. Requests have to be signed (auth type `tc3`), which also says what is to
 * be done.
 */
@final
export class HunyuanUpstream extends UpstreamFormat {
  constructor() {
    super("hunyuan", TIERS, Framing.Sse);
  }

  get basePath(): string {
    return "";
  }

  writePath(request: ChatRequest, options: RenderOptions, writer: Writer): void {
    writer.ascii("/");
  }

  writeRequest(request: ChatRequest, options: RenderOptions, writer: Writer): Failure | null {
    return writeRequest(request, options, writer);
  }

  toolNames(request: ChatRequest): ToolNames | null {
    return toolNamesOf(request, MAX_NAME_BYTES);
  }

  reader(): AnswerReader {
    return new HunyuanReader();
  }

  readFailure(status: i32, body: Document | null, text: Slice): Failure {
    return readFailure(status, body, text);
  }
}
