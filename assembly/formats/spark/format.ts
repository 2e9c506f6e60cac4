import { Slice } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure } from "../../chat/failure";
import { ChatRequest } from "../../chat/request";
import { ToolNames } from "../../chat/tool-names";
import { Document } from "../../json/document";
import { AnswerReader, Framing, RenderOptions, UpstreamFormat } from "../format";
import { toolNamesOf } from "../names";
import { readFailure } from "./failure";
import { SparkReader } from "./read-answer";
import { MAX_NAME_BYTES, TIERS } from "./tiers";
import { writeRequest } from "./write-request";

/** iFlytek's Spark over HTTP: like Chat Completions, with an envelope of its own around answers and errors. */
@final
export class SparkUpstream extends UpstreamFormat {
  constructor() {
    super("spark", TIERS, Framing.Sse);
  }

  writePath(request: ChatRequest, options: RenderOptions, writer: Writer): void {
    writer.ascii("/chat/completions");
  }

  writeRequest(request: ChatRequest, options: RenderOptions, writer: Writer): Failure | null {
    return writeRequest(request, options, writer);
  }

  toolNames(request: ChatRequest): ToolNames | null {
    return toolNamesOf(request, MAX_NAME_BYTES);
  }

  reader(): AnswerReader {
    return new SparkReader();
  }

  readFailure(status: i32, body: Document | null, text: Slice): Failure {
    return readFailure(status, body, text);
  }
}
