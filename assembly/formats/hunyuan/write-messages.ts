import { NONE, lengthOf } from "../../bytes/slice";
import { Failure } from "../../chat/failure";
import { ChatRequest, MediaKind, Part, PartKind, Role } from "../../chat/request";
import { upstreamName } from "../../chat/tool-names";
import { JsonWriter } from "../../json/writer";
import { writeArgumentsString } from "../arguments";
import { writeDataUrl } from "../data-url";
import { invalidMessage } from "../invalid";
import { LINE, PARAGRAPH, hasPart, writeJoined } from "../parts";
import { Turn, turnsOf } from "../turns";
import { MAX_NAME_BYTES } from "./tiers";

/**
 * Writes `Messages`. The system message stands first, and the two sides take turns; results of tools are messages of
 * their own, any number in a turn. Source: Tencent Cloud, Hunyuan, ChatCompletions, `Messages`.
 */
export function writeMessages(request: ChatRequest, json: JsonWriter): Failure | null {
  json.array();
  writeSystem(request, json);
  const turns = turnsOf(request);
  for (let i = 0; i < turns.length; i++) {
    const turn = unchecked(turns[i]);
    if (turn.isAssistant) {
      writeAssistant(turn.parts, json);
      continue;
    }
    const failure = invalidMessage(turn.message, writeUser(turn, json));
    if (failure) return failure;
  }
  json.endArray();
  return null;
}

function writeSystem(request: ChatRequest, json: JsonWriter): void {
  let parts = new Array<Part>();
  for (let i = 0; i < request.messages.length; i++) {
    const message = unchecked(request.messages[i]);
    if (message.role == Role.System) parts = parts.concat(message.parts);
  }
  if (!hasPart(parts, PartKind.Text)) return;
  json.object().key("Role").string("system").key("Content");
  writeJoined(parts, PartKind.Text, PARAGRAPH, "", json);
  json.endObject();
}

/** Results first, then what the user says. Images that tools gave back are shown by the user. */
function writeUser(turn: Turn, json: JsonWriter): string {
  const said = new Array<Part>();
  for (let i = 0; i < turn.parts.length; i++) {
    const part = unchecked(turn.parts[i]);
    if (part.kind != PartKind.ToolResult) {
      said.push(part);
      continue;
    }
    json.object().key("Role").string("tool").key("ToolCallId").body(part.id).key("Content");
    // There is no flag for a failed call, but models understand the word.
    writeJoined(part.content, PartKind.Text, LINE, part.isError ? "Error: " : "", json);
    json.endObject();
    for (let j = 0; j < part.content.length; j++) {
      if (unchecked(part.content[j]).kind == PartKind.Media) said.push(unchecked(part.content[j]));
    }
  }
  if (said.length == 0) return "";
  json.object().key("Role").string("user");
  let problem = "";
  if (hasPart(said, PartKind.Media)) problem = writeContents(said, json);
  else writeJoined(said, PartKind.Text, LINE, "", json.key("Content"));
  json.endObject();
  return problem;
}

function writeContents(parts: Array<Part>, json: JsonWriter): string {
  json.key("Contents").array();
  for (let i = 0; i < parts.length; i++) {
    const part = unchecked(parts[i]);
    if (part.kind == PartKind.Media) {
      if (part.media != MediaKind.Image || (part.url == NONE && part.data == NONE)) {
        return "media must be images given by URL or as data";
      }
      json.object().key("Type").string("image_url").key("ImageUrl").object().key("Url");
      if (part.data == NONE) json.body(part.url);
      else writeDataUrl(part.mediaType, part.data, json);
      json.endObject().endObject();
    } else if (lengthOf(part.text) > 0) {
      json.object().key("Type").string("text").key("Text").body(part.text).endObject();
    }
  }
  json.endArray();
  return "";
}

function writeAssistant(parts: Array<Part>, json: JsonWriter): void {
  json.object().key("Role").string("assistant").key("Content");
  writeJoined(parts, hasPart(parts, PartKind.Text) ? PartKind.Text : PartKind.Refusal, "", "", json);
  if (hasPart(parts, PartKind.ToolCall)) {
    json.key("ToolCalls").array();
    for (let i = 0; i < parts.length; i++) {
      const part = unchecked(parts[i]);
      if (part.kind != PartKind.ToolCall) continue;
      json.object().key("Id").body(part.id).key("Type").string("function").key("Function").object();
      json.key("Name").body(upstreamName(part.name, MAX_NAME_BYTES));
      writeArgumentsString(part, json.key("Arguments"));
      json.endObject().endObject();
    }
    json.endArray();
  }
  json.endObject();
}
