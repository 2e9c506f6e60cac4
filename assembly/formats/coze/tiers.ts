import { Parameter, Tiers } from "../../chat/parameters";

/**
 * What becomes of each parameter in a message to a bot. Model, prompt, tools and sampling are the bot's own; what would
 * change the shape of the answer is refused.
 */
export const TIERS: Tiers = new Tiers()
  .mapped([
    Parameter.User,
    Parameter.SystemPrompt,
    Parameter.ImageUrl,
    Parameter.AudioInput,
    Parameter.FileUrl,
    Parameter.FileId,
  ])
  .refused([
    Parameter.ChoiceCount,
    Parameter.JsonSchema,
    Parameter.Tools,
    Parameter.HostedTools,
    Parameter.AudioOutput,
    Parameter.ImageData,
    Parameter.VideoInput,
    Parameter.FileData,
    Parameter.ToolResultImage,
    Parameter.CachedContent,
    Parameter.PreviousResponse,
  ]);
