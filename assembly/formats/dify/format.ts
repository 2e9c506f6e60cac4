import { Slice } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure } from "../../chat/failure";
import { ChatRequest } from "../../chat/request";
import { Document } from "../../json/document";
import { AnswerReader, Framing, RenderOptions, UpstreamFormat } from "../format";
import { NO_SETTINGS, Settings } from "../settings";
import { pathOf } from "./application";
import { readFailure } from "./failure";
import { DifyReader } from "./read-answer";
import { TIERS } from "./tiers";
import { writeRequest } from "./write-request";

/** Applications of Dify. The key says which application answers, not the model. */
@final
export class DifyUpstream extends UpstreamFormat {
  constructor() {
    super("dify", TIERS, Framing.Sse);
  }

  writePath(request: ChatRequest, options: RenderOptions, writer: Writer): void {
    writer.ascii(pathOf(options.settings));
  }

  writeRequest(request: ChatRequest, options: RenderOptions, writer: Writer): Failure | null {
    return writeRequest(request, options, writer);
  }

  accept(stream: bool): string {
    return "text/event-stream";
  }

  reader(): AnswerReader {
    return this.readerWith(NO_SETTINGS);
  }

  readerWith(settings: Settings): AnswerReader {
    return new DifyReader(settings);
  }

  get conversationHeader(): string {
    return "conversationid";
  }

  readFailure(status: i32, body: Document | null, text: Slice): Failure {
    return readFailure(status, body, text);
  }
}
