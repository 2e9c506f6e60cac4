import { Parameter, Tiers } from "../../chat/parameters";
import { Field, ValueKind } from "../fields";

/** Most bytes of a function's name. */
export const MAX_NAME_BYTES: i32 = 64;

/**
 * Parameters that `generationConfig` takes over as they are. Source: Gemini API reference, GenerationConfig.
 */
export const CONFIG_FIELDS: StaticArray<Field> = [
  new Field("temperature", Parameter.Temperature, ValueKind.Number),
  new Field("topP", Parameter.TopP, ValueKind.Number),
  new Field("topK", Parameter.TopK, ValueKind.Number),
  new Field("maxOutputTokens", Parameter.MaxTokens, ValueKind.Number),
  new Field("seed", Parameter.Seed, ValueKind.Number),
  new Field("presencePenalty", Parameter.PresencePenalty, ValueKind.Number),
  new Field("frequencyPenalty", Parameter.FrequencyPenalty, ValueKind.Number),
  new Field("candidateCount", Parameter.ChoiceCount, ValueKind.Number),
  new Field("logprobs", Parameter.TopLogprobs, ValueKind.Number),
];

/** Fields of `generationConfig` that are read by code of their own. */
export const CONFIG_OTHERS: StaticArray<string> = [
  "stopSequences",
  "responseLogprobs",
  "responseMimeType",
  "responseSchema",
  "responseJsonSchema",
  "responseModalities",
  "thinkingConfig",
];

/** Fields of the request. */
export const ROOT_FIELDS: StaticArray<string> = [
  "model",
  "contents",
  "systemInstruction",
  "tools",
  "toolConfig",
  "generationConfig",
  "safetySettings",
  "cachedContent",
  "labels",
];

/** What becomes of each parameter in a generateContent request. */
export const TIERS: Tiers = tiers();

/** Vertex labels requests, for billing. */
export const VERTEX_TIERS: Tiers = tiers().mapped([Parameter.Metadata]);

function tiers(): Tiers {
  return new Tiers()
    .mapped([
      Parameter.Temperature,
      Parameter.TopP,
      Parameter.TopK,
      Parameter.MaxTokens,
      Parameter.Stop,
      Parameter.Seed,
      Parameter.ChoiceCount,
      Parameter.FrequencyPenalty,
      Parameter.PresencePenalty,
      Parameter.Logprobs,
      Parameter.TopLogprobs,
      Parameter.Modalities,
      Parameter.WebSearch,
      Parameter.SafetySettings,
      Parameter.CachedContent,
      Parameter.JsonObject,
      Parameter.JsonSchema,
      Parameter.ReasoningEffort,
      Parameter.ThinkingBudget,
      Parameter.Tools,
      Parameter.HostedTools,
      Parameter.ToolChoice,
      Parameter.SystemPrompt,
      Parameter.ImageUrl,
      Parameter.ImageData,
      Parameter.AudioInput,
      Parameter.VideoInput,
      Parameter.FileData,
      Parameter.FileUrl,
      Parameter.FileId,
      Parameter.ThinkingHistory,
      Parameter.ThinkingSignature,
      Parameter.ToolResultImage,
      Parameter.ToolResultError,
    ])
    .refused([Parameter.AudioOutput, Parameter.PreviousResponse]);
}
