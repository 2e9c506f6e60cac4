import { Usage } from "../../chat/usage";
import { Document, Node } from "../../json/document";
import { JsonWriter } from "../../json/writer";
import { count } from "../openai/usage";

/** Reads a usage object of the Responses API. Source: OpenAI API reference, "The response object". */
export function readUsage(document: Document, node: Node, usage: Usage): void {
  if (!document.isObject(node)) return;
  usage.input = count(document, node, "input_tokens", usage.input);
  usage.output = count(document, node, "output_tokens", usage.output);
  usage.total = count(document, node, "total_tokens", usage.total);
  const input = document.find(node, "input_tokens_details");
  usage.cachedInput = count(document, input, "cached_tokens", usage.cachedInput);
  usage.cacheWrite = count(document, input, "cache_write_tokens", usage.cacheWrite);
  const output = document.find(node, "output_tokens_details");
  usage.reasoning = count(document, output, "reasoning_tokens", usage.reasoning);
}

/**
 * Writes a usage object, null where nothing is known. All its counts must be there, so an unknown one is 0.
 */
export function writeUsage(usage: Usage, json: JsonWriter): void {
  if (!usage.isKnown) {
    json.null();
    return;
  }
  json.object();
  json.key("input_tokens").number(max<i64>(0, usage.input));
  json.key("input_tokens_details").object().key("cached_tokens").number(max<i64>(0, usage.cachedInput));
  json.key("cache_write_tokens").number(max<i64>(0, usage.cacheWrite));
  json.endObject();
  json.key("output_tokens").number(max<i64>(0, usage.output));
  json.key("output_tokens_details").object().key("reasoning_tokens").number(max<i64>(0, usage.reasoning));
  json.endObject();
  json.key("total_tokens").number(usage.sum).endObject();
}
