import { BEYOND_TEXT, Parameter, Tiers } from "../../chat/parameters";

/** What becomes of each parameter in a request to translate: nothing is left for a model to decide. */
export const TIERS: Tiers = new Tiers()
  .mapped([Parameter.SystemPrompt])
  .refused(BEYOND_TEXT)
  .refused([Parameter.JsonObject, Parameter.Tools]);
