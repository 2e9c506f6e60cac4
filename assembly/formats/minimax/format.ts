import { encodePercent } from "../../bytes/percent";
import { Slice } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure } from "../../chat/failure";
import { ChatRequest } from "../../chat/request";
import { ToolNames } from "../../chat/tool-names";
import { Document } from "../../json/document";
import { AnswerReader, Framing, RenderOptions, UpstreamFormat } from "../format";
import { toolNamesOf } from "../names";
import { readFailure } from "./failure";
import { MinimaxReader } from "./read-answer";
import { MAX_NAME_BYTES, TIERS } from "./tiers";
import { writeRequest } from "./write-request";

/** MiniMax's ChatCompletion Pro. Its newer API is OpenAI's. */
@final
export class MinimaxUpstream extends UpstreamFormat {
  constructor() {
    super("minimax", TIERS, Framing.Sse);
  }

  writePath(request: ChatRequest, options: RenderOptions, writer: Writer): void {
    writer.ascii("/text/chatcompletion_pro?GroupId=");
    encodePercent(writer, options.settings.text("groupId"));
  }

  writeRequest(request: ChatRequest, options: RenderOptions, writer: Writer): Failure | null {
    return writeRequest(request, options, writer);
  }

  toolNames(request: ChatRequest): ToolNames | null {
    return toolNamesOf(request, MAX_NAME_BYTES);
  }

  reader(): AnswerReader {
    return new MinimaxReader();
  }

  readFailure(status: i32, body: Document | null, text: Slice): Failure {
    return readFailure(status, body, text);
  }
}
