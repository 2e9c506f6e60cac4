import { UNKNOWN, Usage } from "../../chat/usage";
import { ABSENT, Document, Node } from "../../json/document";
import { JsonWriter } from "../../json/writer";

/**
 * Reads a usage object of Messages. Its `input_tokens` are only those that no cache had to do with, and in a stream
 * each report has only what changed; so the parts are taken out of what is known and put together anew.
 * Source: Anthropic API reference, `usage`; "Prompt caching", "Tracking cache performance".
 */
export function readUsage(document: Document, node: Node, usage: Usage): void {
  if (!document.isObject(node)) return;
  const known = usage.input - max<i64>(0, usage.cachedInput) - max<i64>(0, usage.cacheWrite);
  let plain = count(document, node, "input_tokens", usage.input == UNKNOWN ? UNKNOWN : known);
  usage.output = count(document, node, "output_tokens", usage.output);
  usage.cachedInput = count(document, node, "cache_read_input_tokens", usage.cachedInput);
  usage.cacheWrite = count(document, node, "cache_creation_input_tokens", usage.cacheWrite);
  const details = document.find(node, "output_tokens_details");
  usage.reasoning = count(document, details, "thinking_tokens", usage.reasoning);
  const iterations = document.find(node, "iterations");
  if (countsByIteration(document, iterations)) {
    plain = sum(document, iterations, "input_tokens");
    usage.output = sum(document, iterations, "output_tokens");
  }
  if (plain == UNKNOWN) return;
  usage.input = plain + max<i64>(0, usage.cachedInput) + max<i64>(0, usage.cacheWrite);
}

/** Several runs of the model for one answer; where another model stood in, the totals are its own already. */
function countsByIteration(document: Document, iterations: Node): bool {
  const first = document.firstElement(iterations);
  for (let node = first; node != ABSENT; node = document.nextElement(node)) {
    if (document.isText(document.find(node, "type"), "fallback_message")) return false;
  }
  return first != ABSENT;
}

function sum(document: Document, iterations: Node, name: string): i64 {
  let total: i64 = 0;
  for (let node = document.firstElement(iterations); node != ABSENT; node = document.nextElement(node)) {
    const type = document.find(node, "type");
    if (document.isText(type, "message") || document.isText(type, "compaction")) {
      total += count(document, node, name, 0);
    }
  }
  return total;
}

/** A count of tokens, or `fallback` where there is none or it is none. */
function count(document: Document, node: Node, name: string, fallback: i64): i64 {
  const value = document.integer(document.find(node, name), UNKNOWN);
  return value >= 0 ? value : fallback;
}

/** Writes a usage object. Input and output must be there, so an unknown one is 0; parts only where they are known. */
export function writeUsage(usage: Usage, json: JsonWriter): void {
  const cached = max<i64>(0, usage.cachedInput);
  const written = max<i64>(0, usage.cacheWrite);
  json.object();
  json.key("input_tokens").number(max<i64>(0, usage.input - cached - written));
  if (usage.cacheWrite != UNKNOWN) json.key("cache_creation_input_tokens").number(written);
  if (usage.cachedInput != UNKNOWN) json.key("cache_read_input_tokens").number(cached);
  json.key("output_tokens").number(max<i64>(0, usage.output));
  if (usage.reasoning != UNKNOWN) {
    json.key("output_tokens_details").object().key("thinking_tokens").number(usage.reasoning).endObject();
  }
  json.endObject();
}
