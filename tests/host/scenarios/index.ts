/** All scenarios. */
import { ANSWER_SCENARIOS } from "./answers.ts";
import { REPLY_SCENARIOS } from "./replies.ts";
import { REQUEST_SCENARIOS } from "./requests.ts";
import type { Scenario } from "./scenario.ts";
import { SERVICE_SCENARIOS } from "./services.ts";

export const SCENARIOS: Readonly<Record<string, readonly Scenario[]>> = {
  request: REQUEST_SCENARIOS,
  answer: ANSWER_SCENARIOS,
  reply: REPLY_SCENARIOS,
  services: SERVICE_SCENARIOS,
};
