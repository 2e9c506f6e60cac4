import { Slice, lengthOf, pointerOf } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { ABSENT, Document, Node } from "../../json/document";
import { unescape } from "../../json/text";
import { JsonWriter } from "../../json/writer";

const openai: Document = new Document();
const decoded: Writer = new Writer();

/**
 * Writes `logprobsResult` as OpenAI's `logprobs` object. Google gives the chosen tokens and their
 * alternatives in two lists that run in parallel.
 * Source: Gemini API reference, LogprobsResult.
 */
export function writeOpenaiLogprobs(document: Document, result: Node, json: JsonWriter): void {
  let alternatives = document.firstElement(document.find(result, "topCandidates"));
  const chosen = document.find(result, "chosenCandidates");
  json.object().key("content").array();
  for (let token = document.firstElement(chosen); token != ABSENT; token = document.nextElement(token)) {
    json.object();
    writeToken(document, token, json);
    json.key("top_logprobs").array();
    const top = document.find(alternatives, "candidates");
    for (let other = document.firstElement(top); other != ABSENT; other = document.nextElement(other)) {
      json.object();
      writeToken(document, other, json);
      json.endObject();
    }
    json.endArray().endObject();
    alternatives = document.nextElement(alternatives);
  }
  json.endArray().endObject();
}

function writeToken(document: Document, token: Node, json: JsonWriter): void {
  const text = document.body(document.find(token, "token"));
  json.key("token").body(text);
  const probability = document.find(token, "logProbability");
  json.key("logprob");
  if (document.isNumber(probability)) json.raw(document.raw(probability));
  else json.constant("-9999.0");
  json.key("bytes").array();
  decoded.reset();
  unescape(decoded, text);
  const bytes = decoded.view();
  for (let i = 0; i < lengthOf(bytes); i++) json.number(load<u8>(pointerOf(bytes) + i));
  json.endArray();
}

/** Writes OpenAI's `logprobs` object (raw JSON) as `logprobsResult`; an empty one where it is none. */
export function writeGeminiLogprobs(raw: Slice, json: JsonWriter): void {
  json.object();
  if (openai.parse(raw)) {
    const content = openai.find(openai.root, "content");
    json.key("topCandidates").array();
    for (let token = openai.firstElement(content); token != ABSENT; token = openai.nextElement(token)) {
      const top = openai.find(token, "top_logprobs");
      json.object().key("candidates").array();
      for (let other = openai.firstElement(top); other != ABSENT; other = openai.nextElement(other)) {
        writeCandidate(other, json);
      }
      json.endArray().endObject();
    }
    json.endArray().key("chosenCandidates").array();
    for (let token = openai.firstElement(content); token != ABSENT; token = openai.nextElement(token)) {
      writeCandidate(token, json);
    }
    json.endArray();
  }
  json.endObject();
}

function writeCandidate(token: Node, json: JsonWriter): void {
  json
    .object()
    .key("token")
    .body(openai.body(openai.find(token, "token")));
  const probability = openai.find(token, "logprob");
  if (openai.isNumber(probability)) json.key("logProbability").raw(openai.raw(probability));
  json.endObject();
}
