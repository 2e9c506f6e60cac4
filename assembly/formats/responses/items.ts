import { NONE, Slice, Utf8, borrow, lengthOf, startsWith, subslice } from "../../bytes/slice";
import { ChatEvents } from "../../chat/events";
import { Document } from "../../json/document";
import { JsonWriter } from "../../json/writer";
import { ArgumentsForm, checkArguments, decodedArguments } from "../arguments";
import { AnswerOptions } from "../format";
import { writeSignedId } from "../thoughts";

/** Items of a response's output, which a whole answer and the events of a stream have in common. */

const parsed: Document = new Document();

/** Where an item of the output stands, and what its id is made of. */
@final
export class ItemId {
  constructor(
    /** See `baseOf`. */
    public base: Utf8,
    /** `rs`, `msg`, `fc`, `ctc` or `ig`. */
    public kind: string,
    public index: i32,
  ) {}

  /** Writes the id, the same each time: kind, id of the answer, place in the output. */
  write(json: JsonWriter): void {
    const out = json.beginString();
    out.ascii(this.kind);
    out.byte(0x5f);
    out.owned(this.base);
    out.byte(0x5f);
    out.number(this.index);
    json.endString();
  }
}

/** Writes the id of the response. */
export function writeResponseId(events: ChatEvents, options: AnswerOptions, json: JsonWriter): void {
  const out = json.beginString();
  if (!startsWith(borrow(events.id), "resp_")) out.ascii("resp_");
  out.owned(baseOf(events, options));
  json.endString();
}

/** What the ids of an answer are made of: the upstream's, else one of our own. */
export function baseOf(events: ChatEvents, options: AnswerOptions): Utf8 {
  return events.id.byteLength > 0 ? events.id : options.id;
}

/** A reasoning item that is complete. `signature` is what proves it, or NONE. */
export function writeReasoning(id: ItemId, text: Slice, signature: Slice, json: JsonWriter): void {
  json.object().key("id");
  id.write(json);
  json.key("type").string("reasoning").key("summary").array();
  if (lengthOf(text) > 0) writeSummaryPart(text, json);
  json.endArray();
  if (lengthOf(signature) > 0) json.key("encrypted_content").body(signature);
  json.key("status").string("completed").endObject();
}

export function writeSummaryPart(text: Slice, json: JsonWriter): void {
  json.object().key("type").string("summary_text").key("text").body(text).endObject();
}

/**
 * A message with one part, whose members beside its type are written by `writeTextPart` or
 * `writeRefusalPart`.
 */
export function beginMessage(id: ItemId, status: string, json: JsonWriter): void {
  json.object().key("id");
  id.write(json);
  json.key("type").string("message").key("status").string(status);
  json.key("role").string("assistant").key("content").array();
}

export function endMessage(json: JsonWriter): void {
  json.endArray().endObject();
}

/** `annotations` and `logprobs`: elements of the arrays, with commas between them. */
export function writeTextPart(text: Slice, annotations: Slice, logprobs: Slice, json: JsonWriter): void {
  json.object().key("type").string("output_text").key("text").body(text);
  writeList("annotations", annotations, json);
  writeList("logprobs", logprobs, json);
  json.endObject();
}

export function writeRefusalPart(text: Slice, json: JsonWriter): void {
  json.object().key("type").string("refusal").key("refusal").body(text).endObject();
}

/** A member that is an array, of which the elements are given. */
export function writeList(name: string, elements: Slice, json: JsonWriter): void {
  json.key(name).array();
  if (lengthOf(elements) > 0) json.raw(elements);
  json.endArray();
}

/** A call of a function. `text`: JSON string body of its arguments so far. */
export function writeCall(
  id: ItemId,
  callId: Utf8,
  signature: Utf8,
  name: Slice,
  text: Slice,
  status: string,
  json: JsonWriter,
): void {
  const isCustom = id.kind == "ctc";
  json.object().key("id");
  id.write(json);
  json.key("type").string(isCustom ? "custom_tool_call" : "function_call");
  writeSignedId(callId, signature, json.key("call_id")).key("name").body(name);
  json.key(isCustom ? "input" : "arguments").body(text);
  if (!isCustom) json.key("status").string(status);
  json.endObject();
}

/** An image that the model made. */
export function writeImage(id: ItemId, data: Slice, json: JsonWriter): void {
  json.object().key("id");
  id.write(json);
  json.key("type").string("image_generation_call").key("status").string("completed");
  json.key("result").body(data).endObject();
}

/** A source. Where in the text it belongs is not known, so the place is empty and at the beginning. */
export function writeAnnotation(url: Slice, title: Slice, json: JsonWriter): void {
  json.object().key("type").string("url_citation").key("start_index").number(0).key("end_index").number(0);
  json.key("url").body(url).key("title").body(title).endObject();
}

/**
 * The elements of `content` in OpenAI's raw `logprobs` object, without the array around them; NONE where it
 * has none.
 */
export function logprobsIn(raw: Slice): Slice {
  if (!parsed.parse(raw)) return NONE;
  const content = parsed.find(parsed.root, "content");
  return parsed.isArray(content) && parsed.count(content) > 0 ? inner(parsed.raw(content)) : NONE;
}

/** The text that a custom tool gets: what stands in the one property of the function that stands for it. */
export function customInput(args: Slice): Slice {
  if (checkArguments(args) != ArgumentsForm.Object || !parsed.parse(decodedArguments())) return args;
  const input = parsed.find(parsed.root, "input");
  return parsed.isString(input) ? parsed.body(input) : args;
}

/** What stands between the brackets. */
function inner(array: Slice): Slice {
  return subslice(array, 1, lengthOf(array) - 1);
}
