import { EMPTY, NONE, Slice, borrow, lengthOf, startsWith } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Block, BlockKind, ChatEvents, ToolOrder } from "../../chat/events";
import { Failure, FailureKind } from "../../chat/failure";
import { JsonWriter } from "../../json/writer";
import { AnswerOptions } from "../format";
import { writeOneLine } from "../one-line";
import { isCustomTool } from "./echo";
import { beginEvent, endEvent, writeErrorEvent } from "./event";
import {
  ItemId,
  baseOf,
  beginMessage,
  customInput,
  endMessage,
  logprobsIn,
  writeAnnotation,
  writeCall,
  writeImage,
  writeReasoning,
  writeRefusalPart,
  writeSummaryPart,
  writeTextPart,
} from "./items";
import { Status, isIncomplete, statusName, writeResponse } from "./snapshot";
import { argumentsOf, redacted } from "./write-answer";

/** The last event repeats all items; an answer that would make it larger is refused, not cut. */
const MAX_OUTPUT_BYTES: i32 = 32 << 20;

const line: Writer = new Writer();

/**
 * Writes the events of a streamed response, one item after the other: each is announced, comes in deltas, and
 * is repeated whole when it is done; at the end the response repeats all. So the text of the open item and
 * the items that are done are kept, in raw memory.
 * Source: OpenAI API reference, "Streaming events" of Responses.
 */
@final
export class ResponsesStream extends ChatEvents {
  private json: JsonWriter;
  /** Number of the next event. */
  private sequence: i64 = 0;
  /** Items that are done, with commas between them. */
  private items: Writer = new Writer();
  /** What the open item holds so far. */
  private held: Writer = new Writer();
  /** Proof of the open reasoning item. */
  private proof: Writer = new Writer();
  /** Elements of `annotations` and `logprobs` of the open message, and probabilities of the next delta. */
  private annotations: Writer = new Writer();
  private annotationCount: i32 = 0;
  private probabilities: Writer = new Writer();
  private nextProbabilities: Writer = new Writer();
  /** The open item, or the last one. */
  private item: ItemId = new ItemId(EMPTY, "msg", -1);
  private hasOpenText: bool = false;
  /** Where the item that was stored last begins in `items`. */
  private storedFrom: i32 = 0;

  constructor(
    private options: AnswerOptions,
    private out: Writer,
  ) {
    super(ToolOrder.Sequential);
    this.json = new JsonWriter(out);
  }

  dispose(): void {
    super.dispose();
    this.items.dispose();
    this.held.dispose();
    this.proof.dispose();
    this.annotations.dispose();
    this.probabilities.dispose();
    this.nextProbabilities.dispose();
  }

  protected onBegin(): void {
    this.item.base = baseOf(this, this.options);
    this.state("created", Status.InProgress);
    this.state("in_progress", Status.InProgress);
  }

  protected onBlockStart(block: Block): void {
    if (block.choice != 0) return;
    switch (block.kind) {
      case BlockKind.Thinking:
        this.startReasoning();
        break;
      case BlockKind.ToolCall:
        this.startCall(block);
        break;
      default:
        this.startMessage(block.kind == BlockKind.Text);
    }
  }

  protected onDelta(block: Block, body: Slice): void {
    if (block.choice != 0) return;
    this.held.bytes(body);
    if (this.held.length + this.items.length > MAX_OUTPUT_BYTES) {
      this.fail(
        Failure.of(FailureKind.BadGateway, "answer_too_large", "upstream sent an answer of over 32 MiB"),
      );
      return;
    }
    switch (block.kind) {
      case BlockKind.Thinking:
        this.beginPart("response.reasoning_summary_text.delta", "summary_index").key("delta").body(body);
        break;
      case BlockKind.Refusal:
        this.beginPart("response.refusal.delta", "content_index").key("delta").body(body);
        break;
      case BlockKind.ToolCall:
        // What a custom tool gets is known when its wrapping is complete.
        if (this.isCustom) return;
        this.beginItem("response.function_call_arguments.delta").key("delta").body(body);
        break;
      default:
        this.beginPart("response.output_text.delta", "content_index").key("delta").body(body);
        this.writeNextLogprobs();
    }
    endEvent(this.json);
  }

