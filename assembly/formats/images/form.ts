import { Alphabet, encodeBase64 } from "../../bytes/base64";
import {
  NONE,
  Slice,
  borrow,
  equals,
  indexOf,
  indexOfByte,
  lengthOf,
  parseDecimal,
  pointerOf,
  same,
  startsWith,
  startsWithIgnoreCase,
  subslice,
  trim,
} from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure } from "../../chat/failure";
import { FormPart, MAX_NAME_BYTES, MAX_PARTS } from "../../framing/multipart-parts";
import { escape } from "../../json/text";
import { JsonWriter } from "../../json/writer";
import { invalid } from "../invalid";

/** Forms of images. Source: OpenAI API reference, "Create image edit" and "Create image variation", as form and as JSON. */

/** Bytes of a file that are encoded at a time: whole groups of base64, and no more than a window of the host's. */
const STEP: i32 = 48 << 10;

/** So many bytes tell which of the usual formats an image has. */
const SIGNATURE_BYTES: i32 = 12;

/** Room for a name, commas and a media type beside what is counted. */
const ROOM: i32 = 256;

/** More digits are no number that a field has. */
const MAX_DIGITS: i32 = 9;

const OPEN_BRACKET: u8 = 0x5b;
const CLOSE_BRACKET: u8 = 0x5d;
const SEMICOLON: u8 = 0x3b;
const ZERO: u8 = 0x30;

const IMAGE: string = "image";
const MASK: string = "mask";

/** Fields that are numbers in JSON, and those that are true or false. */
const NUMBERS: StaticArray<string> = ["n", "output_compression", "partial_images"];
const FLAGS: StaticArray<string> = ["stream"];

const key: Writer = new Writer();

/** Where the bytes of a form are. */
export abstract class FormSource {
  /** `length` bytes of the form, or fewer where there are no more; borrowed until the next call. */
  abstract read(start: i32, length: i32): Slice;
}

/**
 * Writes a form as the JSON body that the same call takes. Images and masks become data URLs, whether they are files or
 * texts that hold a URL; everything else keeps its name. Of several fields with one name the last one counts, as in JSON,
 * but for images, which are taken together, whether they are called `image`, `image[]` or `image[0]`.
 * @param out gets the JSON; after a failure it means nothing
 * @returns what is wrong with the form, for a 400
 */
export function writeForm(parts: FormPart[], source: FormSource, out: Writer): Failure | null {
  if (parts.length > MAX_PARTS) return invalid(`the form must not have more than ${MAX_PARTS} fields`);
  out.reset();
  out.reserve(sizeOf(parts));
  const json = new JsonWriter(out);
  json.object().key(IMAGE).array();
  for (let i = 0; i < parts.length; i++) {
    const part = unchecked(parts[i]);
    const refused = isImage(borrow(part.name)) ? writeImage(part, IMAGE, source, json) : null;
    if (refused !== null) return refused;
  }
  json.endArray();
  for (let i = 0; i < parts.length; i++) {
    const name = borrow(unchecked(parts[i]).name);
    if (lengthOf(name) == 0 || lengthOf(name) > MAX_NAME_BYTES)
      return invalid(`each field of the form must have a name of no more than ${MAX_NAME_BYTES} bytes`);
    if (isImage(name) || isNamedAgain(parts, i)) continue;
    const refused = writeField(unchecked(parts[i]), source, json);
    if (refused !== null) return refused;
  }
  json.endObject();
  return null;
}

/** Bytes of JSON that a form comes to, unless its texts need many escapes. */
function sizeOf(parts: FormPart[]): i32 {
  let size: i64 = ROOM;
  for (let i = 0; i < parts.length; i++) size += ((unchecked(parts[i]).length as i64) * 4) / 3 + ROOM;
  return min<i64>(size, i32.MAX_VALUE >> 2) as i32;
}

/** A field that is not one of the images. Other files have no business there: no more than their names is told. */
function writeField(part: FormPart, source: FormSource, json: JsonWriter): Failure | null {
  const name = borrow(part.name);
  key.reset();
  escape(key, name);
  json.keyBody(key.view());
  if (equals(name, MASK)) return writeImage(part, MASK, source, json);
  const text = part.hasFileName ? NONE : source.read(part.start, part.length);
  const isRaw = isOneOf(name, NUMBERS) ? isNumber(text) : isOneOf(name, FLAGS) && isFlag(text);
  if (isRaw) json.raw(text);
  else json.text(text);
  return null;
}

