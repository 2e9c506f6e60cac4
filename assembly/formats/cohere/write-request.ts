import { NONE } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { requestedBudget, requestedEffort } from "../../chat/effort";
import { Failure } from "../../chat/failure";
import { Parameter } from "../../chat/parameters";
import { AnswerShape, ChatRequest, Effort, Thinking, ToolChoice } from "../../chat/request";
import { parseDecimal } from "../../json/number";
import { JsonWriter } from "../../json/writer";
import { RenderOptions } from "../format";
import { writeFunctions } from "../functions";
import { invalid } from "../invalid";
import { BoundedField, FIELDS, MAX_NAME_BYTES } from "./tiers";
import { writeMessages } from "./write-messages";

/** Most stop sequences that are taken. Source: Cohere API reference, `stop_sequences`. */
const MAX_STOPS: i32 = 5;

/** Writes a chat request. Source: Cohere API reference, "Chat (v2)". */
export function writeRequest(request: ChatRequest, options: RenderOptions, out: Writer): Failure | null {
  const json = new JsonWriter(out);
  json.object();
  json.key("model").body(options.model);
  json.key("messages");
  const failure = writeMessages(request, options, json);
  if (failure) return failure;
  json.key("stream").bool(request.stream);
  for (let i = 0; i < FIELDS.length; i++) writeNumber(request, unchecked(FIELDS[i]), json);
  writeStop(request, json);
  if (request.has(Parameter.Logprobs)) json.key("logprobs").bool(true);
  const hasTools = writeTools(request, json);
  if (hasTools && request.shape != AnswerShape.Text) {
    return invalid("response_format cannot be combined with tools at the service that answers this model");
  }
  writeShape(request, json);
  writeThinking(request, json);
  json.endObject();
  return null;
}

/** A number as it was written, or the nearest one that Cohere takes. */
function writeNumber(request: ChatRequest, field: BoundedField, json: JsonWriter): void {
  const raw = request.value(field.parameter);
  if (raw == NONE) return;
  const value = parseDecimal(raw, field.least);
  json.key(field.name);
  if (value >= field.least && value <= field.most) {
    json.raw(raw);
    return;
  }
  request.adjust(field.parameter);
  json.constant(value < field.least ? field.leastText : field.mostText);
}

function writeStop(request: ChatRequest, json: JsonWriter): void {
  const stop = request.stop;
  if (stop.length == 0) return;
  if (stop.length > MAX_STOPS) request.adjust(Parameter.Stop);
  json.key("stop_sequences").array();
  for (let i = 0; i < stop.length && i < MAX_STOPS; i++) json.body(unchecked(stop[i]));
  json.endArray();
}

/** A tool that must be called is the only one on offer; Cohere knows no names here. False where there are no tools. */
function writeTools(request: ChatRequest, json: JsonWriter): bool {
  const isNamed = request.toolChoice == ToolChoice.Named;
  if (!writeFunctions(request, isNamed ? request.toolName : NONE, MAX_NAME_BYTES, json)) return false;
  if (request.toolChoice == ToolChoice.None) json.key("tool_choice").string("NONE");
  else if (isNamed || request.toolChoice == ToolChoice.Required) json.key("tool_choice").string("REQUIRED");
  // One switch for all tools.
  if (request.has(Parameter.ToolStrict)) json.key("strict_tools").bool(true);
  return true;
}

function writeShape(request: ChatRequest, json: JsonWriter): void {
  if (request.shape == AnswerShape.Text) return;
  json.key("response_format").object().key("type").string("json_object");
  if (request.shape == AnswerShape.JsonSchema) json.key("json_schema").raw(request.schema);
  json.endObject();
}

function writeThinking(request: ChatRequest, json: JsonWriter): void {
  const effort = requestedEffort(request);
  if (effort == Effort.Absent) return;
  json
    .key("thinking")
    .object()
    .key("type")
    .string(effort == Effort.None ? "disabled" : "enabled");
  const isOpen =
    request.thinking == Thinking.Adaptive ||
    (request.thinking == Thinking.Enabled && request.thinkingBudget < 0);
  if (effort != Effort.None && !isOpen) json.key("token_budget").number(requestedBudget(request));
  json.endObject();
}
