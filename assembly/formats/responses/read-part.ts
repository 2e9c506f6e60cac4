import { NONE } from "../../bytes/slice";
import { Parameter } from "../../chat/parameters";
import { ChatRequest, MediaKind, Part, PartKind } from "../../chat/request";
import { ABSENT, Document, Node } from "../../json/document";
import { isDataUrl, readDataUrl } from "../data-url";
import { present } from "../fields";
import { readAudio } from "../openai/read-part";

/**
 * Reads content: a text, or an array of parts. Gives the problem, "" where there is none.
 * Source: OpenAI API reference, "Create a model response", input.
 */
export function readContent(body: Document, content: Node, parts: Array<Part>, request: ChatRequest): string {
  if (body.isString(content)) {
    parts.push(Part.text(body.body(content)));
    return "";
  }
  if (!body.isArray(content)) return "content must be a string or an array";
  for (let node = body.firstElement(content); node != ABSENT; node = body.nextElement(node)) {
    const problem = readPart(body, node, parts, request);
    if (problem.length > 0) return problem;
  }
  return "";
}

function readPart(body: Document, node: Node, parts: Array<Part>, request: ChatRequest): string {
  const type = body.find(node, "type");
  const part = new Part(PartKind.Text);
  let problem = "";
  if (body.isText(type, "input_text") || body.isText(type, "output_text") || body.isText(type, "text")) {
    part.text = body.body(body.find(node, "text"));
    if (part.text == NONE) problem = "a text part must have a text";
  } else if (body.isText(type, "refusal")) {
    part.kind = PartKind.Refusal;
    part.text = body.body(body.find(node, "refusal"));
  } else if (body.isText(type, "input_image")) {
    problem = readImage(body, node, part, request);
  } else if (body.isText(type, "input_file")) {
    problem = readFile(body, node, part, request);
  } else if (body.isText(type, "input_audio")) {
    problem = readAudio(body, body.find(node, "input_audio"), part, request);
  } else {
    problem = "a content part is of an unknown type";
  }
  if (problem.length == 0) parts.push(part);
  return problem;
}

function readImage(body: Document, node: Node, part: Part, request: ChatRequest): string {
  part.kind = PartKind.Media;
  part.media = MediaKind.Image;
  part.detail = body.body(body.find(node, "detail"));
  const url = body.body(present(body, node, "image_url"));
  if (url == NONE) {
    part.fileId = body.body(body.find(node, "file_id"));
    if (part.fileId == NONE) return "input_image must have an image_url or a file_id";
    request.mark(Parameter.FileId);
    return "";
  }
  if (!isDataUrl(url)) {
    part.url = url;
    request.mark(Parameter.ImageUrl);
    return "";
  }
  request.mark(Parameter.ImageData);
  return readDataUrl(url, part, request) ? "" : "a data URL must hold base64";
}

function readFile(body: Document, node: Node, part: Part, request: ChatRequest): string {
  part.kind = PartKind.Media;
  part.media = MediaKind.File;
  part.fileName = body.body(body.find(node, "filename"));
  const data = body.body(present(body, node, "file_data"));
  if (data != NONE) {
    request.mark(Parameter.FileData);
    if (isDataUrl(data)) return readDataUrl(data, part, request) ? "" : "a data URL must hold base64";
    part.data = data;
    return "";
  }
  part.url = body.body(present(body, node, "file_url"));
  if (part.url != NONE) {
    request.mark(Parameter.FileUrl);
    return "";
  }
  part.fileId = body.body(body.find(node, "file_id"));
  request.mark(Parameter.FileId);
  return part.fileId == NONE ? "input_file must have file_data, file_url or file_id" : "";
}
