import { Slice, borrow } from "../../bytes/slice";
import { ChatEvents, Finish } from "../../chat/events";
import { JsonWriter } from "../../json/writer";
import { AnswerOptions } from "../format";
import { writeRemembered } from "./echo";
import { writeResponseError } from "./failure";
import { writeList, writeResponseId } from "./items";
import { writeUsage } from "./usage";

/** States of a response. */
export enum Status {
  InProgress,
  /** The model is through: completed, or cut off by a limit or a filter, as its finish says. */
  Done,
  Failed,
}

/**
 * Writes a whole response object.
 * @param output the items, with commas between them
 */
export function writeResponse(
  events: ChatEvents,
  options: AnswerOptions,
  status: Status,
  output: Slice,
  json: JsonWriter,
): void {
  const finish = events.finishOf(0);
  const created = events.created > 0 ? events.created : options.created;
  json.object().key("id");
  writeResponseId(events, options, json);
  json.key("object").string("response").key("created_at").number(created);
  json.key("status").string(statusName(status, finish));
  json.key("error");
  const failure = events.failure;
  if (failure !== null) writeResponseError(failure, json);
  else json.null();
  json.key("incomplete_details");
  if (status == Status.Done && isIncomplete(finish)) {
    json
      .object()
      .key("reason")
      .string(finish == Finish.Length ? "max_output_tokens" : "content_filter")
      .endObject();
  } else {
    json.null();
  }
  writeRemembered(options.remembered, json.constant("").out);
  json.key("model").body(borrow(events.model.byteLength > 0 ? events.model : options.model));
  writeList("output", output, json);
  if (events.serviceTier.byteLength > 0) json.key("service_tier").body(borrow(events.serviceTier));
  json.key("usage");
  if (status == Status.InProgress) json.null();
  else writeUsage(events.usage, json);
  json.endObject();
}

/** Whether the model did not come to its own end. */
export function isIncomplete(finish: Finish): bool {
  return finish == Finish.Length || finish == Finish.ContentFilter;
}

/** Name of a status; also the last part of the event that says it. */
export function statusName(status: Status, finish: Finish): string {
  if (status == Status.InProgress) return "in_progress";
  if (status == Status.Failed) return "failed";
  return isIncomplete(finish) ? "incomplete" : "completed";
}
