import { NONE, lengthOf } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure } from "../../chat/failure";
import { Parameter } from "../../chat/parameters";
import { ChatRequest, MediaKind, Message, Part, PartKind, Role } from "../../chat/request";
import { escape } from "../../json/text";
import { JsonWriter } from "../../json/writer";
import { RenderOptions } from "../format";
import { invalidMessage } from "../invalid";
import { LINE, hasPart, writeJoined } from "../parts";
import { firstNew } from "../transcript";

/** Coze tells conversations of different users apart, and insists on a name. */
const ANONYMOUS: string = "anonymous";

const inner: Writer = new Writer();

/**
 * Writes a chat with a bot. It begins anew with every request, since the client brings the whole history; unless the
 * client names the conversation, which then has all up to the bot's last answer.
 * Source: Coze, OpenAPI, "Chat v3".
 */
export function writeRequest(request: ChatRequest, options: RenderOptions, out: Writer): Failure | null {
  const json = new JsonWriter(out);
  json.object();
  const bot = options.settings.text("botId");
  if (bot != NONE) json.key("bot_id").text(bot);
  else json.key("bot_id").body(options.model);
  const user = request.value(Parameter.User);
  if (user != NONE) json.key("user_id").raw(user);
  else json.key("user_id").string(ANONYMOUS);
  // Without a stream there is no answer, only the promise of one.
  json.key("stream").bool(true);
  json.key("additional_messages").array();
  const first = lengthOf(options.conversation) == 0 ? 0 : firstNew(request);
  for (let i = first; i < request.messages.length; i++) {
    const failure = invalidMessage(i, writeMessage(unchecked(request.messages[i]), json));
    if (failure) return failure;
  }
  json.endArray();
  json.endObject();
  return null;
}

/** There are two roles; instructions are said by the user. */
function writeMessage(message: Message, json: JsonWriter): string {
  const isAssistant = message.role == Role.Assistant;
  const parts = message.role == Role.Tool ? resultsOf(message) : message.parts;
  const hasMedia = hasPart(parts, PartKind.Media);
  if (!hasMedia && !hasPart(parts, PartKind.Text)) return "";
  json
    .object()
    .key("role")
    .string(isAssistant ? "assistant" : "user");
  json.key("type").string(isAssistant ? "answer" : "question");
  json
    .key("content_type")
    .string(hasMedia ? "object_string" : "text")
    .key("content");
  let problem = "";
  if (hasMedia) problem = writeObjects(parts, json);
  else writeJoined(parts, PartKind.Text, LINE, "", json);
  json.endObject();
  return problem;
}

function resultsOf(message: Message): Array<Part> {
  let parts = new Array<Part>();
  for (let i = 0; i < message.parts.length; i++) parts = parts.concat(unchecked(message.parts[i]).content);
  return parts;
}

/** A text that holds a JSON array. */
function writeObjects(parts: Array<Part>, json: JsonWriter): string {
  inner.reset();
  const objects = new JsonWriter(inner);
  objects.array();
  for (let i = 0; i < parts.length; i++) {
    const part = unchecked(parts[i]);
    if (part.kind == PartKind.Media) {
      if (part.url == NONE && part.fileId == NONE) return "media must be given by URL or file id";
      objects.object().key("type").string(typeName(part.media));
      if (part.fileId != NONE) objects.key("file_id").body(part.fileId);
      else objects.key("file_url").body(part.url);
      objects.endObject();
    } else if (part.kind == PartKind.Text) {
      objects.object().key("type").string("text").key("text").body(part.text).endObject();
    }
  }
  objects.endArray();
  escape(json.beginString(), inner.view());
  json.endString();
  return "";
}

function typeName(kind: MediaKind): string {
  if (kind == MediaKind.Image) return "image";
  return kind == MediaKind.Audio ? "audio" : "file";
}
