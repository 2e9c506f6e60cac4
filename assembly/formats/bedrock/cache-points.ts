import { NONE, Slice, equals, lengthOf } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Parameter } from "../../chat/parameters";
import { ChatRequest, PartKind } from "../../chat/request";
import { Document } from "../../json/document";
import { JsonWriter } from "../../json/writer";
import { RenderOptions } from "../format";
import { Caching, cachesForAnHour, cachingOf } from "./model";
import { CachePosition, Retention, positionsFor, retentionFor } from "./prompt-cache";

/** Most cache points of a request. Source: Amazon Bedrock user guide, "Prompt caching". */
const MAX_POINTS: i32 = 4;

const hint: Document = new Document();

/**
 * Writes blocks behind what is to be cached: those that the client has set itself, and, as far as there is room for
 * them, those that the service's settings or `prompt_cache_retention` ask for. Of two points the first must not last
 * shorter than the second. Sources: Amazon Bedrock API reference, CachePointBlock; user guide, "Prompt caching".
 */
@final
export class CachePoints {
  private written: i32 = 0;
  /** Length of the output behind the last point: as long as it is that, there is a point just here. */
  private end: i32 = -1;
  /** Whether a point was written that lasts for the usual five minutes. */
  private hasShort: bool = false;
  /** Points of the client's that are yet to be written, and how many of them last for an hour. */
  private toCome: i32 = 0;
  private longToCome: i32 = 0;
  private caching: Caching = cachingOf(this.options.model);
  private mayLast: bool = cachesForAnHour(this.options.model);
  private retention: Retention = retentionFor(this.request, this.options.settings);
  private positions: i32 = CachePosition.None;
  /** Whether something is cached that was asked for as a whole, and whether all of it for as long as was asked for. */
  private isServed: bool = false;
  private isCut: bool = false;

  constructor(
    private request: ChatRequest,
    private options: RenderOptions,
    private json: JsonWriter,
    private out: Writer,
  ) {
    const isWanted = this.retention == Retention.Short || this.retention == Retention.Long;
    const isKnown = this.caching == Caching.All || this.caching == Caching.Texts;
    if (isWanted && isKnown) {
      this.positions = positionsFor(this.options.settings);
      this.countClients();
    }
  }

  /** Behind a tool's declaration. @param cacheControl Anthropic's object, or NONE */
  behindTool(cacheControl: Slice): void {
    if (cacheControl != NONE)
      this.client(cacheControl, this.caching == Caching.All || this.caching == Caching.Unknown);
  }

  /** Behind a part of this kind. @param cacheControl Anthropic's object, or NONE */
  behind(kind: PartKind, cacheControl: Slice): void {
    if (cacheControl != NONE) this.client(cacheControl, this.mayFollow(kind));
  }

  /** At the end of the request, where the client says of the whole of it that it is to be remembered. */
  atEnd(kind: PartKind): void {
    const cacheControl = this.request.cacheControl;
    if (cacheControl != NONE && this.end != this.out.length) this.behind(kind, cacheControl);
  }

  /**
   * A place where the settings may want a point.
   * @param kind of the part that stands before it
   */
  at(position: CachePosition, kind: PartKind): void {
    if ((this.positions & position) == 0) return;
    if (this.end != this.out.length) {
      if (!this.mayFollow(kind) || this.written + this.toCome >= MAX_POINTS) return;
      const wantsLong = this.retention == Retention.Long;
      // What the client has set itself stays as it is, so that this one has to fit between.
      const isLong = this.mayLast && (this.longToCome > 0 || (wantsLong && !this.hasShort));
      if (wantsLong && !isLong) this.isCut = true;
      this.point(isLong);
    }
    this.isServed = true;
  }

  /** All is written: notes where the client's own wish did not come true. */
  conclude(): void {
    if (!this.request.has(Parameter.PromptCacheRetention)) return;
    if (!this.isServed || this.isCut) this.request.adjust(Parameter.PromptCacheRetention);
  }

  private client(cacheControl: Slice, isAllowed: bool): void {
    const time = timeOf(cacheControl);
    const isLong = equals(time, "1h");
    this.toCome--;
    if (isLong) this.longToCome--;
    if (!isAllowed || this.written >= MAX_POINTS) {
      this.request.adjust(Parameter.CacheControl);
      return;
    }
    // Five minutes are what is usual, and not every model takes the word.
    if (lengthOf(time) > 0 && !equals(time, "5m") && !(isLong && this.mayLast)) {
      this.request.adjust(Parameter.CacheControl);
    }
    this.point(isLong && this.mayLast);
  }

  private point(isLong: bool): void {
    this.json.object().key("cachePoint").object().key("type").string("default");
    if (isLong) this.json.key("ttl").string("1h");
    else this.hasShort = true;
    this.json.endObject().endObject();
    this.written++;
    this.end = this.out.length;
  }

  private mayFollow(kind: PartKind): bool {
    if (this.caching == Caching.None || kind == PartKind.Thinking || kind == PartKind.RedactedThinking) {
      return false;
    }
    if (this.caching != Caching.Texts) return true;
    return kind == PartKind.Text || kind == PartKind.Refusal || kind == PartKind.Media;
  }

  private countClients(): void {
    const request = this.request;
    if (!request.has(Parameter.CacheControl)) return;
    this.count(request.cacheControl);
    for (let i = 0; i < request.tools.length; i++) this.count(unchecked(request.tools[i]).cacheControl);
    for (let i = 0; i < request.messages.length; i++) {
      const parts = unchecked(request.messages[i]).parts;
      for (let j = 0; j < parts.length; j++) this.count(unchecked(parts[j]).cacheControl);
    }
  }

  private count(cacheControl: Slice): void {
    if (cacheControl == NONE) return;
    this.toCome++;
    if (equals(timeOf(cacheControl), "1h")) this.longToCome++;
  }
}

/** The `ttl` of Anthropic's object (JSON string body), valid until the next one is read; NONE where it has none. */
function timeOf(cacheControl: Slice): Slice {
  return hint.parse(cacheControl) ? hint.body(hint.find(hint.root, "ttl")) : NONE;
}
