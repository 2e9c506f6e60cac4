import { Writer } from "../../bytes/writer";
import { requestedBudget, requestedEffort } from "../../chat/effort";
import { Failure } from "../../chat/failure";
import { Parameter } from "../../chat/parameters";
import { AnswerShape, ChatRequest, Effort, Flag, Thinking, ToolChoice } from "../../chat/request";
import { NONE } from "../../bytes/slice";
import { upstreamName } from "../../chat/tool-names";
import { JsonWriter } from "../../json/writer";
import { writeFields } from "../fields";
import { RenderOptions } from "../format";
import { writeFunctions } from "../functions";
import { isMultimodal } from "./model";
import { FIELDS, MAX_NAME_BYTES } from "./tiers";
import { writeMessages } from "./write-messages";

/**
 * Writes a generation request. Whether to stream stands in a header; each record then has only what is new.
 * Source: Alibaba Cloud Model Studio, "Qwen API reference", DashScope.
 */
export function writeRequest(request: ChatRequest, options: RenderOptions, out: Writer): Failure | null {
  const json = new JsonWriter(out);
  json.object();
  json.key("model").body(options.model);
  json.key("input").object().key("messages");
  const failure = writeMessages(request, isMultimodal(request, options.model), json);
  if (failure) return failure;
  json.endObject();
  json.key("parameters").object().key("result_format").string("message");
  if (request.stream) json.key("incremental_output").bool(true);
  writeFields(request, FIELDS, json);
  if (request.has(Parameter.Logprobs)) json.key("logprobs").bool(true);
  writeStop(request, json);
  writeShape(request, json);
  writeThinking(request, json);
  if (request.has(Parameter.WebSearch)) {
    json.key("enable_search").bool(true).key("search_options").constant('{"enable_source":true}');
  }
  writeTools(request, json);
  json.endObject().endObject();
  return null;
}

function writeStop(request: ChatRequest, json: JsonWriter): void {
  const stop = request.stop;
  if (stop.length == 0) return;
  json.key("stop").array();
  for (let i = 0; i < stop.length; i++) json.body(unchecked(stop[i]));
  json.endArray();
}

function writeShape(request: ChatRequest, json: JsonWriter): void {
  if (request.shape == AnswerShape.JsonObject) {
    json.key("response_format").constant('{"type":"json_object"}');
  } else if (request.shape == AnswerShape.JsonSchema) {
    json.key("response_format").object().key("type").string("json_schema").key("json_schema").object();
    if (request.schemaName != NONE) json.key("name").body(request.schemaName);
    else json.key("name").string("structured_output");
    if (request.schemaDescription != NONE) json.key("description").body(request.schemaDescription);
    json.key("schema").raw(request.schema);
    if (request.schemaStrict != Flag.Absent) json.key("strict").bool(request.schemaStrict == Flag.True);
    json.endObject().endObject();
  }
}

function writeThinking(request: ChatRequest, json: JsonWriter): void {
  const effort = requestedEffort(request);
  if (effort == Effort.Absent) return;
  json.key("enable_thinking").bool(effort != Effort.None);
  const isOpen =
    request.thinking == Thinking.Adaptive ||
    (request.thinking == Thinking.Enabled && request.thinkingBudget < 0);
  if (effort != Effort.None && !isOpen) json.key("thinking_budget").number(requestedBudget(request));
}

/** There is no word for "call any of them". */
function writeTools(request: ChatRequest, json: JsonWriter): void {
  if (!writeFunctions(request, NONE, MAX_NAME_BYTES, json)) return;
  switch (request.toolChoice) {
    case ToolChoice.None:
      json.key("tool_choice").string("none");
      break;
    case ToolChoice.Required:
      request.adjust(Parameter.ToolChoice);
      json.key("tool_choice").string("auto");
      break;
    case ToolChoice.Auto:
      json.key("tool_choice").string("auto");
      break;
    case ToolChoice.Named:
      json.key("tool_choice").object().key("type").string("function").key("function").object();
      json.key("name").body(upstreamName(request.toolName, MAX_NAME_BYTES)).endObject().endObject();
      break;
  }
  if (request.parallelToolCalls != Flag.Absent) {
    json.key("parallel_tool_calls").bool(request.parallelToolCalls == Flag.True);
  }
}
