import { NONE, Slice } from "../bytes/slice";
import { Block, BlockKind, Choice, ToolOrder } from "./block";
import { ContentSink } from "./reasoning";

/**
 * Which block is open in each choice of an answer, and when a tool call may be written: the three orders in which
 * clients take calls differ only here.
 */
export abstract class Books extends ContentSink {
  protected choices: Array<Choice> = [new Choice()];
  /** Index of the choice that events belong to. */
  protected current: i32 = 0;

  constructor(protected order: ToolOrder) {
    super();
  }

  protected abstract onBlockStart(block: Block): void;
  /** Text of the block, or a fragment of a call's arguments (with `ToolOrder.Whole`: all of them, "" if none). */
  protected abstract onDelta(block: Block, body: Slice): void;
  protected abstract onBlockEnd(block: Block): void;

  protected choice(): Choice {
    return unchecked(this.choices[this.current]);
  }

  protected takeIndex(): i32 {
    return this.choice().blocks++;
  }

  /** The open block of this kind; another one that is open is closed first. */
  protected enter(kind: BlockKind): Block {
    const choice = this.choice();
    const open = choice.open;
    if (open !== null && open.kind == kind) return open;
    this.leave();
    const block = new Block(kind, this.current, this.takeIndex());
    choice.open = block;
    block.isOpen = true;
    this.onBlockStart(block);
    return block;
  }

  /**
   * Closes the open block of the current choice. Other content ends all calls before it, except where fragments may
   * alternate: there only the end of the answer does.
   */
  protected leave(isEnd: bool = false): void {
    const choice = this.choice();
    const open = choice.open;
    if (open !== null && open.kind != BlockKind.ToolCall) this.close(open);
    if (!isEnd && this.order == ToolOrder.Concurrent) return;
    for (let i = 0; i < choice.tools.length; i++) unchecked(choice.tools[i]).isDone = true;
    this.flushTools();
  }

  /** A new call, or one whose name has come: open it if the protocol's order allows, else let it wait. */
  protected advance(block: Block): void {
    const choice = this.choice();
    const open = choice.open;
    if (open !== null && open.kind != BlockKind.ToolCall) this.close(open);
    if (this.order != ToolOrder.Concurrent) this.flushTools();
    else if (block.name.byteLength > 0) this.open(block);
  }

  protected open(block: Block): void {
    const choice = this.choice();
    block.index = choice.blocks++;
    block.isOpen = true;
    if (this.order == ToolOrder.Sequential) choice.open = block;
    this.onBlockStart(block);
    const waiting = block.waiting;
    if (this.order == ToolOrder.Whole) {
      this.onDelta(block, waiting ? waiting.view() : NONE);
    } else if (waiting && waiting.length > 0) {
      this.onDelta(block, waiting.view());
    }
    if (waiting) waiting.dispose();
  }

  protected close(block: Block): void {
    const choice = this.choice();
    if (block.kind == BlockKind.ToolCall && block.index < 0) this.open(block);
    if (!block.isOpen) return;
    block.isOpen = false;
    if (choice.open === block) choice.open = null;
    this.onBlockEnd(block);
  }

  /**
   * Closes calls that are complete and opens those that may begin, in the order they came. A call is complete when
   * the upstream says so, and also when its JSON text is closed and another call follows: most upstreams just go on.
   */
  protected flushTools(): void {
    const choice = this.choice();
    const tools = choice.tools;
    for (let i = 0; i < tools.length; i++) {
      const tool = unchecked(tools[i]);
      if (tool.index >= 0 && !tool.isOpen) continue;
      const nesting = tool.nesting;
      if (nesting !== null && nesting.isClosed && i + 1 < tools.length) tool.isDone = true;
      const mayOpen = tool.isDone || tool.name.byteLength > 0;
      if (this.order == ToolOrder.Sequential && !tool.isOpen) {
        if (!mayOpen || choice.open !== null) return;
        this.open(tool);
      }
      if (tool.isDone) this.close(tool);
      else if (this.order != ToolOrder.Concurrent) return;
    }
  }
}
