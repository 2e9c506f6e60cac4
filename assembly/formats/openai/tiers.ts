import { Parameter, Tiers } from "../../chat/parameters";
import { Field, ValueKind } from "../fields";

/** Most bytes of a function's name. Source: OpenAI API reference, `tools[].function.name`. */
export const MAX_NAME_BYTES: i32 = 64;

/**
 * Parameters of Chat Completions whose values stand alone. Sources: OpenAI API reference, "Create chat completion";
 * top_k, min_p and repetition_penalty: the extra sampling parameters of vLLM and SGLang.
 */
export const FIELDS: StaticArray<Field> = [
  new Field("temperature", Parameter.Temperature, ValueKind.Number),
  new Field("top_p", Parameter.TopP, ValueKind.Number),
  new Field("top_k", Parameter.TopK, ValueKind.Number),
  new Field("min_p", Parameter.MinP, ValueKind.Number),
  new Field("seed", Parameter.Seed, ValueKind.Number),
  new Field("frequency_penalty", Parameter.FrequencyPenalty, ValueKind.Number),
  new Field("presence_penalty", Parameter.PresencePenalty, ValueKind.Number),
  new Field("repetition_penalty", Parameter.RepetitionPenalty, ValueKind.Number),
  new Field("logit_bias", Parameter.LogitBias, ValueKind.Object),
  new Field("top_logprobs", Parameter.TopLogprobs, ValueKind.Number),
  new Field("service_tier", Parameter.ServiceTier, ValueKind.String),
  new Field("verbosity", Parameter.Verbosity, ValueKind.String),
  new Field("prediction", Parameter.Prediction, ValueKind.Object),
  new Field("web_search_options", Parameter.WebSearch, ValueKind.Object),
  new Field("prompt_cache_key", Parameter.PromptCacheKey, ValueKind.String),
  new Field("prompt_cache_retention", Parameter.PromptCacheRetention, ValueKind.String),
  new Field("safety_identifier", Parameter.SafetyIdentifier, ValueKind.String),
];

/** Fields that are read and written by code of their own. */
export const OTHERS: StaticArray<string> = [
  "model",
  "messages",
  "stream",
  "stream_options",
  "max_tokens",
  "max_completion_tokens",
  "n",
  "stop",
  "logprobs",
  "user",
  "metadata",
  "store",
  "modalities",
  "audio",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "functions",
  "function_call",
  "response_format",
  "reasoning_effort",
  "reasoning",
  "thinking",
];

/** What becomes of each parameter in a Chat Completions request. */
export const TIERS: Tiers = new Tiers()
  .mapped([
    Parameter.Temperature,
    Parameter.TopP,
    Parameter.TopK,
    Parameter.MinP,
    Parameter.MaxTokens,
    Parameter.Stop,
    Parameter.Seed,
    Parameter.ChoiceCount,
    Parameter.FrequencyPenalty,
    Parameter.PresencePenalty,
    Parameter.RepetitionPenalty,
    Parameter.LogitBias,
    Parameter.Logprobs,
    Parameter.TopLogprobs,
    Parameter.User,
    Parameter.Metadata,
    Parameter.ServiceTier,
    Parameter.Store,
    Parameter.Verbosity,
    Parameter.Prediction,
    Parameter.Modalities,
    Parameter.WebSearch,
    Parameter.PromptCacheKey,
    Parameter.PromptCacheRetention,
    Parameter.SafetyIdentifier,
    Parameter.JsonObject,
    Parameter.JsonSchema,
    Parameter.ReasoningEffort,
    Parameter.ThinkingBudget,
    Parameter.Tools,
    Parameter.ToolChoice,
    Parameter.ParallelToolCalls,
    Parameter.ToolStrict,
    Parameter.SystemPrompt,
    Parameter.ParticipantName,
    Parameter.ImageUrl,
    Parameter.ImageData,
    Parameter.AudioInput,
    Parameter.VideoInput,
    Parameter.FileData,
    Parameter.FileId,
    Parameter.ThinkingHistory,
    Parameter.ToolResultImage,
    Parameter.ToolResultError,
  ])
  .refused([Parameter.AudioOutput, Parameter.FileUrl, Parameter.CachedContent, Parameter.PreviousResponse]);
