import { Slice, Utf8, borrow } from "../../bytes/slice";
import { JsonWriter } from "../../json/writer";
import { writeSignedId } from "../thoughts";

/** Pieces that a whole answer and its chunks have in common. */

/**
 * Begins a tool call, up to its arguments, which the caller writes before two `endObject`. The vendor's proof of the
 * call rides on its id, since clients give back nothing else.
 */
export function writeCall(index: i32, id: Utf8, signature: Utf8, name: Utf8, json: JsonWriter): void {
  json.object();
  if (index >= 0) json.key("index").number(index);
  writeSignedId(id, signature, json.key("id")).key("type").string("function");
  json.key("function").object().key("name").body(borrow(name));
}

/** Reasoning with its vendor's proof, as it has to come back in the next turn. */
export function writeSignature(thinking: Slice, signature: Slice, json: JsonWriter): void {
  json.object().key("type").string("thinking").key("thinking").body(thinking);
  json.key("signature").body(signature).endObject();
}

/** A source. Where in the text it belongs is not known, so the place is empty and at the beginning. */
export function writeAnnotation(url: Slice, title: Slice, json: JsonWriter): void {
  json.object().key("type").string("url_citation").key("url_citation").object();
  json.key("start_index").number(0).key("end_index").number(0);
  json.key("url").body(url).key("title").body(title).endObject().endObject();
}
