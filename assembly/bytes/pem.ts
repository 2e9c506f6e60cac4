import { Alphabet, decodeBase64 } from "./base64";
import { Slice, indexOf, pointerOf } from "./slice";
import { Writer } from "./writer";

const BEGIN: string = "-----BEGIN ";
const END: string = "-----END ";
const DASHES: string = "-----";

const base64: Writer = new Writer();

/**
 * Writes the bytes of the first block of a PEM text (RFC 7468) with this label. Line ends and blanks may stand
 * anywhere in it. False where there is no such block; nothing is written then.
 */
export function decodePem(writer: Writer, text: Slice, label: string): bool {
  const begin = indexOf(text, BEGIN + label + DASHES);
  if (begin < 0) return false;
  const from = begin + BEGIN.length + label.length + DASHES.length;
  const to = indexOf(text, END + label + DASHES, from);
  if (to < 0) return false;
  base64.reset();
  for (let i = from; i < to; i++) {
    const byte = load<u8>(pointerOf(text) + i);
    if (byte > 0x20) base64.byte(byte);
  }
  const done = base64.length > 0 && decodeBase64(writer, base64.view(), Alphabet.Standard);
  memory.fill(pointerOf(base64.view()), 0, base64.length);
  base64.dispose();
  return done;
}
