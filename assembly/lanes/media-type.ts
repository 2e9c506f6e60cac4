import {
  Slice,
  equalsIgnoreCase,
  indexOfByte,
  lengthOf,
  startsWithIgnoreCase,
  subslice,
  trim,
} from "../bytes/slice";
import { MapType } from "../host/abi";
import { getHeader } from "../host/headers";

/** Whether a media type is JSON: `application/json` or any `+json` (RFC 6839), parameters aside. */
export function isJson(mediaType: Slice): bool {
  const semicolon = indexOfByte(mediaType, 0x3b);
  const bare = trim(semicolon < 0 ? mediaType : subslice(mediaType, 0, semicolon));
  if (equalsIgnoreCase(bare, "application/json")) return true;
  return equalsIgnoreCase(subslice(bare, max(0, lengthOf(bare) - 5), lengthOf(bare)), "+json");
}

/**
 * Whether the request brings a JSON body. Clients that name no media type send JSON to these APIs; multipart forms and
 * binary bodies are not ours to read.
 */
export function hasJsonBody(): bool {
  const mediaType = getHeader(MapType.RequestHeaders, "content-type");
  return lengthOf(mediaType) == 0 || isJson(mediaType);
}

/** Whether the answer is compressed although `identity` was asked for: then nobody here can read it. */
export function isPacked(): bool {
  const encoding = getHeader(MapType.ResponseHeaders, "content-encoding");
  return lengthOf(encoding) > 0 && !startsWithIgnoreCase(encoding, "identity");
}
