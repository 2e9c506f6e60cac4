import { NONE, Slice, same, toOwned } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Parameter } from "../../chat/parameters";
import { ChatRequest, Tool, ToolChoice } from "../../chat/request";
import { ABSENT, Document, Node } from "../../json/document";
import { writeJsonSchema } from "./json-schema";
import { findField, isField } from "./names";

const scratch: Writer = new Writer();

/** Reads `tools` and `toolConfig`. Gives the problem, "" where there is none. */
export function readTools(body: Document, root: Node, request: ChatRequest): string {
  const tools = body.find(root, "tools");
  let tool = body.isObject(tools) ? tools : body.firstElement(tools);
  for (; tool != ABSENT; tool = body.nextElement(tool)) {
    for (let key = body.firstMember(tool); key != ABSENT; key = body.nextMember(key)) {
      const value = body.valueOf(key);
      if (body.isNull(value)) continue;
      if (!isField(body.body(key), "functionDeclarations")) {
        readHosted(body, key, request);
        continue;
      }
      for (let node = body.firstElement(value); node != ABSENT; node = body.nextElement(node)) {
        if (!readFunction(body, node, request)) return "a function declaration must have a name";
      }
    }
    if (tool == tools) break;
  }
  const choice = findField(body, findField(body, root, "toolConfig"), "functionCallingConfig");
  return choice == ABSENT || request.tools.length == 0 ? "" : readChoice(body, choice, request);
}

/** One of Google's own tools: the member that names it, as an object of its own. */
function readHosted(body: Document, key: Node, request: ChatRequest): void {
  scratch.reset();
  scratch.byte(0x7b);
  scratch.bytes(body.raw(key));
  scratch.byte(0x3a);
  scratch.bytes(body.raw(body.valueOf(key)));
  scratch.byte(0x7d);
  const tool = new Tool();
  tool.hosted = request.keep(toOwned(scratch.view()));
  request.tools.push(tool);
  request.mark(Parameter.HostedTools);
}

function readFunction(body: Document, node: Node, request: ChatRequest): bool {
  const tool = new Tool();
  tool.name = body.body(body.find(node, "name"));
  tool.description = body.body(body.find(node, "description"));
  tool.schema = readSchema(body, node, "parametersJsonSchema", "parameters", request);
  request.tools.push(tool);
  request.mark(Parameter.Tools);
  return tool.name != NONE;
}

/** A schema, which Google takes as JSON Schema or in its own subset of OpenAPI. Raw JSON Schema, or NONE. */
export function readSchema(
  body: Document,
  node: Node,
  jsonSchemaName: string,
  schemaName: string,
  request: ChatRequest,
): Slice {
  const jsonSchema = findField(body, node, jsonSchemaName);
  if (body.isObject(jsonSchema)) return body.raw(jsonSchema);
  const schema = findField(body, node, schemaName);
  if (!body.isObject(schema)) return NONE;
  scratch.reset();
  const isChanged = writeJsonSchema(body, schema, scratch);
  return isChanged ? request.keep(toOwned(scratch.view())) : body.raw(schema);
}

function readChoice(body: Document, config: Node, request: ChatRequest): string {
  const mode = body.find(config, "mode");
  const names = findField(body, config, "allowedFunctionNames");
  const allowed = body.count(names);
  if (body.isText(mode, "NONE")) request.toolChoice = ToolChoice.None;
  else if (body.isText(mode, "AUTO") || body.isText(mode, "VALIDATED")) request.toolChoice = ToolChoice.Auto;
  else if (body.isText(mode, "ANY")) request.toolChoice = ToolChoice.Required;
  else if (body.isString(mode) && !body.isText(mode, "MODE_UNSPECIFIED")) return "mode has an unknown value";
  if (request.toolChoice == ToolChoice.Absent) return "";
  request.mark(Parameter.ToolChoice);
  if (allowed == 0) return "";
  if (allowed == 1 && request.toolChoice == ToolChoice.Required) {
    request.toolChoice = ToolChoice.Named;
    request.toolName = body.body(body.firstElement(names));
    return request.toolName == NONE ? "allowedFunctionNames must be strings" : "";
  }
  // The others are not even offered.
  const kept = new Array<Tool>();
  for (let i = 0; i < request.tools.length; i++) {
    const tool = unchecked(request.tools[i]);
    if (tool.hosted != NONE || isListed(body, names, tool.name)) kept.push(tool);
  }
  request.tools = kept;
  return "";
}

function isListed(body: Document, names: Node, name: Slice): bool {
  for (let node = body.firstElement(names); node != ABSENT; node = body.nextElement(node)) {
    if (same(body.body(node), name)) return true;
  }
  return false;
}
