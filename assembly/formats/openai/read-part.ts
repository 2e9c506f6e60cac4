import { NONE, Slice, Utf8, borrow, equals, lengthOf, toOwned, utf8 } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Parameter } from "../../chat/parameters";
import { ChatRequest, MediaKind, Part, PartKind } from "../../chat/request";
import { Document, Node } from "../../json/document";
import { isDataUrl, readDataUrl } from "../data-url";
import { rawObject } from "../fields";

const AUDIO_WAV: Utf8 = utf8("audio/wav");
const AUDIO_MPEG: Utf8 = utf8("audio/mpeg");

const scratch: Writer = new Writer();

/** Reads one content part of a message into `parts`. Gives the problem, "" where there is none. */
export function readPart(body: Document, node: Node, parts: Array<Part>, request: ChatRequest): string {
  const type = body.find(node, "type");
  const part = new Part(PartKind.Text);
  let problem = "";
  if (body.isText(type, "text")) {
    part.text = body.body(body.find(node, "text"));
    if (part.text == NONE) problem = "a text part must have a text";
  } else if (body.isText(type, "image_url")) {
    part.detail = body.body(body.path(node, "image_url.detail"));
    problem = readUrl(body, node, "image_url", MediaKind.Image, part, request);
  } else if (body.isText(type, "file")) {
    problem = readFile(body, body.find(node, "file"), part, request);
  } else if (body.isText(type, "input_audio")) {
    problem = readAudio(body, body.find(node, "input_audio"), part, request);
  } else if (body.isText(type, "video_url")) {
    problem = readUrl(body, node, "video_url", MediaKind.Video, part, request);
  } else if (body.isText(type, "audio_url")) {
    problem = readUrl(body, node, "audio_url", MediaKind.Audio, part, request);
  } else if (body.isText(type, "refusal")) {
    part.kind = PartKind.Refusal;
    part.text = body.body(body.find(node, "refusal"));
  } else if (!readThought(body, node, type, part, request)) {
    problem = "a content part is of an unknown type";
  }
  if (problem.length > 0) return problem;
  part.cacheControl = rawObject(body, node, "cache_control");
  if (part.cacheControl != NONE) request.mark(Parameter.CacheControl);
  parts.push(part);
  return "";
}

/** Blocks that a vendor's proof belongs to, as our own answers and other gateways show them. */
function readThought(body: Document, node: Node, type: Node, part: Part, request: ChatRequest): bool {
  if (body.isText(type, "thinking")) {
    part.kind = PartKind.Thinking;
    part.text = body.body(body.find(node, "thinking"));
    if (part.text == NONE) part.text = body.body(body.find(node, "text"));
    part.signature = body.body(body.find(node, "signature"));
  } else if (body.isText(type, "redacted_thinking")) {
    part.kind = PartKind.RedactedThinking;
    part.text = body.body(body.find(node, "data"));
  } else {
    return false;
  }
  request.mark(Parameter.ThinkingHistory);
  if (part.kind == PartKind.RedactedThinking || lengthOf(part.signature) > 0) {
    request.mark(Parameter.ThinkingSignature);
  }
  return true;
}

/** Media by URL, perhaps a data URL. The value is an object with a `url`, or with lenient clients the URL itself. */
function readUrl(
  body: Document,
  node: Node,
  name: string,
  kind: MediaKind,
  part: Part,
  request: ChatRequest,
): string {
  const value = body.find(node, name);
  const url = body.body(body.isString(value) ? value : body.find(value, "url"));
  part.kind = PartKind.Media;
  part.media = kind;
  if (url == NONE) return "a media part must have a url";
  if (!isDataUrl(url)) {
    part.url = url;
    request.mark(kind == MediaKind.Image ? Parameter.ImageUrl : inputOf(kind));
    return "";
  }
  if (!readDataUrl(url, part, request)) return "a data URL must hold base64";
  request.mark(kind == MediaKind.Image ? Parameter.ImageData : inputOf(kind));
  return "";
}

function inputOf(kind: MediaKind): Parameter {
  return kind == MediaKind.Video ? Parameter.VideoInput : Parameter.AudioInput;
}

/** Sound with the name of its format, as Chat Completions and the Responses API both have it. */
export function readAudio(body: Document, audio: Node, part: Part, request: ChatRequest): string {
  part.kind = PartKind.Media;
  part.media = MediaKind.Audio;
  part.data = body.body(body.find(audio, "data"));
  part.mediaType = audioType(body.body(body.find(audio, "format")), request);
  request.mark(Parameter.AudioInput);
  return part.data == NONE || part.mediaType == NONE ? "input_audio must have data and a format" : "";
}

/** MIME type of one of OpenAI's format names. */
function audioType(format: Slice, request: ChatRequest): Slice {
  if (format == NONE) return NONE;
  if (equals(format, "wav")) return borrow(AUDIO_WAV);
  if (equals(format, "mp3")) return borrow(AUDIO_MPEG);
  scratch.reset();
  scratch.ascii("audio/");
  scratch.bytes(format);
  return request.keep(toOwned(scratch.view()));
}

function readFile(body: Document, file: Node, part: Part, request: ChatRequest): string {
  part.kind = PartKind.Media;
  part.media = MediaKind.File;
  part.fileName = body.body(body.find(file, "filename"));
  const data = body.body(body.find(file, "file_data"));
  const id = body.body(body.find(file, "file_id"));
  const url = body.body(body.find(file, "file_url"));
  if (data != NONE) {
    if (!isDataUrl(data)) part.data = data;
    else if (!readDataUrl(data, part, request)) return "a data URL must hold base64";
    request.mark(Parameter.FileData);
  } else if (id != NONE) {
    part.fileId = id;
    request.mark(Parameter.FileId);
  } else if (url != NONE) {
    part.url = url;
    request.mark(Parameter.FileUrl);
  } else {
    return "a file part must have file_data, file_id or file_url";
  }
  return "";
}
