import { NONE } from "../../bytes/slice";
import { Failure } from "../../chat/failure";
import { ChatRequest, MediaKind, Message, Part, PartKind, Role } from "../../chat/request";
import { upstreamName } from "../../chat/tool-names";
import { JsonWriter } from "../../json/writer";
import { writeArgumentsString, writeFreeform } from "../arguments";
import { writeDataUrl } from "../data-url";
import { invalidMessage } from "../invalid";
import { LINE, PARAGRAPH, hasPart, withoutResultMedia, writeJoined } from "../parts";
import { MAX_NAME_BYTES } from "./tiers";

/**
 * Writes `messages`: content is a string for text generation, an array of parts for multimodal generation.
 * Source: Alibaba Cloud Model Studio, "Qwen API reference", DashScope.
 */
export function writeMessages(request: ChatRequest, isMultimodal: bool, json: JsonWriter): Failure | null {
  const messages = withoutResultMedia(request);
  json.array();
  for (let i = 0; i < messages.length; i++) {
    const message = unchecked(messages[i]);
    const isLast = i == messages.length - 1;
    let problem = "";
    if (message.role == Role.Tool) writeResults(message, isMultimodal, json);
    else problem = writeMessage(message, isMultimodal, isLast, json);
    const failure = invalidMessage(i, problem);
    if (failure) return failure;
  }
  json.endArray();
  return null;
}

function writeMessage(message: Message, isMultimodal: bool, isLast: bool, json: JsonWriter): string {
  const parts = message.parts;
  json.object().key("role").string(roleName(message.role)).key("content");
  if (isMultimodal) {
    const problem = writeParts(parts, json);
    if (problem.length > 0) return problem;
  } else {
    const kind = hasPart(parts, PartKind.Text) ? PartKind.Text : PartKind.Refusal;
    writeJoined(parts, kind, message.role == Role.System ? PARAGRAPH : LINE, "", json);
  }
  if (hasPart(parts, PartKind.ToolCall)) {
    json.key("tool_calls").array();
    let index = 0;
    for (let i = 0; i < parts.length; i++) {
      const part = unchecked(parts[i]);
      if (part.kind == PartKind.ToolCall) writeCall(part, index++, json);
    }
    json.endArray();
  } else if (isLast && message.role == Role.Assistant) {
    // The model goes on where this message ends.
    json.key("partial").bool(true);
  }
  json.endObject();
  return "";
}

function roleName(role: Role): string {
  if (role == Role.System) return "system";
  return role == Role.User ? "user" : "assistant";
}

function writeParts(parts: Array<Part>, json: JsonWriter): string {
  json.array();
  for (let i = 0; i < parts.length; i++) {
    const part = unchecked(parts[i]);
    if (part.kind == PartKind.Text || part.kind == PartKind.Refusal) {
      json.object().key("text").body(part.text).endObject();
    } else if (part.kind == PartKind.Media) {
      const name = mediaName(part.media);
      if (name.length == 0 || (part.data == NONE && part.url == NONE)) {
        return "media must be images, sounds or videos, by URL or as data";
      }
      json.object().key(name);
      if (part.data == NONE) json.body(part.url);
      else writeDataUrl(part.mediaType, part.data, json);
      json.endObject();
    }
  }
  json.endArray();
  return "";
}

function mediaName(kind: MediaKind): string {
  switch (kind) {
    case MediaKind.Image:
      return "image";
    case MediaKind.Audio:
      return "audio";
    case MediaKind.Video:
      return "video";
  }
  return "";
}

function writeCall(part: Part, index: i32, json: JsonWriter): void {
  json.object().key("index").number(index).key("id").body(part.id).key("type").string("function");
  json.key("function").object().key("name").body(upstreamName(part.name, MAX_NAME_BYTES)).key("arguments");
  if (part.isFreeform) writeFreeform(part, json);
  else writeArgumentsString(part, json);
  json.endObject().endObject();
}

function writeResults(message: Message, isMultimodal: bool, json: JsonWriter): void {
  for (let i = 0; i < message.parts.length; i++) {
    const part = unchecked(message.parts[i]);
    if (part.kind != PartKind.ToolResult) continue;
    json.object().key("role").string("tool").key("tool_call_id").body(part.id).key("content");
    if (isMultimodal) json.array().object().key("text");
    // There is no flag for a failed call, but models understand the word.
    writeJoined(part.content, PartKind.Text, LINE, part.isError ? "Error: " : "", json);
    if (isMultimodal) json.endObject().endArray();
    json.endObject();
  }
}
