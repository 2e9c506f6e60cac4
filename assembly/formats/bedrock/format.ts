import { Slice } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure } from "../../chat/failure";
import { ChatRequest } from "../../chat/request";
import { ToolNames } from "../../chat/tool-names";
import { Document } from "../../json/document";
import { AnswerReader, Framing, RenderOptions, UpstreamFormat } from "../format";
import { toolNamesOf } from "../names";
import { readFailure } from "./failure";
import { writeModelPath } from "./model";
import { BedrockReader } from "./read-answer";
import { MAX_NAME_BYTES, TIERS } from "./tiers";
import { writeRequest } from "./write-request";

/** Converse of Amazon Bedrock, which streams frames of the AWS event stream. */
@final
export class BedrockUpstream extends UpstreamFormat {
  constructor() {
    super("bedrock", TIERS, Framing.AwsEventStream);
  }

  get basePath(): string {
    return "";
  }

  writePath(request: ChatRequest, options: RenderOptions, writer: Writer): void {
    writeModelPath(options.model, request.stream, writer);
  }

  writeRequest(request: ChatRequest, options: RenderOptions, writer: Writer): Failure | null {
    return writeRequest(request, options, writer);
  }

  toolNames(request: ChatRequest): ToolNames | null {
    return toolNamesOf(request, MAX_NAME_BYTES);
  }

  reader(): AnswerReader {
    return new BedrockReader();
  }

  readFailure(status: i32, body: Document | null, text: Slice): Failure {
    return readFailure(status, body, text);
  }

  accept(stream: bool): string {
    return stream ? "application/vnd.amazon.eventstream" : "application/json";
  }
}
