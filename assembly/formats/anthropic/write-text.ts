import { NONE, Slice } from "../../bytes/slice";
import { JsonWriter } from "../../json/writer";

/** Writes a text block. `text` is a JSON string body, `cacheControl` raw JSON or NONE. */
export function writeText(text: Slice, cacheControl: Slice, json: JsonWriter): void {
  json.object().key("type").string("text").key("text").body(text);
  if (cacheControl != NONE) json.key("cache_control").raw(cacheControl);
  json.endObject();
}
