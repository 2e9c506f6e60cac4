import { NONE, lengthOf, startsWith } from "../../bytes/slice";
import { Parameter } from "../../chat/parameters";
import { ChatRequest, Message, Part, PartKind, Role } from "../../chat/request";
import { ABSENT, Document, Node } from "../../json/document";
import { present, rawObject } from "../fields";
import { bareId, signatureInId } from "../thoughts";
import { isToolOutput, readContentBlock } from "./read-block";

/**
 * Claude Code puts its accounting into the system prompt as if it were a header. It changes with every request, so
 * no prompt cache would ever hit, and it is nothing that a model should read.
 */
const BILLING_HEADER: string = "x-anthropic-billing-header:";

/** Reads the system prompt as the first message. Gives the problem, "" where there is none. */
export function readSystem(body: Document, system: Node, request: ChatRequest): string {
  if (system == ABSENT) return "";
  const message = new Message(Role.System);
  const problem = readContent(body, system, message, request);
  if (problem.length > 0) return problem;
  const parts = message.parts;
  for (let i = parts.length - 1; i >= 0; i--) {
    if (startsWith(unchecked(parts[i]).text, BILLING_HEADER)) parts.splice(i, 1);
  }
  if (parts.length == 0) return "";
  request.mark(Parameter.SystemPrompt);
  request.messages.push(message);
  return "";
}

/** Reads one message. Gives the problem, "" where there is none. */
export function readMessage(body: Document, node: Node, request: ChatRequest): string {
  const role = body.find(node, "role");
  const content = body.find(node, "content");
  if (body.isText(role, "assistant")) return readAssistant(body, content, request);
  if (body.isText(role, "user")) return readUser(body, content, request);
  if (body.isText(role, "system")) return readSystem(body, content, request);
  return "unknown role";
}

/** Results of tools become a message of their own, before what the user says: Anthropic wants them first, too. */
function readUser(body: Document, content: Node, request: ChatRequest): string {
  const results = new Message(Role.Tool);
  for (let node = body.firstElement(content); node != ABSENT; node = body.nextElement(node)) {
    if (!body.isText(body.find(node, "type"), "tool_result")) continue;
    const problem = readResult(body, node, results, request);
    if (problem.length > 0) return problem;
  }
  if (results.parts.length > 0) request.messages.push(results);
  const message = new Message(Role.User);
  const problem = readContent(body, content, message, request);
  if (problem.length > 0) return problem;
  if (message.parts.length > 0 || results.parts.length == 0) request.messages.push(message);
  return "";
}

/** A string or blocks. Tool results are left to `readUser`. */
function readContent(body: Document, content: Node, message: Message, request: ChatRequest): string {
  if (body.isString(content)) {
    message.parts.push(Part.text(body.body(content)));
    return "";
  }
  if (!body.isArray(content)) return "content must be a string or an array";
  for (let node = body.firstElement(content); node != ABSENT; node = body.nextElement(node)) {
    if (message.role != Role.System && body.isText(body.find(node, "type"), "tool_result")) continue;
    const problem = readContentBlock(body, node, message.parts, request);
    if (problem.length > 0) return problem;
  }
  return "";
}

function readAssistant(body: Document, content: Node, request: ChatRequest): string {
  const message = new Message(Role.Assistant);
  if (body.isString(content)) {
    message.parts.push(Part.text(body.body(content)));
  } else if (!body.isArray(content)) {
    return "content must be a string or an array";
  }
  for (let node = body.firstElement(content); node != ABSENT; node = body.nextElement(node)) {
    const problem = readAssistantBlock(body, node, message.parts, request);
    if (problem.length > 0) return problem;
  }
  request.messages.push(message);
  return "";
}

function readAssistantBlock(body: Document, node: Node, parts: Array<Part>, request: ChatRequest): string {
  const type = body.find(node, "type");
  const part = new Part(PartKind.Text);
  if (body.isText(type, "thinking")) {
    part.kind = PartKind.Thinking;
    part.text = body.body(body.find(node, "thinking"));
    part.signature = body.body(body.find(node, "signature"));
    if (lengthOf(part.signature) > 0) request.mark(Parameter.ThinkingSignature);
    request.mark(Parameter.ThinkingHistory);
  } else if (body.isText(type, "redacted_thinking")) {
    part.kind = PartKind.RedactedThinking;
    part.text = body.body(body.find(node, "data"));
    request.mark(Parameter.ThinkingHistory);
    request.mark(Parameter.ThinkingSignature);
  } else if (body.isText(type, "tool_use")) {
    part.kind = PartKind.ToolCall;
    const id = body.body(body.find(node, "id"));
    part.id = bareId(id);
    part.signature = signatureInId(id);
    part.name = body.body(body.find(node, "name"));
    part.arguments = rawObject(body, node, "input");
    if (part.id == NONE || part.name == NONE) return "tool_use must have an id and a name";
    if (part.arguments == NONE && present(body, node, "input") != ABSENT) return "input must be an object";
  } else if (isToolOutput(body.body(type))) {
    // Tools that ran at Anthropic: no other vendor knows their calls or what came of them.
    request.mark(Parameter.HostedTools);
    return "";
  } else {
    return readContentBlock(body, node, parts, request);
  }
  part.cacheControl = rawObject(body, node, "cache_control");
  if (part.cacheControl != NONE) request.mark(Parameter.CacheControl);
  parts.push(part);
  return "";
}

function readResult(body: Document, node: Node, results: Message, request: ChatRequest): string {
  const part = new Part(PartKind.ToolResult);
  const id = body.body(body.find(node, "tool_use_id"));
  if (id == NONE) return "tool_result must have a tool_use_id";
  part.id = bareId(id);
  part.content = new Array<Part>();
  part.isError = body.isTrue(body.find(node, "is_error"));
  if (part.isError) request.mark(Parameter.ToolResultError);
  part.cacheControl = rawObject(body, node, "cache_control");
  if (part.cacheControl != NONE) request.mark(Parameter.CacheControl);
  const content = present(body, node, "content");
  if (body.isString(content)) part.content.push(Part.text(body.body(content)));
  for (let item = body.firstElement(content); item != ABSENT; item = body.nextElement(item)) {
    const problem = readContentBlock(body, item, part.content, request);
    if (problem.length > 0) return problem;
  }
  for (let i = 0; i < part.content.length; i++) {
    if (unchecked(part.content[i]).kind == PartKind.Media) request.mark(Parameter.ToolResultImage);
  }
  results.parts.push(part);
  return "";
}
