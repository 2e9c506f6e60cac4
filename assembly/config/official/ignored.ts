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

/** Says which of the given fields have no effect: those that are not supported, and those of other types. */
export function noteIgnored(names: string[], type: string, path: string, notes: string[]): void {
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    const reason = reasonFor(name, type);
    if (reason.length > 0) note(notes, path + "." + name + " is ignored: " + reason);
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
