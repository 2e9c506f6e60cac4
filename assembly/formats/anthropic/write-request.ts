import { NONE, Slice, equals, lengthOf, startsWith } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { isBlank } from "../../chat/body";
import { EFFORT_NAMES } from "../../chat/effort";
import { Failure } from "../../chat/failure";
import { Parameter } from "../../chat/parameters";
import {
  AnswerShape,
  ChatRequest,
  Effort,
  Flag,
  PartKind,
  Role,
  Thinking,
  Tool,
  ToolChoice,
} from "../../chat/request";
import { upstreamName } from "../../chat/tool-names";
import { ABSENT, Document } from "../../json/document";
import { JsonWriter } from "../../json/writer";
import { RenderOptions } from "../format";
import { invalid } from "../invalid";
import { turnsOf } from "../turns";
import { writeSampling } from "./sampling";
import { writeSchema } from "./schema";
import { ThinkingPlan, planThinking } from "./thinking";
import { MAX_NAME_BYTES } from "./tiers";
import { writeTurns } from "./write-messages";
import { writeText } from "./write-text";

/** What asks for JSON of any shape, for which Anthropic has no parameter. */
const JSON_INSTRUCTION: string =
  "Answer with one valid JSON object and nothing else: no text around it and no code fence.";

/** Tools that run at Anthropic, by the beginnings of their types; the dates behind them change. */
const HOSTED: StaticArray<string> = [
  "web_search_",
  "web_fetch_",
  "code_execution_",
  "computer_",
  "bash_",
  "text_editor_",
  "memory_",
  "tool_search_tool_",
];

const parsed: Document = new Document();

/** Writes a Messages request. */
export function writeRequest(request: ChatRequest, options: RenderOptions, out: Writer): Failure | null {
  const json = new JsonWriter(out);
  const turns = turnsOf(request);
  const plan = planThinking(request, options, turns);
  json.object();
  json.key("model").body(options.model);
  json.key("max_tokens").number(plan.maxTokens);
  writeSystem(request, json);
  const failure = writeTurns(request, options, turns, json);
  if (failure) return failure;
  if (request.stream) json.key("stream").bool(true);
  writeSampling(request, options, plan, json);
  writeSettings(request, json);
  writeTools(request, plan, json);
  writeThinking(plan, json);
  if (!writeOutputConfig(request, plan, json))
    return invalid("the schema of response_format must be an object");
  json.endObject();
  return null;
}

/** All system messages, wherever they stood, as blocks. Anthropic refuses empty ones. */
function writeSystem(request: ChatRequest, json: JsonWriter): void {
  let written = 0;
  for (let i = 0; i < request.messages.length; i++) {
    const message = unchecked(request.messages[i]);
    if (message.role != Role.System) continue;
    for (let j = 0; j < message.parts.length; j++) {
      const part = unchecked(message.parts[j]);
      if (part.kind != PartKind.Text || isBlank(part.text)) continue;
      if (written++ == 0) json.key("system").array();
      writeText(part.text, part.cacheControl, json);
    }
  }
  if (request.shape == AnswerShape.JsonObject) {
    if (written++ == 0) json.key("system").array();
    json.object().key("type").string("text").key("text").string(JSON_INSTRUCTION).endObject();
  }
  if (written > 0) json.endArray();
}

function writeSettings(request: ChatRequest, json: JsonWriter): void {
  const user = request.value(Parameter.User);
  if (user != NONE) json.key("metadata").object().key("user_id").raw(user).endObject();
  const tier = request.value(Parameter.ServiceTier);
  if (equals(tier, '"auto"')) json.key("service_tier").string("auto");
  else if (equals(tier, '"default"')) json.key("service_tier").string("standard_only");
  else if (tier != NONE) request.adjust(Parameter.ServiceTier);
  writeStop(request, json);
}

/** Anthropic refuses sequences of nothing but white space. */
function writeStop(request: ChatRequest, json: JsonWriter): void {
  let written = 0;
  for (let i = 0; i < request.stop.length; i++) {
    const sequence = unchecked(request.stop[i]);
    if (isBlank(sequence)) {
      request.adjust(Parameter.Stop);
      continue;
    }
    if (written++ == 0) json.key("stop_sequences").array();
    json.body(sequence);
  }
  if (written > 0) json.endArray();
}