/** One image as a string. @param role what it is called where something is wrong with it */
function writeImage(part: FormPart, role: string, source: FormSource, json: JsonWriter): Failure | null {
  const type = trim(bare(borrow(part.mediaType)));
  const isTyped = isImageType(type);
  const start = isTyped ? NONE : source.read(part.start, min(part.length, SIGNATURE_BYTES));
  const known = isTyped ? "" : imageTypeOf(start);
  if (!isTyped && known.length == 0 && !part.hasFileName && isText(type)) {
    json.text(source.read(part.start, part.length));
    return null;
  }
  if (part.length == 0) return invalid(`${role} must not be an empty file`);
  if (!isTyped && known.length == 0)
    return invalid(`${role} must be a PNG, JPEG, WebP or GIF file, or a file whose part has its media type`);
  const out = json.beginString();
  out.ascii("data:");
  if (isTyped) out.bytes(type);
  else out.ascii(known);
  out.ascii(";base64,");
  for (let at = 0; at < part.length; at += STEP) {
    const size = min(STEP, part.length - at);
    const bytes = source.read(part.start + at, size);
    if (lengthOf(bytes) != size) return invalid(`${role} could not be read`);
    encodeBase64(out, bytes, Alphabet.Standard, true);
  }
  json.endString();
  return null;
}

/** Whether a field's name is `image` or `images`, with or without `[]` or `[0]` behind it. */
function isImage(name: Slice): bool {
  let length = lengthOf(name);
  const open = indexOfByte(name, OPEN_BRACKET);
  if (open >= 0) {
    if (load<u8>(pointerOf(name) + length - 1) != CLOSE_BRACKET) return false;
    const index = subslice(name, open + 1, length - 1);
    if (lengthOf(index) > 0 && parseDecimal(index) < 0) return false;
    length = open;
  }
  const stem = subslice(name, 0, length);
  return equals(stem, IMAGE) || equals(stem, "images");
}

/** Whether a later part has the same name. */
function isNamedAgain(parts: FormPart[], index: i32): bool {
  const name = borrow(unchecked(parts[index]).name);
  for (let i = index + 1; i < parts.length; i++) {
    if (same(borrow(unchecked(parts[i]).name), name)) return true;
  }
  return false;
}

function isOneOf(name: Slice, names: StaticArray<string>): bool {
  for (let i = 0; i < names.length; i++) if (equals(name, unchecked(names[i]))) return true;
  return false;
}

/** Whether the text is a whole number as JSON has it. */
function isNumber(text: Slice): bool {
  if (lengthOf(text) > MAX_DIGITS || parseDecimal(text) < 0) return false;
  return lengthOf(text) == 1 || load<u8>(pointerOf(text)) != ZERO;
}

function isFlag(text: Slice): bool {
  return equals(text, "true") || equals(text, "false");
}

/** A media type without its parameters. */
function bare(type: Slice): Slice {
  const semicolon = indexOfByte(type, SEMICOLON);
  return semicolon < 0 ? type : subslice(type, 0, semicolon);
}

/** Whether a content of this type, or of none, may be text. */
function isText(type: Slice): bool {
  return lengthOf(type) == 0 || startsWithIgnoreCase(type, "text/");
}

/** Whether the type is an image's, and made of nothing but what may stand there (RFC 6838), so that it fits any string. */
function isImageType(type: Slice): bool {
  if (!startsWithIgnoreCase(type, "image/")) return false;
  const pointer = pointerOf(type);
  const length = lengthOf(type);
  for (let i = 6; i < length; i++) {
    const byte = load<u8>(pointer + i);
    const isLetter = (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
    const isDigit = byte >= ZERO && byte <= 0x39;
    // . + - _
    if (!isLetter && !isDigit && byte != 0x2e && byte != 0x2b && byte != 0x2d && byte != 0x5f) return false;
  }
  return length > 6;
}

/** What the first bytes of a file say that it is: the media type of an image, or nothing. Source: the formats' own. */
function imageTypeOf(start: Slice): string {
  const pointer = pointerOf(start);
  const length = lengthOf(start);
  if (length >= 8 && load<u64>(pointer) == 0x0a1a0a0d474e5089) return "image/png";
  if (length >= 3 && load<u16>(pointer) == 0xd8ff && load<u8>(pointer, 2) == 0xff) return "image/jpeg";
  if (startsWith(start, "GIF8")) return "image/gif";
  return startsWith(start, "RIFF") && indexOf(start, "WEBP", 8) == 8 ? "image/webp" : "";
}
