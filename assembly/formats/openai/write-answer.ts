import { borrow, lengthOf, startsWith } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Answer } from "../../chat/answer";
import { BlockKind } from "../../chat/events";
import { JsonWriter } from "../../json/writer";
import { writeDataUrl } from "../data-url";
import { AnswerOptions } from "../format";
import { writeAnnotation, writeCall, writeSignature } from "./answer-parts";
import { finishName } from "./finish";
import { writeIdentity } from "./identity";
import { writeUsage } from "./usage";

/**
 * Writes a whole answer of Chat Completions.
 * Source: OpenAI API reference, "The chat completion object".
 */
export function writeAnswer(answer: Answer, options: AnswerOptions, out: Writer): void {
  const json = new JsonWriter(out);
  json.object();
  writeIdentity(answer, options, "chat.completion", json);
  json.key("choices").array();
  for (let i = 0; i < answer.choiceCount(); i++) writeChoice(answer, i, json);
  json.endArray();
  if (answer.serviceTier.byteLength > 0) json.key("service_tier").body(borrow(answer.serviceTier));
  if (answer.usage.isKnown) writeUsage(answer.usage, json.key("usage"));
  json.endObject();
}

function writeChoice(answer: Answer, choice: i32, json: JsonWriter): void {
  json.object().key("index").number(choice).key("message").object().key("role").string("assistant");
  const hasCalls = answer.hasKind(BlockKind.ToolCall, choice);
  json.key("content");
  const says = answer.hasKind(BlockKind.Text, choice) || !(hasCalls || answer.hasRefusal(choice));
  if (!says) json.null();
  else writeJoined(answer, BlockKind.Text, choice, json);
  json.key("refusal");
  if (answer.hasRefusal(choice)) writeJoined(answer, BlockKind.Refusal, choice, json);
  else json.null();
  if (answer.hasKind(BlockKind.Thinking, choice)) {
    writeJoined(answer, BlockKind.Thinking, choice, json.key("reasoning_content"));
  }
  writeThinkingBlocks(answer, choice, json);
  if (hasCalls) writeCalls(answer, choice, json);
  writeImages(answer, choice, json);
  writeAnnotations(answer, choice, json);
  json.endObject();
  json.key("logprobs");
  if (choice == 0 && answer.logprobsJson.byteLength > 0) json.raw(borrow(answer.logprobsJson));
  else json.null();
  json.key("finish_reason").string(finishName(answer.finishOf(choice), answer.hasRefusal(choice)));
  const sequence = answer.stopSequenceOf(choice);
  if (lengthOf(sequence) > 0) json.key("stop_reason").body(sequence);
  json.endObject();
}

function writeJoined(answer: Answer, kind: BlockKind, choice: i32, json: JsonWriter): void {
  answer.writeJoined(kind, choice, json.beginString());
  json.endString();
}

/** Only blocks with something that must come back: the text alone is in `reasoning_content`. */
function writeThinkingBlocks(answer: Answer, choice: i32, json: JsonWriter): void {
  let written = 0;
  for (let i = 0; i < answer.blocks.length; i++) {
    const block = unchecked(answer.blocks[i]);
    if (block.choice != choice || block.kind != BlockKind.Thinking) continue;
    if (!block.isRedacted && block.signature.byteLength == 0) continue;
    if (written++ == 0) json.key("thinking_blocks").array();
    if (!block.isRedacted) writeSignature(block.content.view(), borrow(block.signature), json);
    else
      json
        .object()
        .key("type")
        .string("redacted_thinking")
        .key("data")
        .body(block.content.view())
        .endObject();
  }
  if (written > 0) json.endArray();
}

function writeCalls(answer: Answer, choice: i32, json: JsonWriter): void {
  json.key("tool_calls").array();
  for (let i = 0; i < answer.blocks.length; i++) {
    const block = unchecked(answer.blocks[i]);
    if (block.choice != choice || block.kind != BlockKind.ToolCall) continue;
    writeCall(-1, block.id, block.signature, block.name, json);
    json.key("arguments");
    if (block.content.length > 0) json.body(block.content.view());
    else json.string("{}");
    json.endObject().endObject();
  }
  json.endArray();
}

/** Images that the model made, in the shape that OpenRouter gave them. */
function writeImages(answer: Answer, choice: i32, json: JsonWriter): void {
  let written = 0;
  for (let i = 0; i < answer.blocks.length; i++) {
    const block = unchecked(answer.blocks[i]);
    if (block.choice != choice || !block.isMedia || !startsWith(borrow(block.mediaType), "image/")) continue;
    if (written++ == 0) json.key("images").array();
    json.object().key("type").string("image_url").key("image_url").object().key("url");
    writeDataUrl(borrow(block.mediaType), block.content.view(), json);
    json.endObject().endObject();
  }
  if (written > 0) json.endArray();
}

function writeAnnotations(answer: Answer, choice: i32, json: JsonWriter): void {
  let written = 0;
  for (let i = 0; i < answer.citations.length; i++) {
    const citation = unchecked(answer.citations[i]);
    if (citation.choice != choice) continue;
    if (written++ == 0) json.key("annotations").array();
    writeAnnotation(borrow(citation.url), borrow(citation.title), json);
  }
  if (written > 0) json.endArray();
}
