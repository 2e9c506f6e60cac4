import { NONE, Slice, same } from "../../bytes/slice";
import { Parameter } from "../../chat/parameters";
import { ChatRequest, Tool, ToolChoice } from "../../chat/request";
import { ABSENT, Document, Node } from "../../json/document";
import { present, rawObject, readFlag } from "../fields";

/** Reads tools and what goes with them. Gives the problem, "" where there is none. */
export function readTools(body: Document, root: Node, request: ChatRequest): string {
  const tools = present(body, root, "tools");
  if (tools != ABSENT && !body.isArray(tools)) return "tools must be an array";
  for (let node = body.firstElement(tools); node != ABSENT; node = body.nextElement(node)) {
    const problem = readTool(body, node, request);
    if (problem.length > 0) return problem;
  }
  // `functions` is what tools were called before November 2023.
  const functions = present(body, root, "functions");
  for (let node = body.firstElement(functions); node != ABSENT; node = body.nextElement(node)) {
    const problem = readFunction(body, node, new Tool(), request);
    if (problem.length > 0) return problem;
  }
  request.parallelToolCalls = readFlag(body, body.find(root, "parallel_tool_calls"));
  if (request.tools.length == 0) return "";
  if (body.isFalse(body.find(root, "parallel_tool_calls"))) request.mark(Parameter.ParallelToolCalls);
  let choice = present(body, root, "tool_choice");
  if (choice == ABSENT) choice = present(body, root, "function_call");
  return choice == ABSENT ? "" : readChoice(body, choice, request);
}

function readTool(body: Document, node: Node, request: ChatRequest): string {
  const tool = new Tool();
  const type = body.find(node, "type");
  if (body.isText(type, "function")) {
    tool.cacheControl = rawObject(body, node, "cache_control");
    return readFunction(body, body.find(node, "function"), tool, request);
  }
  if (!body.isString(type)) return "a tool must have a type";
  tool.hosted = body.raw(node);
  request.tools.push(tool);
  request.mark(Parameter.HostedTools);
  return "";
}

function readFunction(body: Document, node: Node, tool: Tool, request: ChatRequest): string {
  tool.name = body.body(body.find(node, "name"));
  if (tool.name == NONE) return "a function must have a name";
  tool.description = body.body(body.find(node, "description"));
  const schema = present(body, node, "parameters");
  if (schema != ABSENT && !body.isObject(schema)) return "the parameters of a function must be an object";
  tool.schema = body.raw(schema);
  const strict = present(body, node, "strict");
  tool.strict = body.raw(strict);
  if (body.isTrue(strict)) request.mark(Parameter.ToolStrict);
  if (tool.cacheControl == NONE) tool.cacheControl = rawObject(body, node, "cache_control");
  if (tool.cacheControl != NONE) request.mark(Parameter.CacheControl);
  request.tools.push(tool);
  request.mark(Parameter.Tools);
  return "";
}

function readChoice(body: Document, choice: Node, request: ChatRequest): string {
  request.mark(Parameter.ToolChoice);
  if (body.isString(choice)) {
    request.toolChoice = choiceNamed(body, choice);
    return request.toolChoice == ToolChoice.Absent ? "tool_choice has an unknown value" : "";
  }
  const allowed = body.find(choice, "allowed_tools");
  if (body.isObject(allowed)) return readAllowed(body, allowed, request);
  let name = body.path(choice, "function.name");
  if (name == ABSENT) name = body.path(choice, "custom.name");
  if (name == ABSENT) name = body.find(choice, "name");
  if (!body.isString(name)) return "tool_choice must name a function";
  request.toolChoice = ToolChoice.Named;
  request.toolName = body.body(name);
  return "";
}

/** What a word says of the choice of tools; `Absent` where it is none that is known. */
export function choiceNamed(body: Document, node: Node): ToolChoice {
  if (body.isText(node, "auto")) return ToolChoice.Auto;
  if (body.isText(node, "none")) return ToolChoice.None;
  if (body.isText(node, "required") || body.isText(node, "any")) return ToolChoice.Required;
  return ToolChoice.Absent;
}

/** Only some of the tools may be called: the others are not even offered. Gives the problem, "" where there is none. */
export function readAllowed(body: Document, allowed: Node, request: ChatRequest): string {
  request.toolChoice = choiceNamed(body, body.find(allowed, "mode"));
  const tools = body.find(allowed, "tools");
  if (request.toolChoice == ToolChoice.Absent || !body.isArray(tools)) return "allowed_tools is incomplete";
  const kept = new Array<Tool>();
  for (let i = 0; i < request.tools.length; i++) {
    const tool = unchecked(request.tools[i]);
    if (tool.hosted != NONE || isListed(body, tools, tool.name)) kept.push(tool);
  }
  request.tools = kept;
  return "";
}

/** Whether a tool is in the list. The Responses API has its name beside the type, Chat Completions in an object. */
function isListed(body: Document, tools: Node, name: Slice): bool {
  for (let node = body.firstElement(tools); node != ABSENT; node = body.nextElement(node)) {
    const inner = body.find(node, "function");
    if (same(body.body(body.find(inner == ABSENT ? node : inner, "name")), name)) return true;
  }
  return false;
}
