import { Slice, Utf8, borrow, same } from "../../bytes/slice";
import { Finish } from "../../chat/events";
import { UNKNOWN, Usage } from "../../chat/usage";
import { finishOf } from "../openai/finish";
import { Context } from "./context";
import { Path } from "./path";

/** Words of `finishMap`, in the order of `FINISHES`. */
export const FINISH_NAMES: string[] = [
  "none",
  "stop",
  "stop_sequence",
  "length",
  "tool_calls",
  "content_filter",
  "refusal",
];

/** What the words mean. */
export const FINISHES: StaticArray<Finish> = [
  Finish.None,
  Finish.Stop,
  Finish.StopSequence,
  Finish.Length,
  Finish.ToolCalls,
  Finish.ContentFilter,
  Finish.Refusal,
];

/** Where tool calls stand. */
export class CallPaths {
  index: Path | null = null;
  id: Path | null = null;
  name: Path | null = null;
  arguments: Path | null = null;

  constructor(readonly each: Path) {}
}

/** Values of `finish` and what they mean. */
export class FinishMap {
  /** UTF-8 texts. */
  from: Array<Utf8> = [];
  to: Array<Finish> = [];
  hasRest: bool = false;
  rest: Finish = Finish.Stop;

  /** @param text the value's text, without escapes @param isFalse whether it is the flag, which says "not yet" */
  of(text: Slice, isFalse: bool): Finish {
    for (let i = 0; i < this.from.length; i++) {
      if (same(text, borrow(unchecked(this.from[i])))) return unchecked(this.to[i]);
    }
    if (this.hasRest) return this.rest;
    return isFalse ? Finish.None : finishOf(text);
  }
}

/** Where the parts of an answer, or of a record, stand. null: nowhere. */
export class ResponsePaths {
  text: Path | null = null;
  thinking: Path | null = null;
  calls: CallPaths | null = null;
  finish: Path | null = null;
  finishes: FinishMap = new FinishMap();
  choices: Path | null = null;
  index: Path | null = null;
  id: Path | null = null;
  model: Path | null = null;
  created: Path | null = null;
  usage: UsagePaths = new UsagePaths();
}

/** Where the counts of tokens stand. */
export class UsagePaths {
  input: Path | null = null;
  output: Path | null = null;
  total: Path | null = null;
  cached: Path | null = null;
  reasoning: Path | null = null;

  read(context: Context, usage: Usage): void {
    usage.input = count(context, this.input, usage.input);
    usage.output = count(context, this.output, usage.output);
    usage.total = count(context, this.total, usage.total);
    usage.cachedInput = count(context, this.cached, usage.cachedInput);
    usage.reasoning = count(context, this.reasoning, usage.reasoning);
  }
}

function count(context: Context, path: Path | null, known: i64): i64 {
  if (path === null) return known;
  const value = context.document.integer(path.first(context), UNKNOWN);
  return value >= 0 ? value : known;
}
