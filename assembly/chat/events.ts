import { EMPTY, NONE, Slice, Utf8, borrow, lengthOf, toOwned, utf8 } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { Block, BlockKind, Choice, Finish, ToolOrder, findCall, waitingOf } from "./block";
import { isBlank } from "./body";
import { Books } from "./books";
import { Failure, FailureKind } from "./failure";
import { Nesting } from "./nesting";
import { Reasoning } from "./reasoning";
import { ToolNames } from "./tool-names";
import { Usage } from "./usage";

export { Block, BlockKind, Finish, ToolOrder };

/** More choices or parallel calls than this are no answer but an attack on our memory. */
const MAX_CHOICES: i32 = 128;
const MAX_TOOL_CALLS: i32 = 512;

/** Bytes of arguments that may wait for their turn, all calls of an answer together. */
const MAX_WAITING_BYTES: i32 = 16 << 20;

/**
 * What an upstream says, in the order it says it: readers of upstream formats call the public methods, writers of
 * client formats override the hooks. Texts are JSON string bodies: escaped in the upstream's JSON, so fit to be
 * copied into the client's. They are borrowed for the call.
 *
 * Which block is open and which tool call may be written is kept once for all in `Books`; here, that every answer has
 * exactly one end: `onEnd` or `onFailure`, never both, never none.
 */
export abstract class ChatEvents extends Books {
  /** Counts reported so far; readers fill it in at any time before the end. */
  readonly usage: Usage = new Usage();
  /** The upstream's id and model of the answer (JSON string bodies); empty where it gave none. */
  id: Utf8 = EMPTY;
  model: Utf8 = EMPTY;
  /** Seconds since 1970; 0 where the upstream gave none. */
  created: i64 = 0;
  /** How fast the request was served, in OpenAI's words (JSON string body); empty where the upstream is silent. */
  serviceTier: Utf8 = EMPTY;
  /** How the answer failed, if it did. */
  failure: Failure | null = null;
  /** The client's names of tools that had to be renamed for the upstream. */
  toolNames: ToolNames | null = null;
  /** What becomes of reasoning; null: it is shown as the protocol shows it. */
  reasoning: Reasoning | null = null;

  private begun: bool = false;
  private ended: bool = false;
  private waitingBytes: i32 = 0;

  constructor(order: ToolOrder) {
    super(order);
  }

  /** Whether the upstream accepted the request and the answer has begun: from here a failure is part of a stream. */
  get hasBegun(): bool {
    return this.begun;
  }

  /** Whether the answer has come to its one end. */
  get hasEnded(): bool {
    return this.ended;
  }

  // ---- what readers call ------------------------------------------------------------------------------------

  /** The answer begins. Later calls are ignored, so every record may say it. */
  begin(id: Slice, model: Slice, created: i64 = 0): void {
    if (this.begun || this.ended) return;
    this.begun = true;
    if (lengthOf(id) > 0) this.id = toOwned(id);
    if (lengthOf(model) > 0) this.model = toOwned(model);
    if (created > 0) this.created = created;
    this.onBegin();
    for (let i = 0; i < this.choices.length; i++) this.onChoiceStart(i);
  }

  /** Following events belong to this choice of the answer; 0 unless the request asked for several. */
  choose(index: i32): void {
    if (this.ended) return;
    if (index < 0 || index >= MAX_CHOICES) {
      this.fail(broken("too_many_choices", "upstream sent a choice out of range"));
      return;
    }
    while (this.choices.length <= index) {
      this.choices.push(new Choice());
      if (this.begun) this.onChoiceStart(this.choices.length - 1);
    }
    this.current = index;
  }

  /** Visible text. */
  text(body: Slice): void {
    this.content(BlockKind.Text, body);
  }

  /** Reasoning that may be shown. */
  thinking(body: Slice): void {
    this.content(BlockKind.Thinking, body);
  }

  /** The model declines; shown instead of text. */
  refusal(body: Slice): void {
    if (lengthOf(body) > 0) this.choice().hasRefusal = true;
    this.content(BlockKind.Refusal, body);
  }

  /** Proof for the thinking block that is open or was the last; closes it. */
  signature(body: Slice): void {
    if (!this.writable() || !this.showsProof()) return;
    const block = this.enter(BlockKind.Thinking);
    this.onSignature(block, body);
    this.close(block);
  }

  /** Thinking that only the vendor can read. */
  redactedThinking(data: Slice): void {
    if (!this.writable() || !this.showsProof()) return;
    this.leave();
    this.onRedactedThinking(this.current, this.takeIndex(), data);
  }

