import { NONE, hash, lengthOf, slice } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { EFFORT_NAMES, requestedEffort } from "../../chat/effort";
import { Failure } from "../../chat/failure";
import { Parameter } from "../../chat/parameters";
import { AnswerShape, ChatRequest, Effort, Flag, Thinking, ToolChoice } from "../../chat/request";
import { upstreamName } from "../../chat/tool-names";
import { JsonWriter } from "../../json/writer";
import { writeFields } from "../fields";
import { RenderOptions } from "../format";
import { writeFunction } from "../functions";
import { FIELDS, MAX_NAME_BYTES } from "./tiers";
import { writeMessages } from "./write-messages";

/** Most bytes of `user`; longer ones are answered 400. */
const MAX_USER_BYTES: i32 = 64;

const digest: Writer = new Writer();

/** Writes a Chat Completions request. */
export function writeRequest(request: ChatRequest, options: RenderOptions, out: Writer): Failure | null {
  const json = new JsonWriter(out);
  json.object();
  json.key("model").body(options.model);
  json.key("messages");
  const failure = writeMessages(request, options, json);
  if (failure) return failure;
  if (request.stream) {
    json.key("stream").bool(true);
    // Always: metrics want usage, and most client protocols show it.
    if (options.asksForUsage) json.key("stream_options").constant('{"include_usage":true}');
  }
  const limit = request.value(Parameter.MaxTokens);
  if (limit != NONE)
    json.key(options.maxCompletionTokens ? "max_completion_tokens" : "max_tokens").raw(limit);
  writeFields(request, FIELDS, json);
  writeSettings(request, json);
  writeTools(request, json);
  if (request.shape != AnswerShape.Text) writeShape(request, json.key("response_format"));
  writeReasoning(request, options, json);
  json.endObject();
  return null;
}

/** Settings that come with a raw value but are not in the table, since they are read by code of their own. */
function writeSettings(request: ChatRequest, json: JsonWriter): void {
  writeRaw(request, Parameter.ChoiceCount, "n", json);
  writeRaw(request, Parameter.Logprobs, "logprobs", json);
  writeRaw(request, Parameter.Store, "store", json);
  writeRaw(request, Parameter.Metadata, "metadata", json);
  writeRaw(request, Parameter.Modalities, "modalities", json);
  writeRaw(request, Parameter.AudioOutput, "audio", json);
  writeUser(request, json);
  const stop = request.stop;
  if (stop.length == 0) return;
  json.key("stop").array();
  for (let i = 0; i < stop.length; i++) json.body(unchecked(stop[i]));
  json.endArray();
}

function writeRaw(request: ChatRequest, parameter: Parameter, name: string, json: JsonWriter): void {
  const value = request.value(parameter);
  if (value != NONE) json.key(name).raw(value);
}

/** A user id that is too long becomes a digest of it: it only has to tell users apart. */
export function writeUser(request: ChatRequest, json: JsonWriter): void {
  const user = request.value(Parameter.User);
  if (user == NONE) return;
  json.key("user");
  if (lengthOf(user) - 2 <= MAX_USER_BYTES) {
    json.raw(user);
    return;
  }
  digest.reset();
  const at = digest.reserve(16);
  const first = hash(user);
  store<u64>(at, first);
  store<u64>(at, hash(user, first), 8);
  const out = json.beginString();
  out.hex(slice(at, 16));
  json.endString();
}

function writeTools(request: ChatRequest, json: JsonWriter): void {
  let written = 0;
  for (let i = 0; i < request.tools.length; i++) {
    const tool = unchecked(request.tools[i]);
    if (tool.hosted != NONE) continue;
    if (written++ == 0) json.key("tools").array();
    writeFunction(tool, MAX_NAME_BYTES, true, json);
  }
  // Without tools the server refuses to be told which to choose.
  if (written == 0) return;
  json.endArray();
  if (request.toolChoice != ToolChoice.Absent) writeChoice(request, json.key("tool_choice"));
  if (request.parallelToolCalls != Flag.Absent) {
    json.key("parallel_tool_calls").bool(request.parallelToolCalls == Flag.True);
  }
}

/** Writes the value of `tool_choice`, which the request must have. */
export function writeChoice(request: ChatRequest, json: JsonWriter): void {
  switch (request.toolChoice) {
    case ToolChoice.None:
      json.string("none");
      break;
    case ToolChoice.Required:
      json.string("required");
      break;
    case ToolChoice.Named:
      json.object().key("type").string("function").key("function").object();
      json.key("name").body(upstreamName(request.toolName, MAX_NAME_BYTES)).endObject().endObject();
      break;
    default:
      json.string("auto");
  }
}

/** Writes the value of `response_format`, for a request whose answer is not just text. */
export function writeShape(request: ChatRequest, json: JsonWriter): void {
  if (request.shape == AnswerShape.JsonObject) {
    json.constant('{"type":"json_object"}');
    return;
  }
  json.object().key("type").string("json_schema").key("json_schema").object();
  // OpenAI insists on a name; the other protocols have none.
  if (request.schemaName != NONE) json.key("name").body(request.schemaName);
  else json.key("name").string("structured_output");
  if (request.schemaDescription != NONE) json.key("description").body(request.schemaDescription);
  json.key("schema").raw(request.schema);
  if (request.schemaStrict != Flag.Absent) json.key("strict").bool(request.schemaStrict == Flag.True);
  json.endObject().endObject();
}

/** OpenAI has no word for "do not think" that all its models take, so that is left out; and none above `xhigh`. */
function writeReasoning(request: ChatRequest, options: RenderOptions, json: JsonWriter): void {
  if (request.thinking == Thinking.Disabled) {
    if (options.writesNoneEffort) json.key("reasoning_effort").string("none");
    return;
  }
  const effort = requestedEffort(request);
  if (effort == Effort.Absent) return;
  json.key("reasoning_effort").string(unchecked(EFFORT_NAMES[min<i32>(effort, Effort.XHigh)]));
}
