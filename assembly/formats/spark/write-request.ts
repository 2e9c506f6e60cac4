import { NONE } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure } from "../../chat/failure";
import { AnswerShape, ChatRequest, ToolChoice } from "../../chat/request";
import { JsonWriter } from "../../json/writer";
import { writeFields } from "../fields";
import { RenderOptions } from "../format";
import { writeFunctions } from "../functions";
import { writeMessages } from "../openai/write-messages";
import { writeChoice } from "../openai/write-request";
import { FIELDS, MAX_NAME_BYTES } from "./tiers";

/** Writes a chat request: Chat Completions, as far as Spark knows it. Source: "Spark HTTP API", request parameters. */
export function writeRequest(request: ChatRequest, options: RenderOptions, out: Writer): Failure | null {
  const json = new JsonWriter(out);
  json.object();
  json.key("model").body(options.model);
  json.key("messages");
  const failure = writeMessages(request, options, json);
  if (failure) return failure;
  json.key("stream").bool(request.stream);
  writeFields(request, FIELDS, json);
  if (writeFunctions(request, NONE, MAX_NAME_BYTES, json)) {
    if (request.toolChoice != ToolChoice.Absent) writeChoice(request, json.key("tool_choice"));
    // Calls come as a list; else there could be only one.
    json.key("tool_calls_switch").bool(true);
  }
  if (request.shape == AnswerShape.JsonObject) {
    json.key("response_format").constant('{"type":"json_object"}');
  }
  json.endObject();
  return null;
}
