import { requestedBudget, requestedEffort } from "../../chat/effort";
import { Parameter } from "../../chat/parameters";
import { ChatRequest, Effort, Part, PartKind, Thinking } from "../../chat/request";
import { lengthOf } from "../../bytes/slice";
import { parseInteger } from "../../json/number";
import { RenderOptions } from "../format";
import { isMarked } from "../thoughts";
import { Turn } from "../turns";
import { takesAdaptiveThinking, takesThinkingBudget } from "./models";

/** Source: Anthropic, "Extended thinking": smallest budget. */
const MIN_BUDGET: i64 = 1024;

/** How a Messages request is told to think. */
export class ThinkingPlan {
  mode: Thinking = Thinking.Absent;
  /** With `Thinking.Enabled`. */
  budget: i64 = 0;
  /** For `output_config.effort`; `Absent` leaves it out. */
  effort: Effort = Effort.Absent;
  /** Tokens that the answer may have, thinking included. */
  maxTokens: i64 = 0;

  /** While the model thinks it takes no sampling parameters and no forced tools. */
  get isOn(): bool {
    return this.mode == Thinking.Enabled || this.mode == Thinking.Adaptive;
  }
}

/**
 * Decides how the model is to think. An explicit `thinking` wins over an effort. Newer models decide for themselves
 * and take an effort, older ones take a budget; a model that is no Claude takes a budget, which all servers know.
 */
export function planThinking(request: ChatRequest, options: RenderOptions, turns: Array<Turn>): ThinkingPlan {
  const plan = new ThinkingPlan();
  const limit = parseInteger(request.value(Parameter.MaxTokens), -1);
  plan.maxTokens = limit > 0 ? limit : options.defaultMaxTokens;
  const effort = requestedEffort(request);
  if (effort == Effort.Absent && request.thinking == Thinking.Absent) return plan;
  if (effort == Effort.None) {
    plan.mode = Thinking.Disabled;
    return plan;
  }
  const wantsBudget = request.thinking == Thinking.Enabled && takesThinkingBudget(options.model);
  if (!wantsBudget && takesAdaptiveThinking(options.model)) {
    plan.mode = Thinking.Adaptive;
    const isPlain = request.thinking == Thinking.Adaptive && request.effort == Effort.Absent;
    if (!isPlain) plan.effort = max<i32>(effort, Effort.Low);
    return plan;
  }
  if (mayThink(turns)) planBudget(plan, request, limit);
  else adjust(request);
  return plan;
}

/** The budget is a part of the answer's tokens. Where the client set no limit, ours grows by it. */
function planBudget(plan: ThinkingPlan, request: ChatRequest, limit: i64): void {
  let budget = max<i64>(MIN_BUDGET, requestedBudget(request));
  if (limit <= 0) {
    plan.maxTokens += budget;
  } else if (budget >= limit) {
    budget = limit - 1;
    adjust(request);
    if (budget < MIN_BUDGET) return;
  }
  plan.mode = Thinking.Enabled;
  plan.budget = budget;
}

/**
 * With a budget, the assistant's turn that calls tools must begin with the thinking that led to them. A history that
 * comes from another vendor, or through a client that drops thinking, has none.
 */
function mayThink(turns: Array<Turn>): bool {
  for (let i = turns.length - 1; i >= 0; i--) {
    const turn = unchecked(turns[i]);
    if (!turn.isAssistant) continue;
    return !turn.hasToolCall || beginsWithThinking(turn.parts);
  }
  return true;
}

function beginsWithThinking(parts: Array<Part>): bool {
  if (parts.length == 0) return false;
  const first = unchecked(parts[0]);
  return first.kind == PartKind.RedactedThinking || isSigned(first);
}

/** Thinking that its vendor will recognise: Anthropic refuses any other. */
export function isSigned(part: Part): bool {
  return part.kind == PartKind.Thinking && lengthOf(part.signature) > 0 && !isMarked(part.signature);
}

function adjust(request: ChatRequest): void {
  request.adjust(request.thinking == Thinking.Absent ? Parameter.ReasoningEffort : Parameter.ThinkingBudget);
}
