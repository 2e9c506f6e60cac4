import { Usage } from "../../chat/usage";
import { Document, Node } from "../../json/document";
import { count } from "../openai/usage";

/** Reads a usage object, which in a stream is cumulative. Source: Model Studio, "Qwen API reference", DashScope. */
export function readUsage(document: Document, node: Node, usage: Usage): void {
  if (!document.isObject(node)) return;
  usage.input = count(document, node, "input_tokens", usage.input);
  usage.output = count(document, node, "output_tokens", usage.output);
  usage.total = count(document, node, "total_tokens", usage.total);
  const input = document.find(node, "prompt_tokens_details");
  usage.cachedInput = count(document, input, "cached_tokens", usage.cachedInput);
  usage.cacheWrite = count(document, input, "cache_creation_input_tokens", usage.cacheWrite);
  const parts = document.find(node, "input_tokens_details");
  usage.audioInput = count(document, parts, "audio_tokens", usage.audioInput);
  const output = document.find(node, "output_tokens_details");
  usage.reasoning = count(document, output, "reasoning_tokens", usage.reasoning);
}
