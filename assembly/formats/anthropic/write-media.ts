import {
  NONE,
  Slice,
  Utf8,
  borrow,
  endsWith,
  equals,
  indexOfByte,
  startsWith,
  subslice,
  utf8,
} from "../../bytes/slice";
import { Alphabet, decodeBase64 } from "../../bytes/base64";
import { Writer } from "../../bytes/writer";
import { MediaKind, Part } from "../../chat/request";
import { unescape } from "../../json/text";
import { JsonWriter } from "../../json/writer";

/** Images that Messages takes. Source: Anthropic, "Vision". */
const IMAGE_TYPES: StaticArray<string> = ["image/jpeg", "image/png", "image/gif", "image/webp"];

const JPEG: Utf8 = utf8("image/jpeg");

const QUESTION: u8 = 0x3f;
const HASH: u8 = 0x23;

const encoded: Writer = new Writer();
const decoded: Writer = new Writer();

/** Writes an image or document block. Gives the problem, "" where there is none. */
export function writeMedia(part: Part, json: JsonWriter): string {
  if (part.media == MediaKind.Image) return writeImage(part, json);
  if (part.media == MediaKind.File) return writeFile(part, json);
  return "audio and video cannot be sent to this service";
}

function writeImage(part: Part, json: JsonWriter): string {
  if (part.data == NONE) {
    // Some clients know no other way to send a document by URL.
    const isDocument = part.fileId == NONE && isPdfUrl(part.url);
    begin(isDocument ? "document" : "image", json);
    writeReference(part, json);
    return end(part, json);
  }
  const type = imageType(part.mediaType);
  if (type == NONE) {
    if (isPdf(part.mediaType)) return writeFile(part, json);
    return "an image must be JPEG, PNG, GIF or WebP";
  }
  begin("image", json);
  writeBase64(type, part.data, json);
  return end(part, json);
}

function writeFile(part: Part, json: JsonWriter): string {
  if (part.data == NONE) {
    begin("document", json);
    writeReference(part, json);
    return endDocument(part, json);
  }
  if (isPdf(part.mediaType)) {
    begin("document", json);
    writeBase64(part.mediaType, part.data, json);
    return endDocument(part, json);
  }
  if (imageType(part.mediaType) != NONE) return writeImage(part, json);
  if (!startsWith(part.mediaType, "text/")) return "a file must be a PDF, an image or text";
  if (!decode(part.data)) return "the data of a file must be base64";
  begin("document", json);
  json.object().key("type").string("text").key("media_type").string("text/plain");
  json.key("data").text(decoded.view()).endObject();
  return endDocument(part, json);
}

function begin(type: string, json: JsonWriter): void {
  json.object().key("type").string(type).key("source");
}

function end(part: Part, json: JsonWriter): string {
  if (part.cacheControl != NONE) json.key("cache_control").raw(part.cacheControl);
  json.endObject();
  return "";
}

function endDocument(part: Part, json: JsonWriter): string {
  if (part.fileName != NONE) json.key("title").body(part.fileName);
  return end(part, json);
}

function writeReference(part: Part, json: JsonWriter): void {
  json.object().key("type");
  if (part.fileId != NONE) json.string("file").key("file_id").body(part.fileId);
  else json.string("url").key("url").body(part.url);
  json.endObject();
}

function writeBase64(type: Slice, data: Slice, json: JsonWriter): void {
  json.object().key("type").string("base64").key("media_type");
  if (type == NONE) json.string("application/pdf");
  else json.body(type);
  json.key("data").body(data).endObject();
}

/** The type as Anthropic spells it, or NONE where it does not take it. */
function imageType(type: Slice): Slice {
  if (equals(type, "image/jpg")) return borrow(JPEG);
  for (let i = 0; i < IMAGE_TYPES.length; i++) {
    if (equals(type, unchecked(IMAGE_TYPES[i]))) return type;
  }
  return NONE;
}

/** A file without a type is one that the client did not describe; documents nearly always are PDFs. */
function isPdf(type: Slice): bool {
  return type == NONE || equals(type, "application/pdf");
}

/** Whether the path of a URL ends in `.pdf`. */
function isPdfUrl(url: Slice): bool {
  let path = url;
  const question = indexOfByte(path, QUESTION);
  if (question >= 0) path = subslice(path, 0, question);
  const hash = indexOfByte(path, HASH);
  if (hash >= 0) path = subslice(path, 0, hash);
  return endsWith(path, ".pdf");
}

/** Base64 text (JSON string body) to `decoded`. */
function decode(data: Slice): bool {
  encoded.reset();
  decoded.reset();
  unescape(encoded, data);
  return decodeBase64(decoded, encoded.view(), Alphabet.Standard);
}
