import { Parameter, Tiers } from "../../chat/parameters";
import { Field, ValueKind } from "../fields";

/** Names of functions go into a prompt as they are; this bound is only against nonsense. */
export const MAX_NAME_BYTES: i32 = 256;

/** Members of `options`. Source: Ollama, API reference "Generate a chat message", and Modelfile parameters. */
export const OPTIONS: StaticArray<Field> = [
  new Field("num_predict", Parameter.MaxTokens, ValueKind.Number),
  new Field("temperature", Parameter.Temperature, ValueKind.Number),
  new Field("top_p", Parameter.TopP, ValueKind.Number),
  new Field("top_k", Parameter.TopK, ValueKind.Number),
  new Field("min_p", Parameter.MinP, ValueKind.Number),
  new Field("seed", Parameter.Seed, ValueKind.Number),
  new Field("frequency_penalty", Parameter.FrequencyPenalty, ValueKind.Number),
  new Field("presence_penalty", Parameter.PresencePenalty, ValueKind.Number),
  new Field("repeat_penalty", Parameter.RepetitionPenalty, ValueKind.Number),
];

/** What becomes of each parameter in a chat request to Ollama. */
export const TIERS: Tiers = new Tiers()
  .mapped([
    Parameter.Temperature,
    Parameter.TopP,
    Parameter.TopK,
    Parameter.MinP,
    Parameter.MaxTokens,
    Parameter.Stop,
    Parameter.Seed,
    Parameter.FrequencyPenalty,
    Parameter.PresencePenalty,
    Parameter.RepetitionPenalty,
    Parameter.Logprobs,
    Parameter.TopLogprobs,
    Parameter.JsonObject,
    Parameter.JsonSchema,
    Parameter.ReasoningEffort,
    Parameter.ThinkingBudget,
    Parameter.Tools,
    Parameter.ToolChoice,
    Parameter.SystemPrompt,
    Parameter.ImageData,
    Parameter.ThinkingHistory,
    Parameter.ToolResultImage,
    Parameter.ToolResultError,
  ])
  .refused([
    Parameter.ChoiceCount,
    Parameter.AudioOutput,
    Parameter.ImageUrl,
    Parameter.AudioInput,
    Parameter.VideoInput,
    Parameter.FileData,
    Parameter.FileUrl,
    Parameter.FileId,
    Parameter.CachedContent,
    Parameter.PreviousResponse,
  ]);
