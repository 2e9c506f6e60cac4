import { EMPTY, Slice, Utf8, borrow, lengthOf, toOwned } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { ABSENT, Document } from "../json/document";
import { Block, BlockKind, ChatEvents, ToolOrder } from "./events";
import { Failure, FailureKind } from "./failure";

/** An answer that is collected may be this large; a larger one is refused, not truncated. */
const MAX_ANSWER_BYTES: i32 = 64 << 20;

const COMMA: u8 = 0x2c;

const parsed: Document = new Document();

/** One block of a collected answer. Texts are JSON string bodies. */
export class AnswerBlock {
  readonly content: Writer = new Writer();
  /** JSON string body of a thinking block's or tool call's signature, or empty. */
  signature: Utf8 = EMPTY;
  /** JSON string bodies of a tool call. */
  id: Utf8 = EMPTY;
  name: Utf8 = EMPTY;
  /** Data of thinking that only the vendor can read; then `content` is that data. */
  isRedacted: bool = false;
  /** MIME type of a media block; then `content` is base64 text. */
  mediaType: Utf8 = EMPTY;

  constructor(
    public kind: BlockKind,
    public choice: i32,
  ) {}

  /** Whether this is visible text of a choice. */
  isTextOf(choice: i32): bool {
    return this.kind == BlockKind.Text && this.choice == choice && !this.isMedia;
  }

  /** Media that the model made, not text. */
  get isMedia(): bool {
    return this.mediaType.byteLength > 0;
  }
}

/** A source the answer refers to. JSON string bodies. */
export class Citation {
  constructor(
    public choice: i32,
    public url: Utf8,
    public title: Utf8,
    /** Index among the answer's blocks of the text that refers to it; -1 where no text does. */
    public block: i32,
  ) {}
}

/**
 * An answer for a client that did not ask for a stream: events are collected as blocks in order, then the client's
 * format renders the whole (`ClientFormat.writeAnswer`). `isComplete` says that it may.
 */
export class Answer extends ChatEvents {
  readonly blocks: Array<AnswerBlock> = [];
  readonly citations: Array<Citation> = [];
  /** Raw OpenAI `logprobs` object of the answer, or empty. */
  logprobsJson: Utf8 = EMPTY;
  isComplete: bool = false;

  private bytes: i32 = 0;
  /** Elements of `content` of all `logprobs` objects, where several came. */
  private tokens: Writer = new Writer();

  constructor() {
    super(ToolOrder.Whole);
  }

  /** The blocks of one kind in one choice, joined: e.g. all visible text. Written as a JSON string body. */
  writeJoined(kind: BlockKind, choice: i32, writer: Writer): void {
    for (let i = 0; i < this.blocks.length; i++) {
      const block = unchecked(this.blocks[i]);
      if (block.kind != kind || block.choice != choice || block.isRedacted || block.isMedia) continue;
      writer.bytes(block.content.view());
    }
  }

  /** Whether a choice has any block of this kind. */
  hasKind(kind: BlockKind, choice: i32): bool {
    for (let i = 0; i < this.blocks.length; i++) {
      const block = unchecked(this.blocks[i]);
      if (block.kind == kind && block.choice == choice && !block.isRedacted && !block.isMedia) return true;
    }
    return false;
  }

  /** Frees all blocks. The exchange calls it when the answer has been rendered, or the stream is gone. */
  release(): void {
    this.dispose();
    for (let i = 0; i < this.blocks.length; i++) unchecked(this.blocks[i]).content.dispose();
    this.blocks.length = 0;
    this.tokens.dispose();
  }

  protected onBlockStart(block: Block): void {
    const collected = new AnswerBlock(block.kind, block.choice);
    collected.id = block.id;
    collected.name = block.name;
    collected.signature = block.signature;
    this.blocks.push(collected);
  }

  protected onDelta(block: Block, body: Slice): void {
    const last = this.last(block.kind, block.choice);
    if (last !== null) this.append(last, body);
  }

  protected onBlockEnd(block: Block): void {}

  protected onSignature(block: Block, body: Slice): void {
    const last = this.last(BlockKind.Thinking, block.choice);
    if (last !== null) last.signature = toOwned(body);
  }

  protected onToolSignature(block: Block, body: Slice): void {
    const last = this.last(BlockKind.ToolCall, block.choice);
    if (last !== null) last.signature = toOwned(body);
  }

  protected onRedactedThinking(choice: i32, index: i32, data: Slice): void {
    const block = new AnswerBlock(BlockKind.Thinking, choice);
    block.isRedacted = true;
    this.blocks.push(block);
    this.append(block, data);
  }

  protected onMedia(choice: i32, mediaType: Slice, data: Slice): void {
    const block = new AnswerBlock(BlockKind.Text, choice);
    block.mediaType = toOwned(mediaType);
    this.blocks.push(block);
    this.append(block, data);
  }

  protected onCitation(choice: i32, url: Slice, title: Slice): void {
    const block = this.blocks.length - 1;
    const isText = block >= 0 && unchecked(this.blocks[block]).isTextOf(choice);
    this.citations.push(new Citation(choice, toOwned(url), toOwned(title), isText ? block : -1));
  }

  /** Those of one record stay as they are; of several, the tokens are put into one list. */
  protected onLogprobs(choice: i32, raw: Slice): void {
    if (choice != 0) return;
    if (this.logprobsJson.byteLength == 0) {
      this.logprobsJson = toOwned(raw);
      return;
    }
    if (this.tokens.length == 0) this.addTokens(borrow(this.logprobsJson));
    this.addTokens(raw);
  }

  private addTokens(logprobs: Slice): void {
    if (!parsed.parse(logprobs)) return;
    const content = parsed.find(parsed.root, "content");
    for (let token = parsed.firstElement(content); token != ABSENT; token = parsed.nextElement(token)) {
      if (!this.take(parsed.raw(token))) return;
      if (this.tokens.length > 0) this.tokens.byte(COMMA);
      this.tokens.bytes(parsed.raw(token));
    }
  }

  protected onEnd(): void {
    if (this.tokens.length > 0) {
      const whole = new Writer();
      whole.ascii('{"content":[');
      whole.bytes(this.tokens.view());
      whole.ascii('],"refusal":null}');
      this.logprobsJson = toOwned(whole.view());
      whole.dispose();
    }
    this.isComplete = true;
  }

  protected onFailure(failure: Failure): void {}

  private last(kind: BlockKind, choice: i32): AnswerBlock | null {
    for (let i = this.blocks.length - 1; i >= 0; i--) {
      const block = unchecked(this.blocks[i]);
      if (block.kind == kind && block.choice == choice && !block.isMedia) return block;
    }
    return null;
  }

  private append(block: AnswerBlock, body: Slice): void {
    if (this.take(body)) block.content.bytes(body);
  }

  /** Counts bytes that are kept. False, and the answer has failed, where they are too many. */
  private take(bytes: Slice): bool {
    this.bytes += lengthOf(bytes);
    if (this.bytes <= MAX_ANSWER_BYTES) return true;
    this.fail(
      Failure.of(FailureKind.BadGateway, "answer_too_large", "upstream sent an answer of over 64 MiB"),
    );
    return false;
  }
}
