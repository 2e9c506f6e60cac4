import { NONE, Utf8, borrow, utf8 } from "../../bytes/slice";
import { effortNamed } from "../../chat/effort";
import { Failure, FailureKind } from "../../chat/failure";
import { Parameter } from "../../chat/parameters";
import { AnswerShape, ChatRequest, Effort, Message, Part, Role } from "../../chat/request";
import { ABSENT, Document, Node } from "../../json/document";
import { listUnknown, present, readFields, readFlag } from "../fields";
import { invalid } from "../invalid";
import { echoOf } from "./echo";
import { InputReader } from "./read-input";
import { readTools } from "./read-tools";
import { FIELDS, OTHERS } from "./tiers";

const TRUE: Utf8 = utf8("true");
const INCLUDE: Utf8 = utf8("include");
const TRUNCATION: Utf8 = utf8("truncation");

/**
 * What only a server that keeps responses can do. Leaving one out would lose the conversation, or never
 * answer.
 */
const STATEFUL: string[] = ["previous_response_id", "conversation", "prompt"];

/**
 * Reads a Responses request.
 * Source: OpenAI API reference, "Create a model response".
 */
export function readRequest(body: Document, request: ChatRequest): Failure | null {
  const root = body.root;
  if (!body.isObject(root)) return invalid("the body must be a JSON object");
  request.model = body.body(body.find(root, "model"));
  if (request.model == NONE) return invalid("model must be a string");
  request.stream = body.isTrue(body.find(root, "stream"));
  request.includeUsage = true;
  const stateful = statefulField(body, root);
  if (stateful.length > 0) {
    return Failure.of(
      FailureKind.InvalidRequest,
      "unsupported_parameter",
      `${stateful} needs responses that are stored, which this gateway does not do; send the whole conversation`,
    );
  }
  const failure = readFields(body, root, FIELDS, request);
  if (failure) return failure;
  let problem = readInstructions(body, root, request);
  if (problem.length == 0) problem = readSettings(body, root, request);
  if (problem.length == 0) problem = readText(body, present(body, root, "text"), request);
  if (problem.length == 0) problem = readTools(body, root, request);
  if (problem.length > 0) return invalid(problem);
  listUnknown(body, root, FIELDS, OTHERS, request);
  const inputFailure = new InputReader(body, request).read(body.find(root, "input"));
  if (inputFailure) return inputFailure;
  request.remembered = echoOf(body);
  return null;
}

function statefulField(body: Document, root: Node): string {
  for (let i = 0; i < STATEFUL.length; i++) {
    const name = unchecked(STATEFUL[i]);
    if (present(body, root, name) != ABSENT) return name;
  }
  return body.isTrue(body.find(root, "background")) ? "background" : "";
}

function readInstructions(body: Document, root: Node, request: ChatRequest): string {
  const instructions = present(body, root, "instructions");
  if (instructions == ABSENT) return "";
  if (!body.isString(instructions)) return "instructions must be a string";
  const message = new Message(Role.System);
  message.parts.push(Part.text(body.body(instructions)));
  request.messages.push(message);
  request.mark(Parameter.SystemPrompt);
  return "";
}

function readSettings(body: Document, root: Node, request: ChatRequest): string {
  const limit = present(body, root, "max_output_tokens");
  if (limit != ABSENT) {
    if (!body.isNumber(limit)) return "max_output_tokens must be a number";
    request.mark(Parameter.MaxTokens, body.raw(limit));
  }
  const store = present(body, root, "store");
  if (body.isTrue(store)) request.mark(Parameter.Store, body.raw(store));
  const user = present(body, root, "user");
  if (body.isString(user)) request.mark(Parameter.User, body.raw(user));
  const metadata = present(body, root, "metadata");
  if (body.count(metadata) > 0) request.mark(Parameter.Metadata, body.raw(metadata));
  if (body.isText(body.find(root, "truncation"), "auto")) request.unknown.push(borrow(TRUNCATION));
  readInclude(body, root, request);
  const effort = present(body, present(body, root, "reasoning"), "effort");
  if (effort == ABSENT) return "";
  request.effort = effortNamed(body.body(effort));
  if (request.effort == Effort.Absent) return "reasoning.effort has an unknown value";
  request.mark(Parameter.ReasoningEffort);
  return "";
}

/** Encrypted reasoning is part of every answer that has some. */
function readInclude(body: Document, root: Node, request: ChatRequest): void {
  const include = present(body, root, "include");
  let wantsLogprobs = body.integer(body.find(root, "top_logprobs"), 0) > 0;
  let isReported = false;
  for (let node = body.firstElement(include); node != ABSENT; node = body.nextElement(node)) {
    if (body.isText(node, "message.output_text.logprobs")) wantsLogprobs = true;
    else if (!body.isText(node, "reasoning.encrypted_content")) isReported = true;
  }
  if (isReported) request.unknown.push(borrow(INCLUDE));
  if (wantsLogprobs) request.mark(Parameter.Logprobs, borrow(TRUE));
}

function readText(body: Document, text: Node, request: ChatRequest): string {
  const verbosity = present(body, text, "verbosity");
  if (verbosity != ABSENT) request.mark(Parameter.Verbosity, body.raw(verbosity));
  const format = present(body, text, "format");
  const type = body.find(format, "type");
  if (format == ABSENT || body.isText(type, "text")) return "";
  if (body.isText(type, "json_object")) {
    request.shape = AnswerShape.JsonObject;
    request.mark(Parameter.JsonObject);
    return "";
  }
  const schema = body.find(format, "schema");
  if (!body.isText(type, "json_schema") || !body.isObject(schema)) return "text.format is of an unknown type";
  request.shape = AnswerShape.JsonSchema;
  request.mark(Parameter.JsonSchema);
  request.schema = body.raw(schema);
  request.schemaName = body.body(body.find(format, "name"));
  request.schemaDescription = body.body(body.find(format, "description"));
  request.schemaStrict = readFlag(body, body.find(format, "strict"));
  return "";
}
