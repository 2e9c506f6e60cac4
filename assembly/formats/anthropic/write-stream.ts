import { Slice, borrow, lengthOf } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Block, BlockKind, ChatEvents, ToolOrder } from "../../chat/events";
import { Failure } from "../../chat/failure";
import { JsonWriter } from "../../json/writer";
import { AnswerOptions } from "../format";
import { writeSignedId } from "../thoughts";
import { writeCitation, writeHead, writeMediaText } from "./answer-parts";
import { writeFailure } from "./failure";
import { stopReason } from "./finish";
import { writeUsage } from "./usage";

/** Begins an event whose data begins with its own name: `event: X`, `data: {"type":"X"`. */
function eventHead(name: string): string {
  return `event: ${name}\ndata: {"type":"${name}"`;
}

const MESSAGE_START: string = eventHead("message_start");
const BLOCK_START: string = eventHead("content_block_start");
const BLOCK_DELTA: string = eventHead("content_block_delta");
const BLOCK_STOP: string = eventHead("content_block_stop");
const MESSAGE_DELTA: string = eventHead("message_delta");
const MESSAGE_STOP: string = eventHead("message_stop");

const END: string = "}\n\n";

/**
 * Writes the events of Messages. Blocks come one after the other, each with its index; only the first choice of an
 * answer has a place.
 * Source: Anthropic API reference, "Streaming Messages".
 */
@final
export class AnthropicStream extends ChatEvents {
  private json: JsonWriter;
  /** Blocks begun so far. */
  private blocks: i32 = 0;
  private isTextOpen: bool = false;

  constructor(
    private options: AnswerOptions,
    private out: Writer,
  ) {
    super(ToolOrder.Sequential);
    this.json = new JsonWriter(out);
  }

  protected onBegin(): void {
    const out = this.out;
    out.ascii(MESSAGE_START);
    out.ascii(',"message":');
    writeHead(this, this.options, this.json);
    this.json.constant('"content":[],"stop_reason":null,"stop_sequence":null').key("usage");
    writeUsage(this.usage, this.json);
    this.json.endObject();
    out.ascii(END);
  }

  protected onBlockStart(block: Block): void {
    if (block.choice != 0) return;
    switch (block.kind) {
      case BlockKind.Thinking:
        this.beginBlock().constant('"type":"thinking","thinking":"","signature":""');
        break;
      case BlockKind.ToolCall: {
        const json = this.beginBlock().key("type").string("tool_use");
        writeSignedId(block.id, block.signature, json.key("id"));
        json.key("name").body(borrow(block.name)).key("input").constant("{}");
        break;
      }
      default:
        this.beginBlock().constant('"type":"text","text":""');
        this.isTextOpen = true;
    }
    this.endEvent();
  }

  protected onDelta(block: Block, body: Slice): void {
    if (block.choice != 0) return;
    switch (block.kind) {
      case BlockKind.Thinking:
        this.delta("thinking_delta", "thinking", body);
        break;
      case BlockKind.ToolCall:
        this.delta("input_json_delta", "partial_json", body);
        break;
      default:
        this.delta("text_delta", "text", body);
    }
  }

  protected onBlockEnd(block: Block): void {
    if (block.choice == 0) this.endBlock();
  }

  protected onSignature(block: Block, body: Slice): void {
    if (block.choice == 0) this.delta("signature_delta", "signature", body);
  }

  protected onRedactedThinking(choice: i32, index: i32, data: Slice): void {
    if (choice != 0) return;
    this.beginBlock().key("type").string("redacted_thinking").key("data").body(data);
    this.endEvent();
    this.endBlock();
  }

  protected onMedia(choice: i32, mediaType: Slice, data: Slice): void {
    if (choice != 0) return;
    this.beginBlock().constant('"type":"text","text":""');
    this.endEvent();
    const json = this.beginDelta().key("type").string("text_delta").key("text");
    writeMediaText(mediaType, data, json);
    this.endEvent();
    this.endBlock();
  }

  /** Belongs to a text block; where none is open, to one without text. */
  protected onCitation(choice: i32, url: Slice, title: Slice): void {
    if (choice != 0) return;
    const isAlone = !this.isTextOpen;
    if (isAlone) {
      this.beginBlock().constant('"type":"text","text":""');
      this.endEvent();
    }
    writeCitation(url, title, this.beginDelta().key("type").string("citations_delta").key("citation"));
    this.endEvent();
    if (isAlone) this.endBlock();
  }

  protected onEnd(): void {
    const out = this.out;
    const json = this.json;
    if (this.blocks == 0) {
      this.beginBlock().constant('"type":"text","text":""');
      this.endEvent();
      this.endBlock();
    }
    out.ascii(MESSAGE_DELTA);
    out.ascii(',"delta":');
    json
      .object()
      .key("stop_reason")
      .string(stopReason(this.finishOf(0)))
      .key("stop_sequence");
    const sequence = this.stopSequenceOf(0);
    if (lengthOf(sequence) > 0) json.body(sequence);
    else json.null();
    json.endObject();
    out.ascii(',"usage":');
    writeUsage(this.usage, json);
    out.ascii(END);
    out.ascii(MESSAGE_STOP);
    out.ascii(END);
  }

  protected onFailure(failure: Failure): void {
    writeFailureEvent(failure, this.out);
  }

  private delta(type: string, name: string, body: Slice): void {
    this.beginDelta().key("type").string(type).key(name).body(body);
    this.endEvent();
  }

  /** Begins a block and its `content_block`, whose members the caller writes. */
  private beginBlock(): JsonWriter {
    const out = this.out;
    out.ascii(BLOCK_START);
    out.ascii(',"index":');
    out.number(this.blocks++);
    out.ascii(',"content_block":');
    return this.json.object();
  }

  private beginDelta(): JsonWriter {
    const out = this.out;
    out.ascii(BLOCK_DELTA);
    out.ascii(',"index":');
    out.number(this.blocks - 1);
    out.ascii(',"delta":');
    return this.json.object();
  }

  /** Ends the object that `beginBlock` or `beginDelta` began, and its event. */
  private endEvent(): void {
    this.json.endObject();
    this.out.ascii(END);
  }

  private endBlock(): void {
    const out = this.out;
    out.ascii(BLOCK_STOP);
    out.ascii(',"index":');
    out.number(this.blocks - 1);
    out.ascii(END);
    this.isTextOpen = false;
  }
}

/** The event that ends a failed stream. */
export function writeFailureEvent(failure: Failure, out: Writer): void {
  out.ascii("event: error\ndata: ");
  writeFailure(failure, out);
  out.ascii("\n\n");
}
