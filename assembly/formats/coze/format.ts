import { encodePercent } from "../../bytes/percent";
import { Slice, lengthOf } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure } from "../../chat/failure";
import { ChatRequest } from "../../chat/request";
import { Document } from "../../json/document";
import { AnswerReader, Framing, RenderOptions, UpstreamFormat } from "../format";
import { readFailure } from "./failure";
import { CozeReader } from "./read-answer";
import { TIERS } from "./tiers";
import { writeRequest } from "./write-request";

/** Bots of Coze, version 3 of its chat. The model's name is the bot's id, unless the settings say it. */
@final
export class CozeUpstream extends UpstreamFormat {
  constructor() {
    super("coze", TIERS, Framing.Sse);
  }

  get basePath(): string {
    return "/v3";
  }

  writePath(request: ChatRequest, options: RenderOptions, writer: Writer): void {
    writer.ascii("/chat");
    if (lengthOf(options.conversation) == 0) return;
    writer.ascii("?conversation_id=");
    encodePercent(writer, options.conversation);
  }

  writeRequest(request: ChatRequest, options: RenderOptions, writer: Writer): Failure | null {
    return writeRequest(request, options, writer);
  }

  accept(stream: bool): string {
    return "text/event-stream";
  }

  reader(): AnswerReader {
    return new CozeReader();
  }

  get conversationHeader(): string {
    return "conversationid";
  }

  readFailure(status: i32, body: Document | null, text: Slice): Failure {
    return readFailure(status, body, text);
  }
}
