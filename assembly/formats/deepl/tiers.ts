import { Parameter, Tiers } from "../../chat/parameters";

/** What becomes of each parameter in a request to translate: nothing is left for a model to decide. */
export const TIERS: Tiers = new Tiers()
  .mapped([Parameter.SystemPrompt])
  .refused([
    Parameter.ChoiceCount,
    Parameter.JsonObject,
    Parameter.JsonSchema,
    Parameter.Tools,
    Parameter.HostedTools,
    Parameter.AudioOutput,
    Parameter.ImageUrl,
    Parameter.ImageData,
    Parameter.AudioInput,
    Parameter.VideoInput,
    Parameter.FileData,
    Parameter.FileUrl,
    Parameter.FileId,
    Parameter.ToolResultImage,
    Parameter.CachedContent,
    Parameter.PreviousResponse,
  ]);
