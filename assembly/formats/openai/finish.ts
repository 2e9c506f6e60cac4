import { Slice, equals, lengthOf } from "../../bytes/slice";
import { Finish } from "../../chat/events";

/** Finish reasons of Chat Completions. Source: OpenAI API reference, `choices[].finish_reason`. */

/**
 * What a finish reason (JSON string body) says; `None` where it says nothing yet: some servers write "" or "null"
 * while the answer goes on. A reason of a server's own means that the model just stopped.
 */
export function finishOf(reason: Slice): Finish {
  if (lengthOf(reason) == 0 || equals(reason, "null")) return Finish.None;
  if (equals(reason, "length") || equals(reason, "max_tokens")) return Finish.Length;
  if (equals(reason, "tool_calls") || equals(reason, "function_call")) return Finish.ToolCalls;
  if (equals(reason, "content_filter")) return Finish.ContentFilter;
  return Finish.Stop;
}

/** Reasons that mean a failure: of OpenRouter, of SGLang, of DeepSeek. */
export function isFailureReason(reason: Slice): bool {
  return equals(reason, "error") || equals(reason, "abort") || equals(reason, "insufficient_system_resource");
}

/** The finish reason as a client is told. A model that refused in words of its own just stopped, for OpenAI. */
export function finishName(finish: Finish, hasRefusal: bool): string {
  switch (finish) {
    case Finish.Length:
      return "length";
    case Finish.ToolCalls:
      return "tool_calls";
    case Finish.ContentFilter:
      return "content_filter";
    case Finish.Refusal:
      return hasRefusal ? "stop" : "content_filter";
  }
  return "stop";
}
