import { NONE, Slice, lengthOf } from "../../bytes/slice";
import { Parameter } from "../../chat/parameters";
import { ChatRequest } from "../../chat/request";
import { Document } from "../../json/document";
import { JsonWriter } from "../../json/writer";

/** Most cache points of a request. Source: Amazon Bedrock user guide, "Prompt caching". */
const MAX_POINTS: i32 = 4;

const hint: Document = new Document();

/** Writes a block behind what is to be cached, as long as there may be one. */
@final
export class CachePoints {
  private written: i32 = 0;

  constructor(
    private request: ChatRequest,
    private json: JsonWriter,
  ) {}

  /** @param cacheControl Anthropic's object, or NONE */
  write(cacheControl: Slice): void {
    if (cacheControl == NONE) return;
    if (this.written++ >= MAX_POINTS) {
      this.request.adjust(Parameter.CacheControl);
      return;
    }
    this.json.object().key("cachePoint").object().key("type").string("default");
    if (hint.parse(cacheControl)) {
      const time = hint.body(hint.find(hint.root, "ttl"));
      if (lengthOf(time) > 0) this.json.key("ttl").body(time);
    }
    this.json.endObject().endObject();
  }
}
