import { Slice, borrow, lengthOf, startsWith } from "../../bytes/slice";
import { ChatEvents } from "../../chat/events";
import { JsonWriter } from "../../json/writer";
import { AnswerOptions } from "../format";

/** Pieces that a whole answer and its events have in common. */

/** Begins a message, up to its content. An id of another vendor gets the prefix that Anthropic's clients know. */
export function writeHead(events: ChatEvents, options: AnswerOptions, json: JsonWriter): void {
  json.object().key("id");
  const id = borrow(events.id.byteLength > 0 ? events.id : options.id);
  const out = json.beginString();
  if (!startsWith(id, "msg_")) out.ascii("msg_");
  out.bytes(id);
  json.endString();
  json.key("type").string("message").key("role").string("assistant");
  json.key("model").body(borrow(events.model.byteLength > 0 ? events.model : options.model));
}

/** A source that the text refers to. What only Anthropic could fill in is empty. */
export function writeCitation(url: Slice, title: Slice, json: JsonWriter): void {
  json.object().key("type").string("web_search_result_location").key("url").body(url).key("title");
  if (lengthOf(title) > 0) json.body(title);
  else json.null();
  json.constant('"cited_text":"","encrypted_index":""').endObject();
}

/** Media that a model made has no block of its own: it becomes an image in Markdown. */
export function writeMediaText(mediaType: Slice, data: Slice, json: JsonWriter): void {
  const out = json.beginString();
  out.ascii("![](data:");
  out.bytes(mediaType);
  out.ascii(";base64,");
  out.bytes(data);
  out.ascii(")");
  json.endString();
}
