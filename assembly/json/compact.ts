import { Slice, lengthOf, pointerOf, slice } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { BACKSLASH, QUOTE, isWhiteSpace } from "./characters";

/**
 * Copies JSON text without the white space between its tokens, so that it fits on one line: in a record of a
 * stream a line end would end more than the line. The text must be valid.
 */
export function compact(writer: Writer, json: Slice): void {
  let at = pointerOf(json);
  const end = at + lengthOf(json);
  let from = at; // what is not yet written
  while (at < end) {
    const byte = load<u8>(at);
    if (byte == QUOTE) {
      at = stringEnd(at + 1, end);
    } else if (isWhiteSpace(byte)) {
      if (at > from) writer.bytes(slice(from, (at - from) as i32));
      while (at < end && isWhiteSpace(load<u8>(at))) at++;
      from = at;
    } else {
      at++;
    }
  }
  if (at > from) writer.bytes(slice(from, (at - from) as i32));
}

/** Address behind the quote that ends the string of which the body begins at `at`. */
function stringEnd(at: usize, end: usize): usize {
  while (at < end) {
    const byte = load<u8>(at);
    if (byte == QUOTE) return at + 1;
    at += byte == BACKSLASH && at + 1 < end ? 2 : 1;
  }
  return end;
}
