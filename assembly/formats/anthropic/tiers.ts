import { Parameter, Tiers } from "../../chat/parameters";
import { Field, ValueKind } from "../fields";

/** Most bytes of a tool's name. Source: Anthropic API reference, "Create a Message", `tools[].name`. */
export const MAX_NAME_BYTES: i32 = 128;

/** Parameters of Messages whose values stand alone. Source: Anthropic API reference, "Create a Message". */
export const FIELDS: StaticArray<Field> = [
  new Field("max_tokens", Parameter.MaxTokens, ValueKind.Number),
  new Field("temperature", Parameter.Temperature, ValueKind.Number),
  new Field("top_p", Parameter.TopP, ValueKind.Number),
  new Field("top_k", Parameter.TopK, ValueKind.Number),
];

/** Fields that are read and written by code of their own. */
export const OTHERS: StaticArray<string> = [
  "model",
  "messages",
  "system",
  "stream",
  "stop_sequences",
  "metadata",
  "service_tier",
  "tools",
  "tool_choice",
  "thinking",
  "output_config",
  "output_format",
  "cache_control",
];

/** What becomes of each parameter in a Messages request. */
export const TIERS: Tiers = new Tiers()
  .mapped([
    Parameter.Temperature,
    Parameter.TopP,
    Parameter.TopK,
    Parameter.MaxTokens,
    Parameter.Stop,
    Parameter.User,
    Parameter.ServiceTier,
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
    Parameter.CacheControl,
  ])
  .refused([
    Parameter.ChoiceCount,
    Parameter.Logprobs,
    Parameter.Modalities,
    Parameter.AudioOutput,
    Parameter.AudioInput,
    Parameter.VideoInput,
    Parameter.CachedContent,
    Parameter.PreviousResponse,
  ]);
