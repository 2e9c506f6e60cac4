import { NONE } from "../../bytes/slice";
import { Failure } from "../../chat/failure";
import { effortNamed } from "../../chat/effort";
import { Parameter } from "../../chat/parameters";
import { AnswerShape, ChatRequest, Effort, Flag, Thinking } from "../../chat/request";
import { ABSENT, Document, Node } from "../../json/document";
import { listUnknown, present, readFields, readFlag } from "../fields";
import { invalid, invalidMessage } from "../invalid";
import { readMessage } from "./read-message";
import { readTools } from "./read-tools";
import { FIELDS, OTHERS } from "./tiers";

/**
 * Reads a Chat Completions request.
 * Source: OpenAI API reference, "Create chat completion", with what open servers added to it.
 */
export function readRequest(body: Document, request: ChatRequest): Failure | null {
  const root = body.root;
  if (!body.isObject(root)) return invalid("the body must be a JSON object");
  request.model = body.body(body.find(root, "model"));
  if (request.model == NONE) return invalid("model must be a string");
  request.stream = body.isTrue(body.find(root, "stream"));
  request.includeUsage = body.isTrue(body.path(root, "stream_options.include_usage"));

  const failure = readFields(body, root, FIELDS, request);
  if (failure) return failure;
  const problem = readSettings(body, root, request);
  if (problem.length > 0) return invalid(problem);
  const toolProblem = readTools(body, root, request);
  if (toolProblem.length > 0) return invalid(toolProblem);
  listUnknown(body, root, FIELDS, OTHERS, request);
  return readMessages(body, root, request);
}

function readMessages(body: Document, root: Node, request: ChatRequest): Failure | null {
  const messages = body.find(root, "messages");
  if (!body.isArray(messages)) return invalid("messages must be an array");
  let index = 0;
  for (let node = body.firstElement(messages); node != ABSENT; node = body.nextElement(node)) {
    const failure = invalidMessage(index++, readMessage(body, node, request));
    if (failure) return failure;
  }
  return null;
}

/** The settings that are more than a value. Gives the problem, "" where there is none. */
function readSettings(body: Document, root: Node, request: ChatRequest): string {
  let limit = present(body, root, "max_completion_tokens");
  if (limit == ABSENT) limit = present(body, root, "max_tokens");
  if (limit != ABSENT) {
    if (!body.isNumber(limit)) return "max_tokens must be a number";
    request.mark(Parameter.MaxTokens, body.raw(limit));
  }

  const count = present(body, root, "n");
  if (count != ABSENT && body.integer(count, 0) != 1) {
    if (!body.isNumber(count)) return "n must be a number";
    request.mark(Parameter.ChoiceCount, body.raw(count));
  }

  const logprobs = present(body, root, "logprobs");
  if (body.isTrue(logprobs)) request.mark(Parameter.Logprobs, body.raw(logprobs));
  const store = present(body, root, "store");
  if (body.isTrue(store)) request.mark(Parameter.Store, body.raw(store));

  readUser(body, root, request);
  readModalities(body, root, request);
  if (!readStop(body, root, request)) return "stop must be a string or an array of strings";
  if (!readShape(body, root, request)) return "response_format is of an unknown type";
  return readReasoning(body, root, request);
}

/** `metadata.user_id` is what other vendors call the user, so it wins over `user`. */
function readUser(body: Document, root: Node, request: ChatRequest): void {
  const metadata = present(body, root, "metadata");
  const user = present(body, root, "user");
  const userId = body.find(metadata, "user_id");
  if (body.isString(userId)) request.mark(Parameter.User, body.raw(userId));
  else if (body.isString(user)) request.mark(Parameter.User, body.raw(user));
  if (!body.isObject(metadata)) return;
  if (body.count(metadata) > (body.isString(userId) ? 1 : 0)) {
    request.mark(Parameter.Metadata, body.raw(metadata));
  }
}

/** Text alone is what everyone gives. */
function readModalities(body: Document, root: Node, request: ChatRequest): void {
  const audio = present(body, root, "audio");
  if (audio != ABSENT) request.mark(Parameter.AudioOutput, body.raw(audio));
  const modalities = present(body, root, "modalities");
  let isTextOnly = true;
  for (let node = body.firstElement(modalities); node != ABSENT; node = body.nextElement(node)) {
    if (body.isText(node, "text")) continue;
    isTextOnly = false;
    if (body.isText(node, "audio")) request.mark(Parameter.AudioOutput, request.value(Parameter.AudioOutput));
  }
  if (!isTextOnly) request.mark(Parameter.Modalities, body.raw(modalities));
}

function readStop(body: Document, root: Node, request: ChatRequest): bool {
  const stop = present(body, root, "stop");
  if (stop == ABSENT) return true;
  if (body.isString(stop)) request.stop.push(body.body(stop));
  else if (!body.isArray(stop)) return false;
  for (let node = body.firstElement(stop); node != ABSENT; node = body.nextElement(node)) {
    if (!body.isString(node)) return false;
    request.stop.push(body.body(node));
  }
  if (request.stop.length > 0) request.mark(Parameter.Stop);
  return true;
}

function readShape(body: Document, root: Node, request: ChatRequest): bool {
  const format = present(body, root, "response_format");
  if (format == ABSENT) return true;
  const type = body.find(format, "type");
  if (body.isText(type, "text")) return true;
  if (body.isText(type, "json_object")) {
    request.shape = AnswerShape.JsonObject;
    request.mark(Parameter.JsonObject);
    return true;
  }
  if (!body.isText(type, "json_schema")) return false;
  const description = body.find(format, "json_schema");
  const schema = body.find(description, "schema");
  if (!body.isObject(schema)) {
    // A schema is optional for OpenAI; without one this asks for JSON of any shape.
    request.shape = AnswerShape.JsonObject;
    request.mark(Parameter.JsonObject);
    return true;
  }
  request.shape = AnswerShape.JsonSchema;
  request.mark(Parameter.JsonSchema);
  request.schema = body.raw(schema);
  request.schemaName = body.body(body.find(description, "name"));
  request.schemaDescription = body.body(body.find(description, "description"));
  request.schemaStrict = readFlag(body, body.find(description, "strict"));
  return true;
}

/** `reasoning_effort`, OpenRouter's `reasoning`, and Anthropic's `thinking` object, which many servers take. */
function readReasoning(body: Document, root: Node, request: ChatRequest): string {
  const reasoning = present(body, root, "reasoning");
  let effort = present(body, root, "reasoning_effort");
  if (effort == ABSENT) effort = present(body, reasoning, "effort");
  if (effort != ABSENT) {
    request.effort = effortNamed(body.body(effort));
    if (request.effort == Effort.Absent) return "reasoning_effort has an unknown value";
    request.mark(Parameter.ReasoningEffort);
  }
  let budget = present(body, reasoning, "max_tokens");
  const thinking = present(body, root, "thinking");
  const type = body.find(thinking, "type");
  if (body.isText(type, "disabled")) request.thinking = Thinking.Disabled;
  else if (body.isText(type, "adaptive")) request.thinking = Thinking.Adaptive;
  else if (body.isText(type, "enabled")) {
    request.thinking = Thinking.Enabled;
    budget = present(body, thinking, "budget_tokens");
  } else if (budget != ABSENT) request.thinking = Thinking.Enabled;
  if (request.thinking == Thinking.Enabled) {
    request.thinkingBudget = max<i64>(-1, min<i64>(body.integer(budget, -1), i32.MAX_VALUE)) as i32;
  }
  if (request.thinking != Thinking.Absent) request.mark(Parameter.ThinkingBudget);
  return "";
}
