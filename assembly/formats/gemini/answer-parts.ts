import { EMPTY, Slice, Utf8, borrow, lengthOf } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { ChatEvents, Finish } from "../../chat/events";
import { compact } from "../../json/compact";
import { JsonWriter } from "../../json/writer";
import { writeAnswerArguments } from "../arguments";
import { AnswerOptions } from "../format";
import { bareId, signatureInId, writeRedacted } from "../thoughts";
import { finishName } from "./finish";
import { writeGeminiLogprobs } from "./logprobs";
import { writeClientSignature } from "./signatures";

/** Pieces that a whole answer and the records of a stream have in common. */

const scratch: Writer = new Writer();

/** Begins a candidate, up to its parts. */
export function beginCandidate(choice: i32, json: JsonWriter): void {
  json.object().key("index").number(choice).key("content").object();
  json.key("role").string("model").key("parts").array();
}

/** Ends the parts of a candidate's content. */
export function endParts(json: JsonWriter): void {
  json.endArray().endObject();
}

export function writeText(body: Slice, isThought: bool, json: JsonWriter): void {
  json.object().key("text").body(body);
  if (isThought) json.key("thought").bool(true);
  json.endObject();
}

/** A signature, in a part without text as Google writes it behind streamed thoughts. */
export function writeSignature(signature: Slice, json: JsonWriter): void {
  json.object().key("text").string("").key("thought").bool(true);
  writeClientSignature(signature, json.key("thoughtSignature"));
  json.endObject();
}

export function writeRedactedThinking(data: Slice, json: JsonWriter): void {
  scratch.reset();
  writeRedacted(data, scratch);
  writeSignature(scratch.view(), json);
}

/** A whole function call. Its arguments are one line: some readers of streams take no other. */
export function writeCall(id: Utf8, name: Utf8, signature: Utf8, args: Slice, json: JsonWriter): void {
  scratch.reset();
  writeAnswerArguments(args, new JsonWriter(scratch));
  json.object().key("functionCall").object();
  json.key("id").body(bareId(borrow(id)));
  json.key("name").body(borrow(name)).key("args");
  compact(json.raw(borrow(EMPTY)).out, scratch.view());
  json.endObject();
  const proof = signature.byteLength > 0 ? borrow(signature) : signatureInId(borrow(id));
  if (lengthOf(proof) > 0) json.key("thoughtSignature").body(proof);
  json.endObject();
}

export function writeInlineData(mediaType: Slice, data: Slice, json: JsonWriter): void {
  json.object().key("inlineData").object();
  json.key("mimeType").body(mediaType).key("data").body(data);
  json.endObject().endObject();
}

/** One source, as an element of `groundingChunks`. */
export function writeSource(url: Slice, title: Slice, json: JsonWriter): void {
  json.object().key("web").object().key("uri").body(url);
  if (lengthOf(title) > 0) json.key("title").body(title);
  json.endObject().endObject();
}

/** Token probabilities, from OpenAI's raw `logprobs` object. */
export function writeLogprobs(raw: Slice, json: JsonWriter): void {
  json.key("logprobsResult");
  writeGeminiLogprobs(raw, json);
}

export function writeFinish(finish: Finish, json: JsonWriter): void {
  json.key("finishReason").string(finishName(finish));
}

/** Members that every record ends with. */
export function writeIdentity(events: ChatEvents, options: AnswerOptions, json: JsonWriter): void {
  json.key("modelVersion").body(borrow(events.model.byteLength > 0 ? events.model : options.model));
  json.key("responseId").body(borrow(events.id.byteLength > 0 ? events.id : options.id));
}
