import { Slice, lengthOf } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { isBlank } from "../chat/body";
import { ChatEvents } from "../chat/events";
import { Part } from "../chat/request";
import { Document } from "../json/document";
import { escape, unescape } from "../json/text";
import { JsonWriter } from "../json/writer";
import { writeCompact } from "./one-line";

/**
 * Arguments of tool calls: a string that holds JSON text in some formats, the JSON object itself in others.
 */

const decoded: Writer = new Writer();
const compacted: Writer = new Writer();
const parsed: Document = new Document();

/** What became of a string that should hold an object. */
export enum ArgumentsForm {
  /** A JSON object. */
  Object,
  /** Nothing, or `null`: a call without arguments. */
  Empty,
  /** Anything else. */
  Malformed,
}

/**
 * Looks into a string (JSON string body) that should hold a JSON object. Where it does, `decodedArguments` is that
 * object's text, until the next call.
 */
export function checkArguments(body: Slice): ArgumentsForm {
  if (isBlank(body)) return ArgumentsForm.Empty;
  decoded.reset();
  unescape(decoded, body);
  if (!parsed.parse(decoded.view())) return ArgumentsForm.Malformed;
  if (parsed.isObject(parsed.root)) return ArgumentsForm.Object;
  return parsed.isNull(parsed.root) ? ArgumentsForm.Empty : ArgumentsForm.Malformed;
}

/** The JSON object that `checkArguments` found, borrowed until its next call. */
export function decodedArguments(): Slice {
  return parsed.raw(parsed.root);
}

/**
 * Writes a call's arguments in a request as a JSON object. What is no object is wrapped where the tool takes plain
 * text (`{"input": ...}`). False, and nothing is written, where it is malformed.
 */
export function writeArgumentsObject(part: Part, json: JsonWriter): bool {
  if (part.isFreeform) {
    json.object().key("input").body(part.arguments).endObject();
    return true;
  }
  if (!part.argumentsEscaped) {
    if (lengthOf(part.arguments) > 0) json.raw(part.arguments);
    else json.constant("{}");
    return true;
  }
  return writeStringAsObject(part.arguments, json);
}

/** Writes a string (JSON string body) that holds a JSON object as that object. False where it is malformed. */
export function writeStringAsObject(body: Slice, json: JsonWriter): bool {
  switch (checkArguments(body)) {
    case ArgumentsForm.Object:
      json.raw(decodedArguments());
      return true;
    case ArgumentsForm.Empty:
      json.constant("{}");
      return true;
  }
  return false;
}

/**
 * Writes a call's arguments in a request as a string that holds JSON text. White space of an object is left out: how
 * the client lays out its JSON is nothing that a model should read.
 */
export function writeArgumentsString(part: Part, json: JsonWriter): void {
  if (!part.argumentsEscaped) json.text(compact(part.arguments));
  else if (lengthOf(part.arguments) == 0) json.string("{}");
  else json.body(part.arguments);
}

/** Writes the arguments of a tool that takes plain text as a string that holds `{"input": ...}`. */
export function writeFreeform(part: Part, json: JsonWriter): void {
  decoded.reset();
  decoded.ascii('{"input":"');
  decoded.bytes(part.arguments);
  decoded.ascii('"}');
  json.text(decoded.view());
}

/**
 * Writes a call's arguments in an answer as a JSON object. A model can write nonsense; then the nonsense is kept, as
 * a string under a key of its own, since an answer that is there cannot be refused.
 */
export function writeAnswerArguments(body: Slice, json: JsonWriter): void {
  if (!writeStringAsObject(body, json)) json.object().key("raw_arguments").body(body).endObject();
}

/** Tells the whole arguments of a call that an upstream gives as a JSON object. */
export function sendObject(raw: Slice, key: i32, out: ChatEvents): void {
  const text = compact(raw);
  decoded.reset();
  escape(decoded, text);
  out.toolArguments(key, decoded.view());
}

/** JSON text without white space, borrowed until the next call; `{}` where there is none. */
function compact(raw: Slice): Slice {
  compacted.reset();
  if (lengthOf(raw) == 0) compacted.ascii("{}");
  else writeCompact(raw, compacted);
  return compacted.view();
}
