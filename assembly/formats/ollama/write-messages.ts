import { NONE } from "../../bytes/slice";
import { Failure } from "../../chat/failure";
import { Parameter } from "../../chat/parameters";
import { ChatRequest, MediaKind, Message, Part, PartKind, Role } from "../../chat/request";
import { upstreamName } from "../../chat/tool-names";
import { JsonWriter } from "../../json/writer";
import { writeArgumentsObject } from "../arguments";
import { RenderOptions } from "../format";
import { invalidMessage } from "../invalid";
import { LINE, PARAGRAPH, hasPart, withoutResultMedia, writeJoined } from "../parts";
import { nameResults } from "../turns";
import { MAX_NAME_BYTES } from "./tiers";

/** Writes `messages`. Ollama has one string of text in each, with the images beside it. */
export function writeMessages(
  request: ChatRequest,
  options: RenderOptions,
  json: JsonWriter,
): Failure | null {
  nameResults(request);
  const messages = withoutResultMedia(request);
  json.array();
  for (let i = 0; i < messages.length; i++) {
    const message = unchecked(messages[i]);
    let problem = "";
    switch (message.role) {
      case Role.System:
        begin("system", message, PARAGRAPH, json);
        json.endObject();
        break;
      case Role.User:
        begin("user", message, LINE, json);
        problem = writeImages(message.parts, json);
        json.endObject();
        break;
      case Role.Assistant:
        problem = writeAssistant(message, request, options, json);
        break;
      case Role.Tool:
        writeResults(message, json);
        break;
    }
    const failure = invalidMessage(i, problem);
    if (failure) return failure;
  }
  json.endArray();
  return null;
}

function begin(role: string, message: Message, between: string, json: JsonWriter): void {
  json.object().key("role").string(role).key("content");
  const kind = hasPart(message.parts, PartKind.Text) ? PartKind.Text : PartKind.Refusal;
  writeJoined(message.parts, kind, between, "", json);
}

/** Base64 without the head of a data URL. */
function writeImages(parts: Array<Part>, json: JsonWriter): string {
  if (!hasPart(parts, PartKind.Media)) return "";
  json.key("images").array();
  for (let i = 0; i < parts.length; i++) {
    const part = unchecked(parts[i]);
    if (part.kind != PartKind.Media) continue;
    if (part.media != MediaKind.Image || part.data == NONE) return "media must be images given as data URLs";
    json.body(part.data);
  }
  json.endArray();
  return "";
}

function writeAssistant(
  message: Message,
  request: ChatRequest,
  options: RenderOptions,
  json: JsonWriter,
): string {
  const parts = message.parts;
  begin("assistant", message, "", json);
  if (hasPart(parts, PartKind.Thinking)) {
    if (options.thinkingHistory) writeJoined(parts, PartKind.Thinking, PARAGRAPH, "", json.key("thinking"));
    else request.adjust(Parameter.ThinkingHistory);
  }
  if (hasPart(parts, PartKind.ToolCall)) {
    json.key("tool_calls").array();
    for (let i = 0; i < parts.length; i++) {
      const part = unchecked(parts[i]);
      if (part.kind != PartKind.ToolCall) continue;
      json.object();
      if (part.id != NONE) json.key("id").body(part.id);
      json.key("function").object().key("name").body(upstreamName(part.name, MAX_NAME_BYTES));
      json.key("arguments");
      if (!writeArgumentsObject(part, json)) return "the arguments of a tool call must be a JSON object";
      json.endObject().endObject();
    }
    json.endArray();
  }
  json.endObject();
  return "";
}

function writeResults(message: Message, json: JsonWriter): void {
  for (let i = 0; i < message.parts.length; i++) {
    const part = unchecked(message.parts[i]);
    if (part.kind != PartKind.ToolResult) continue;
    json.object().key("role").string("tool").key("content");
    // There is no flag for a failed call, but models understand the word.
    writeJoined(part.content, PartKind.Text, LINE, part.isError ? "Error: " : "", json);
    if (part.name != NONE) json.key("tool_name").body(upstreamName(part.name, MAX_NAME_BYTES));
    json.key("tool_call_id").body(part.id).endObject();
  }
}
