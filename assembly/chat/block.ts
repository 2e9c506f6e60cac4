import { EMPTY, Utf8 } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { Nesting } from "./nesting";

/** Why a model stopped. */
export enum Finish {
  /** Not known yet. */
  None,
  Stop,
  /** A stop sequence of the request was met. */
  StopSequence,
  Length,
  ToolCalls,
  ContentFilter,
  Refusal,
}

export enum BlockKind {
  Text,
  Thinking,
  Refusal,
  ToolCall,
}

/** How a client protocol takes tool calls. */
export enum ToolOrder {
  /** Fragments of several calls may alternate (OpenAI). */
  Concurrent,
  /** One call at a time; fragments of the others wait (Anthropic). */
  Sequential,
  /** A call is written when its arguments are complete (Gemini). */
  Whole,
}

/** A run of one kind of content in one choice. */
export class Block {
  /** JSON string bodies of a tool call, owned. */
  id: Utf8 = EMPTY;
  name: Utf8 = EMPTY;
  /** Index of the call among the tool calls of its choice. */
  toolIndex: i32 = -1;
  /** Whether any argument byte was seen. */
  hasArguments: bool = false;

  /** The upstream's own key of a tool call. */
  key: i32 = 0;
  isOpen: bool = false;
  isDone: bool = false;
  /** Fragments of a call that may not be written yet. */
  waiting: Writer | null = null;
  /** How much of the call's JSON text is still open. */
  nesting: Nesting | null = null;
  /** JSON string body of the proof that a vendor wants back with this call, or empty. */
  signature: Utf8 = EMPTY;

  constructor(
    public kind: BlockKind,
    public choice: i32,
    /** Position among all blocks of its choice, in the order they were opened. */
    public index: i32,
  ) {}
}

/** What is open in one choice of the answer. */
export class Choice {
  open: Block | null = null;
  blocks: i32 = 0;
  tools: Array<Block> = [];
  finish: Finish = Finish.None;
  stopSequence: Utf8 = EMPTY;
  hasRefusal: bool = false;
}

/** Index of the call with an upstream's key, or -1. */
export function findCall(tools: Array<Block>, key: i32): i32 {
  for (let i = 0; i < tools.length; i++) {
    if (unchecked(tools[i]).key == key) return i;
  }
  return -1;
}

/** Where the fragments of a call go that may not be written yet. */
export function waitingOf(block: Block): Writer {
  let waiting = block.waiting;
  if (waiting === null) {
    waiting = new Writer();
    block.waiting = waiting;
  }
  return waiting;
}
