import { Slice } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Block, BlockKind, ChatEvents, ToolOrder } from "../../chat/events";
import { Failure } from "../../chat/failure";
import { JsonWriter } from "../../json/writer";
import { AnswerOptions } from "../format";
import {
  beginCandidate,
  endParts,
  writeCall,
  writeFinish,
  writeIdentity,
  writeInlineData,
  writeLogprobs,
  writeRedactedThinking,
  writeSignature,
  writeSource,
  writeText,
} from "./answer-parts";
import { writeFailure } from "./failure";
import { writeUsage } from "./usage";

/**
 * Writes the records of streamGenerateContent: server-sent events with `alt=sse`, else the elements of one
 * JSON array. Each is a whole GenerateContentResponse, a function call always in one of them. There is no end
 * mark.
 * Source: Gemini API reference, models.streamGenerateContent.
 */
@final
export class GeminiStream extends ChatEvents {
  private json: JsonWriter;
  private isFirst: bool = true;

  constructor(
    private options: AnswerOptions,
    private out: Writer,
  ) {
    super(ToolOrder.Whole);
    this.json = new JsonWriter(out);
  }

  protected onBlockStart(block: Block): void {}

  protected onDelta(block: Block, body: Slice): void {
    this.beginRecord(block.choice);
    if (block.kind == BlockKind.ToolCall) writeCall(block.id, block.name, block.signature, body, this.json);
    else writeText(body, block.kind == BlockKind.Thinking, this.json);
    this.endRecord();
  }

  protected onBlockEnd(block: Block): void {}

  protected onSignature(block: Block, body: Slice): void {
    this.beginRecord(block.choice);
    writeSignature(body, this.json);
    this.endRecord();
  }

  protected onRedactedThinking(choice: i32, index: i32, data: Slice): void {
    this.beginRecord(choice);
    writeRedactedThinking(data, this.json);
    this.endRecord();
  }

  protected onMedia(choice: i32, mediaType: Slice, data: Slice): void {
    this.beginRecord(choice);
    writeInlineData(mediaType, data, this.json);
    this.endRecord();
  }

  protected onCitation(choice: i32, url: Slice, title: Slice): void {
    const json = this.beginRecord(choice);
    endParts(json);
    json.key("groundingMetadata").object().key("groundingChunks").array();
    writeSource(url, title, json);
    json.endArray().endObject();
    this.endCandidate();
    this.endResponse();
  }

  protected onLogprobs(choice: i32, raw: Slice): void {
    const json = this.beginRecord(choice);
    endParts(json);
    writeLogprobs(raw, json);
    this.endCandidate();
    this.endResponse();
  }

  protected onEnd(): void {
    const json = this.beginResponse();
    for (let i = 0; i < this.choiceCount(); i++) {
      beginCandidate(i, json);
      json.constant('{"text":""}');
      endParts(json);
      writeFinish(this.finishOf(i), json);
      json.endObject();
    }
    json.endArray();
    if (this.usage.isKnown) writeUsage(json, this.usage);
    this.endResponse();
    if (!this.options.isSse) this.out.byte(0x5d);
  }

  protected onFailure(failure: Failure): void {
    this.beginEvent();
    writeFailure(failure, this.out);
    this.endEvent();
    if (!this.options.isSse) this.out.byte(0x5d);
  }

  /** Begins a record with one candidate, up to its parts. */
  private beginRecord(choice: i32): JsonWriter {
    const json = this.beginResponse();
    beginCandidate(choice, json);
    return json;
  }

  private endRecord(): void {
    endParts(this.json);
    this.endCandidate();
    this.endResponse();
  }

  private endCandidate(): void {
    this.json.endObject().endArray();
  }

  private beginResponse(): JsonWriter {
    this.beginEvent();
    return this.json.object().key("candidates").array();
  }

  private endResponse(): void {
    writeIdentity(this, this.options, this.json);
    this.json.endObject();
    this.endEvent();
  }

  private beginEvent(): void {
    if (this.options.isSse) this.out.ascii("data: ");
    else this.out.ascii(this.isFirst ? "[" : ",\n");
    this.isFirst = false;
  }

  private endEvent(): void {
    if (this.options.isSse) this.out.ascii("\n\n");
  }
}
