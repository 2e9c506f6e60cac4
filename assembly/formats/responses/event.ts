import { Slice, borrow } from "../../bytes/slice";
import { Failure } from "../../chat/failure";
import { JsonWriter } from "../../json/writer";

/** Begins one event of a stream, with its name and its number; its members follow, and then `endEvent`. */
export function beginEvent(type: Slice, sequence: i64, json: JsonWriter): JsonWriter {
  const out = json.out;
  out.ascii("event: ");
  out.bytes(type);
  out.ascii("\ndata: ");
  return json.object().key("type").body(type).key("sequence_number").number(sequence);
}

export function endEvent(json: JsonWriter): void {
  json.endObject();
  json.out.ascii("\n\n");
}

/**
 * Writes the `error` event. Its documented members are flat; OpenAI's servers send them nested as well, and
 * its SDKs raise an error on those.
 */
export function writeErrorEvent(failure: Failure, sequence: i64, json: JsonWriter): void {
  json.out.ascii("event: error\ndata: ");
  json.object().key("type").string("error").key("sequence_number").number(sequence);
  writeMembers(failure, json);
  json.key("error").object().key("type").string("error");
  writeMembers(failure, json);
  json.endObject();
  endEvent(json);
}

function writeMembers(failure: Failure, json: JsonWriter): void {
  json.key("code");
  if (failure.code.byteLength == 0) json.null();
  else json.body(borrow(failure.code));
  json.key("message").body(borrow(failure.message)).key("param").null();
}
