import { NONE } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure } from "../../chat/failure";
import { Parameter } from "../../chat/parameters";
import { ChatRequest } from "../../chat/request";
import { JsonWriter } from "../../json/writer";
import { RenderOptions } from "../format";
import { Model } from "./model";
import { ConfigWriter } from "./write-config";
import { ContentsWriter, writeSystem } from "./write-contents";
import { writeTools } from "./write-tools";

/**
 * Writes a generateContent request. The model and whether to stream stand in the path.
 * Sources: Gemini API reference, models.generateContent; Vertex AI reference, the same.
 */
export function writeRequest(
  request: ChatRequest,
  options: RenderOptions,
  isVertex: bool,
  out: Writer,
): Failure | null {
  const model = new Model(options.model);
  const json = new JsonWriter(out);
  json.object();
  const cached = request.value(Parameter.CachedContent);
  if (cached == NONE) {
    writeSystem(request, json);
    const failure = writeTools(request, model, json);
    if (failure) return failure;
  } else {
    // What is cached brings its own system instruction and tools, and others beside them are an error.
    json.key("cachedContent").raw(cached);
    if (request.has(Parameter.SystemPrompt)) request.adjust(Parameter.SystemPrompt);
    if (request.has(Parameter.Tools)) request.adjust(Parameter.Tools);
  }
  json.key("contents");
  const failure = new ContentsWriter(request, options, model, isVertex, json).write();
  if (failure) return failure;
  const configFailure = new ConfigWriter(request, model, json).write();
  if (configFailure) return configFailure;
  const safety = request.value(Parameter.SafetySettings);
  if (safety != NONE) json.key("safetySettings").raw(safety);
  const labels = isVertex ? request.value(Parameter.Metadata) : NONE;
  if (labels != NONE) json.key("labels").raw(labels);
  json.endObject();
  return null;
}
