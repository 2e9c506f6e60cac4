import { BEYOND_TEXT, Parameter, Tiers } from "../../chat/parameters";
import { Field, ValueKind } from "../fields";

/** Most bytes of a function's name, as OpenAI has it: Spark does not say. */
export const MAX_NAME_BYTES: i32 = 64;

/** Source: iFlytek open platform, "Spark HTTP API", request parameters. */
export const FIELDS: StaticArray<Field> = [
  new Field("temperature", Parameter.Temperature, ValueKind.Number),
  new Field("top_p", Parameter.TopP, ValueKind.Number),
  new Field("top_k", Parameter.TopK, ValueKind.Number),
  new Field("max_tokens", Parameter.MaxTokens, ValueKind.Number),
  new Field("presence_penalty", Parameter.PresencePenalty, ValueKind.Number),
  new Field("frequency_penalty", Parameter.FrequencyPenalty, ValueKind.Number),
  new Field("user", Parameter.User, ValueKind.String),
];

/** What becomes of each parameter in a chat request to Spark. */
export const TIERS: Tiers = new Tiers()
  .mapped([
    Parameter.Temperature,
    Parameter.TopP,
    Parameter.TopK,
    Parameter.MaxTokens,
    Parameter.PresencePenalty,
    Parameter.FrequencyPenalty,
    Parameter.User,
    Parameter.JsonObject,
    Parameter.Tools,
    Parameter.ToolChoice,
    Parameter.SystemPrompt,
    Parameter.ParticipantName,
    Parameter.ThinkingHistory,
    Parameter.ToolResultError,
  ])
  .refused(BEYOND_TEXT);
