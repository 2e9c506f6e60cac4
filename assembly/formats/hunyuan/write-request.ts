import { NONE, same } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { requestedEffort } from "../../chat/effort";
import { Failure } from "../../chat/failure";
import { Parameter } from "../../chat/parameters";
import { ChatRequest, Effort, Thinking, Tool, ToolChoice } from "../../chat/request";
import { upstreamName } from "../../chat/tool-names";
import { compact } from "../../json/compact";
import { escape } from "../../json/text";
import { JsonWriter } from "../../json/writer";
import { writeFields } from "../fields";
import { RenderOptions } from "../format";
import { FIELDS, MAX_NAME_BYTES } from "./tiers";
import { writeMessages } from "./write-messages";

const schema: Writer = new Writer();

/** Writes a ChatCompletions request. Source: Tencent Cloud, Hunyuan, ChatCompletions, input parameters. */
export function writeRequest(request: ChatRequest, options: RenderOptions, out: Writer): Failure | null {
  const json = new JsonWriter(out);
  json.object();
  json.key("Model").body(options.model);
  json.key("Messages");
  const failure = writeMessages(request, json);
  if (failure) return failure;
  json.key("Stream").bool(request.stream);
  // Searches unless told not to, which costs time and money that nobody asked for.
  json.key("EnableEnhancement").bool(request.has(Parameter.WebSearch));
  writeFields(request, FIELDS, json);
  writeStop(request, json);
  writeThinking(request, json);
  writeTools(request, json);
  json.endObject();
  return null;
}

function writeStop(request: ChatRequest, json: JsonWriter): void {
  const stop = request.stop;
  if (stop.length == 0) return;
  json.key("Stop").array();
  for (let i = 0; i < stop.length; i++) json.body(unchecked(stop[i]));
  json.endArray();
}

/** Only whether, not how much. */
function writeThinking(request: ChatRequest, json: JsonWriter): void {
  const effort = requestedEffort(request);
  if (effort == Effort.Absent) return;
  if (request.thinking == Thinking.Enabled && request.thinkingBudget >= 0) {
    request.adjust(Parameter.ThinkingBudget);
  }
  json.key("EnableThinking").bool(effort != Effort.None);
}

function writeTools(request: ChatRequest, json: JsonWriter): void {
  let written = 0;
  let only: Tool | null = null;
  for (let i = 0; i < request.tools.length; i++) {
    const tool = unchecked(request.tools[i]);
    if (tool.hosted != NONE) continue;
    if (written++ == 0) json.key("Tools").array();
    writeTool(tool, json);
    if (written == 1 || same(tool.name, request.toolName)) only = tool;
  }
  if (written == 0) return;
  json.endArray();
  const choice = request.toolChoice;
  const isOne = choice == ToolChoice.Named || (choice == ToolChoice.Required && written == 1);
  if (choice == ToolChoice.None) {
    json.key("ToolChoice").string("none");
  } else if (isOne && only !== null) {
    json.key("ToolChoice").string("custom").key("CustomTool");
    writeTool(only, json);
  } else if (choice == ToolChoice.Required) {
    // That one of several must be called cannot be said.
    request.adjust(Parameter.ToolChoice);
  }
}

/** The schema is a text that holds JSON. */
function writeTool(tool: Tool, json: JsonWriter): void {
  json.object().key("Type").string("function").key("Function").object();
  json.key("Name").body(upstreamName(tool.name, MAX_NAME_BYTES));
  if (tool.description != NONE) json.key("Description").body(tool.description);
  json.key("Parameters");
  const out = json.beginString();
  if (tool.schema != NONE) {
    schema.reset();
    compact(schema, tool.schema);
    escape(out, schema.view());
  } else {
    out.ascii("{}");
  }
  json.endString();
  json.endObject().endObject();
}
