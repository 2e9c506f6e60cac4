import { NONE } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { EFFORT_NAMES, requestedEffort } from "../../chat/effort";
import { Failure } from "../../chat/failure";
import { Parameter } from "../../chat/parameters";
import { AnswerShape, ChatRequest, Effort, Flag } from "../../chat/request";
import { parseInteger } from "../../json/number";
import { JsonWriter } from "../../json/writer";
import { writeFields } from "../fields";
import { RenderOptions } from "../format";
import { writeUser } from "../openai/write-request";
import { FIELDS, MIN_OUTPUT_TOKENS } from "./tiers";
import { InputWriter, writeInstructions } from "./write-input";
import { writeTools } from "./write-tools";

/**
 * Writes a Responses request.
 * Source: OpenAI API reference, "Create a model response".
 */
export function writeRequest(request: ChatRequest, options: RenderOptions, out: Writer): Failure | null {
  const json = new JsonWriter(out);
  json.object();
  json.key("model").body(options.model);
  const written = writeInstructions(request, json);
  const input = new InputWriter(request, options, json.key("input"));
  const failure = input.write(written);
  if (failure) return failure;
  if (request.stream) json.key("stream").bool(true);
  // The API keeps responses unless it is told not to. A proxy's clients did not ask for that.
  json.key("store").bool(request.value(Parameter.Store) != NONE);
  writeLimit(request, json);
  writeFields(request, FIELDS, json);
  writeUser(request, json);
  const metadata = request.value(Parameter.Metadata);
  if (metadata != NONE) json.key("metadata").raw(metadata);
  writeTools(request, json);
  writeText(request, json);
  const reasons = writeReasoning(request, json);
  writeInclude(request, reasons || input.hasReasoning, json);
  json.endObject();
  return null;
}

function writeLimit(request: ChatRequest, json: JsonWriter): void {
  const limit = request.value(Parameter.MaxTokens);
  if (limit == NONE) return;
  const tokens = parseInteger(limit, MIN_OUTPUT_TOKENS);
  if (tokens >= MIN_OUTPUT_TOKENS) {
    json.key("max_output_tokens").raw(limit);
  } else {
    request.adjust(Parameter.MaxTokens);
    json.key("max_output_tokens").number(MIN_OUTPUT_TOKENS);
  }
}

function writeText(request: ChatRequest, json: JsonWriter): void {
  const verbosity = request.value(Parameter.Verbosity);
  if (request.shape == AnswerShape.Text && verbosity == NONE) return;
  json.key("text").object();
  if (request.shape == AnswerShape.JsonObject) {
    json.key("format").constant('{"type":"json_object"}');
  } else if (request.shape == AnswerShape.JsonSchema) {
    json.key("format").object().key("type").string("json_schema").key("name");
    // OpenAI insists on a name; the other protocols have none.
    if (request.schemaName != NONE) json.body(request.schemaName);
    else json.string("structured_output");
    if (request.schemaDescription != NONE) json.key("description").body(request.schemaDescription);
    json.key("schema").raw(request.schema);
    if (request.schemaStrict != Flag.Absent) json.key("strict").bool(request.schemaStrict == Flag.True);
    json.endObject();
  }
  if (verbosity != NONE) json.key("verbosity").raw(verbosity);
  json.endObject();
}

/** Whether the model is asked to reason. `none` is a word of newer models; there is none above `xhigh`. */
function writeReasoning(request: ChatRequest, json: JsonWriter): bool {
  const effort = requestedEffort(request);
  if (effort == Effort.Absent) return false;
  json.key("reasoning").object();
  json.key("effort").string(unchecked(EFFORT_NAMES[min<i32>(effort, Effort.XHigh)]));
  if (effort != Effort.None) json.key("summary").string("auto");
  json.endObject();
  return effort != Effort.None;
}

/** Reasoning that is not stored has to travel with the conversation. */
function writeInclude(request: ChatRequest, reasons: bool, json: JsonWriter): void {
  const logprobs = request.has(Parameter.Logprobs);
  if (!reasons && !logprobs) return;
  json.key("include").array();
  if (reasons) json.string("reasoning.encrypted_content");
  if (logprobs) json.string("message.output_text.logprobs");
  json.endArray();
}
