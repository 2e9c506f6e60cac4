import { NONE, borrow } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Answer, AnswerBlock } from "../../chat/answer";
import { BlockKind } from "../../chat/events";
import { JsonWriter } from "../../json/writer";
import { AnswerOptions } from "../format";
import {
  beginCandidate,
  endParts,
  writeCall,
  writeFinish,
  writeIdentity,
  writeInlineData,
  writeLogprobs,
  writeRedactedThinking,
  writeSignature,
  writeSource,
  writeText,
} from "./answer-parts";
import { writeUsage } from "./usage";

/**
 * Writes a whole GenerateContentResponse.
 * Source: Gemini API reference, GenerateContentResponse.
 */
export function writeAnswer(answer: Answer, options: AnswerOptions, out: Writer): void {
  const json = new JsonWriter(out);
  json.object().key("candidates").array();
  for (let i = 0; i < answer.choiceCount(); i++) writeCandidate(answer, i, json);
  json.endArray();
  if (answer.usage.isKnown) writeUsage(json, answer.usage);
  writeIdentity(answer, options, json);
  json.endObject();
}

function writeCandidate(answer: Answer, choice: i32, json: JsonWriter): void {
  beginCandidate(choice, json);
  let written = 0;
  for (let i = 0; i < answer.blocks.length; i++) {
    const block = unchecked(answer.blocks[i]);
    if (block.choice != choice) continue;
    writeBlock(block, json);
    written++;
  }
  if (written == 0) json.constant('{"text":""}');
  endParts(json);
  writeSources(answer, choice, json);
  if (choice == 0 && answer.logprobsJson.byteLength > 0) writeLogprobs(borrow(answer.logprobsJson), json);
  writeFinish(answer.finishOf(choice), json);
  json.endObject();
}

function writeBlock(block: AnswerBlock, json: JsonWriter): void {
  const content = block.content.view();
  if (block.isMedia) {
    writeInlineData(borrow(block.mediaType), content, json);
  } else if (block.isRedacted) {
    writeRedactedThinking(content, json);
  } else if (block.kind == BlockKind.ToolCall) {
    writeCall(block.id, block.name, block.signature, block.content.length > 0 ? content : NONE, json);
  } else {
    if (block.content.length > 0) writeText(content, block.kind == BlockKind.Thinking, json);
    if (block.signature.byteLength > 0) writeSignature(borrow(block.signature), json);
  }
}

function writeSources(answer: Answer, choice: i32, json: JsonWriter): void {
  let written = 0;
  for (let i = 0; i < answer.citations.length; i++) {
    const citation = unchecked(answer.citations[i]);
    if (citation.choice != choice) continue;
    if (written++ == 0) json.key("groundingMetadata").object().key("groundingChunks").array();
    writeSource(borrow(citation.url), borrow(citation.title), json);
  }
  if (written > 0) json.endArray().endObject();
}
