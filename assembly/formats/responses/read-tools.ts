import { NONE, Utf8, borrow, lengthOf, toOwned, utf8 } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Parameter } from "../../chat/parameters";
import { ChatRequest, Tool, ToolChoice } from "../../chat/request";
import { ABSENT, Document, Node } from "../../json/document";
import { present, readFlag } from "../fields";
import { choiceNamed, readAllowed } from "../openai/read-tools";

/** What the function that stands for a custom tool takes. */
const CUSTOM_SCHEMA: Utf8 = utf8(
  '{"type":"object","properties":{"input":{"type":"string"}},"required":["input"],"additionalProperties":false}',
);

const TOOL_CHOICE: Utf8 = utf8("tool_choice");

const scratch: Writer = new Writer();

/** Reads tools and what goes with them. Gives the problem, "" where there is none. */
export function readTools(body: Document, root: Node, request: ChatRequest): string {
  const tools = present(body, root, "tools");
  if (tools != ABSENT && !body.isArray(tools)) return "tools must be an array";
  for (let node = body.firstElement(tools); node != ABSENT; node = body.nextElement(node)) {
    const problem = readTool(body, node, request);
    if (problem.length > 0) return problem;
  }
  request.parallelToolCalls = readFlag(body, body.find(root, "parallel_tool_calls"));
  if (request.tools.length == 0) return "";
  if (body.isFalse(body.find(root, "parallel_tool_calls"))) request.mark(Parameter.ParallelToolCalls);
  const choice = present(body, root, "tool_choice");
  return choice == ABSENT ? "" : readChoice(body, choice, request);
}

function readTool(body: Document, node: Node, request: ChatRequest): string {
  const type = body.find(node, "type");
  if (!body.isString(type)) return "a tool must have a type";
  const tool = new Tool();
  tool.name = body.body(body.find(node, "name"));
  tool.description = body.body(body.find(node, "description"));
  if (body.isText(type, "function")) {
    const schema = present(body, node, "parameters");
    if (schema != ABSENT && !body.isObject(schema)) return "the parameters of a function must be an object";
    tool.schema = body.raw(schema);
    tool.strict = body.raw(present(body, node, "strict"));
    if (body.isTrue(body.find(node, "strict"))) request.mark(Parameter.ToolStrict);
  } else if (body.isText(type, "custom")) {
    tool.schema = borrow(CUSTOM_SCHEMA);
    readGrammar(body, body.find(node, "format"), tool, request);
  } else {
    tool.hosted = body.raw(node);
    request.tools.push(tool);
    request.mark(Parameter.HostedTools);
    return "";
  }
  request.tools.push(tool);
  request.mark(Parameter.Tools);
  return tool.name == NONE ? "a function must have a name" : "";
}

/** A grammar cannot be enforced elsewhere; the model is told of it. */
function readGrammar(body: Document, format: Node, tool: Tool, request: ChatRequest): void {
  const definition = body.body(body.find(format, "definition"));
  if (lengthOf(definition) == 0) return;
  scratch.reset();
  scratch.bytes(tool.description);
  scratch.ascii("\\n\\nThe input must follow this grammar:\\n");
  scratch.bytes(definition);
  tool.description = request.keep(toOwned(scratch.view()));
}

function readChoice(body: Document, choice: Node, request: ChatRequest): string {
  request.mark(Parameter.ToolChoice);
  if (body.isString(choice)) {
    request.toolChoice = choiceNamed(body, choice);
    return request.toolChoice == ToolChoice.Absent ? "tool_choice has an unknown value" : "";
  }
  const type = body.find(choice, "type");
  if (body.isText(type, "allowed_tools")) return readAllowed(body, choice, request);
  if (body.isText(type, "function") || body.isText(type, "custom")) {
    request.toolName = body.body(body.find(choice, "name"));
    request.toolChoice = ToolChoice.Named;
    return request.toolName == NONE ? "tool_choice must name a function" : "";
  }
  // One of OpenAI's own tools.
  request.unknown.push(borrow(TOOL_CHOICE));
  return "";
}
