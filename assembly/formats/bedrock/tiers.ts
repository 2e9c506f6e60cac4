import { Parameter, Tiers } from "../../chat/parameters";

/** Most bytes of a tool's name. Source: Amazon Bedrock API reference, ToolSpecification. */
export const MAX_NAME_BYTES: i32 = 64;

/** What becomes of each parameter in a Converse request. Some depend on the model, see `Model`. */
export const TIERS: Tiers = new Tiers()
  .mapped([
    Parameter.Temperature,
    Parameter.TopP,
    Parameter.TopK,
    Parameter.MaxTokens,
    Parameter.Stop,
    Parameter.Metadata,
    Parameter.ServiceTier,
    Parameter.JsonSchema,
    Parameter.ReasoningEffort,
    Parameter.ThinkingBudget,
    Parameter.Tools,
    Parameter.ToolChoice,
    Parameter.SystemPrompt,
    Parameter.ImageUrl,
    Parameter.ImageData,
    Parameter.VideoInput,
    Parameter.FileData,
    Parameter.FileUrl,
    Parameter.ThinkingHistory,
    Parameter.ThinkingSignature,
    Parameter.ToolResultImage,
    Parameter.ToolResultError,
    Parameter.CacheControl,
    Parameter.PromptCacheRetention,
  ])
  .refused([
    Parameter.ChoiceCount,
    Parameter.AudioOutput,
    Parameter.AudioInput,
    Parameter.FileId,
    Parameter.CachedContent,
    Parameter.PreviousResponse,
  ]);
