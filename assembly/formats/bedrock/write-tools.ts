import { NONE, lengthOf } from "../../bytes/slice";
import { Parameter } from "../../chat/parameters";
import { ChatRequest, PartKind, Role, Tool, ToolChoice } from "../../chat/request";
import { upstreamName } from "../../chat/tool-names";
import { JsonWriter } from "../../json/writer";
import { CachePoints } from "./cache-points";
import { MAX_NAME_BYTES } from "./tiers";

/** A history with tool calls is refused where no tools are declared. The model is told not to call this one. */
const PLACEHOLDER: string =
  '{"toolSpec":{"name":"unavailable","description":"No tool is available. Do not call this.",' +
  '"inputSchema":{"json":{"type":"object","properties":{}}}}}';

/** Writes `toolConfig`. Source: Amazon Bedrock API reference, ToolConfiguration. */
export function writeTools(request: ChatRequest, points: CachePoints, json: JsonWriter): void {
  const mayCall = request.toolChoice != ToolChoice.None;
  const hasHistory = hasCalls(request);
  if (!mayCall && !hasHistory) return;
  let written = 0;
  for (let i = 0; i < request.tools.length; i++) {
    const tool = unchecked(request.tools[i]);
    if (tool.hosted != NONE) continue;
    if (written++ == 0) json.key("toolConfig").object().key("tools").array();
    writeTool(tool, json);
    points.behindTool(tool.cacheControl);
  }
  if (written > 0) {
    json.endArray();
    writeChoice(request, json);
    json.endObject();
  } else if (hasHistory) {
    json.key("toolConfig").object().key("tools").array().constant(PLACEHOLDER).endArray().endObject();
  }
}

function writeTool(tool: Tool, json: JsonWriter): void {
  json.object().key("toolSpec").object().key("name").body(upstreamName(tool.name, MAX_NAME_BYTES));
  // An empty description is refused.
  if (lengthOf(tool.description) > 0) json.key("description").body(tool.description);
  json.key("inputSchema").object().key("json");
  if (tool.schema != NONE) json.raw(tool.schema);
  else json.constant('{"type":"object","properties":{}}');
  json.endObject().endObject().endObject();
}

function writeChoice(request: ChatRequest, json: JsonWriter): void {
  switch (request.toolChoice) {
    case ToolChoice.Auto:
      json.key("toolChoice").constant('{"auto":{}}');
      break;
    case ToolChoice.Required:
      json.key("toolChoice").constant('{"any":{}}');
      break;
    case ToolChoice.Named:
      json.key("toolChoice").object().key("tool").object().key("name");
      json.body(upstreamName(request.toolName, MAX_NAME_BYTES)).endObject().endObject();
      break;
    case ToolChoice.None:
      // The history needs the tools, and there is no word for "call none".
      request.adjust(Parameter.ToolChoice);
      break;
  }
}

function hasCalls(request: ChatRequest): bool {
  for (let i = 0; i < request.messages.length; i++) {
    const message = unchecked(request.messages[i]);
    if (message.role == Role.Tool) return true;
    for (let j = 0; j < message.parts.length; j++) {
      if (unchecked(message.parts[j]).kind == PartKind.ToolCall) return true;
    }
  }
  return false;
}
