import { NONE, equals, lengthOf, startsWith, subslice } from "../../bytes/slice";
import { Failure } from "../../chat/failure";
import { Parameter } from "../../chat/parameters";
import { ChatRequest, MediaKind, Message, Part, PartKind, Role } from "../../chat/request";
import { upstreamName } from "../../chat/tool-names";
import { JsonWriter } from "../../json/writer";
import { writeArgumentsString } from "../arguments";
import { writeDataUrl } from "../data-url";
import { RenderOptions } from "../format";
import { invalidMessage } from "../invalid";
import { LINE, PARAGRAPH, hasPart, writeJoined } from "../parts";
import { MAX_NAME_BYTES } from "./tiers";

/**
 * Writes `messages`. Chat Completions takes no media in a tool message, so what a tool gave back besides text follows
 * in a user message: the next one, or one of its own.
 */
export function writeMessages(
  request: ChatRequest,
  options: RenderOptions,
  json: JsonWriter,
): Failure | null {
  const messages = request.messages;
  const waiting = new Array<Part>();
  json.array();
  for (let i = 0; i < messages.length; i++) {
    const message = unchecked(messages[i]);
    let problem = "";
    if (waiting.length > 0 && message.role != Role.Tool && message.role != Role.User) {
      problem = writeUser(new Message(Role.User), waiting, json);
    }
    switch (message.role) {
      case Role.System:
        writeSystem(message, json);
        break;
      case Role.User:
        problem = writeUser(message, waiting, json);
        break;
      case Role.Assistant:
        writeAssistant(message, request, options, json);
        break;
      case Role.Tool:
        writeResults(message, waiting, json);
        break;
    }
    const failure = invalidMessage(i, problem);
    if (failure) return failure;
  }
  if (waiting.length > 0) {
    const failure = invalidMessage(messages.length - 1, writeUser(new Message(Role.User), waiting, json));
    if (failure) return failure;
  }
  json.endArray();
  return null;
}

/** One string: many chat templates take nothing else for the system message. */
function writeSystem(message: Message, json: JsonWriter): void {
  json.object().key("role").string("system");
  writeName(message, json);
  json.key("content");
  writeJoined(message.parts, PartKind.Text, PARAGRAPH, "", json);
  json.endObject();
}

function writeName(message: Message, json: JsonWriter): void {
  if (message.name != NONE) json.key("name").body(message.name);
}

/** `waiting`: media of tool results, which come first and are then no longer waiting. */
function writeUser(message: Message, waiting: Array<Part>, json: JsonWriter): string {
  const parts = message.parts;
  // A message whose parts all became results of their own.
  if (parts.length == 0 && waiting.length == 0) return "";
  json.object().key("role").string("user");
  writeName(message, json);
  json.key("content");
  if (waiting.length == 0 && parts.length == 1 && unchecked(parts[0]).kind == PartKind.Text) {
    json.body(unchecked(parts[0]).text).endObject();
    return "";
  }
  json.array();
  for (let i = 0; i < waiting.length; i++) {
    const problem = writePart(unchecked(waiting[i]), json);
    if (problem.length > 0) return problem;
  }
  waiting.length = 0;
  for (let i = 0; i < parts.length; i++) {
    const problem = writePart(unchecked(parts[i]), json);
    if (problem.length > 0) return problem;
  }
  json.endArray().endObject();
  return "";
}

/** Writes one part of a message; gives the problem, "" where there is none. */
export function writePart(part: Part, json: JsonWriter): string {
  if (part.kind == PartKind.Media) return writeMedia(part, json);
  if (part.kind == PartKind.Text || part.kind == PartKind.Refusal) {
    json.object().key("type").string("text").key("text").body(part.text).endObject();
  }
  return "";
}

