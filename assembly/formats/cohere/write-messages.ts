import { NONE, lengthOf } from "../../bytes/slice";
import { Failure } from "../../chat/failure";
import { Parameter } from "../../chat/parameters";
import { ChatRequest, MediaKind, Message, Part, PartKind, Role } from "../../chat/request";
import { upstreamName } from "../../chat/tool-names";
import { JsonWriter } from "../../json/writer";
import { writeArgumentsString, writeFreeform } from "../arguments";
import { writeDataUrl } from "../data-url";
import { RenderOptions } from "../format";
import { invalidMessage } from "../invalid";
import { LINE, PARAGRAPH, hasPart, withoutResultMedia, writeJoined } from "../parts";
import { MAX_NAME_BYTES } from "./tiers";

/** Writes `messages`. What the model said before it called tools stands in `tool_plan`, not in `content`. */
export function writeMessages(
  request: ChatRequest,
  options: RenderOptions,
  json: JsonWriter,
): Failure | null {
  const messages = withoutResultMedia(request);
  json.array();
  for (let i = 0; i < messages.length; i++) {
    const message = unchecked(messages[i]);
    let problem = "";
    switch (message.role) {
      case Role.System:
        json.object().key("role").string("system").key("content");
        writeJoined(message.parts, PartKind.Text, PARAGRAPH, "", json);
        json.endObject();
        break;
      case Role.User:
        problem = writeUser(message.parts, json);
        break;
      case Role.Assistant:
        writeAssistant(message, request, options, json);
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

function writeUser(parts: Array<Part>, json: JsonWriter): string {
  json.object().key("role").string("user").key("content");
  if (!hasPart(parts, PartKind.Media)) {
    writeJoined(parts, PartKind.Text, LINE, "", json);
    json.endObject();
    return "";
  }
  json.array();
  for (let i = 0; i < parts.length; i++) {
    const part = unchecked(parts[i]);
    if (part.kind == PartKind.Text) {
      json.object().key("type").string("text").key("text").body(part.text).endObject();
    } else if (part.kind == PartKind.Media) {
      if (part.media != MediaKind.Image || (part.data == NONE && part.url == NONE)) {
        return "media must be images by URL";
      }
      writeImage(part, json);
    }
  }
  json.endArray().endObject();
  return "";
}

function writeImage(part: Part, json: JsonWriter): void {
  json.object().key("type").string("image_url").key("image_url").object().key("url");
  if (part.data == NONE) json.body(part.url);
  else writeDataUrl(part.mediaType, part.data, json);
  if (part.detail != NONE) json.key("detail").body(part.detail);
  json.endObject().endObject();
}

function writeAssistant(
  message: Message,
  request: ChatRequest,
  options: RenderOptions,
  json: JsonWriter,
): void {
  const parts = message.parts;
  const hasCalls = hasPart(parts, PartKind.ToolCall);
  const hasThoughts = hasPart(parts, PartKind.Thinking);
  const showsThoughts = hasThoughts && options.thinkingHistory;
  if (hasThoughts && !showsThoughts) request.adjust(Parameter.ThinkingHistory);
  json.object().key("role").string("assistant");
  if (hasCalls && hasPart(parts, PartKind.Text)) {
    writeJoined(parts, PartKind.Text, "", "", json.key("tool_plan"));
  }
  if (showsThoughts) writeBlocks(parts, !hasCalls, json);
  else if (!hasCalls) {
    const kind = hasPart(parts, PartKind.Text) ? PartKind.Text : PartKind.Refusal;
    writeJoined(parts, kind, "", "", json.key("content"));
  }
  if (hasCalls) {
    json.key("tool_calls").array();
    for (let i = 0; i < parts.length; i++) writeCall(unchecked(parts[i]), json);
    json.endArray();
  }
  json.endObject();
}

/** Content as blocks: thinking, and text where that is not the plan. */
function writeBlocks(parts: Array<Part>, hasText: bool, json: JsonWriter): void {
  json.key("content").array();
  for (let i = 0; i < parts.length; i++) {
    const part = unchecked(parts[i]);
    if (lengthOf(part.text) == 0) continue;
    if (part.kind == PartKind.Thinking) {
      json.object().key("type").string("thinking").key("thinking").body(part.text).endObject();
    } else if (hasText && (part.kind == PartKind.Text || part.kind == PartKind.Refusal)) {
      json.object().key("type").string("text").key("text").body(part.text).endObject();
    }
  }
  json.endArray();
}

function writeCall(part: Part, json: JsonWriter): void {
  if (part.kind != PartKind.ToolCall) return;
  json.object().key("id").body(part.id).key("type").string("function").key("function").object();
  json.key("name").body(upstreamName(part.name, MAX_NAME_BYTES)).key("arguments");
  if (part.isFreeform) writeFreeform(part, json);
  else writeArgumentsString(part, json);
  json.endObject().endObject();
}

function writeResults(message: Message, json: JsonWriter): void {
  for (let i = 0; i < message.parts.length; i++) {
    const part = unchecked(message.parts[i]);
    if (part.kind != PartKind.ToolResult) continue;
    json.object().key("role").string("tool").key("tool_call_id").body(part.id).key("content");
    // There is no flag for a failed call, but models understand the word.
    writeJoined(part.content, PartKind.Text, LINE, part.isError ? "Error: " : "", json);
    json.endObject();
  }
}
