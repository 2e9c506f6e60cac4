import { Slice, equals, lengthOf } from "../../bytes/slice";
import { Finish } from "../../chat/events";

/** Stop reasons of Messages. Source: Anthropic, "Handling stop reasons". */

/** What a stop reason (JSON string body) says; `None` where there is none yet. New ones mean that the model stopped. */
export function finishOf(reason: Slice): Finish {
  if (lengthOf(reason) == 0) return Finish.None;
  if (equals(reason, "tool_use")) return Finish.ToolCalls;
  if (equals(reason, "max_tokens") || equals(reason, "model_context_window_exceeded")) return Finish.Length;
  if (equals(reason, "stop_sequence")) return Finish.StopSequence;
  if (equals(reason, "refusal")) return Finish.Refusal;
  return Finish.Stop;
}

/** The stop reason as a client is told. */
export function stopReason(finish: Finish): string {
  switch (finish) {
    case Finish.StopSequence:
      return "stop_sequence";
    case Finish.Length:
      return "max_tokens";
    case Finish.ToolCalls:
      return "tool_use";
    case Finish.ContentFilter:
    case Finish.Refusal:
      return "refusal";
  }
  return "end_turn";
}