function writeMedia(part: Part, json: JsonWriter): string {
  switch (part.media) {
    case MediaKind.Image:
      if (part.fileId != NONE) return "an image by file id cannot be sent to this service";
      writeUrl("image_url", part, json);
      return "";
    case MediaKind.Video:
      writeUrl("video_url", part, json);
      return "";
    case MediaKind.Audio:
      if (part.data == NONE) writeUrl("audio_url", part, json);
      else writeAudio(part, json);
      return "";
  }
  json.object().key("type").string("file").key("file").object();
  if (part.fileId != NONE) {
    json.key("file_id").body(part.fileId);
  } else {
    if (part.data == NONE) return "a file by URL cannot be sent to this service";
    // OpenAI wants a name with inline data; vendors that have none leave the title out.
    if (part.fileName != NONE) json.key("filename").body(part.fileName);
    else json.key("filename").string(isPdf(part) ? "document.pdf" : "document");
    json.key("file_data");
    writeDataUrl(part.mediaType, part.data, json);
  }
  json.endObject().endObject();
  return "";
}


@inline
function isPdf(part: Part): bool {
  return part.mediaType == NONE || equals(part.mediaType, "application/pdf");
}

function writeUrl(type: string, part: Part, json: JsonWriter): void {
  json.object().key("type").string(type).key(type).object().key("url");
  if (part.data == NONE) json.body(part.url);
  else writeDataUrl(part.mediaType, part.data, json);
  if (part.detail != NONE) json.key("detail").body(part.detail);
  json.endObject().endObject();
}

function writeAudio(part: Part, json: JsonWriter): void {
  json.object().key("type").string("input_audio").key("input_audio").object();
  json.key("data").body(part.data).key("format");
  const type = part.mediaType;
  if (equals(type, "audio/mpeg")) json.string("mp3");
  else if (equals(type, "audio/x-wav")) json.string("wav");
  else if (startsWith(type, "audio/")) json.body(subslice(type, 6, lengthOf(type)));
  else json.body(type);
  json.endObject().endObject();
}

function writeAssistant(
  message: Message,
  request: ChatRequest,
  options: RenderOptions,
  json: JsonWriter,
): void {
  const parts = message.parts;
  json.object().key("role").string("assistant");
  writeName(message, json);
  const hasCalls = hasPart(parts, PartKind.ToolCall);
  if (hasPart(parts, PartKind.Thinking)) {
    if (options.thinkingHistory)
      writeJoined(parts, PartKind.Thinking, PARAGRAPH, "", json.key("reasoning_content"));
    else request.adjust(Parameter.ThinkingHistory);
  }
  json.key("content");
  if (hasCalls && !hasPart(parts, PartKind.Text)) json.null();
  else writeJoined(parts, PartKind.Text, "", "", json);
  if (hasPart(parts, PartKind.Refusal)) writeJoined(parts, PartKind.Refusal, "", "", json.key("refusal"));
  if (hasCalls) {
    json.key("tool_calls").array();
    for (let i = 0; i < parts.length; i++) writeCall(unchecked(parts[i]), json);
    json.endArray();
  }
  json.endObject();
}

/** Writes a tool call; anything else is left out. */
export function writeCall(part: Part, json: JsonWriter): void {
  if (part.kind != PartKind.ToolCall) return;
  const kind = part.isFreeform ? "custom" : "function";
  json.object().key("id").body(part.id).key("type").string(kind).key(kind).object();
  json.key("name").body(upstreamName(part.name, MAX_NAME_BYTES));
  if (part.isFreeform) json.key("input").body(part.arguments);
  else writeArgumentsString(part, json.key("arguments"));
  json.endObject().endObject();
}

function writeResults(message: Message, waiting: Array<Part>, json: JsonWriter): void {
  for (let i = 0; i < message.parts.length; i++) {
    const part = unchecked(message.parts[i]);
    if (part.kind != PartKind.ToolResult) continue;
    json.object().key("role").string("tool").key("tool_call_id").body(part.id).key("content");
    // There is no flag for a failed call, but models understand the word.
    writeJoined(part.content, PartKind.Text, LINE, part.isError ? "Error: " : "", json);
    json.endObject();
    for (let j = 0; j < part.content.length; j++) {
      const item = unchecked(part.content[j]);
      if (item.kind == PartKind.Media) waiting.push(item);
    }
  }
}
