import { Slice, equals } from "../bytes/slice";
import { ChatRequest, Effort, Thinking } from "./request";

/** Thinking budget in tokens by effort, in the order of `Effort`; -1 = no thinking was asked for. */
const BUDGETS: StaticArray<i32> = [-1, 0, 1024, 1024, 2048, 4096, 8192, 16384];

/** Names in the order of `Effort`, as OpenAI writes them. */
export const EFFORT_NAMES: StaticArray<string> = [
  "",
  "none",
  "minimal",
  "low",
  "medium",
  "high",
  "xhigh",
  "max",
];

/** The budget that stands for an effort where the upstream counts tokens; -1 for `Absent`. */
export function budgetOf(effort: Effort): i32 {
  const index = effort as i32;
  return index >= 0 && index < BUDGETS.length ? unchecked(BUDGETS[index]) : -1;
}

/** The effort that stands for a budget where the upstream knows only levels. */
export function effortOf(budget: i32): Effort {
  if (budget < 0) return Effort.Medium;
  if (budget == 0) return Effort.None;
  if (budget < 1024) return Effort.Minimal;
  if (budget < 2048) return Effort.Low;
  if (budget < 4096) return Effort.Medium;
  return Effort.High;
}

/** The effort a request asks for in either way; `Absent` where it says nothing. An explicit `thinking` wins. */
export function requestedEffort(request: ChatRequest): Effort {
  switch (request.thinking) {
    case Thinking.Disabled:
      return Effort.None;
    case Thinking.Enabled:
      return effortOf(request.thinkingBudget);
    case Thinking.Adaptive:
      return request.effort == Effort.Absent ? Effort.Medium : request.effort;
  }
  return request.effort;
}

/** The thinking budget a request asks for in either way; 0 = no thinking, -1 = it says nothing. */
export function requestedBudget(request: ChatRequest): i32 {
  if (request.thinking == Thinking.Enabled && request.thinkingBudget >= 0) return request.thinkingBudget;
  return budgetOf(requestedEffort(request));
}

/** The effort with this name; `Absent` where there is none. */
export function effortNamed(name: Slice): Effort {
  for (let i = 1; i < EFFORT_NAMES.length; i++) {
    if (equals(name, unchecked(EFFORT_NAMES[i]))) return i as Effort;
  }
  return Effort.Absent;
}
