import { NONE, Slice, startsWith } from "../../bytes/slice";
import { Failure } from "../../chat/failure";
import { Parameter } from "../../chat/parameters";
import { ChatRequest, Tool, ToolChoice } from "../../chat/request";
import { upstreamName } from "../../chat/tool-names";
import { ABSENT, Document } from "../../json/document";
import { JsonWriter } from "../../json/writer";
import { invalid } from "../invalid";
import { Model } from "./model";
import { isFieldOf } from "./names";
import { isBareObject, writeSchema } from "./schema";
import { MAX_NAME_BYTES } from "./tiers";

/** Tools that Google runs itself. Source: Gemini API reference, Tool; Vertex AI reference, Tool. */
export const GOOGLE_TOOLS: StaticArray<string> = [
  "googleSearch",
  "googleSearchRetrieval",
  "enterpriseWebSearch",
  "googleMaps",
  "urlContext",
  "codeExecution",
  "computerUse",
  "fileSearch",
  "retrieval",
];

const hosted: Document = new Document();

/** Writes `tools` and `toolConfig`: all functions in one tool, and Google's own tools, each by itself. */
export function writeTools(request: ChatRequest, model: Model, json: JsonWriter): Failure | null {
  let functions = 0;
  let others = 0;
  for (let i = 0; i < request.tools.length; i++) {
    const tool = unchecked(request.tools[i]);
    if (tool.hosted == NONE) functions++;
    else if (googleTool(tool.hosted) != NONE || isSearch(tool.hosted)) others++;
    else request.adjust(Parameter.HostedTools);
  }
  const searches = request.has(Parameter.WebSearch);
  if (functions == 0 && others == 0 && !searches) return null;
  json.key("tools").array();
  if (functions > 0) {
    const problem = writeFunctions(request, model, json);
    if (problem.length > 0) return invalid(problem);
  }
  for (let i = 0; i < request.tools.length; i++) {
    const own = unchecked(request.tools[i]).hosted;
    if (own == NONE) continue;
    if (googleTool(own) != NONE) json.raw(own);
    else if (isSearch(own)) json.constant('{"googleSearch":{}}');
  }
  if (searches) json.constant('{"googleSearch":{}}');
  json.endArray();
  if (functions > 0) writeChoice(request, json);
  return null;
}

function writeFunctions(request: ChatRequest, model: Model, json: JsonWriter): string {
  json.object().key("functionDeclarations").array();
  for (let i = 0; i < request.tools.length; i++) {
    const tool = unchecked(request.tools[i]);
    if (tool.hosted != NONE) continue;
    json.object().key("name").body(upstreamName(tool.name, MAX_NAME_BYTES));
    if (tool.description != NONE) json.key("description").body(tool.description);
    const problem = writeParameters(tool, model, json);
    if (problem.length > 0) return problem;
    json.endObject();
  }
  json.endArray().endObject();
  return "";
}

function writeParameters(tool: Tool, model: Model, json: JsonWriter): string {
  if (tool.schema == NONE) return "";
  if (model.takesJsonSchema) {
    json.key("parametersJsonSchema").raw(tool.schema);
    return "";
  }
  return isBareObject(tool.schema) ? "" : writeSchema(tool.schema, json.key("parameters"));
}

function writeChoice(request: ChatRequest, json: JsonWriter): void {
  if (request.toolChoice == ToolChoice.Absent) return;
  json.key("toolConfig").object().key("functionCallingConfig").object().key("mode");
  switch (request.toolChoice) {
    case ToolChoice.None:
      json.string("NONE");
      break;
    case ToolChoice.Required:
      json.string("ANY");
      break;
    case ToolChoice.Named:
      json.string("ANY").key("allowedFunctionNames").array();
      json.body(upstreamName(request.toolName, MAX_NAME_BYTES)).endArray();
      break;
    default:
      json.string("AUTO");
  }
  json.endObject().endObject();
}

/** The name of Google's tool that a hosted tool is, or NONE. */
function googleTool(raw: Slice): Slice {
  if (!hosted.parse(raw)) return NONE;
  const key = hosted.firstMember(hosted.root);
  return key != ABSENT && isFieldOf(hosted.body(key), GOOGLE_TOOLS) ? hosted.body(key) : NONE;
}

/** Other vendors' web search does what Google's does. */
function isSearch(raw: Slice): bool {
  return hosted.parse(raw) && startsWith(hosted.body(hosted.find(hosted.root, "type")), "web_search");
}
