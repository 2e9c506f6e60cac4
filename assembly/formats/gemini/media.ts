import { NONE, Slice, endsWith, equals, indexOfByte, startsWith, subslice } from "../../bytes/slice";
import { MediaKind, Part } from "../../chat/request";
import { JsonWriter } from "../../json/writer";
import { Model } from "./model";

const QUESTION: u8 = 0x3f;

/** MIME types by the end of a URL's path. */
class Extension {
  constructor(
    readonly name: string,
    readonly type: string,
  ) {}
}

const EXTENSIONS: Extension[] = [
  new Extension(".jpg", "image/jpeg"),
  new Extension(".jpeg", "image/jpeg"),
  new Extension(".png", "image/png"),
  new Extension(".webp", "image/webp"),
  new Extension(".gif", "image/gif"),
  new Extension(".heic", "image/heic"),
  new Extension(".heif", "image/heif"),
  new Extension(".pdf", "application/pdf"),
  new Extension(".txt", "text/plain"),
  new Extension(".html", "text/html"),
  new Extension(".csv", "text/csv"),
  new Extension(".mp3", "audio/mpeg"),
  new Extension(".wav", "audio/wav"),
  new Extension(".flac", "audio/flac"),
  new Extension(".ogg", "audio/ogg"),
  new Extension(".mp4", "video/mp4"),
  new Extension(".mov", "video/quicktime"),
  new Extension(".webm", "video/webm"),
];

/** MIME types where nothing else tells, in the order of `MediaKind`. */
const DEFAULTS: StaticArray<string> = ["image/jpeg", "audio/mpeg", "video/mp4", "application/pdf"];

/**
 * Writes media as the members of a part: `inlineData` or `fileData`. Gives the problem, "" where there is
 * none.
 * Source: Gemini API reference, Blob, FileData, Part.mediaResolution.
 */
export function writeMedia(part: Part, model: Model, json: JsonWriter): string {
  if (part.data != NONE) {
    json.key("inlineData").object().key("mimeType");
    if (part.mediaType == NONE) json.string(unchecked(DEFAULTS[part.media]));
    else writeType(part.mediaType, json);
    json.key("data").body(part.data).endObject();
  } else {
    const url = part.url != NONE ? part.url : part.fileId;
    if (part.url == NONE && !isUri(url)) return "a file id of another vendor cannot be sent to this service";
    json.key("fileData").object().key("mimeType");
    if (part.mediaType == NONE) json.string(typeOf(url, part.media));
    else writeType(part.mediaType, json);
    json.key("fileUri").body(url).endObject();
  }
  if (model.takesMediaResults) writeResolution(part.detail, json);
  return "";
}

function writeResolution(detail: Slice, json: JsonWriter): void {
  if (equals(detail, "low")) json.key("mediaResolution").constant('{"level":"MEDIA_RESOLUTION_LOW"}');
  else if (equals(detail, "medium"))
    json.key("mediaResolution").constant('{"level":"MEDIA_RESOLUTION_MEDIUM"}');
  else if (equals(detail, "high")) json.key("mediaResolution").constant('{"level":"MEDIA_RESOLUTION_HIGH"}');
}

/** `image/jpg` is a common misspelling that Google refuses. */
function writeType(type: Slice, json: JsonWriter): void {
  if (equals(type, "image/jpg")) json.string("image/jpeg");
  else json.body(type);
}

/** Google's own file names are URIs; another vendor's ids are not. */
function isUri(id: Slice): bool {
  return startsWith(id, "gs:") || startsWith(id, "https:") || startsWith(id, "http:");
}

function typeOf(url: Slice, kind: MediaKind): string {
  const question = indexOfByte(url, QUESTION);
  const path = question < 0 ? url : subslice(url, 0, question);
  for (let i = 0; i < EXTENSIONS.length; i++) {
    const extension = unchecked(EXTENSIONS[i]);
    if (endsWith(path, extension.name)) return extension.type;
  }
  return unchecked(DEFAULTS[kind]);
}
