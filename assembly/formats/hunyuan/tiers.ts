import { Parameter, Tiers } from "../../chat/parameters";
import { Field, ValueKind } from "../fields";

/** Most bytes of a function's name, as OpenAI has it: Hunyuan does not say. */
export const MAX_NAME_BYTES: i32 = 64;

/** Source: Tencent Cloud, Hunyuan, ChatCompletions, input parameters. */
export const FIELDS: StaticArray<Field> = [
  new Field("Temperature", Parameter.Temperature, ValueKind.Number),
  new Field("TopP", Parameter.TopP, ValueKind.Number),
  new Field("Seed", Parameter.Seed, ValueKind.Number),
];

/** What becomes of each parameter in a ChatCompletions request. There is no limit of tokens. */
export const TIERS: Tiers = new Tiers()
  .mapped([
    Parameter.Temperature,
    Parameter.TopP,
    Parameter.Seed,
    Parameter.Stop,
    Parameter.WebSearch,
    Parameter.ReasoningEffort,
    Parameter.ThinkingBudget,
    Parameter.Tools,
    Parameter.ToolChoice,
    Parameter.SystemPrompt,
    Parameter.ImageUrl,
    Parameter.ImageData,
    Parameter.ToolResultImage,
    Parameter.ToolResultError,
  ])
  .refused([
    Parameter.ChoiceCount,
    Parameter.JsonSchema,
    Parameter.HostedTools,
    Parameter.AudioOutput,
    Parameter.AudioInput,
    Parameter.VideoInput,
    Parameter.FileData,
    Parameter.FileUrl,
    Parameter.FileId,
    Parameter.CachedContent,
    Parameter.PreviousResponse,
  ]);
