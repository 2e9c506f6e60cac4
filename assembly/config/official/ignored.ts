import { FieldKind } from "../field";
import { fieldsOf } from "../fields";
import { didYouMean } from "../suggest";
import { Values } from "../values";
import { PROVIDER, TOLERANT_TYPES } from "./fields";

/** Fields that have no effect here, and why. */
const IGNORED: string[][] = [
  ["openaiExtraCustomUrls", "it is for Higress's console"],
  ["openaiCustomServiceName", "it is for Higress's console"],
  ["openaiCustomServicePort", "it is for Higress's console"],
  ["authHeaderKey", "the official plugin never read it"],
];

/** Beginnings of the names of fields that belong to one type, or to a few. */
const OWNERS: string[][] = [
  ["openai", "openai"],
  ["responseJsonSchema", "openai", "longcat"],
  ["azure", "azure"],
  ["moonshot", "moonshot"],
  ["qwen", "qwen"],
  ["doubao", "doubao"],
  ["zhipu", "zhipuai"],
  ["ollama", "ollama"],
  ["claude", "claude"],
  ["hunyuan", "hunyuan"],
  ["minimax", "minimax"],
  ["cloudflare", "cloudflare"],
  ["apiVersion", "gemini", "claude"],
  ["version", "claude"],
  ["geminiSafetySetting", "gemini", "vertex"],
  ["geminiThinkingBudget", "gemini"],
  ["vertex", "vertex"],
  ["aws", "bedrock"],
  ["bedrock", "bedrock"],
  ["promptCacheRetention", "bedrock"],
  ["targetLang", "deepl"],
  ["dify", "dify"],
  ["botType", "dify"],
  ["inputVariable", "dify"],
  ["outputVariable", "dify"],
  ["triton", "triton"],
  ["vllm", "vllm"],
  ["genericHost", "generic"],
];

/** Says which of a provider's fields have no effect: those that nobody knows, that are not supported, or of other types. */
export function noteIgnored(values: Values, type: string, path: string, notes: string[]): void {
  noteUnknown(values, PROVIDER, path, notes);
  const names = values.given();
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    const reason = reasonFor(name, type);
    if (reason.length > 0) note(notes, path + "." + name + " is ignored: " + reason);
  }
}

/** The same for what is no field at all, in the object and in those within it. @param type that of the object */
function noteUnknown(values: Values, type: string, path: string, notes: string[]): void {
  const unknown = values.unknown(path);
  for (let i = 0; i + 1 < unknown.length; i += 2)
    note(notes, unknown[i] + " is ignored: unknown field" + didYouMean(unknown[i + 1], values.names()));
  const fields = fieldsOf(type);
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i];
    if (!TOLERANT_TYPES.includes(field.target)) continue;
    const place = path + "." + field.name;
    if (field.kind == FieldKind.Object) {
      noteUnknown(values.object(field.name), field.target, place, notes);
      continue;
    }
    const objects = values.objects(field.name);
    for (let j = 0; j < objects.length; j++)
      noteUnknown(objects[j], field.target, place + "[" + j.toString() + "]", notes);
  }
}

/** Adds a note once. */
export function note(notes: string[], text: string): void {
  if (!notes.includes(text)) notes.push(text);
}

function reasonFor(name: string, type: string): string {
  for (let i = 0; i < IGNORED.length; i++) if (IGNORED[i][0] == name) return IGNORED[i][1];
  for (let i = 0; i < OWNERS.length; i++) {
    const owners = OWNERS[i];
    if (!name.startsWith(owners[0])) continue;
    if (owners.indexOf(type, 1) < 0) return "it is for type " + owners.slice(1).join(" and ");
  }
  return "";
}
