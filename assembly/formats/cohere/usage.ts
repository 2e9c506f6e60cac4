import { Usage } from "../../chat/usage";
import { ABSENT, Document, Node } from "../../json/document";
import { count } from "../openai/usage";

/**
 * Reads a usage object: `tokens` is what the model read and wrote, `billed_units` what is charged, which stands in
 * where the other is missing. Source: Cohere API reference, "Chat (v2)".
 */
export function readUsage(document: Document, node: Node, usage: Usage): void {
  let counts = document.find(node, "tokens");
  if (counts == ABSENT) counts = document.find(node, "billed_units");
  usage.input = count(document, counts, "input_tokens", usage.input);
  usage.output = count(document, counts, "output_tokens", usage.output);
  usage.cachedInput = count(document, node, "cached_tokens", usage.cachedInput);
}
