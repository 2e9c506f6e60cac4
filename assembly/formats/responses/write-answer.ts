import { NONE, Slice, Utf8, borrow, lengthOf, startsWith, utf8 } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Answer, AnswerBlock } from "../../chat/answer";
import { BlockKind } from "../../chat/events";
import { JsonWriter } from "../../json/writer";
import { AnswerOptions } from "../format";
import { writeOneLine } from "../one-line";
import { writeRedacted } from "../thoughts";
import { isCustomTool } from "./echo";
import {
  ItemId,
  baseOf,
  beginMessage,
  customInput,
  endMessage,
  logprobsIn,
  writeAnnotation,
  writeCall,
  writeImage,
  writeReasoning,
  writeRefusalPart,
  writeTextPart,
} from "./items";
import { Status, isIncomplete, writeResponse } from "./snapshot";

const NO_ARGUMENTS: Utf8 = utf8("{}");

const items: Writer = new Writer();
const scratch: Writer = new Writer();
const sources: Writer = new Writer();

/**
 * Writes a whole response. It has one answer only, so of several choices the first is shown.
 * Source: OpenAI API reference, "The response object".
 */
export function writeAnswer(answer: Answer, options: AnswerOptions, out: Writer): void {
  items.reset();
  const json = new JsonWriter(items);
  let index = 0;
  let last: AnswerBlock | null = null;
  for (let i = 0; i < answer.blocks.length; i++) {
    if (unchecked(answer.blocks[i]).choice == 0) last = unchecked(answer.blocks[i]);
  }
  for (let i = 0; i < answer.blocks.length; i++) {
    const block = unchecked(answer.blocks[i]);
    if (block.choice != 0 || (block.isMedia && !startsWith(borrow(block.mediaType), "image/"))) continue;
    if (index > 0) items.byte(0x2c);
    const id = new ItemId(baseOf(answer, options), "msg", index++);
    const status = block === last && isIncomplete(answer.finishOf(0)) ? "incomplete" : "completed";
    if (block.isMedia) {
      id.kind = "ig";
      writeImage(id, block.content.view(), json);
    } else {
      writeBlock(answer, i, id, status, options, json);
    }
  }
  writeResponse(answer, options, Status.Done, items.view(), new JsonWriter(out));
  items.reset();
}

function writeBlock(
  answer: Answer,
  index: i32,
  id: ItemId,
  status: string,
  options: AnswerOptions,
  json: JsonWriter,
): void {
  const block = unchecked(answer.blocks[index]);
  const content = block.content.view();
  switch (block.kind) {
    case BlockKind.Thinking:
      id.kind = "rs";
      if (block.isRedacted) writeReasoning(id, NONE, redacted(content), json);
      else writeReasoning(id, content, borrow(block.signature), json);
      break;
    case BlockKind.ToolCall: {
      const isCustom = isCustomTool(options.remembered, borrow(block.name));
      id.kind = isCustom ? "ctc" : "fc";
      writeCall(
        id,
        block.id,
        block.signature,
        borrow(block.name),
        isCustom ? customInput(content) : argumentsOf(content),
        "completed",
        json,
      );
      break;
    }
    case BlockKind.Refusal:
      beginMessage(id, status, json);
      writeRefusalPart(content, json);
      endMessage(json);
      break;
    default:
      beginMessage(id, status, json);
      writeTextPart(
        content,
        annotations(answer, index),
        hasLogprobs(answer, index) ? logprobs(answer) : NONE,
        json,
      );
      endMessage(json);
  }
}

/** Probabilities are those of the first text. */
function hasLogprobs(answer: Answer, block: i32): bool {
  for (let i = 0; i < block; i++) {
    const other = unchecked(answer.blocks[i]);
    if (other.choice == 0 && other.kind == BlockKind.Text && !other.isMedia) return false;
  }
  return true;
}

/** The sources of one text. */
function annotations(answer: Answer, block: i32): Slice {
  sources.reset();
  const json = new JsonWriter(sources);
  for (let i = 0; i < answer.citations.length; i++) {
    const citation = unchecked(answer.citations[i]);
    if (citation.choice != 0 || citation.block != block) continue;
    if (sources.length > 0) sources.byte(0x2c);
    writeAnnotation(borrow(citation.url), borrow(citation.title), json);
  }
  return sources.view();
}

function logprobs(answer: Answer): Slice {
  scratch.reset();
  writeOneLine(logprobsIn(borrow(answer.logprobsJson)), scratch);
  return scratch.view();
}

/** The data of redacted thinking, as what proves a reasoning item; borrowed until the next call. */
export function redacted(data: Slice): Slice {
  scratch.reset();
  writeRedacted(data, scratch);
  return scratch.view();
}

/** Clients parse the arguments, and nothing at all is no JSON. */
export function argumentsOf(content: Slice): Slice {
  return lengthOf(content) > 0 ? content : borrow(NO_ARGUMENTS);
}
