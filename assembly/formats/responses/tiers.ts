import { Parameter, Tiers } from "../../chat/parameters";
import { Field, ValueKind } from "../fields";

/** Most bytes of a function's name. */
export const MAX_NAME_BYTES: i32 = 64;

/** Fewest tokens that `max_output_tokens` may say. */
export const MIN_OUTPUT_TOKENS: i64 = 16;

/**
 * Parameters whose value goes over as it is written. Source: OpenAI API reference, "Create a model response".
 */
export const FIELDS: StaticArray<Field> = [
  new Field("temperature", Parameter.Temperature, ValueKind.Number),
  new Field("top_p", Parameter.TopP, ValueKind.Number),
  new Field("top_logprobs", Parameter.TopLogprobs, ValueKind.Number),
  new Field("service_tier", Parameter.ServiceTier, ValueKind.String),
  new Field("prompt_cache_key", Parameter.PromptCacheKey, ValueKind.String),
  new Field("prompt_cache_retention", Parameter.PromptCacheRetention, ValueKind.String),
  new Field("safety_identifier", Parameter.SafetyIdentifier, ValueKind.String),
];

/** Fields that are read by code of their own. */
export const OTHERS: StaticArray<string> = [
  "model",
  "input",
  "instructions",
  "stream",
  "stream_options",
  "max_output_tokens",
  "metadata",
  "user",
  "store",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "text",
  "reasoning",
  "include",
  "truncation",
  "background",
  "conversation",
  "previous_response_id",
  "prompt",
];

/** What becomes of each parameter in a Responses request. */
export const TIERS: Tiers = new Tiers()
  .mapped([
    Parameter.Temperature,
    Parameter.TopP,
    Parameter.MaxTokens,
    Parameter.Logprobs,
    Parameter.TopLogprobs,
    Parameter.User,
    Parameter.Metadata,
    Parameter.ServiceTier,
    Parameter.Store,
    Parameter.Verbosity,
    Parameter.WebSearch,
    Parameter.PromptCacheKey,
    Parameter.PromptCacheRetention,
    Parameter.SafetyIdentifier,
    Parameter.JsonObject,
    Parameter.JsonSchema,
    Parameter.ReasoningEffort,
    Parameter.ThinkingBudget,
    Parameter.Tools,
    Parameter.HostedTools,
    Parameter.ToolChoice,
    Parameter.ParallelToolCalls,
    Parameter.ToolStrict,
    Parameter.SystemPrompt,
    Parameter.ImageUrl,
    Parameter.ImageData,
    Parameter.FileData,
    Parameter.FileUrl,
    Parameter.FileId,
    Parameter.ThinkingHistory,
    Parameter.ThinkingSignature,
    Parameter.ToolResultImage,
    Parameter.ToolResultError,
  ])
  .refused([
    Parameter.ChoiceCount,
    Parameter.Modalities,
    Parameter.AudioOutput,
    Parameter.AudioInput,
    Parameter.VideoInput,
    Parameter.CachedContent,
    Parameter.PreviousResponse,
  ]);
