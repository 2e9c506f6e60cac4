import { NONE } from "../../bytes/slice";
import { Parameter } from "../../chat/parameters";
import { ChatRequest, Flag, Tool, ToolChoice } from "../../chat/request";
import { ABSENT, Document, Node } from "../../json/document";
import { present, rawObject } from "../fields";

/** Reads tools and what goes with them. Gives the problem, "" where there is none. */
export function readTools(body: Document, root: Node, request: ChatRequest): string {
  const tools = present(body, root, "tools");
  if (tools != ABSENT && !body.isArray(tools)) return "tools must be an array";
  for (let node = body.firstElement(tools); node != ABSENT; node = body.nextElement(node)) {
    const problem = readTool(body, node, request);
    if (problem.length > 0) return problem;
  }
  const choice = present(body, root, "tool_choice");
  return choice == ABSENT || request.tools.length == 0 ? "" : readChoice(body, choice, request);
}

/** A tool without a type, or of type `custom`, is a function of the client; the others run at Anthropic. */
function readTool(body: Document, node: Node, request: ChatRequest): string {
  const tool = new Tool();
  const type = present(body, node, "type");
  tool.cacheControl = rawObject(body, node, "cache_control");
  if (type != ABSENT && !body.isText(type, "custom")) {
    tool.hosted = body.raw(node);
    request.tools.push(tool);
    request.mark(Parameter.HostedTools);
    return "";
  }
  tool.name = body.body(body.find(node, "name"));
  if (tool.name == NONE) return "a tool must have a name";
  tool.description = body.body(body.find(node, "description"));
  tool.schema = rawObject(body, node, "input_schema");
  if (tool.schema == NONE) return "a tool must have an input_schema";
  const strict = present(body, node, "strict");
  tool.strict = body.raw(strict);
  if (body.isTrue(strict)) request.mark(Parameter.ToolStrict);
  if (tool.cacheControl != NONE) request.mark(Parameter.CacheControl);
  request.tools.push(tool);
  request.mark(Parameter.Tools);
  return "";
}

function readChoice(body: Document, choice: Node, request: ChatRequest): string {
  const type = body.find(choice, "type");
  if (body.isText(type, "auto")) request.toolChoice = ToolChoice.Auto;
  else if (body.isText(type, "any")) request.toolChoice = ToolChoice.Required;
  else if (body.isText(type, "none")) request.toolChoice = ToolChoice.None;
  else if (body.isText(type, "tool")) {
    request.toolChoice = ToolChoice.Named;
    request.toolName = body.body(body.find(choice, "name"));
    if (request.toolName == NONE) return "tool_choice must name a tool";
  } else return "tool_choice is of an unknown type";
  request.mark(Parameter.ToolChoice);
  const isSerial = body.find(choice, "disable_parallel_tool_use");
  if (body.isTrue(isSerial)) {
    request.parallelToolCalls = Flag.False;
    request.mark(Parameter.ParallelToolCalls);
  } else if (body.isFalse(isSerial)) request.parallelToolCalls = Flag.True;
  return "";
}
