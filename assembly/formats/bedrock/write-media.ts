import { NONE, Slice, equals, lengthOf, pointerOf, startsWith } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { MediaKind, Part } from "../../chat/request";
import { unescape } from "../../json/text";
import { JsonWriter } from "../../json/writer";

/** MIME types and Converse's names of them, by turns. Source: Bedrock API reference, ImageBlock. */
const IMAGES: StaticArray<string> = [
  "image/png",
  "png",
  "image/jpeg",
  "jpeg",
  "image/jpg",
  "jpeg",
  "image/gif",
  "gif",
  "image/webp",
  "webp",
];

/** Source: Bedrock API reference, DocumentBlock. */
const DOCUMENTS: StaticArray<string> = [
  "application/pdf",
  "pdf",
  "text/csv",
  "csv",
  "application/msword",
  "doc",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  "docx",
  "application/vnd.ms-excel",
  "xls",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  "xlsx",
  "text/html",
  "html",
  "text/plain",
  "txt",
  "text/markdown",
  "md",
];

/** Source: Bedrock API reference, VideoBlock. */
const VIDEOS: StaticArray<string> = [
  "video/mp4",
  "mp4",
  "video/quicktime",
  "mov",
  "video/x-matroska",
  "mkv",
  "video/webm",
  "webm",
  "video/x-flv",
  "flv",
  "video/mpeg",
  "mpeg",
  "video/x-ms-wmv",
  "wmv",
  "video/3gpp",
  "three_gp",
];

/** Most letters of a file's name that are kept. */
const MAX_TITLE_BYTES: i32 = 100;

const SPACE: u8 = 0x20;

const title: Writer = new Writer();

/**
 * Writes an image, document or video block. Converse fetches nothing but objects of S3. Gives the problem, "" where
 * there is none. @param number what makes a document's name unique in the request
 */
export function writeMedia(part: Part, number: i32, json: JsonWriter): string {
  switch (part.media) {
    case MediaKind.Image:
      return writeBlock("image", IMAGES, part, -1, "an image must be PNG, JPEG, GIF or WebP", json);
    case MediaKind.Video:
      return writeBlock("video", VIDEOS, part, -1, "a video is of a type that is not taken", json);
    case MediaKind.File:
      return writeBlock("document", DOCUMENTS, part, number, "a file is of a type that is not taken", json);
  }
  return "audio cannot be sent to this service";
}

function writeBlock(
  name: string,
  types: StaticArray<string>,
  part: Part,
  number: i32,
  unknown: string,
  json: JsonWriter,
): string {
  const isStored = part.data == NONE && startsWith(part.url, "s3://");
  if (part.data == NONE && !isStored) return "media must be data URLs or objects of S3";
  let format = nameOf(part.mediaType, types);
  if (format.length == 0 && part.mediaType == NONE) {
    format = isStored ? nameByEnding(part.url, types) : name == "document" ? "pdf" : "";
  }
  if (format.length == 0) return unknown;
  json.object().key(name).object().key("format").string(format);
  if (number >= 0) writeTitle(part, number, json);
  json.key("source").object();
  if (isStored) json.key("s3Location").object().key("uri").body(part.url).endObject();
  else json.key("bytes").body(part.data);
  json.endObject().endObject().endObject();
  return "";
}

function nameOf(type: Slice, types: StaticArray<string>): string {
  for (let i = 0; i + 1 < types.length; i += 2) {
    if (equals(type, unchecked(types[i]))) return unchecked(types[i + 1]);
  }
  return "";
}

/** The name that a URL ends with, behind a point. */
function nameByEnding(url: Slice, types: StaticArray<string>): string {
  for (let i = 1; i < types.length; i += 2) {
    const name = unchecked(types[i]);
    const at = lengthOf(url) - name.length;
    if (at < 1 || load<u8>(pointerOf(url) + at - 1) != 0x2e) continue;
    if (matchesEnd(url, at, name)) return name;
  }
  return "";
}

function matchesEnd(url: Slice, at: i32, name: string): bool {
  for (let i = 0; i < name.length; i++) {
    if (load<u8>(pointerOf(url) + at + i) != (name.charCodeAt(i) as u8)) return false;
  }
  return true;
}

/**
 * A document's name may have letters, digits, single spaces, hyphens, parentheses and square brackets, and must be the
 * only one of its kind in the request: so what else the file's name has becomes a space, and a number follows.
 */
function writeTitle(part: Part, number: i32, json: JsonWriter): void {
  title.reset();
  unescape(title, part.fileName);
  const name = title.view();
  const end = endOfName(name);
  const out = json.key("name").beginString();
  let last = SPACE;
  for (let i = 0; i < end; i++) {
    let byte = load<u8>(pointerOf(name) + i);
    if (!isTitleByte(byte)) byte = SPACE;
    if (byte != SPACE || last != SPACE) out.byte(byte);
    last = byte;
  }
  if (end == 0) out.ascii("document ");
  else if (last != SPACE) out.byte(SPACE);
  out.number(number + 1);
  json.endString();
}

/** Without the extension. */
function endOfName(name: Slice): i32 {
  const length = lengthOf(name);
  for (let i = length - 1; i > 0; i--) {
    if (load<u8>(pointerOf(name) + i) == 0x2e) return min(i, MAX_TITLE_BYTES);
  }
  return min(length, MAX_TITLE_BYTES);
}

function isTitleByte(byte: u8): bool {
  const letter = byte | 0x20;
  return (
    (letter >= 0x61 && letter <= 0x7a) ||
    (byte >= 0x30 && byte <= 0x39) ||
    byte == 0x2d ||
    byte == 0x28 ||
    byte == 0x29 ||
    byte == 0x5b ||
    byte == 0x5d
  );
}
