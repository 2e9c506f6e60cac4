import { PARAMETERS, PARAMETER_NAMES, Parameter } from "../chat/parameters";
import { Vendor } from "./vendor";

/** How a service's own words differ from those of its format. */
export class Quirks {
  /** Parameters of chat that it answers with an error: a conversion leaves them out, and says so. */
  refused: Parameter[] = [];
  /** See `RenderOptions`. */
  maxCompletionTokens: bool = false;
  /** See `RenderOptions`. */
  asksForUsage: bool = true;
  /** See `RenderOptions`. */
  writesNoneEffort: bool = false;
  /** Streams have their usage in `choices[0]`: OpenAI's clients get it at the root. */
  usageInChoice: bool = false;
}

/** Those of a service that has none. */
export const NO_QUIRKS: Quirks = new Quirks();

/** Those that a vendor's row says. */
export function quirksOf(vendor: Vendor): Quirks {
  const quirks = new Quirks();
  for (let i = 0; i < PARAMETERS; i++) {
    if (vendor.refuses.includes(PARAMETER_NAMES[i])) quirks.refused.push(i as Parameter);
  }
  quirks.maxCompletionTokens = vendor.hasCompletionLimit;
  quirks.asksForUsage = !vendor.hasUsageAnyway;
  quirks.writesNoneEffort = vendor.hasNoneEffort;
  quirks.usageInChoice = vendor.hasUsageInChoice;
  return quirks;
}
