import { BEYOND_TEXT, Parameter, Tiers } from "../../chat/parameters";
import { Field, ValueKind } from "../fields";

/** Most bytes of a function's name, as OpenAI has it: MiniMax does not say. */
export const MAX_NAME_BYTES: i32 = 64;

/** Source: MiniMax open platform, "ChatCompletion Pro", request parameters. */
export const FIELDS: StaticArray<Field> = [
  new Field("tokens_to_generate", Parameter.MaxTokens, ValueKind.Number),
  new Field("temperature", Parameter.Temperature, ValueKind.Number),
  new Field("top_p", Parameter.TopP, ValueKind.Number),
];

/** What becomes of each parameter in a ChatCompletion Pro request. */
export const TIERS: Tiers = new Tiers()
  .mapped([
    Parameter.Temperature,
    Parameter.TopP,
    Parameter.MaxTokens,
    Parameter.Tools,
    Parameter.ToolChoice,
    Parameter.SystemPrompt,
    Parameter.ParticipantName,
    Parameter.ToolResultError,
  ])
  .refused(BEYOND_TEXT);
