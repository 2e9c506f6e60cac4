import { NONE, Slice } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure } from "../../chat/failure";
import { Parameter } from "../../chat/parameters";
import { ChatRequest, Message, Part, PartKind, Role, ToolChoice } from "../../chat/request";
import { upstreamName } from "../../chat/tool-names";
import { JsonWriter } from "../../json/writer";
import { writeArgumentsString } from "../arguments";
import { writeFields } from "../fields";
import { RenderOptions } from "../format";
import { LINE, PARAGRAPH, hasPart, writeJoined } from "../parts";
import { Settings } from "../settings";
import { FIELDS, MAX_NAME_BYTES } from "./tiers";

/** What the bot is where the client does not say: the API insists on a description. */
const DESCRIPTION: string = "You are a helpful assistant.";

/**
 * Writes a ChatCompletion Pro request: a play of named senders, whose setting is the system prompt.
 * Source: MiniMax open platform, "ChatCompletion Pro", request parameters and "function calling".
 */
export function writeRequest(request: ChatRequest, options: RenderOptions, out: Writer): Failure | null {
  const json = new JsonWriter(out);
  const settings = options.settings;
  json.object();
  json.key("model").body(options.model);
  json.key("stream").bool(request.stream);
  writeBot(request, settings, json);
  json.key("messages").array();
  for (let i = 0; i < request.messages.length; i++)
    writeMessage(unchecked(request.messages[i]), settings, json);
  json.endArray();
  json.key("reply_constraints").object().key("sender_type").string("BOT");
  json.key("sender_name").text(settings.text("botName")).endObject();
  writeFields(request, FIELDS, json);
  writeTools(request, json);
  json.endObject();
  return null;
}

function writeBot(request: ChatRequest, settings: Settings, json: JsonWriter): void {
  let parts = new Array<Part>();
  for (let i = 0; i < request.messages.length; i++) {
    const message = unchecked(request.messages[i]);
    if (message.role == Role.System) parts = parts.concat(message.parts);
  }
  json.key("bot_setting").array().object();
  json.key("bot_name").text(settings.text("botName")).key("content");
  if (hasPart(parts, PartKind.Text)) writeJoined(parts, PartKind.Text, PARAGRAPH, "", json);
  else json.string(DESCRIPTION);
  json.endObject().endArray();
}

function writeMessage(message: Message, settings: Settings, json: JsonWriter): void {
  const parts = message.parts;
  if (message.role == Role.User) {
    begin("USER", message.name, settings.text("userName"), json);
    writeJoined(parts, PartKind.Text, LINE, "", json);
    json.endObject();
  } else if (message.role == Role.Assistant) {
    writeAssistant(message, settings.text("botName"), json);
  } else if (message.role == Role.Tool) {
    for (let i = 0; i < parts.length; i++) {
      const part = unchecked(parts[i]);
      if (part.kind != PartKind.ToolResult) continue;
      begin("FUNCTION", NONE, settings.text("botName"), json);
      // There is no flag for a failed call, but models understand the word.
      writeJoined(part.content, PartKind.Text, LINE, part.isError ? "Error: " : "", json);
      json.endObject();
    }
  }
}

/** The beginning of a message, up to its text. @param name JSON string body; NONE: the default, which is UTF-8 */
function begin(type: string, name: Slice, otherwise: Slice, json: JsonWriter): void {
  json.object().key("sender_type").string(type).key("sender_name");
  if (name == NONE) json.text(otherwise);
  else json.body(name);
  json.key("text");
}

/** A message holds one call, so each further one is a message of its own. */
function writeAssistant(message: Message, name: Slice, json: JsonWriter): void {
  const parts = message.parts;
  begin("BOT", NONE, name, json);
  writeJoined(parts, hasPart(parts, PartKind.Text) ? PartKind.Text : PartKind.Refusal, "", "", json);
  let isOpen = true;
  for (let i = 0; i < parts.length; i++) {
    const part = unchecked(parts[i]);
    if (part.kind != PartKind.ToolCall) continue;
    if (!isOpen) {
      begin("BOT", NONE, name, json);
      json.string("");
    }
    json.key("function_call").object().key("name").body(upstreamName(part.name, MAX_NAME_BYTES));
    writeArgumentsString(part, json.key("arguments"));
    json.endObject().endObject();
    isOpen = false;
  }
  if (isOpen) json.endObject();
}

function writeTools(request: ChatRequest, json: JsonWriter): void {
  let written = 0;
  for (let i = 0; i < request.tools.length; i++) {
    const tool = unchecked(request.tools[i]);
    if (tool.hosted != NONE) continue;
    if (written++ == 0) json.key("functions").array();
    json.object().key("name").body(upstreamName(tool.name, MAX_NAME_BYTES));
    if (tool.description != NONE) json.key("description").body(tool.description);
    if (tool.schema != NONE) json.key("parameters").raw(tool.schema);
    json.endObject();
  }
  if (written == 0) return;
  json.endArray();
  const choice = request.toolChoice;
  if (choice == ToolChoice.Required) request.adjust(Parameter.ToolChoice);
  json.key("function_call").object().key("type");
  if (choice == ToolChoice.Named) {
    json.string("specific").key("name").body(upstreamName(request.toolName, MAX_NAME_BYTES));
  } else {
    json.string(choice == ToolChoice.None ? "none" : "auto");
  }
  json.endObject();
}
