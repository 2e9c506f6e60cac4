import { borrow } from "../../bytes/slice";
import { ChatEvents } from "../../chat/events";
import { JsonWriter } from "../../json/writer";
import { AnswerOptions } from "../format";

/** Writes the members that every answer and chunk has: id, object, created, model. */
export function writeIdentity(
  events: ChatEvents,
  options: AnswerOptions,
  object: string,
  json: JsonWriter,
): void {
  json.key("id");
  if (events.id.byteLength > 0) {
    json.body(borrow(events.id));
  } else {
    const out = json.beginString();
    out.ascii("chatcmpl-");
    out.owned(options.id);
    json.endString();
  }
  json.key("object").string(object);
  json.key("created").number(events.created > 0 ? events.created : options.created);
  json.key("model").body(borrow(events.model.byteLength > 0 ? events.model : options.model));
}
