import { NONE, Slice, startsWith } from "../../bytes/slice";
import { Parameter } from "../../chat/parameters";
import { ChatRequest, Flag, Tool, ToolChoice } from "../../chat/request";
import { upstreamName } from "../../chat/tool-names";
import { Document, Node } from "../../json/document";
import { JsonWriter } from "../../json/writer";
import { MAX_NAME_BYTES } from "./tiers";

/** Tools that OpenAI runs itself, by type. Other vendors' types have a date at their end. */
const OWN_TYPES: string[] = [
  "web_search",
  "web_search_preview",
  "file_search",
  "code_interpreter",
  "image_generation",
  "computer_use_preview",
  "computer",
  "mcp",
  "local_shell",
  "shell",
  "apply_patch",
];

/** What becomes of a tool. */
enum Form {
  Function,
  /** Chat Completions' tool that takes plain text; its members stand one level deeper there. */
  Custom,
  /** Goes as it is. */
  Own,
  /** Another vendor's search, for which OpenAI has its own. */
  Search,
  /** Cannot go. */
  Foreign,
}

const hosted: Document = new Document();

/**
 * Writes `tools` and what goes with them.
 * Source: OpenAI API reference, "Create a model response", tools.
 */
export function writeTools(request: ChatRequest, json: JsonWriter): void {
  let written = 0;
  for (let i = 0; i < request.tools.length; i++) {
    const tool = unchecked(request.tools[i]);
    const form = formOf(tool);
    if (form == Form.Foreign) {
      request.adjust(Parameter.HostedTools);
      continue;
    }
    if (written++ == 0) json.key("tools").array();
    writeTool(tool, form, json);
  }
  const search = request.value(Parameter.WebSearch);
  if (search != NONE) {
    if (written++ == 0) json.key("tools").array();
    writeSearch(search, json);
  }
  // Without tools the server refuses to be told which to choose.
  if (written == 0) return;
  json.endArray();
  writeChoice(request, json);
  if (request.parallelToolCalls != Flag.Absent) {
    json.key("parallel_tool_calls").bool(request.parallelToolCalls == Flag.True);
  }
}

function formOf(tool: Tool): Form {
  if (tool.hosted == NONE) return Form.Function;
  if (!hosted.parse(tool.hosted)) return Form.Foreign;
  const type = hosted.find(hosted.root, "type");
  if (hosted.isText(type, "custom")) return Form.Custom;
  for (let i = 0; i < OWN_TYPES.length; i++) {
    if (hosted.isText(type, unchecked(OWN_TYPES[i]))) return Form.Own;
  }
  const isSearch =
    startsWith(hosted.body(type), "web_search") ||
    hosted.isObject(hosted.find(hosted.root, "googleSearch")) ||
    hosted.isObject(hosted.find(hosted.root, "google_search"));
  return isSearch ? Form.Search : Form.Foreign;
}

function writeTool(tool: Tool, form: Form, json: JsonWriter): void {
  switch (form) {
    case Form.Function:
      writeFunction(tool, json);
      break;
    case Form.Custom:
      writeCustom(json);
      break;
    case Form.Own:
      json.raw(tool.hosted);
      break;
    default:
      json.constant('{"type":"web_search"}');
  }
}

/**
 * What is not said to be strict must not be: the API's default is strict, that of the other protocols is not.
 */
function writeFunction(tool: Tool, json: JsonWriter): void {
  json.object().key("type").string("function");
  json.key("name").body(upstreamName(tool.name, MAX_NAME_BYTES));
  if (tool.description != NONE) json.key("description").body(tool.description);
  json.key("parameters");
  if (tool.schema != NONE) json.raw(tool.schema);
  else json.constant('{"type":"object","properties":{}}');
  json.key("strict");
  if (tool.strict != NONE) json.raw(tool.strict);
  else json.bool(false);
  json.endObject();
}

/**
 * The tool that `formOf` has just read. A grammar's members, too, stand one level deeper in Chat Completions.
 */
function writeCustom(json: JsonWriter): void {
  let holder = hosted.find(hosted.root, "custom");
  if (!hosted.isObject(holder)) holder = hosted.root;
  json.object().key("type").string("custom");
  writeMember("name", holder, json);
  writeMember("description", holder, json);
  const format = hosted.find(holder, "format");
  const grammar = hosted.find(format, "grammar");
  if (hosted.isObject(grammar)) {
    json.key("format").object().key("type").string("grammar");
    writeMember("syntax", grammar, json);
    writeMember("definition", grammar, json);
    json.endObject();
  } else if (hosted.isObject(format)) {
    json.key("format").raw(hosted.raw(format));
  }
  json.endObject();
}

function writeMember(name: string, holder: Node, json: JsonWriter): void {
  const value = hosted.find(holder, name);
  if (hosted.isString(value)) json.key(name).raw(hosted.raw(value));
}

/** `web_search_options` of Chat Completions: the place stands one level deeper there. */
function writeSearch(options: Slice, json: JsonWriter): void {
  json.object().key("type").string("web_search");
  if (hosted.parse(options)) {
    writeMember("search_context_size", hosted.root, json);
    const place = hosted.path(hosted.root, "user_location.approximate");
    if (hosted.isObject(place)) {
      json.key("user_location").object().key("type").string("approximate");
      writeMember("city", place, json);
      writeMember("country", place, json);
      writeMember("region", place, json);
      writeMember("timezone", place, json);
      json.endObject();
    }
  }
  json.endObject();
}

function writeChoice(request: ChatRequest, json: JsonWriter): void {
  switch (request.toolChoice) {
    case ToolChoice.Auto:
      json.key("tool_choice").string("auto");
      break;
    case ToolChoice.None:
      json.key("tool_choice").string("none");
      break;
    case ToolChoice.Required:
      json.key("tool_choice").string("required");
      break;
    case ToolChoice.Named:
      json.key("tool_choice").object().key("type").string("function");
      json.key("name").body(upstreamName(request.toolName, MAX_NAME_BYTES)).endObject();
      break;
  }
}
