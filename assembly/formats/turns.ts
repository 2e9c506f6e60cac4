import { NONE, Slice, same } from "../bytes/slice";
import { ChatRequest, Part, PartKind, Role } from "../chat/request";

/** How far back, in parts, the call of a tool result is looked for: a bound for hostile histories. */
const MAX_LOOK_BACK: i32 = 512;

/** Consecutive messages of one side, for formats in which the two sides take turns and results are the user's. */
export class Turn {
  parts: Array<Part> = [];

  constructor(
    public isAssistant: bool,
    /** Index of its first message in the request, for error messages. */
    public message: i32,
  ) {}

  get hasToolCall(): bool {
    for (let i = 0; i < this.parts.length; i++) {
      if (unchecked(this.parts[i]).kind == PartKind.ToolCall) return true;
    }
    return false;
  }
}

/**
 * The request's messages as turns: system messages left out, neighbours of one side merged, and in a user's turn the
 * tool results first, as the vendors that have turns demand.
 */
export function turnsOf(request: ChatRequest): Array<Turn> {
  const turns = new Array<Turn>();
  for (let i = 0; i < request.messages.length; i++) {
    const message = unchecked(request.messages[i]);
    if (message.role == Role.System) continue;
    const isAssistant = message.role == Role.Assistant;
    let turn: Turn;
    if (turns.length > 0 && unchecked(turns[turns.length - 1]).isAssistant == isAssistant) {
      turn = unchecked(turns[turns.length - 1]);
    } else {
      turn = new Turn(isAssistant, i);
      turns.push(turn);
    }
    for (let j = 0; j < message.parts.length; j++) turn.parts.push(unchecked(message.parts[j]));
  }
  for (let i = 0; i < turns.length; i++) putResultsFirst(unchecked(turns[i]));
  return turns;
}

/** Gives each tool result the name of the tool that was called, where the result itself does not say it. */
export function nameResults(request: ChatRequest): void {
  const messages = request.messages;
  for (let i = 0; i < messages.length; i++) {
    const message = unchecked(messages[i]);
    if (message.role != Role.Tool) continue;
    for (let j = 0; j < message.parts.length; j++) {
      const part = unchecked(message.parts[j]);
      if (part.kind == PartKind.ToolResult && part.name == NONE) part.name = findName(request, i, part.id);
    }
  }
}

/** The name of the latest call with this id before a message, or NONE. */
function findName(request: ChatRequest, before: i32, id: Slice): Slice {
  let left = MAX_LOOK_BACK;
  for (let i = before - 1; i >= 0 && left > 0; i--, left--) {
    const parts = unchecked(request.messages[i]).parts;
    for (let j = parts.length - 1; j >= 0 && left > 0; j--, left--) {
      const part = unchecked(parts[j]);
      if (part.kind == PartKind.ToolCall && same(part.id, id)) return part.name;
    }
  }
  return NONE;
}

function putResultsFirst(turn: Turn): void {
  if (turn.isAssistant) return;
  const parts = turn.parts;
  let last = -1;
  let first = -1;
  for (let i = 0; i < parts.length; i++) {
    if (unchecked(parts[i]).kind == PartKind.ToolResult) last = i;
    else if (first < 0) first = i;
  }
  if (first < 0 || last < first) return;
  const sorted = new Array<Part>();
  for (let i = 0; i < parts.length; i++) {
    if (unchecked(parts[i]).kind == PartKind.ToolResult) sorted.push(unchecked(parts[i]));
  }
  for (let i = 0; i < parts.length; i++) {
    if (unchecked(parts[i]).kind != PartKind.ToolResult) sorted.push(unchecked(parts[i]));
  }
  turn.parts = sorted;
}
