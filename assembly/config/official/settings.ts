import { toText, borrow } from "../../bytes/slice";
import { COMMON_NAMES } from "../../formats/edits/dialect";
import { Setting } from "../../formats/edits/edits";
import { Values } from "../values";
import { note } from "./ignored";

/**
 * What vendors call the common parameters in their own APIs, for `protocol: original`, in the order of COMMON_NAMES; ""
 * where a vendor has no such parameter. Vendors that are not listed use OpenAI's names. Source: the official plugin's
 * documentation, "custom-setting", with the places where Google's and Alibaba's APIs have them.
 */
const ORIGINAL_NAMES: string[][] = [
  ["baidu", "max_output_tokens", "temperature", "top_p", "", ""],
  ["spark", "max_tokens", "temperature", "", "top_k", ""],
  [
    "qwen",
    "parameters.max_tokens",
    "parameters.temperature",
    "parameters.top_p",
    "parameters.top_k",
    "parameters.seed",
  ],
  [
    "gemini",
    "generationConfig.maxOutputTokens",
    "generationConfig.temperature",
    "generationConfig.topP",
    "generationConfig.topK",
    "generationConfig.seed",
  ],
  ["hunyuan", "", "Temperature", "TopP", "", "Seed"],
  ["claude", "max_tokens", "temperature", "top_p", "top_k", ""],
  ["minimax", "tokens_to_generate", "temperature", "top_p", "", ""],
];

/**
 * The settings of a provider.
 * @param type the vendor where clients speak its own API, else ""
 * @param notes is told which settings have no effect
 */
export function readSettings(list: Values[], type: string, path: string, notes: string[]): Setting[] {
  const settings: Setting[] = [];
  for (let i = 0; i < list.length; i++) {
    const values = list[i];
    const name = toText(borrow(values.text("name")));
    const isRaw = values.choice("mode") == 1;
    const isCommon = COMMON_NAMES.includes(name);
    const known = isRaw ? name : !isCommon ? "" : type.length == 0 ? name : originalName(type, name);
    if (known.length == 0) {
      note(
        notes,
        path + ".customSettings: " + name + " is ignored: it has no common name, so it needs mode raw",
      );
      continue;
    }
    add(
      settings,
      new Setting(known, values.json("value"), isRaw || type.length > 0, values.flag("overwrite")),
    );
  }
  return settings;
}

function originalName(type: string, name: string): string {
  const at = COMMON_NAMES.indexOf(name);
  for (let i = 0; i < ORIGINAL_NAMES.length; i++) {
    if (ORIGINAL_NAMES[i][0] == type) return ORIGINAL_NAMES[i][at + 1];
  }
  return name;
}

/** Of two settings of one name the later one counts, unless it only fills in what is missing. */
function add(settings: Setting[], setting: Setting): void {
  for (let i = 0; i < settings.length; i++) {
    if (settings[i].name != setting.name) continue;
    if (setting.overwrites) settings[i] = setting;
    return;
  }
  settings.push(setting);
}
