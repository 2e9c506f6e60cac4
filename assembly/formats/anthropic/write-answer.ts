import { borrow, lengthOf } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Answer, AnswerBlock } from "../../chat/answer";
import { BlockKind } from "../../chat/events";
import { JsonWriter } from "../../json/writer";
import { writeAnswerArguments } from "../arguments";
import { AnswerOptions } from "../format";
import { writeSignedId } from "../thoughts";
import { writeCitation, writeHead, writeMediaText } from "./answer-parts";
import { stopReason } from "./finish";
import { writeUsage } from "./usage";

/**
 * Writes a whole message. Only the first choice of an answer has a place.
 * Source: Anthropic API reference, "Create a Message".
 */
export function writeAnswer(answer: Answer, options: AnswerOptions, out: Writer): void {
  const json = new JsonWriter(out);
  writeHead(answer, options, json);
  json.key("content").array();
  let written = 0;
  for (let i = 0; i < answer.blocks.length; i++) {
    const block = unchecked(answer.blocks[i]);
    if (block.choice != 0) continue;
    writeBlock(answer, block, i, json);
    written++;
  }
  if (hasCitations(answer, -1)) {
    json.object().constant('"type":"text","text":""');
    writeCitations(answer, -1, json);
    json.endObject();
    written++;
  }
  // A message without any block breaks clients that look at the first one.
  if (written == 0) json.constant('{"type":"text","text":""}');
  json.endArray();
  json
    .key("stop_reason")
    .string(stopReason(answer.finishOf(0)))
    .key("stop_sequence");
  const sequence = answer.stopSequenceOf(0);
  if (lengthOf(sequence) > 0) json.body(sequence);
  else json.null();
  writeUsage(answer.usage, json.key("usage"));
  json.endObject();
}

function writeBlock(answer: Answer, block: AnswerBlock, index: i32, json: JsonWriter): void {
  const content = block.content.view();
  json.object().key("type");
  if (block.isMedia) {
    writeMediaText(borrow(block.mediaType), content, json.string("text").key("text"));
  } else if (block.isRedacted) {
    json.string("redacted_thinking").key("data").body(content);
  } else if (block.kind == BlockKind.Thinking) {
    json.string("thinking").key("thinking").body(content).key("signature").body(borrow(block.signature));
  } else if (block.kind == BlockKind.ToolCall) {
    writeSignedId(block.id, block.signature, json.string("tool_use").key("id"));
    json.key("name").body(borrow(block.name));
    writeAnswerArguments(content, json.key("input"));
  } else {
    json.string("text").key("text").body(content);
    writeCitations(answer, index, json);
  }
  json.endObject();
}

function hasCitations(answer: Answer, block: i32): bool {
  for (let i = 0; i < answer.citations.length; i++) {
    const citation = unchecked(answer.citations[i]);
    if (citation.choice == 0 && citation.block == block) return true;
  }
  return false;
}

function writeCitations(answer: Answer, block: i32, json: JsonWriter): void {
  if (!hasCitations(answer, block)) return;
  json.key("citations").array();
  for (let i = 0; i < answer.citations.length; i++) {
    const citation = unchecked(answer.citations[i]);
    if (citation.choice != 0 || citation.block != block) continue;
    writeCitation(borrow(citation.url), borrow(citation.title), json);
  }
  json.endArray();
}
