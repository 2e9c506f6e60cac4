import { Parameter, Tiers } from "../../chat/parameters";
import { Field, ValueKind } from "../fields";

/** Most bytes of a function's name. Source: Alibaba Cloud Model Studio, DashScope API reference, `tools`. */
export const MAX_NAME_BYTES: i32 = 64;

/** Members of `parameters` whose values stand alone. Source: Model Studio, "Qwen API reference", DashScope. */
export const FIELDS: StaticArray<Field> = [
  new Field("temperature", Parameter.Temperature, ValueKind.Number),
  new Field("top_p", Parameter.TopP, ValueKind.Number),
  new Field("top_k", Parameter.TopK, ValueKind.Number),
  new Field("repetition_penalty", Parameter.RepetitionPenalty, ValueKind.Number),
  new Field("presence_penalty", Parameter.PresencePenalty, ValueKind.Number),
  new Field("max_tokens", Parameter.MaxTokens, ValueKind.Number),
  new Field("seed", Parameter.Seed, ValueKind.Number),
  new Field("n", Parameter.ChoiceCount, ValueKind.Number),
  new Field("top_logprobs", Parameter.TopLogprobs, ValueKind.Number),
];

/** What becomes of each parameter in a request to DashScope. */
export const TIERS: Tiers = new Tiers()
  .mapped([
    Parameter.Temperature,
    Parameter.TopP,
    Parameter.TopK,
    Parameter.RepetitionPenalty,
    Parameter.PresencePenalty,
    Parameter.MaxTokens,
    Parameter.Stop,
    Parameter.Seed,
    Parameter.ChoiceCount,
    Parameter.Logprobs,
    Parameter.TopLogprobs,
    Parameter.WebSearch,
    Parameter.JsonObject,
    Parameter.JsonSchema,
    Parameter.ReasoningEffort,
    Parameter.ThinkingBudget,
    Parameter.Tools,
    Parameter.ToolChoice,
    Parameter.ParallelToolCalls,
    Parameter.SystemPrompt,
    Parameter.ImageUrl,
    Parameter.ImageData,
    Parameter.AudioInput,
    Parameter.VideoInput,
    Parameter.ToolResultImage,
    Parameter.ToolResultError,
  ])
  .refused([
    Parameter.AudioOutput,
    Parameter.FileData,
    Parameter.FileUrl,
    Parameter.FileId,
    Parameter.CachedContent,
    Parameter.PreviousResponse,
  ]);