  protected onBlockEnd(block: Block): void {
    if (block.choice != 0) return;
    switch (block.kind) {
      case BlockKind.Thinking:
        this.endReasoning();
        break;
      case BlockKind.ToolCall:
        this.endCall(block);
        break;
      default:
        this.endMessage(block.kind == BlockKind.Text);
    }
    this.held.reset();
  }

  protected onSignature(block: Block, body: Slice): void {
    if (block.choice == 0) this.proof.bytes(body);
  }

  protected onRedactedThinking(choice: i32, index: i32, data: Slice): void {
    if (choice != 0) return;
    this.nextItem("rs");
    const json = this.beginAdded();
    json.object().key("id");
    this.item.write(json);
    json.constant('"type":"reasoning","summary":[],"status":"in_progress"').endObject();
    endEvent(json);
    writeReasoning(this.item, NONE, redacted(data), this.beginStored());
    this.done();
  }

  protected onMedia(choice: i32, mediaType: Slice, data: Slice): void {
    if (choice != 0 || !startsWith(mediaType, "image/")) return;
    this.nextItem("ig");
    const json = this.beginAdded();
    json.object().key("id");
    this.item.write(json);
    json.constant('"type":"image_generation_call","status":"in_progress","result":null').endObject();
    endEvent(json);
    writeImage(this.item, data, this.beginStored());
    this.done();
  }

  protected onCitation(choice: i32, url: Slice, title: Slice): void {
    if (choice != 0 || !this.hasOpenText) return;
    const from = this.annotations.length > 0 ? this.annotations.length + 1 : 0;
    if (from > 0) this.annotations.byte(0x2c);
    writeAnnotation(url, title, new JsonWriter(this.annotations));
    const json = this.beginPart("response.output_text.annotation.added", "content_index");
    json.key("annotation_index").number(this.annotationCount++);
    json.key("annotation").raw(this.annotations.viewFrom(from));
    endEvent(json);
  }

  protected onLogprobs(choice: i32, raw: Slice): void {
    const elements = logprobsIn(raw);
    if (choice != 0 || lengthOf(elements) == 0) return;
    if (this.nextProbabilities.length > 0) this.nextProbabilities.byte(0x2c);
    writeOneLine(elements, this.nextProbabilities);
  }

  protected onEnd(): void {
    this.state(statusName(Status.Done, this.finishOf(0)), Status.Done);
  }

  protected onFailure(failure: Failure): void {
    writeErrorEvent(failure, this.sequence++, this.json);
    this.state("failed", Status.Failed);
  }

  // ---- items ----------------------------------------------------------------------------------------------

  private startReasoning(): void {
    this.nextItem("rs");
    const json = this.beginAdded();
    json.object().key("id");
    this.item.write(json);
    json.constant('"type":"reasoning","summary":[],"status":"in_progress"').endObject();
    endEvent(json);
    this.beginPart("response.reasoning_summary_part.added", "summary_index").key("part");
    writeSummaryPart(NONE, this.json);
    endEvent(this.json);
  }

  private endReasoning(): void {
    const text = this.held.view();
    const json = this.json;
    this.beginPart("response.reasoning_summary_text.done", "summary_index").key("text").body(text);
    endEvent(json);
    this.beginPart("response.reasoning_summary_part.done", "summary_index").key("part");
    writeSummaryPart(text, json);
    endEvent(json);
    writeReasoning(this.item, text, this.proof.view(), this.beginStored());
    this.proof.reset();
    this.done();
  }

  private startMessage(isText: bool): void {
    this.nextItem("msg");
    const json = this.beginAdded();
    beginMessage(this.item, "in_progress", json);
    endMessage(json);
    endEvent(json);
    this.beginPart("response.content_part.added", "content_index").key("part");
    if (isText) writeTextPart(NONE, NONE, NONE, json);
    else writeRefusalPart(NONE, json);
    endEvent(json);
    this.hasOpenText = isText;
  }