function writeTools(request: ChatRequest, plan: ThinkingPlan, json: JsonWriter): void {
  let written = 0;
  for (let i = 0; i < request.tools.length; i++) {
    const tool = unchecked(request.tools[i]);
    if (tool.hosted != NONE && !isAnthropics(tool.hosted)) {
      request.adjust(Parameter.HostedTools);
      continue;
    }
    if (written++ == 0) json.key("tools").array();
    if (tool.hosted != NONE) json.raw(tool.hosted);
    else writeTool(tool, json);
  }
  // Without tools there is nothing to choose from.
  if (written == 0) return;
  json.endArray();
  writeChoice(request, plan, json);
}

function isAnthropics(tool: Slice): bool {
  if (!parsed.parse(tool)) return false;
  const type = parsed.body(parsed.find(parsed.root, "type"));
  for (let i = 0; i < HOSTED.length; i++) {
    if (startsWith(type, unchecked(HOSTED[i]))) return true;
  }
  return false;
}

function writeTool(tool: Tool, json: JsonWriter): void {
  json.object().key("name").body(upstreamName(tool.name, MAX_NAME_BYTES));
  if (lengthOf(tool.description) > 0) json.key("description").body(tool.description);
  json.key("input_schema");
  writeInputSchema(tool.schema, json);
  if (equals(tool.strict, "true")) json.key("strict").bool(true);
  if (tool.cacheControl != NONE) json.key("cache_control").raw(tool.cacheControl);
  json.endObject();
}

/** The schema of a tool's arguments must say that they are an object; all else stays as the client wrote it. */
function writeInputSchema(schema: Slice, json: JsonWriter): void {
  if (schema == NONE || !parsed.parse(schema)) {
    json.constant('{"type":"object","properties":{}}');
    return;
  }
  const root = parsed.root;
  if (parsed.find(root, "type") != ABSENT) {
    json.raw(schema);
    return;
  }
  json.object().key("type").string("object");
  for (let key = parsed.firstMember(root); key != ABSENT; key = parsed.nextMember(key)) {
    json.keyBody(parsed.body(key)).raw(parsed.raw(parsed.valueOf(key)));
  }
  if (parsed.find(root, "properties") == ABSENT) json.key("properties").constant("{}");
  json.endObject();
}

/** A model that thinks cannot be forced to call a tool. */
function writeChoice(request: ChatRequest, plan: ThinkingPlan, json: JsonWriter): void {
  let choice = request.toolChoice;
  const isSerial = request.parallelToolCalls == Flag.False;
  if (plan.isOn && (choice == ToolChoice.Required || choice == ToolChoice.Named)) {
    choice = ToolChoice.Auto;
    request.adjust(Parameter.ToolChoice);
  }
  if (choice == ToolChoice.Absent) {
    if (!isSerial) return;
    choice = ToolChoice.Auto;
  }
  json.key("tool_choice").object().key("type").string(choiceName(choice));
  if (choice == ToolChoice.Named) json.key("name").body(upstreamName(request.toolName, MAX_NAME_BYTES));
  if (isSerial && choice != ToolChoice.None) json.key("disable_parallel_tool_use").bool(true);
  json.endObject();
}

function choiceName(choice: ToolChoice): string {
  switch (choice) {
    case ToolChoice.Required:
      return "any";
    case ToolChoice.None:
      return "none";
    case ToolChoice.Named:
      return "tool";
  }
  return "auto";
}

function writeThinking(plan: ThinkingPlan, json: JsonWriter): void {
  switch (plan.mode) {
    case Thinking.Disabled:
      json.key("thinking").constant('{"type":"disabled"}');
      break;
    case Thinking.Adaptive:
      json.key("thinking").constant('{"type":"adaptive"}');
      break;
    case Thinking.Enabled:
      json.key("thinking").object().key("type").string("enabled");
      json.key("budget_tokens").number(plan.budget).endObject();
      break;
  }
}

/** False where the schema is none. */
function writeOutputConfig(request: ChatRequest, plan: ThinkingPlan, json: JsonWriter): bool {
  const hasSchema = request.shape == AnswerShape.JsonSchema;
  if (!hasSchema && plan.effort == Effort.Absent) return true;
  json.key("output_config").object();
  if (plan.effort != Effort.Absent) json.key("effort").string(unchecked(EFFORT_NAMES[plan.effort]));
  if (hasSchema) {
    json.key("format").object().key("type").string("json_schema").key("schema");
    if (!writeSchema(request.schema, json)) return false;
    json.endObject();
  }
  json.endObject();
  return true;
}
