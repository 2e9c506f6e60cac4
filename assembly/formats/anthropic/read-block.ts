import { NONE, Slice, Utf8, borrow, endsWith, equals, lengthOf, startsWith, utf8 } from "../../bytes/slice";
import { Parameter } from "../../chat/parameters";
import { ChatRequest, MediaKind, Part, PartKind } from "../../chat/request";
import { ABSENT, Document, Node } from "../../json/document";
import { rawObject } from "../fields";

const PDF: Utf8 = utf8("application/pdf");

/**
 * Reads a block that may stand in a user's message, in the system prompt or in a tool's result. One block can become
 * several parts. Gives the problem, "" where there is none.
 */
export function readContentBlock(
  body: Document,
  node: Node,
  parts: Array<Part>,
  request: ChatRequest,
): string {
  const before = parts.length;
  const problem = readByType(body, node, parts, request);
  if (problem.length > 0) return problem;
  const cacheControl = rawObject(body, node, "cache_control");
  if (cacheControl != NONE && parts.length > before) {
    unchecked(parts[parts.length - 1]).cacheControl = cacheControl;
    request.mark(Parameter.CacheControl);
  }
  return "";
}

function readByType(body: Document, node: Node, parts: Array<Part>, request: ChatRequest): string {
  const type = body.find(node, "type");
  if (body.isText(type, "text")) {
    const text = body.find(node, "text");
    if (!body.isString(text)) return "a text block must have a text";
    parts.push(Part.text(body.body(text)));
    return "";
  }
  const source = body.find(node, "source");
  if (body.isText(type, "image")) return readMedia(body, source, MediaKind.Image, NONE, parts, request);
  if (body.isText(type, "document")) return readDocument(body, node, source, parts, request);
  if (body.isText(type, "search_result")) return readSearchResult(body, node, parts, request);
  if (body.isText(type, "tool_reference")) {
    pushText(body, body.find(node, "tool_name"), parts);
    return "";
  }
  return "a content block is of an unknown type";
}

/** Blocks that come from tools which ran at Anthropic: `server_tool_use`, `web_search_tool_result` and so on. */
export function isToolOutput(type: Slice): bool {
  return equals(type, "server_tool_use") || endsWith(type, "_tool_result") || startsWith(type, "mcp_tool_");
}

function readMedia(
  body: Document,
  source: Node,
  kind: MediaKind,
  title: Slice,
  parts: Array<Part>,
  request: ChatRequest,
): string {
  const part = new Part(PartKind.Media);
  const isImage = kind == MediaKind.Image;
  part.media = kind;
  part.fileName = title;
  const type = body.find(source, "type");
  if (body.isText(type, "base64")) {
    part.data = body.body(body.find(source, "data"));
    part.mediaType = body.body(body.find(source, "media_type"));
    if (part.data == NONE || part.mediaType == NONE) return "a base64 source must have data and a media_type";
    request.mark(isImage ? Parameter.ImageData : Parameter.FileData);
  } else if (body.isText(type, "url")) {
    part.url = body.body(body.find(source, "url"));
    if (part.url == NONE) return "a url source must have a url";
    if (!isImage) part.mediaType = borrow(PDF);
    request.mark(isImage ? Parameter.ImageUrl : Parameter.FileUrl);
  } else if (body.isText(type, "file")) {
    part.fileId = body.body(body.find(source, "file_id"));
    if (part.fileId == NONE) return "a file source must have a file_id";
    request.mark(Parameter.FileId);
  } else {
    return "a source is of an unknown type";
  }
  parts.push(part);
  return "";
}

/** Documents that are text become text: title and context first, as the model would see them. */
function readDocument(
  body: Document,
  node: Node,
  source: Node,
  parts: Array<Part>,
  request: ChatRequest,
): string {
  const title = body.find(node, "title");
  const type = body.find(source, "type");
  const content = body.find(source, "content");
  const isText = body.isText(type, "text");
  if (!isText && !body.isText(type, "content")) {
    pushText(body, body.find(node, "context"), parts);
    return readMedia(body, source, MediaKind.File, body.body(title), parts, request);
  }
  pushText(body, title, parts);
  pushText(body, body.find(node, "context"), parts);
  pushText(body, isText ? body.find(source, "data") : content, parts);
  return readAll(body, content, parts, request);
}

function readSearchResult(body: Document, node: Node, parts: Array<Part>, request: ChatRequest): string {
  pushText(body, body.find(node, "title"), parts);
  pushText(body, body.find(node, "source"), parts);
  return readAll(body, body.find(node, "content"), parts, request);
}

/** Blocks inside a document or search result: text and images, which hold no blocks themselves. */
function readAll(body: Document, content: Node, parts: Array<Part>, request: ChatRequest): string {
  for (let item = body.firstElement(content); item != ABSENT; item = body.nextElement(item)) {
    const type = body.find(item, "type");
    if (!body.isText(type, "text") && !body.isText(type, "image"))
      return "a content block is of an unknown type";
    const problem = readByType(body, item, parts, request);
    if (problem.length > 0) return problem;
  }
  return "";
}

function pushText(body: Document, node: Node, parts: Array<Part>): void {
  const text = body.body(node);
  if (lengthOf(text) > 0) parts.push(Part.text(text));
}
