import { NONE } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure } from "../../chat/failure";
import { Parameter } from "../../chat/parameters";
import { ChatRequest, MediaKind, Part, PartKind } from "../../chat/request";
import { JsonWriter } from "../../json/writer";
import { RenderOptions } from "../format";
import { invalidMessage } from "../invalid";
import { writeTranscript } from "../transcript";

/** Dify tells conversations of different users apart, and insists on a name. */
const ANONYMOUS: string = "anonymous";

/**
 * Writes a message to an application. Every request begins a conversation: the client brings the whole history, which
 * becomes one text. Source: Dify, API access, "Send chat message".
 */
export function writeRequest(request: ChatRequest, options: RenderOptions, out: Writer): Failure | null {
  const json = new JsonWriter(out);
  json.object();
  json.key("inputs").object().endObject();
  json.key("query");
  writeTranscript(request, false, json);
  // Agents answer in no other way, and Dify's cloud breaks off a blocking answer after a hundred seconds.
  json.key("response_mode").string("streaming");
  const user = request.value(Parameter.User);
  if (user != NONE) json.key("user").raw(user);
  else json.key("user").string(ANONYMOUS);
  const failure = writeFiles(request, json);
  if (failure) return failure;
  json.key("auto_generate_name").bool(false);
  json.endObject();
  return null;
}

function writeFiles(request: ChatRequest, json: JsonWriter): Failure | null {
  let isOpen = false;
  for (let i = 0; i < request.messages.length; i++) {
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
