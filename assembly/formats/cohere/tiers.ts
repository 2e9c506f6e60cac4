import { Parameter, Tiers } from "../../chat/parameters";

/** Most bytes of a function's name. */
export const MAX_NAME_BYTES: i32 = 64;

/** A number of the request, and what Cohere takes. */
export class BoundedField {
  constructor(
    readonly name: string,
    readonly parameter: Parameter,
    readonly least: f64,
    readonly most: f64,
    /** `least` and `most` as they are written in place of a value beyond them. */
    readonly leastText: string,
    readonly mostText: string,
  ) {}
}

/** Source: Cohere API reference, "Chat (v2)". */
export const FIELDS: StaticArray<BoundedField> = [
  new BoundedField("max_tokens", Parameter.MaxTokens, 0, Infinity, "0", ""),
  new BoundedField("temperature", Parameter.Temperature, 0, Infinity, "0", ""),
  new BoundedField("p", Parameter.TopP, 0.01, 0.99, "0.01", "0.99"),
  new BoundedField("k", Parameter.TopK, 0, 500, "0", "500"),
  new BoundedField("seed", Parameter.Seed, 0, Infinity, "0", ""),
  new BoundedField("frequency_penalty", Parameter.FrequencyPenalty, 0, 1, "0", "1"),
  new BoundedField("presence_penalty", Parameter.PresencePenalty, 0, 1, "0", "1"),
];

/** What becomes of each parameter in a chat request to Cohere. */
export const TIERS: Tiers = new Tiers()
  .mapped([
    Parameter.Temperature,
    Parameter.TopP,
    Parameter.TopK,
    Parameter.MaxTokens,
    Parameter.Stop,
    Parameter.Seed,
    Parameter.FrequencyPenalty,
    Parameter.PresencePenalty,
    Parameter.Logprobs,
    Parameter.JsonObject,
    Parameter.JsonSchema,
    Parameter.ReasoningEffort,
    Parameter.ThinkingBudget,
    Parameter.Tools,
    Parameter.ToolChoice,
    Parameter.ToolStrict,
    Parameter.SystemPrompt,
    Parameter.ImageUrl,
    Parameter.ImageData,
    Parameter.ThinkingHistory,
    Parameter.ToolResultImage,
    Parameter.ToolResultError,
  ])
  .refused([
    Parameter.ChoiceCount,
    Parameter.AudioOutput,
    Parameter.AudioInput,
    Parameter.VideoInput,
    Parameter.FileData,
    Parameter.FileUrl,
    Parameter.FileId,
    Parameter.CachedContent,
    Parameter.PreviousResponse,
  ]);
