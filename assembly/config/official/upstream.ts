import { Utf8, borrow, toText, utf8 } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { RequestEdits, Setting } from "../../formats/edits/edits";
import { JsonWriter } from "../../json/writer";
import { Pair, Values } from "../values";

/** Models that take a budget for thinking. Source: Gemini API, "Thinking". */
const BUDGET_MODELS: string = "gemini-2.5";

/**
 * What a provider's own fields, and its vendor's row, change in requests in the vendor's own words; null where they
 * change nothing. Sources: the vendors' public API references.
 * @param row what the row says, which is taken over
 */
export function readUpstream(values: Values, type: string, row: RequestEdits | null): RequestEdits | null {
  const edits = row === null ? new RequestEdits() : row;
  if (type == "qwen") addSearch(edits, values);
  else if (type == "gemini" || type == "vertex") addSafety(edits, values);
  else if (type == "bedrock") addMembers(edits, values);
  if (type == "gemini") addBudget(edits, values);
  return edits.isWanted ? edits : null;
}

/** DashScope's own API has its parameters in an object. */
function addSearch(edits: RequestEdits, values: Values): void {
  if (!values.flag("qwenEnableSearch")) return;
  const isCompatible = values.flag("qwenEnableCompatible");
  edits.settings.push(
    new Setting(isCompatible ? "enable_search" : "parameters.enable_search", utf8("true"), true, false),
  );
}

/** A map of categories to thresholds, as the list of objects that Google's API has. */
function addSafety(edits: RequestEdits, values: Values): void {
  const own = values.pairs("geminiSafetySetting");
  const pairs = own.length > 0 ? own : values.pairs("vertexGeminiSafetySetting");
  if (pairs.length == 0) return;
  edits.settings.push(new Setting("safetySettings", safetyList(pairs), true, false));
}

function safetyList(pairs: Pair[]): Utf8 {
  const writer = new Writer();
  const json = new JsonWriter(writer);
  json.array();
  for (let i = 0; i < pairs.length; i++) {
    json.object().key("category").text(borrow(pairs[i].from)).key("threshold").text(borrow(pairs[i].to));
    json.endObject();
  }
  json.endArray();
  const list = utf8(toText(writer.view()));
  writer.dispose();
  return list;
}

/** What the client says of thinking counts. */
function addBudget(edits: RequestEdits, values: Values): void {
  if (!values.has("geminiThinkingBudget")) return;
  const budget = values.integer("geminiThinkingBudget");
  const shows = budget == 0 ? "false" : "true";
  const value = '{"thinkingBudget":' + budget.toString() + ',"includeThoughts":' + shows + "}";
  const setting = new Setting("generationConfig.thinkingConfig", utf8(value), true, false);
  setting.models = BUDGET_MODELS;
  edits.settings.push(setting);
}

/** Each member counts before what the client sent. */
function addMembers(edits: RequestEdits, values: Values): void {
  const members = values.rawMembers("bedrockAdditionalFields");
  for (let i = 0; i < members.length; i++) {
    const name = "additionalModelRequestFields." + toText(borrow(members[i].from));
    edits.settings.push(new Setting(name, members[i].to, true, true));
  }
}
