import { Operation } from "../formats/api";
import { UpstreamFormat } from "../formats/format";
import { formatAt, upstreamOf } from "../formats/table";
import { Task } from "../formats/task";
import { taskFor } from "../formats/tasks";
import { Service } from "./model";

/** Which language a service speaks, whether it is built in or declared in the configuration. Nobody else decides it. */

/** What reads the service's answers and errors; OpenAI's where it is a format that does not chat. */
export function formatOf(service: Service): UpstreamFormat {
  const declared = service.declared;
  return declared !== null ? declared : upstreamOf(service.format);
}

/** What a chat is converted to, or null where the service does not chat. */
export function chatFormatOf(service: Service): UpstreamFormat | null {
  const declared = service.declared;
  if (declared !== null) return declared.hasChat ? declared : null;
  return formatAt(service.format).upstream;
}

/** What turns a call that is no chat, or null where the service has no such call. */
export function taskOf(service: Service, operation: Operation): Task | null {
  const declared = service.declared;
  return declared !== null ? declared.task(operation) : taskFor(operation, formatAt(service.format).name);
}
