import { UNKNOWN, Usage } from "../../chat/usage";
import { Document, Node } from "../../json/document";
import { JsonWriter } from "../../json/writer";

/**
 * Reads a usage object of Chat Completions. Sources: OpenAI API reference, "The chat completion object"; DeepSeek
 * (`prompt_cache_hit_tokens`); Moonshot (`cached_tokens`); LiteLLM and our own writer (`cache_creation_tokens`).
 */
export function readUsage(document: Document, node: Node, usage: Usage): void {
  if (!document.isObject(node)) return;
  usage.input = count(document, node, "prompt_tokens", usage.input);
  usage.output = count(document, node, "completion_tokens", usage.output);
  usage.total = count(document, node, "total_tokens", usage.total);
  usage.cachedInput = count(document, node, "cached_tokens", usage.cachedInput);
  usage.cachedInput = count(document, node, "prompt_cache_hit_tokens", usage.cachedInput);
  const input = document.find(node, "prompt_tokens_details");
  usage.cachedInput = count(document, input, "cached_tokens", usage.cachedInput);
  usage.cacheWrite = count(document, input, "cache_creation_tokens", usage.cacheWrite);
  usage.audioInput = count(document, input, "audio_tokens", usage.audioInput);
  const output = document.find(node, "completion_tokens_details");
  usage.reasoning = count(document, output, "reasoning_tokens", usage.reasoning);
  usage.audioOutput = count(document, output, "audio_tokens", usage.audioOutput);
}

/** The usage that stands in the first choice. Source: Moonshot, "Chat", streams that did not ask for usage. */
export function usageOfChoice(document: Document, choices: Node): Node {
  return document.find(document.firstElement(choices), "usage");
}

/** A count of tokens, or `fallback` where there is none or it is none. */
export function count(document: Document, node: Node, name: string, fallback: i64): i64 {
  const value = document.integer(document.find(node, name), UNKNOWN);
  return value >= 0 ? value : fallback;
}

/** Writes a usage object. The three totals must be there, so an unknown one is 0; parts only where they are known. */
export function writeUsage(usage: Usage, json: JsonWriter): void {
  json.object();
  json.key("prompt_tokens").number(max<i64>(0, usage.input));
  json.key("completion_tokens").number(max<i64>(0, usage.output));
  json.key("total_tokens").number(usage.sum);
  if (usage.cachedInput >= 0 || usage.cacheWrite >= 0 || usage.audioInput >= 0) {
    json.key("prompt_tokens_details").object();
    writeCount("cached_tokens", usage.cachedInput, json);
    writeCount("cache_creation_tokens", usage.cacheWrite, json);
    writeCount("audio_tokens", usage.audioInput, json);
    json.endObject();
  }
  if (usage.reasoning >= 0 || usage.audioOutput >= 0) {
    json.key("completion_tokens_details").object();
    writeCount("reasoning_tokens", usage.reasoning, json);
    writeCount("audio_tokens", usage.audioOutput, json);
    json.endObject();
  }
  json.endObject();
}

function writeCount(name: string, value: i64, json: JsonWriter): void {
  if (value >= 0) json.key(name).number(value);
}