  /**
   * A tool call begins. `key` is the upstream's own index of it within the choice. `id` may be empty: a stable one is
   * made up. `name` may be empty where it comes later, with a second call of the same key; until then the call waits.
   */
  toolCall(key: i32, id: Slice, name: Slice): void {
    if (!this.writable()) return;
    const choice = this.choice();
    const at = findCall(choice.tools, key);
    if (at >= 0) {
      const known = unchecked(choice.tools[at]);
      if (known.name.byteLength > 0 || lengthOf(name) == 0) return;
      known.name = this.clientName(name);
      this.advance(known);
      return;
    }
    if (choice.tools.length >= MAX_TOOL_CALLS) {
      this.fail(broken("too_many_tool_calls", "upstream sent too many tool calls"));
      return;
    }
    this.interrupt();
    const block = new Block(BlockKind.ToolCall, this.current, -1);
    block.key = key;
    block.toolIndex = choice.tools.length;
    block.id = lengthOf(id) > 0 ? toOwned(id) : this.madeUpId(block.toolIndex);
    block.name = this.clientName(name);
    if (this.order != ToolOrder.Concurrent) block.nesting = new Nesting();
    choice.tools.push(block);
    this.advance(block);
  }

  /** A fragment of a call's arguments: JSON string body of a piece of JSON text. */
  toolArguments(key: i32, body: Slice): void {
    if (!this.writable() || lengthOf(body) == 0) return;
    const tools = this.choice().tools;
    const at = findCall(tools, key);
    if (at < 0) return;
    const block = unchecked(tools[at]);
    if (block.isDone) {
      this.takeLate(body);
      return;
    }
    block.hasArguments = true;
    const nesting = block.nesting;
    if (nesting) nesting.follow(body);
    if (block.isOpen && this.order != ToolOrder.Whole) {
      this.onDelta(block, body);
      if (at + 1 < tools.length && this.order == ToolOrder.Sequential) this.flushTools();
      return;
    }
    this.waitingBytes += lengthOf(body);
    if (this.waitingBytes > MAX_WAITING_BYTES)
      this.fail(broken("answer_too_large", "upstream sent more than can be held back"));
    else waitingOf(block).bytes(body);
  }

  /**
   * Proof that a vendor wants back with this call (Gemini's thought signatures). To be said before the call's
   * arguments, for writers that write it with the call's beginning.
   */
  toolSignature(key: i32, body: Slice): void {
    if (!this.writable() || lengthOf(body) == 0) return;
    const tools = this.choice().tools;
    const at = findCall(tools, key);
    if (at < 0) return;
    const block = unchecked(tools[at]);
    block.signature = toOwned(body);
    if (block.isOpen) this.onToolSignature(block, body);
  }

  /** A call's arguments are complete. Optional: the end of the answer completes every call. */
  toolEnd(key: i32): void {
    if (!this.writable()) return;
    const tools = this.choice().tools;
    const at = findCall(tools, key);
    if (at < 0) return;
    unchecked(tools[at]).isDone = true;
    this.flushTools();
  }

  /** An image, sound or file that the model made: MIME type in plain ASCII and base64 text. */
  media(mediaType: Slice, data: Slice): void {
    if (!this.writable()) return;
    this.interrupt();
    this.leave();
    this.onMedia(this.current, mediaType, data);
  }

  /** A source that the text refers to: URL and title are JSON string bodies. */
  citation(url: Slice, title: Slice): void {
    if (this.writable()) this.onCitation(this.current, url, title);
  }

  /** Token probabilities of the text that follows, as OpenAI's `logprobs` object (raw JSON). */
  logprobs(raw: Slice): void {
    if (this.writable()) this.onLogprobs(this.current, raw);
  }

  /** Why the current choice stopped. Usage may still follow: this is not the end. */
  finish(reason: Finish, stopSequence: Slice = NONE): void {
    if (this.ended) return;
    const choice = this.choice();
    if (choice.finish != Finish.None) return;
    choice.finish = reason;
    if (lengthOf(stopSequence) > 0) choice.stopSequence = toOwned(stopSequence);
  }

  /** The upstream said that it is through, but not why: what has no finish reason yet gets this one. */
  finishRest(reason: Finish): void {
    for (let i = 0; i < this.choices.length; i++) {
      const choice = unchecked(this.choices[i]);
      if (choice.finish == Finish.None) choice.finish = reason;
    }
  }

  /** The upstream is through. Without a finish reason it was cut off, which the client is told. */
  end(): void {
    if (this.ended) return;
    if (!this.isFinished()) {
      this.fail(broken("upstream_truncated", "upstream closed the answer before it was complete"));
      return;
    }
    this.begin(NONE, NONE);
    const last = this.choices.length;
    for (let i = 0; i < last; i++) {
      this.current = i;
      const reasoning = this.reasoning;
      if (reasoning !== null) reasoning.end(i, this);
      this.leave(true);
    }
    if (this.ended) return;
    this.ended = true;
    this.onEnd();
    this.dispose();
  }

  /** The answer failed. The first failure counts; after it nothing more is written. */
  fail(failure: Failure): void {
    if (this.ended) return;
    this.ended = true;
    this.failure = failure;
    if (this.begun) this.onFailure(failure);
    this.dispose();
  }

