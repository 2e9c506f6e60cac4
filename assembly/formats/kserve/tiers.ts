import { BEYOND_TEXT, Parameter, Tiers } from "../../chat/parameters";
import { Field, ValueKind } from "../fields";

/**
 * Members of `parameters`: what the model has an input for goes there, the rest are parameters of the request. Names
 * are those of vLLM's and TensorRT-LLM's backends.
 */
export const FIELDS: StaticArray<Field> = [
  new Field("temperature", Parameter.Temperature, ValueKind.Number),
  new Field("top_p", Parameter.TopP, ValueKind.Number),
  new Field("top_k", Parameter.TopK, ValueKind.Number),
  new Field("min_p", Parameter.MinP, ValueKind.Number),
  new Field("max_tokens", Parameter.MaxTokens, ValueKind.Number),
  new Field("seed", Parameter.Seed, ValueKind.Number),
  new Field("frequency_penalty", Parameter.FrequencyPenalty, ValueKind.Number),
  new Field("presence_penalty", Parameter.PresencePenalty, ValueKind.Number),
  new Field("repetition_penalty", Parameter.RepetitionPenalty, ValueKind.Number),
];

/** What becomes of each parameter in a generate request. Values can only be numbers, texts and flags, not lists. */
export const TIERS: Tiers = new Tiers()
  .mapped([
    Parameter.Temperature,
    Parameter.TopP,
    Parameter.TopK,
    Parameter.MinP,
    Parameter.MaxTokens,
    Parameter.Seed,
    Parameter.FrequencyPenalty,
    Parameter.PresencePenalty,
    Parameter.RepetitionPenalty,
    Parameter.SystemPrompt,
  ])
  .refused(BEYOND_TEXT)
  .refused([Parameter.Stop, Parameter.Tools]);
