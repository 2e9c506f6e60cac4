import { NONE } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { isBlank } from "../../chat/body";
import { Failure } from "../../chat/failure";
import { ChatRequest, Part, PartKind, Role } from "../../chat/request";
import { JsonWriter } from "../../json/writer";
import { RenderOptions } from "../format";
import { invalid } from "../invalid";
import { PARAGRAPH } from "../parts";
import { firstNew } from "../transcript";

/** Members of the request that are settings of the service. */
const LANGUAGES: StaticArray<string> = ["target_lang", "targetLanguage", "source_lang", "sourceLanguage"];

/**
 * Writes a request to translate: what the user said last. The system prompt and what was said before are the context,
 * which helps to choose words and is not translated itself. Source: DeepL API, "Translate text".
 */
export function writeRequest(request: ChatRequest, options: RenderOptions, out: Writer): Failure | null {
  const json = new JsonWriter(out);
  const first = firstNew(request);
  json.object().key("text").array();
  let written = 0;
  for (let i = first; i < request.messages.length; i++) {
    const message = unchecked(request.messages[i]);
    if (message.role == Role.System) continue;
    for (let j = 0; j < message.parts.length; j++) {
      const part = unchecked(message.parts[j]);
      if (!isText(part)) continue;
      json.body(part.text);
      written++;
    }
  }
  if (written == 0) return invalid("the last message has no text that could be translated");
  json.endArray();
  for (let i = 0; i + 1 < LANGUAGES.length; i += 2) {
    const language = options.settings.text(unchecked(LANGUAGES[i + 1]));
    if (language != NONE) json.key(unchecked(LANGUAGES[i])).text(language);
  }
  writeContext(request, first, json);
  json.endObject();
  return null;
}

function writeContext(request: ChatRequest, first: i32, json: JsonWriter): void {
  let out: Writer | null = null;
  for (let i = 0; i < request.messages.length; i++) {
    const message = unchecked(request.messages[i]);
    if (i >= first && message.role != Role.System) continue;
    for (let j = 0; j < message.parts.length; j++) {
      const part = unchecked(message.parts[j]);
      if (!isText(part)) continue;
      if (out === null) out = json.key("context").beginString();
      else out.ascii(PARAGRAPH);
      out.bytes(part.text);
    }
  }
  if (out !== null) json.endString();
}

function isText(part: Part): bool {
  return part.kind == PartKind.Text && !isBlank(part.text);
}
