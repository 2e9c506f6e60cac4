import { NONE, indexOf } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { requestedEffort } from "../../chat/effort";
import { Failure } from "../../chat/failure";
import { Parameter } from "../../chat/parameters";
import { AnswerShape, ChatRequest, Effort, Thinking } from "../../chat/request";
import { JsonWriter } from "../../json/writer";
import { writeFields } from "../fields";
import { RenderOptions } from "../format";
import { writeOfferedFunctions } from "../functions";
import { MAX_NAME_BYTES, OPTIONS } from "./tiers";
import { writeMessages } from "./write-messages";

/** The one family of models that is told how much to think; the others only whether. */
const LEVELED: string = "gpt-oss";

/** Writes a chat request. Source: Ollama, API reference, "Generate a chat message". */
export function writeRequest(request: ChatRequest, options: RenderOptions, out: Writer): Failure | null {
  const json = new JsonWriter(out);
  json.object();
  json.key("model").body(options.model);
  json.key("messages");
  const failure = writeMessages(request, options, json);
  if (failure) return failure;
  // Absent means true, so it is always said.
  json.key("stream").bool(request.stream);
  writeOfferedFunctions(request, MAX_NAME_BYTES, json);
  if (request.shape == AnswerShape.JsonObject) json.key("format").string("json");
  else if (request.shape == AnswerShape.JsonSchema) json.key("format").raw(request.schema);
  writeThinking(request, options, json);
  if (request.has(Parameter.Logprobs)) json.key("logprobs").bool(true);
  const alternatives = request.value(Parameter.TopLogprobs);
  if (alternatives != NONE) json.key("top_logprobs").raw(alternatives);
  writeOptions(request, json);
  json.endObject();
  return null;
}

function writeThinking(request: ChatRequest, options: RenderOptions, json: JsonWriter): void {
  const effort = requestedEffort(request);
  if (effort == Effort.Absent) return;
  if (request.thinking == Thinking.Enabled && request.thinkingBudget >= 0) {
    request.adjust(Parameter.ThinkingBudget);
  }
  json.key("think");
  if (effort == Effort.None) json.bool(false);
  else if (indexOf(options.model, LEVELED) >= 0) json.string(levelOf(effort));
  else json.bool(true);
}

function levelOf(effort: Effort): string {
  if (effort <= Effort.Low) return "low";
  return effort == Effort.Medium ? "medium" : "high";
}

function writeOptions(request: ChatRequest, json: JsonWriter): void {
  json.key("options").object();
  writeFields(request, OPTIONS, json);
  const stop = request.stop;
  if (stop.length > 0) {
    json.key("stop").array();
    for (let i = 0; i < stop.length; i++) json.body(unchecked(stop[i]));
    json.endArray();
  }
  json.endObject();
}
