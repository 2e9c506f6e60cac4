import { Slice } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure } from "../../chat/failure";
import { ChatRequest } from "../../chat/request";
import { Document } from "../../json/document";
import { AnswerReader, Framing, RenderOptions, UpstreamFormat } from "../format";
import { DeeplReader, readFailure } from "./read-answer";
import { TIERS } from "./tiers";
import { writeRequest } from "./write-request";

/** Translation by DeepL, as a chat: the answer is what the user said, in the target language. */
@final
export class DeeplUpstream extends UpstreamFormat {
  constructor() {
    super("deepl", TIERS, Framing.Sse);
  }

  get basePath(): string {
    return "/v2";
  }

  get keyHeader(): string {
    return "authorization DeepL-Auth-Key";
  }

  writePath(request: ChatRequest, options: RenderOptions, writer: Writer): void {
    writer.ascii("/translate");
  }

  writeRequest(request: ChatRequest, options: RenderOptions, writer: Writer): Failure | null {
    return writeRequest(request, options, writer);
  }

  accept(stream: bool): string {
    return "application/json";
  }

  reader(): AnswerReader {
    return new DeeplReader();
  }

  readFailure(status: i32, body: Document | null, text: Slice): Failure {
    return readFailure(status, body, text);
  }
}
