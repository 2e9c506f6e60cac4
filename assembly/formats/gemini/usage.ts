import { UNKNOWN, Usage } from "../../chat/usage";
import { ABSENT, Document, Node } from "../../json/document";
import { JsonWriter } from "../../json/writer";

/**
 * Reads `usageMetadata`. The prompt of tools that Google ran is input, thoughts are output: Gemini counts
 * both beside the others. Each report is cumulative.
 * Source: Gemini API reference, UsageMetadata.
 */
export function readUsage(document: Document, node: Node, usage: Usage): void {
  if (!document.isObject(node)) return;
  const prompt = count(document, document.find(node, "promptTokenCount"));
  const toolPrompt = count(document, document.find(node, "toolUsePromptTokenCount"));
  const candidates = count(document, document.find(node, "candidatesTokenCount"));
  const thoughts = count(document, document.find(node, "thoughtsTokenCount"));
  if (prompt != UNKNOWN || toolPrompt != UNKNOWN) usage.input = max<i64>(0, prompt) + max<i64>(0, toolPrompt);
  if (candidates != UNKNOWN || thoughts != UNKNOWN)
    usage.output = max<i64>(0, candidates) + max<i64>(0, thoughts);
  const total = count(document, document.find(node, "totalTokenCount"));
  if (total != UNKNOWN) usage.total = total;
  const cached = count(document, document.find(node, "cachedContentTokenCount"));
  if (cached != UNKNOWN) usage.cachedInput = cached;
  if (thoughts != UNKNOWN) usage.reasoning = thoughts;
  const audioInput = audio(document, document.find(node, "promptTokensDetails"));
  if (audioInput != UNKNOWN) usage.audioInput = audioInput;
  const audioOutput = audio(document, document.find(node, "candidatesTokensDetails"));
  if (audioOutput != UNKNOWN) usage.audioOutput = audioOutput;
}

/** Writes `usageMetadata` of an answer. */
export function writeUsage(json: JsonWriter, usage: Usage): void {
  json.key("usageMetadata").object();
  if (usage.input != UNKNOWN) json.key("promptTokenCount").number(usage.input);
  if (usage.output != UNKNOWN) {
    json.key("candidatesTokenCount").number(max<i64>(0, usage.output - max<i64>(0, usage.reasoning)));
  }
  json.key("totalTokenCount").number(usage.sum);
  if (usage.cachedInput != UNKNOWN) json.key("cachedContentTokenCount").number(usage.cachedInput);
  if (usage.reasoning != UNKNOWN) json.key("thoughtsTokenCount").number(usage.reasoning);
  writeAudio(json, "promptTokensDetails", usage.audioInput);
  writeAudio(json, "candidatesTokensDetails", usage.audioOutput);
  json.endObject();
}

function writeAudio(json: JsonWriter, name: string, tokens: i64): void {
  if (tokens == UNKNOWN) return;
  json.key(name).array().object();
  json.key("modality").string("AUDIO");
  json.key("tokenCount").number(tokens);
  json.endObject().endArray();
}

/** A count that is there and makes sense. */
function count(document: Document, node: Node): i64 {
  return max<i64>(UNKNOWN, document.integer(node, UNKNOWN));
}

/** Tokens of sound in a list by modality. */
function audio(document: Document, list: Node): i64 {
  let tokens = UNKNOWN;
  for (let entry = document.firstElement(list); entry != ABSENT; entry = document.nextElement(entry)) {
    if (!document.isText(document.find(entry, "modality"), "AUDIO")) continue;
    tokens = max<i64>(0, tokens) + max<i64>(0, count(document, document.find(entry, "tokenCount")));
  }
  return tokens;
}
