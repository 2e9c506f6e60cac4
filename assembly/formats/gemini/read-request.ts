import { NONE, equalsIgnoreCase, lengthOf, toOwned } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure } from "../../chat/failure";
import { Parameter } from "../../chat/parameters";
import { AnswerShape, ChatRequest, Effort, Message, Part, Role, Thinking } from "../../chat/request";
import { ABSENT, Document, Node } from "../../json/document";
import { PathInfo } from "../format";
import { invalid } from "../invalid";
import { findField, isField, isFieldOf } from "./names";
import { ContentsReader } from "./read-contents";
import { readSchema, readTools } from "./read-tools";
import { CONFIG_FIELDS, CONFIG_OTHERS, ROOT_FIELDS } from "./tiers";

const scratch: Writer = new Writer();

/**
 * Reads a generateContent request. The model and whether to stream come from the path; a `model` in the body
 * is for clients that call without one there.
 * Sources: Gemini API reference, models.generateContent; Vertex AI reference, the same.
 */
export function readRequest(body: Document, path: PathInfo, request: ChatRequest): Failure | null {
  const root = body.root;
  if (!body.isObject(root)) return invalid("the body must be a JSON object");
  request.model = path.model != NONE ? path.model : body.body(body.find(root, "model"));
  if (lengthOf(request.model) == 0) return invalid("the path must name a model");
  request.stream = path.stream;
  request.includeUsage = true;
  let problem = readSystem(body, root, request);
  if (problem.length == 0) problem = readConfig(body, root, request);
  if (problem.length == 0) problem = readTools(body, root, request);
  if (problem.length > 0) return invalid(problem);
  readRaw(body, root, "safetySettings", Parameter.SafetySettings, request);
  readRaw(body, root, "cachedContent", Parameter.CachedContent, request);
  readRaw(body, root, "labels", Parameter.Metadata, request);
  for (let key = body.firstMember(root); key != ABSENT; key = body.nextMember(key)) {
    if (!isFieldOf(body.body(key), ROOT_FIELDS)) request.unknown.push(body.body(key));
  }
  return readContents(body, root, request);
}

function readContents(body: Document, root: Node, request: ChatRequest): Failure | null {
  const contents = body.find(root, "contents");
  const reader = new ContentsReader(body, request);
  let node = body.isObject(contents) ? contents : body.firstElement(contents);
  if (node == ABSENT) return invalid("contents must be an array that is not empty");
  for (let index = 0; node != ABSENT; index++) {
    const problem = body.isObject(node) ? reader.read(node) : "a content must be an object";
    if (problem.length > 0) return invalid(`contents[${index}]: ${problem}`);
    node = node == contents ? ABSENT : body.nextElement(node);
  }
  return null;
}

/** A content, or with lenient clients a text. */
function readSystem(body: Document, root: Node, request: ChatRequest): string {
  const instruction = findField(body, root, "systemInstruction");
  if (instruction == ABSENT) return "";
  const message = new Message(Role.System);
  if (body.isString(instruction)) {
    message.parts.push(Part.text(body.body(instruction)));
  } else {
    const parts = body.find(instruction, "parts");
    let part = body.isObject(parts) ? parts : body.firstElement(parts);
    for (; part != ABSENT; part = part == parts ? ABSENT : body.nextElement(part)) {
      const text = body.find(part, "text");
      if (!body.isString(text)) return "systemInstruction may have parts of text only";
      message.parts.push(Part.text(body.body(text)));
    }
  }
  request.messages.push(message);
  request.mark(Parameter.SystemPrompt);
  return "";
}

function readRaw(body: Document, root: Node, name: string, parameter: Parameter, request: ChatRequest): void {
  const node = findField(body, root, name);
  if (node != ABSENT) request.mark(parameter, body.raw(node));
}

function readConfig(body: Document, root: Node, request: ChatRequest): string {
  const config = findField(body, root, "generationConfig");
  if (config == ABSENT) return "";
  if (!body.isObject(config)) return "generationConfig must be an object";
  for (let key = body.firstMember(config); key != ABSENT; key = body.nextMember(key)) {
    if (!readNumber(body, key, request)) return "generationConfig has a value of the wrong type";
  }
  const stop = findField(body, config, "stopSequences");
  for (let node = body.firstElement(stop); node != ABSENT; node = body.nextElement(node)) {
    if (!body.isString(node)) return "stopSequences must be strings";
    request.stop.push(body.body(node));
  }
  if (request.stop.length > 0) request.mark(Parameter.Stop);
  const logprobs = findField(body, config, "responseLogprobs");
  if (body.isTrue(logprobs)) request.mark(Parameter.Logprobs, body.raw(logprobs));
  readModalities(body, config, request);
  const problem = readShape(body, config, request);
  return problem.length > 0
    ? problem
    : readThinking(body, findField(body, config, "thinkingConfig"), request);
}

