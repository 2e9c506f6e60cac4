import {
  Slice,
  equalsIgnoreCase,
  indexOfByte,
  lengthOf,
  startsWithIgnoreCase,
  subslice,
  trim,
} from "../bytes/slice";

/** Whether a media type is JSON: `application/json` or any `+json` (RFC 6839), parameters aside. */
export function isJson(mediaType: Slice): bool {
  const semicolon = indexOfByte(mediaType, 0x3b);
  const bare = trim(semicolon < 0 ? mediaType : subslice(mediaType, 0, semicolon));
  if (equalsIgnoreCase(bare, "application/json")) return true;
  return equalsIgnoreCase(subslice(bare, max(0, lengthOf(bare) - 5), lengthOf(bare)), "+json");
}

/**
 * Whether a request with this content-type brings a JSON body. Clients that name no media type send JSON to these APIs;
 * multipart forms and binary bodies are not ours to read.
 */
export function isJsonBody(mediaType: Slice): bool {
  return lengthOf(mediaType) == 0 || isJson(mediaType);
}

/** Whether an answer comes in pieces: some upstreams stream unasked, or answer in no other way. */
export function isStream(mediaType: Slice): bool {
  return (
    startsWithIgnoreCase(mediaType, "text/event-stream") ||
    startsWithIgnoreCase(mediaType, "application/x-ndjson") ||
    startsWithIgnoreCase(mediaType, "application/vnd.amazon.eventstream")
  );
}
