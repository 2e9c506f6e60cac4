import { NONE, equals } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure } from "../../chat/failure";
import { Parameter } from "../../chat/parameters";
import { AnswerShape, ChatRequest } from "../../chat/request";
import { ABSENT, Document } from "../../json/document";
import { JsonWriter } from "../../json/writer";
import { RenderOptions } from "../format";
import { turnsOf } from "../turns";
import { CachePoints } from "./cache-points";
import { MessagesWriter } from "./write-messages";
import { SettingsWriter } from "./write-settings";
import { writeTools } from "./write-tools";

const metadata: Document = new Document();

/**
 * Writes a Converse request. The model and whether to stream stand in the path.
 * Source: Amazon Bedrock API reference, Converse and ConverseStream.
 */
export function writeRequest(request: ChatRequest, options: RenderOptions, out: Writer): Failure | null {
  const json = new JsonWriter(out);
  const points = new CachePoints(request, options, json, out);
  const messages = new MessagesWriter(request, options, points, json);
  const turns = turnsOf(request);
  json.object();
  // In the order in which the model reads them, which is the order of cache points.
  writeTools(request, points, json);
  messages.system();
  const failure = messages.turns(turns);
  if (failure) return failure;
  points.conclude();
  new SettingsWriter(request, options, turns, json).write();
  writeShape(request, json);
  writeTier(request, json);
  writeMetadata(request, json);
  json.endObject();
  return null;
}

/** The schema stands in the request as a string. */
function writeShape(request: ChatRequest, json: JsonWriter): void {
  if (request.shape != AnswerShape.JsonSchema) return;
  json.key("outputConfig").object().key("textFormat").object().key("type").string("json_schema");
  json.key("structure").object().key("jsonSchema").object().key("schema").text(request.schema);
  if (request.schemaName != NONE) json.key("name").body(request.schemaName);
  if (request.schemaDescription != NONE) json.key("description").body(request.schemaDescription);
  json.endObject().endObject().endObject().endObject();
}

/** OpenAI's names, except for `auto`, which is what is done anyway. */
function writeTier(request: ChatRequest, json: JsonWriter): void {
  const tier = request.value(Parameter.ServiceTier);
  if (tier == NONE || equals(tier, '"auto"')) return;
  json.key("serviceTier").object().key("type").raw(tier).endObject();
}

/** Only texts may be values. */
function writeMetadata(request: ChatRequest, json: JsonWriter): void {
  const raw = request.value(Parameter.Metadata);
  if (raw == NONE) return;
  let isPlain = metadata.parse(raw);
  for (let key = metadata.firstMember(metadata.root); key != ABSENT; key = metadata.nextMember(key)) {
    if (!metadata.isString(metadata.valueOf(key))) isPlain = false;
  }
  if (isPlain) json.key("requestMetadata").raw(raw);
  else request.adjust(Parameter.Metadata);
}