/** A field whose value goes on as it is, or one that nobody knows. False where the value is no number. */
function readNumber(body: Document, key: Node, request: ChatRequest): bool {
  const value = body.valueOf(key);
  for (let i = 0; i < CONFIG_FIELDS.length; i++) {
    const field = unchecked(CONFIG_FIELDS[i]);
    if (!isField(body.body(key), field.name)) continue;
    if (body.isNull(value)) return true;
    // One candidate is what everyone gives.
    const isDefault = field.parameter == Parameter.ChoiceCount && body.integer(value, 0) == 1;
    if (!isDefault) request.mark(field.parameter, body.raw(value));
    return body.isNumber(value);
  }
  if (!isFieldOf(body.body(key), CONFIG_OTHERS)) request.unknown.push(body.body(key));
  return true;
}

/** Text alone is what everyone gives. Kept in OpenAI's words, which are Google's in lower case. */
function readModalities(body: Document, config: Node, request: ChatRequest): void {
  const list = findField(body, config, "responseModalities");
  scratch.reset();
  scratch.byte(0x5b);
  let isTextOnly = true;
  for (let node = body.firstElement(list); node != ABSENT; node = body.nextElement(node)) {
    if (scratch.length > 1) scratch.byte(0x2c);
    const name = body.body(node);
    if (equalsIgnoreCase(name, "text")) {
      scratch.ascii('"text"');
      continue;
    }
    isTextOnly = false;
    if (equalsIgnoreCase(name, "image")) scratch.ascii('"image"');
    else if (equalsIgnoreCase(name, "audio")) scratch.ascii('"audio"');
    else scratch.bytes(body.raw(node));
  }
  scratch.byte(0x5d);
  if (!isTextOnly) request.mark(Parameter.Modalities, request.keep(toOwned(scratch.view())));
}

function readShape(body: Document, config: Node, request: ChatRequest): string {
  const type = findField(body, config, "responseMimeType");
  if (type == ABSENT || body.isText(type, "text/plain")) return "";
  if (!body.isText(type, "application/json"))
    return "responseMimeType must be text/plain or application/json";
  request.schema = readSchema(body, config, "responseJsonSchema", "responseSchema", request);
  request.shape = request.schema == NONE ? AnswerShape.JsonObject : AnswerShape.JsonSchema;
  request.mark(request.schema == NONE ? Parameter.JsonObject : Parameter.JsonSchema);
  return "";
}

/** -1 leaves the budget to the model. */
function readThinking(body: Document, config: Node, request: ChatRequest): string {
  const level = findField(body, config, "thinkingLevel");
  if (level != ABSENT && !body.isText(level, "THINKING_LEVEL_UNSPECIFIED")) {
    request.effort = levelNamed(body, level);
    if (request.effort == Effort.Absent) return "thinkingLevel has an unknown value";
    request.mark(Parameter.ReasoningEffort);
  }
  const budget = findField(body, config, "thinkingBudget");
  if (budget == ABSENT) return "";
  if (!body.isNumber(budget)) return "thinkingBudget must be a number";
  const tokens = max<i64>(-1, min<i64>(body.integer(budget, -1), i32.MAX_VALUE)) as i32;
  request.thinking = tokens < 0 ? Thinking.Adaptive : tokens == 0 ? Thinking.Disabled : Thinking.Enabled;
  request.thinkingBudget = tokens > 0 ? tokens : -1;
  request.mark(Parameter.ThinkingBudget);
  return "";
}

function levelNamed(body: Document, level: Node): Effort {
  const name = body.body(level);
  if (equalsIgnoreCase(name, "minimal")) return Effort.Minimal;
  if (equalsIgnoreCase(name, "low")) return Effort.Low;
  if (equalsIgnoreCase(name, "medium")) return Effort.Medium;
  return equalsIgnoreCase(name, "high") ? Effort.High : Effort.Absent;
}
