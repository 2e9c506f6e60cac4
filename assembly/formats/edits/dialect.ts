/** How the languages of clients differ where a request is edited. Sources: the API references of the four. */

/** One language of clients. */
export class Dialect {
  constructor(
    /** Name of the format, as `ClientFormat.sameAs`. */
    readonly name: string,
    /** Root member with the messages. */
    readonly list: string,
    /** Member of a message with its text or parts. */
    readonly content: string,
    /** Role of what the model said. */
    readonly model: string,
    /** Root member with the system text; empty: it is a message among the others. */
    readonly system: string,
    /** `type` of a part that is text of the user, and of the model; empty: parts have no type. */
    readonly userPart: string,
    readonly modelPart: string,
    /** Where the parameters of COMMON_NAMES are, in their order; empty: the language has no such parameter. */
    readonly parameters: StaticArray<string>,
  ) {}
}

/** Names of parameters that a setting may have without being raw. */
export const COMMON_NAMES: StaticArray<string> = ["max_tokens", "temperature", "top_p", "top_k", "seed"];

const OPENAI: Dialect = new Dialect("openai", "messages", "content", "assistant", "", "text", "text", [
  "max_tokens",
  "temperature",
  "top_p",
  "top_k",
  "seed",
]);

const DIALECTS: Dialect[] = [
  OPENAI,
  new Dialect("anthropic", "messages", "content", "assistant", "system", "text", "text", [
    "max_tokens",
    "temperature",
    "top_p",
    "top_k",
    "",
  ]),
  new Dialect("gemini", "contents", "parts", "model", "systemInstruction", "", "", [
    "generationConfig.maxOutputTokens",
    "generationConfig.temperature",
    "generationConfig.topP",
    "generationConfig.topK",
    "generationConfig.seed",
  ]),
  new Dialect("responses", "input", "content", "assistant", "instructions", "input_text", "output_text", [
    "max_output_tokens",
    "temperature",
    "top_p",
    "",
    "",
  ]),
];

/** The dialect of a client format; OpenAI's where there is no other. */
export function dialectOf(name: string): Dialect {
  for (let i = 0; i < DIALECTS.length; i++) {
    if (unchecked(DIALECTS[i]).name == name) return unchecked(DIALECTS[i]);
  }
  return OPENAI;
}
