import { Usage } from "../../chat/usage";
import { Document, Node } from "../../json/document";
import { count } from "../openai/usage";

/**
 * Reads a TokenUsage object. `inputTokens` leaves out what a cache served or took, which is a part of what the model
 * read. Source: Amazon Bedrock API reference, TokenUsage; user guide, "Prompt caching".
 */
export function readUsage(document: Document, node: Node, usage: Usage): void {
  if (!document.isObject(node)) return;
  usage.cachedInput = count(document, node, "cacheReadInputTokens", usage.cachedInput);
  usage.cacheWrite = count(document, node, "cacheWriteInputTokens", usage.cacheWrite);
  const fresh = count(document, node, "inputTokens", -1);
  if (fresh >= 0) {
    usage.input = clamp(fresh) + clamp(usage.cachedInput) + clamp(usage.cacheWrite);
  }
  usage.output = count(document, node, "outputTokens", usage.output);
  if (usage.input >= 0 && usage.output >= 0) usage.total = usage.input + clamp(usage.output);
  else usage.total = count(document, node, "totalTokens", usage.total);
}

/** No count is negative, or so large that a sum of them could wrap. */
function clamp(value: i64): i64 {
  return max<i64>(0, min<i64>(value, i64.MAX_VALUE / 8));
}
