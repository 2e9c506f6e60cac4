import { NONE, lengthOf } from "../../bytes/slice";
import { Parameter } from "../../chat/parameters";
import { ChatRequest, Message, Part, PartKind, Role } from "../../chat/request";
import { ABSENT, Document, Node } from "../../json/document";
import { present, rawObject } from "../fields";
import { bareId, signatureInId } from "../thoughts";
import { readPart } from "./read-part";

/** Reads one message. Gives the problem, "" where there is none. */
export function readMessage(body: Document, node: Node, request: ChatRequest): string {
  const role = body.find(node, "role");
  // Who asks for a translation only may leave the role out, as Higress's documentation does.
  if (role == ABSENT || body.isText(role, "user")) return readPlain(body, node, Role.User, request);
  if (body.isText(role, "assistant")) return readAssistant(body, node, request);
  if (body.isText(role, "tool")) return readResult(body, node, body.find(node, "tool_call_id"), request);
  if (body.isText(role, "system") || body.isText(role, "developer")) {
    request.mark(Parameter.SystemPrompt);
    return readPlain(body, node, Role.System, request);
  }
  // The old way to give back what a function said: the name is all that ties it to the call.
  if (body.isText(role, "function")) return readResult(body, node, body.find(node, "name"), request);
  return "unknown role";
}

function readPlain(body: Document, node: Node, role: Role, request: ChatRequest): string {
  const message = new Message(role);
  readName(body, node, message, request);
  const problem = readContent(body, node, message.parts, request);
  request.messages.push(message);
  return problem;
}

function readName(body: Document, node: Node, message: Message, request: ChatRequest): void {
  message.name = body.body(body.find(node, "name"));
  if (message.name != NONE) request.mark(Parameter.ParticipantName);
}

function readContent(body: Document, node: Node, parts: Array<Part>, request: ChatRequest): string {
  const content = present(body, node, "content");
  if (content == ABSENT) return "";
  const cacheControl = rawObject(body, node, "cache_control");
  const before = parts.length;
  if (body.isString(content)) {
    parts.push(Part.text(body.body(content)));
  } else {
    if (!body.isArray(content)) return "content must be a string or an array";
    for (let item = body.firstElement(content); item != ABSENT; item = body.nextElement(item)) {
      const problem = readPart(body, item, parts, request);
      if (problem.length > 0) return problem;
    }
  }
  if (cacheControl != NONE && parts.length > before) {
    unchecked(parts[parts.length - 1]).cacheControl = cacheControl;
    request.mark(Parameter.CacheControl);
  }
  return "";
}

function readAssistant(body: Document, node: Node, request: ChatRequest): string {
  const message = new Message(Role.Assistant);
  readName(body, node, message, request);
  readThinking(body, node, message, request);
  const problem = readContent(body, node, message.parts, request);
  if (problem.length > 0) return problem;
  const refusal = body.body(body.find(node, "refusal"));
  if (lengthOf(refusal) > 0) {
    const part = new Part(PartKind.Refusal);
    part.text = refusal;
    message.parts.push(part);
  }
  if (present(body, node, "audio") != ABSENT) request.mark(Parameter.AudioInput);

  const calls = body.find(node, "tool_calls");
  for (let call = body.firstElement(calls); call != ABSENT; call = body.nextElement(call)) {
    const part = new Part(PartKind.ToolCall);
    const id = body.body(body.find(call, "id"));
    part.id = bareId(id);
    part.signature = signatureInId(id);
    // Google's own OpenAI-compatible API puts it beside the function.
    if (part.signature == NONE)
      part.signature = body.body(body.path(call, "extra_content.google.thought_signature"));
    if (!readCall(body, call, part)) return "a tool call must have a name and arguments";
    message.parts.push(part);
  }
  const legacy = present(body, node, "function_call");
  if (legacy != ABSENT) {
    const part = new Part(PartKind.ToolCall);
    if (!readFunction(body, legacy, part)) return "function_call must have a name and arguments";
    part.id = part.name;
    message.parts.push(part);
  }
  request.messages.push(message);
  return "";
}

/**
 * Reasoning of an earlier turn: with the vendor's proof in `thinking_blocks`, without it in `reasoning_content`
 * (DeepSeek, Qwen, older vLLM) or `reasoning` (newer vLLM, OpenRouter). A streamed answer gives the text in the one
 * and the proof in the other, so a block without text takes it from there.
 */
function readThinking(body: Document, node: Node, message: Message, request: ChatRequest): void {
  let text = body.body(body.find(node, "reasoning_content"));
  if (text == NONE) text = body.body(body.find(node, "reasoning"));
  const blocks = body.find(node, "thinking_blocks");
  for (let block = body.firstElement(blocks); block != ABSENT; block = body.nextElement(block)) {
    readPart(body, block, message.parts, request);
  }
  if (lengthOf(text) == 0) return;
  request.mark(Parameter.ThinkingHistory);
  if (message.parts.length == 0) {
    const part = new Part(PartKind.Thinking);
    part.text = text;
    message.parts.push(part);
  } else if (message.parts.length == 1) {
    const part = unchecked(message.parts[0]);
    if (part.kind == PartKind.Thinking && lengthOf(part.text) == 0) part.text = text;
  }
}

function readCall(body: Document, call: Node, part: Part): bool {
  const custom = body.find(call, "custom");
  if (custom == ABSENT) return readFunction(body, body.find(call, "function"), part);
  part.name = body.body(body.find(custom, "name"));
  part.arguments = body.body(body.find(custom, "input"));
  part.argumentsEscaped = true;
  part.isFreeform = true;
  return part.name != NONE;
}

/** Some clients give the arguments back as an object. */
function readFunction(body: Document, node: Node, part: Part): bool {
  part.name = body.body(body.find(node, "name"));
  const value = present(body, node, "arguments");
  part.argumentsEscaped = !body.isObject(value);
  part.arguments = part.argumentsEscaped ? body.body(value) : body.raw(value);
  return part.name != NONE && (value == ABSENT || body.isString(value) || body.isObject(value));
}

function readResult(body: Document, node: Node, id: Node, request: ChatRequest): string {
  const part = new Part(PartKind.ToolResult);
  part.id = bareId(body.body(id));
  if (!body.isString(id)) return "a tool message must have a tool_call_id";
  part.name = body.body(body.find(node, "name"));
  part.content = new Array<Part>();
  const problem = readContent(body, node, part.content, request);
  if (problem.length > 0) return problem;
  for (let i = 0; i < part.content.length; i++) {
    const item = unchecked(part.content[i]);
    if (item.kind == PartKind.Media) request.mark(Parameter.ToolResultImage);
    // A cache hint on the message is one on the result.
    if (item.cacheControl != NONE) part.cacheControl = item.cacheControl;
  }
  const message = new Message(Role.Tool);
  message.parts.push(part);
  request.messages.push(message);
  return "";
}