  /** Whether every choice has its finish reason. */
  isFinished(): bool {
    for (let i = 0; i < this.choices.length; i++) {
      if (unchecked(this.choices[i]).finish == Finish.None) return false;
    }
    return true;
  }

  /** Frees what waited. Called at the end of the answer, and by the exchange where the stream ends before it. */
  dispose(): void {
    const reasoning = this.reasoning;
    if (reasoning !== null) reasoning.dispose();
    for (let i = 0; i < this.choices.length; i++) {
      const tools = unchecked(this.choices[i]).tools;
      for (let j = 0; j < tools.length; j++) {
        const waiting = unchecked(tools[j]).waiting;
        if (waiting) waiting.dispose();
      }
    }
  }

  // ---- what writers ask -------------------------------------------------------------------------------------

  /** How many choices the answer has. */
  choiceCount(): i32 {
    return this.choices.length;
  }

  /**
   * Why a choice stopped. A choice that called tools says so, whatever the upstream named it: some servers report
   * `stop` beside tool calls. So does one that refused: OpenAI reports `stop` beside a refusal.
   */
  finishOf(index: i32): Finish {
    if (index < 0 || index >= this.choices.length) return Finish.None;
    const choice = unchecked(this.choices[index]);
    const natural = choice.finish == Finish.Stop || choice.finish == Finish.ToolCalls;
    if (!natural) return choice.finish;
    if (choice.tools.length > 0) return Finish.ToolCalls;
    return choice.hasRefusal ? Finish.Refusal : Finish.Stop;
  }

  /** Whether the model declined in words of its own. */
  hasRefusal(index: i32): bool {
    return index >= 0 && index < this.choices.length && unchecked(this.choices[index]).hasRefusal;
  }

  /** The stop sequence that was met (JSON string body), or empty. */
  stopSequenceOf(index: i32): Slice {
    if (index < 0 || index >= this.choices.length) return NONE;
    return borrow(unchecked(this.choices[index]).stopSequence);
  }

  // ---- what writers override --------------------------------------------------------------------------------

  protected onBegin(): void {}
  /** A choice begins; the first one right after `onBegin`. */
  protected onChoiceStart(choice: i32): void {}
  protected onSignature(block: Block, body: Slice): void {}
  /** A signature that came after the call began; one that came before is in `block.signature`. */
  protected onToolSignature(block: Block, body: Slice): void {}
  protected onRedactedThinking(choice: i32, index: i32, data: Slice): void {}
  protected onMedia(choice: i32, mediaType: Slice, data: Slice): void {}
  protected onCitation(choice: i32, url: Slice, title: Slice): void {}
  protected onLogprobs(choice: i32, raw: Slice): void {}
  /** The answer is complete: finish reasons, usage and the protocol's end marker. */
  protected abstract onEnd(): void;
  /** The answer failed after it had begun: the protocol's error event. */
  protected abstract onFailure(failure: Failure): void;

  // ---- helpers ----------------------------------------------------------------------------------------------

  private content(kind: BlockKind, body: Slice): void {
    if (lengthOf(body) == 0 || !this.writable()) return;
    const reasoning = this.reasoning;
    if (reasoning !== null) reasoning.content(kind, this.current, body, this);
    else this.write(kind, body);
  }

  /** Writes a piece of content, for what decided that it is to be shown. */
  write(kind: BlockKind, body: Slice): void {
    this.onDelta(this.enter(kind), body);
  }

  /** Reasoning that was held back comes before what is no reasoning. */
  private interrupt(): void {
    const reasoning = this.reasoning;
    if (reasoning !== null) reasoning.interrupt(this.current, this);
  }

  /** Whether the proof of reasoning may be written; the reasoning is then written before it. */
  private showsProof(): bool {
    const reasoning = this.reasoning;
    if (reasoning === null) return true;
    if (reasoning.showsProofs) reasoning.interrupt(this.current, this);
    return reasoning.showsProofs;
  }

  /** Content may be written: the answer has begun (this begins it) and has not ended. */
  private writable(): bool {
    if (this.ended) return false;
    if (!this.begun) this.begin(NONE, NONE);
    return !this.ended;
  }

  /** Arguments for a call that was already written: white space changes nothing, anything else would be lost. */
  private takeLate(body: Slice): void {
    if (isBlank(body)) return;
    this.fail(broken("late_tool_arguments", "upstream went on with a tool call that was over"));
  }

  private clientName(name: Slice): Utf8 {
    const names = this.toolNames;
    return toOwned(names ? names.original(name) : name);
  }

  /** A stable id for a call whose upstream gives none: `call_<answer id>_<index>`. */
  private madeUpId(index: i32): Utf8 {
    const id = String.UTF8.decode(this.id);
    return utf8(`call_${id.length > 0 ? id : this.current.toString()}_${index}`);
  }
}

/** The upstream does not keep to its own protocol. */
function broken(code: string, problem: string): Failure {
  return Failure.of(FailureKind.BadGateway, code, problem);
}
