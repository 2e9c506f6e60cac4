import { Slice, equals } from "../../bytes/slice";
import { Finish } from "../../chat/events";

/**
 * What a stop reason says; one that is not known means that the model just stopped.
 * Source: Amazon Bedrock API reference, Converse, `stopReason`.
 */
export function finishOf(reason: Slice): Finish {
  if (equals(reason, "max_tokens") || equals(reason, "model_context_window_exceeded")) return Finish.Length;
  if (equals(reason, "tool_use")) return Finish.ToolCalls;
  if (equals(reason, "stop_sequence")) return Finish.StopSequence;
  if (equals(reason, "content_filtered") || equals(reason, "guardrail_intervened")) {
    return Finish.ContentFilter;
  }
  return Finish.Stop;
}
