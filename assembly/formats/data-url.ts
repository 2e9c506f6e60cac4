import { NONE, Slice, indexOfByte, lengthOf, startsWithIgnoreCase, subslice, toOwned } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { ChatRequest, Part } from "../chat/request";
import { unescape } from "../json/text";
import { JsonWriter } from "../json/writer";

/** Data URLs of RFC 2397 inside JSON: `data:<type>;base64,<data>`, with the escapes that JSON encoders put in. */

const SCHEME: string = "data:";
const COMMA: u8 = 0x2c;
const SEMICOLON: u8 = 0x3b;
const BACKSLASH: u8 = 0x5c;

/** No media type is longer; RFC 6838 allows 127 characters on each side of the slash. */
const MAX_HEAD_BYTES: i32 = 512;

const decoded: Writer = new Writer();

// What `splitDataUrl` found; the type lies in `decoded` where it was written with escapes.
let type: Slice = NONE;
let data: Slice = NONE;
let isDecoded: bool = false;

/** Whether a URL (JSON string body) is a data URL. */
export function isDataUrl(url: Slice): bool {
  return startsWithIgnoreCase(url, SCHEME);
}

/**
 * Takes a data URL (JSON string body) apart; then `dataUrlType` and `dataUrlData` have its parts, until the next call.
 * False where the data is not base64.
 */
export function splitDataUrl(url: Slice): bool {
  const comma = indexOfByte(url, COMMA);
  if (comma < 0 || comma > MAX_HEAD_BYTES) return false;
  let head = subslice(url, SCHEME.length, comma);
  isDecoded = indexOfByte(head, BACKSLASH) >= 0;
  if (isDecoded) {
    decoded.reset();
    unescape(decoded, head);
    head = decoded.view();
  }
  const encoding = lastParameter(head);
  if (!startsWithIgnoreCase(encoding, "base64") || lengthOf(encoding) != 6) return false;
  const semicolon = indexOfByte(head, SEMICOLON);
  type = semicolon > 0 ? subslice(head, 0, semicolon) : NONE;
  data = subslice(url, comma + 1, lengthOf(url));
  return true;
}

/** MIME type of the URL that was taken apart, without escapes; NONE where it has none. */
export function dataUrlType(): Slice {
  return type;
}

/** Base64 text (JSON string body) of the URL that was taken apart. */
export function dataUrlData(): Slice {
  return data;
}

/**
 * Takes a data URL apart into a part's `mediaType` and `data`. The data stays where it is; a type that is written with
 * escapes (`image\/png`) is decoded and kept by the request. False where the data is not base64.
 */
export function readDataUrl(url: Slice, part: Part, request: ChatRequest): bool {
  if (!splitDataUrl(url)) return false;
  part.mediaType = isDecoded && type != NONE ? request.keep(toOwned(type)) : type;
  part.data = data;
  return true;
}

/** Writes media that is given inline as a data URL, as a JSON string. */
export function writeDataUrl(mediaType: Slice, data: Slice, json: JsonWriter): void {
  const out = json.beginString();
  out.ascii(SCHEME);
  if (mediaType == NONE) out.ascii("application/octet-stream");
  else out.bytes(mediaType);
  out.ascii(";base64,");
  out.bytes(data);
  json.endString();
}

/** What follows the last semicolon. */
function lastParameter(head: Slice): Slice {
  let from = -1;
  for (let next = indexOfByte(head, SEMICOLON); next >= 0; next = indexOfByte(head, SEMICOLON, next + 1)) {
    from = next;
  }
  return from < 0 ? NONE : subslice(head, from + 1, lengthOf(head));
}
