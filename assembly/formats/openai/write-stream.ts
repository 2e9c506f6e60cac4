import { EMPTY, Slice, Utf8, borrow, lengthOf, toOwned } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Block, BlockKind, ChatEvents, ToolOrder } from "../../chat/events";
import { Failure } from "../../chat/failure";
import { JsonWriter } from "../../json/writer";
import { writeDataUrl } from "../data-url";
import { AnswerOptions } from "../format";
import { writeOneLine } from "../one-line";
import { writeAnnotation, writeCall, writeSignature } from "./answer-parts";
import { writeFailure } from "./failure";
import { finishName } from "./finish";
import { writeIdentity } from "./identity";
import { writeUsage } from "./usage";

const scratch: Writer = new Writer();

/**
 * Writes chunks of Chat Completions, as server-sent events.
 * Source: OpenAI API reference, "The chat completion chunk object".
 *
 * Every chunk begins alike, so its beginning is made once. A failed answer ends with the error object and without
 * `[DONE]`: readers that overlook the error must not take the answer for complete.
 */
@final
export class OpenAiStream extends ChatEvents {
  private json: JsonWriter;
  /** `data: {"id":...,"choices":[` and what comes behind the choices. */
  private head: Utf8 = EMPTY;

  constructor(
    private options: AnswerOptions,
    private out: Writer,
  ) {
    super(ToolOrder.Concurrent);
    this.json = new JsonWriter(out);
  }

  protected onBegin(): void {
    scratch.reset();
    scratch.ascii("data: ");
    const json = new JsonWriter(scratch);
    json.object();
    writeIdentity(this, this.options, "chat.completion.chunk", json);
    json.key("choices").array();
    this.head = toOwned(scratch.view());
  }

  protected onChoiceStart(choice: i32): void {
    this.beginDelta(choice).constant('"role":"assistant","content":""');
    this.endDelta();
  }

  protected onBlockStart(block: Block): void {
    if (block.kind != BlockKind.ToolCall) return;
    const json = this.beginDelta(block.choice).key("tool_calls").array();
    writeCall(block.toolIndex, block.id, block.signature, block.name, json);
    json.key("arguments").string("").endObject().endObject().endArray();
    this.endDelta();
  }

  protected onDelta(block: Block, body: Slice): void {
    const json = this.beginDelta(block.choice);
    switch (block.kind) {
      case BlockKind.Text:
        json.key("content").body(body);
        break;
      case BlockKind.Thinking:
        json.key("reasoning_content").body(body);
        break;
      case BlockKind.Refusal:
        json.key("refusal").body(body);
        break;
      case BlockKind.ToolCall:
        json.key("tool_calls").array().object().key("index").number(block.toolIndex);
        json.key("function").object().key("arguments").body(body).endObject().endObject().endArray();
        break;
    }
    this.endDelta();
  }

  /** Clients parse the arguments, and nothing at all is no JSON. */
  protected onBlockEnd(block: Block): void {
    if (block.kind != BlockKind.ToolCall || block.hasArguments) return;
    block.hasArguments = true;
    scratch.reset();
    scratch.ascii("{}");
    this.onDelta(block, scratch.view());
  }

  protected onSignature(block: Block, body: Slice): void {
    scratch.reset();
    const json = this.beginDelta(block.choice).key("thinking_blocks").array();
    writeSignature(scratch.view(), body, json);
    json.endArray();
    this.endDelta();
  }

  protected onRedactedThinking(choice: i32, index: i32, data: Slice): void {
    const json = this.beginDelta(choice).key("thinking_blocks").array();
    json.object().key("type").string("redacted_thinking").key("data").body(data).endObject().endArray();
    this.endDelta();
  }

  protected onMedia(choice: i32, mediaType: Slice, data: Slice): void {
    const json = this.beginDelta(choice).key("images").array().object();
    json.key("type").string("image_url").key("image_url").object().key("url");
    writeDataUrl(mediaType, data, json);
    json.endObject().endObject().endArray();
    this.endDelta();
  }

  protected onCitation(choice: i32, url: Slice, title: Slice): void {
    const json = this.beginDelta(choice).key("annotations").array();
    writeAnnotation(url, title, json);
    json.endArray();
    this.endDelta();
  }

  protected onLogprobs(choice: i32, raw: Slice): void {
    const json = this.beginDelta(choice).endObject().key("logprobs");
    scratch.reset();
    writeOneLine(raw, scratch);
    json.raw(scratch.view());
    this.endChoice();
  }

  protected onEnd(): void {
    for (let i = 0; i < this.choiceCount(); i++) {
      const json = this.beginDelta(i).endObject();
      json.key("finish_reason").string(finishName(this.finishOf(i), this.hasRefusal(i)));
      const sequence = this.stopSequenceOf(i);
      if (lengthOf(sequence) > 0) json.key("stop_reason").body(sequence);
      json.endObject();
      this.endChunk();
    }
    if (this.options.includeUsage && this.usage.isKnown) {
      this.out.owned(this.head);
      this.out.ascii('],"usage":');
      writeUsage(this.usage, this.json);
      this.out.ascii("}\n\n");
    }
    this.out.ascii("data: [DONE]\n\n");
  }

  protected onFailure(failure: Failure): void {
    this.out.ascii("data: ");
    writeFailure(failure, this.out);
    this.out.ascii("\n\n");
  }

  /** Begins a chunk, up to the members of its delta. */
  private beginDelta(choice: i32): JsonWriter {
    const json = this.json;
    this.out.owned(this.head);
    return json.object().key("index").number(choice).key("delta").object();
  }

  private endDelta(): void {
    this.json.endObject();
    this.endChoice();
  }

  private endChoice(): void {
    this.json.key("finish_reason").null().endObject();
    this.endChunk();
  }

  /** With usage asked for, every chunk has the member, empty until the last one. */
  private endChunk(): void {
    const tier = this.serviceTier;
    this.out.ascii("]");
    if (tier.byteLength > 0) {
      this.out.ascii(',"service_tier":"');
      this.out.bytes(borrow(tier));
      this.out.byte(0x22);
    }
    this.out.ascii(this.options.includeUsage ? ',"usage":null}\n\n' : "}\n\n");
  }
}
