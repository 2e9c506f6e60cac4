import { Settings } from "../settings";

/** Kinds of applications, by the setting `botType`. */

/** Whether the application takes messages of a conversation; the others take variables and answer once. */
export function isConversation(settings: Settings): bool {
  return !settings.is("botType", "completion") && !isWorkflow(settings);
}

/** Whether the application is a workflow, whose answer is among the outputs of a run. */
export function isWorkflow(settings: Settings): bool {
  return settings.is("botType", "workflow");
}

/** The path of the call that each has. Source: Dify, API access, of each kind of application. */
export function pathOf(settings: Settings): string {
  if (isConversation(settings)) return "/chat-messages";
  return isWorkflow(settings) ? "/workflows/run" : "/completion-messages";
}
