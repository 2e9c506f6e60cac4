import { NONE, Utf8, borrow, utf8 } from "../../bytes/slice";
import { effortNamed } from "../../chat/effort";
import { Failure } from "../../chat/failure";
import { Parameter } from "../../chat/parameters";
import { AnswerShape, ChatRequest, Effort, Flag, Thinking } from "../../chat/request";
import { ABSENT, Document, Node } from "../../json/document";
import { listUnknown, present, rawObject, readFields } from "../fields";
import { invalid, invalidMessage } from "../invalid";
import { readMessage, readSystem } from "./read-message";
import { readTools } from "./read-tools";
import { FIELDS, OTHERS } from "./tiers";

/** OpenAI's words for Anthropic's service tiers, as JSON text. */
const AUTO: Utf8 = utf8('"auto"');
const DEFAULT: Utf8 = utf8('"default"');

/**
 * Reads a Messages request.
 * Source: Anthropic API reference, "Create a Message".
 */
export function readRequest(body: Document, request: ChatRequest): Failure | null {
  const root = body.root;
  if (!body.isObject(root)) return invalid("the body must be a JSON object");
  request.model = body.body(body.find(root, "model"));
  if (request.model == NONE) return invalid("model must be a string");
  request.stream = body.isTrue(body.find(root, "stream"));
  request.includeUsage = true;

  const failure = readFields(body, root, FIELDS, request);
  if (failure) return failure;
  let problem = readSettings(body, root, request);
  if (problem.length == 0) problem = readTools(body, root, request);
  if (problem.length == 0) problem = readSystem(body, present(body, root, "system"), request);
  if (problem.length > 0) return invalid(problem);
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
  const user = body.path(root, "metadata.user_id");
  if (body.isString(user)) request.mark(Parameter.User, body.raw(user));
  const tier = body.find(root, "service_tier");
  if (body.isText(tier, "auto")) request.mark(Parameter.ServiceTier, borrow(AUTO));
  else if (body.isText(tier, "standard_only")) request.mark(Parameter.ServiceTier, borrow(DEFAULT));
  request.cacheControl = rawObject(body, root, "cache_control");
  if (request.cacheControl != NONE) request.mark(Parameter.CacheControl);

  const stop = present(body, root, "stop_sequences");
  if (stop != ABSENT && !body.isArray(stop)) return "stop_sequences must be an array";
  for (let node = body.firstElement(stop); node != ABSENT; node = body.nextElement(node)) {
    if (!body.isString(node)) return "stop_sequences must be an array of strings";
    request.stop.push(body.body(node));
  }
  if (request.stop.length > 0) request.mark(Parameter.Stop);

  const config = present(body, root, "output_config");
  const effort = present(body, config, "effort");
  if (effort != ABSENT) {
    request.effort = effortNamed(body.body(effort));
    if (request.effort == Effort.Absent) return "output_config.effort has an unknown value";
    request.mark(Parameter.ReasoningEffort);
  }
  let format = present(body, config, "format");
  // What `output_config.format` was called while it was a beta feature.
  if (format == ABSENT) format = present(body, root, "output_format");
  if (!readShape(body, format, request)) return "output_config.format is of an unknown type";
  return readThinking(body, present(body, root, "thinking"), request);
}

function readShape(body: Document, format: Node, request: ChatRequest): bool {
  if (format == ABSENT) return true;
  const schema = rawObject(body, format, "schema");
  if (!body.isText(body.find(format, "type"), "json_schema") || schema == NONE) return false;
  request.shape = AnswerShape.JsonSchema;
  request.schema = schema;
  // Anthropic always holds the model to the schema.
  request.schemaStrict = Flag.True;
  request.mark(Parameter.JsonSchema);
  return true;
}

function readThinking(body: Document, thinking: Node, request: ChatRequest): string {
  if (thinking == ABSENT) return "";
  const type = body.find(thinking, "type");
  if (body.isText(type, "disabled")) request.thinking = Thinking.Disabled;
  else if (body.isText(type, "adaptive")) request.thinking = Thinking.Adaptive;
  else if (body.isText(type, "enabled")) {
    const budget = body.integer(body.find(thinking, "budget_tokens"), -1);
    if (budget < 0) return "thinking.budget_tokens must be a number";
    request.thinking = Thinking.Enabled;
    request.thinkingBudget = min<i64>(budget, i32.MAX_VALUE) as i32;
  } else return "thinking is of an unknown type";
  request.mark(Parameter.ThinkingBudget);
  return "";
}