  private endMessage(isText: bool): void {
    const json = this.json;
    const text = this.held.view();
    if (isText) {
      this.beginPart("response.output_text.done", "content_index").key("text").body(text);
      json.key("logprobs").array();
      if (this.probabilities.length > 0) json.raw(this.probabilities.view());
      json.endArray();
    } else {
      this.beginPart("response.refusal.done", "content_index").key("refusal").body(text);
    }
    endEvent(json);
    this.beginPart("response.content_part.done", "content_index").key("part");
    this.writePart(isText, json);
    endEvent(json);
    const stored = this.beginStored();
    beginMessage(this.item, isIncomplete(this.finishOf(0)) ? "incomplete" : "completed", stored);
    this.writePart(isText, stored);
    endMessage(stored);
    this.done();
    this.hasOpenText = false;
    this.annotations.reset();
    this.annotationCount = 0;
    this.probabilities.reset();
  }

  private writePart(isText: bool, json: JsonWriter): void {
    const text = this.held.view();
    if (isText) writeTextPart(text, this.annotations.view(), this.probabilities.view(), json);
    else writeRefusalPart(text, json);
  }

  private startCall(block: Block): void {
    this.nextItem(isCustomTool(this.options.remembered, borrow(block.name)) ? "ctc" : "fc");
    const json = this.beginAdded();
    writeCall(this.item, block.id, block.signature, borrow(block.name), NONE, "in_progress", json);
    endEvent(json);
  }

  private endCall(block: Block): void {
    const json = this.json;
    const name = borrow(block.name);
    if (this.isCustom) {
      const input = customInput(this.held.view());
      if (lengthOf(input) > 0) {
        this.beginItem("response.custom_tool_call_input.delta").key("delta").body(input);
        endEvent(json);
      }
      this.beginItem("response.custom_tool_call_input.done").key("input").body(input);
      endEvent(json);
      writeCall(this.item, block.id, block.signature, name, input, "completed", this.beginStored());
    } else {
      const text = argumentsOf(this.held.view());
      if (this.held.length == 0) {
        this.beginItem("response.function_call_arguments.delta").key("delta").body(text);
        endEvent(json);
      }
      this.beginItem("response.function_call_arguments.done")
        .key("name")
        .body(name)
        .key("arguments")
        .body(text);
      endEvent(json);
      writeCall(this.item, block.id, block.signature, name, text, "completed", this.beginStored());
    }
    this.done();
  }

  private get isCustom(): bool {
    return this.item.kind == "ctc";
  }

  // ---- events ---------------------------------------------------------------------------------------------

  /** An event that holds the whole response. */
  private state(name: string, status: Status): void {
    line.reset();
    line.ascii("response.");
    line.ascii(name);
    const json = beginEvent(line.view(), this.sequence++, this.json).key("response");
    writeResponse(this, this.options, status, this.items.view(), json);
    endEvent(json);
  }

  private nextItem(kind: string): void {
    this.item.kind = kind;
    this.item.index++;
  }

  private event(type: string): JsonWriter {
    line.reset();
    line.ascii(type);
    return beginEvent(line.view(), this.sequence++, this.json);
  }

  /** Begins the event that announces the item, up to the item. */
  private beginAdded(): JsonWriter {
    return this.event("response.output_item.added").key("output_index").number(this.item.index).key("item");
  }

  /** Begins an event about the item. */
  private beginItem(type: string): JsonWriter {
    const json = this.event(type).key("item_id");
    this.item.write(json);
    return json.key("output_index").number(this.item.index);
  }

  /** Begins an event about the one part of the item. */
  private beginPart(type: string, index: string): JsonWriter {
    return this.beginItem(type).key(index).number(0);
  }

  /** Where the item goes when it is done. */
  private beginStored(): JsonWriter {
    if (this.items.length > 0) this.items.byte(0x2c);
    this.storedFrom = this.items.length;
    return new JsonWriter(this.items);
  }

  /** The item is stored: tells the client. */
  private done(): void {
    const json = this.event("response.output_item.done").key("output_index").number(this.item.index);
    json.key("item").raw(this.items.viewFrom(this.storedFrom));
    endEvent(json);
  }

  private writeNextLogprobs(): void {
    const next = this.nextProbabilities;
    this.json.key("logprobs").array();
    if (next.length > 0) {
      this.json.raw(next.view());
      if (this.probabilities.length > 0) this.probabilities.byte(0x2c);
      this.probabilities.bytes(next.view());
      next.reset();
    }
    this.json.endArray();
  }
}
