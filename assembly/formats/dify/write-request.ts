import { NONE, Slice, lengthOf } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure } from "../../chat/failure";
import { Parameter } from "../../chat/parameters";
import { ChatRequest, MediaKind, Part, PartKind } from "../../chat/request";
import { escape } from "../../json/text";
import { JsonWriter } from "../../json/writer";
import { RenderOptions } from "../format";
import { invalidMessage } from "../invalid";
import { firstNew, writeTranscript } from "../transcript";
import { isConversation } from "./application";

/** Dify tells conversations of different users apart, and insists on a name. */
const ANONYMOUS: string = "anonymous";

/** The variable that applications for completion begin with. */
const QUERY: string = "query";

const variable: Writer = new Writer();

/**
 * Writes a message to an application, or the run of one that has no messages. A chat begins anew with every request,
 * since the client brings the whole history, which becomes one text; unless the client names the conversation, which
 * then has all up to the model's last answer.
 * Source: Dify, API access, "Send chat message", "Create completion message", "Execute workflow".
 */
export function writeRequest(request: ChatRequest, options: RenderOptions, out: Writer): Failure | null {
  const json = new JsonWriter(out);
  const isChat = isConversation(options.settings);
  const isNew = !isChat || lengthOf(options.conversation) == 0;
  const first = isNew ? 0 : firstNew(request);
  json.object();
  json.key("inputs").object();
  if (!isChat) {
    writeVariable(options.settings.text("inputVariable"), json);
    writeTranscript(request, false, json);
  }
  json.endObject();
  if (isChat) {
    json.key("query");
    writeTranscript(request, false, json, first);
    if (!isNew) json.key("conversation_id").text(options.conversation);
  }
  // Agents answer in no other way, and Dify's cloud breaks off a blocking answer after a hundred seconds.
  json.key("response_mode").string("streaming");
  const user = request.value(Parameter.User);
  if (user != NONE) json.key("user").raw(user);
  else json.key("user").string(ANONYMOUS);
  const failure = writeFiles(request, first, json);
  if (failure) return failure;
  if (isChat) json.key("auto_generate_name").bool(false);
  json.endObject();
  return null;
}

function writeVariable(name: Slice, json: JsonWriter): void {
  if (name == NONE) {
    json.key(QUERY);
    return;
  }
  variable.reset();
  escape(variable, name);
  json.keyBody(variable.view());
}

function writeFiles(request: ChatRequest, first: i32, json: JsonWriter): Failure | null {
  let isOpen = false;
  for (let i = first; i < request.messages.length; i++) {
    const parts = unchecked(request.messages[i]).parts;
    for (let j = 0; j < parts.length; j++) {
      const part = unchecked(parts[j]);
      if (part.kind != PartKind.Media) continue;
      if (!isOpen) json.key("files").array();
      isOpen = true;
      const failure = invalidMessage(i, writeFile(part, json));
      if (failure) return failure;
    }
  }
  if (isOpen) json.endArray();
  return null;
}

function writeFile(part: Part, json: JsonWriter): string {
  if (part.fileId == NONE && part.url == NONE) return "media must be given by URL or file id";
  json.object().key("type").string(typeName(part.media));
  if (part.fileId != NONE) {
    json.key("transfer_method").string("local_file").key("upload_file_id").body(part.fileId);
  } else {
    json.key("transfer_method").string("remote_url").key("url").body(part.url);
  }
  json.endObject();
  return "";
}

function typeName(kind: MediaKind): string {
  switch (kind) {
    case MediaKind.Image:
      return "image";
    case MediaKind.Audio:
      return "audio";
    case MediaKind.Video:
      return "video";
  }
  return "document";
}
