import { NONE, Slice, Utf8, indexOf, lengthOf, startsWith, subslice } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { JsonWriter } from "../json/writer";

/**
 * Proofs of thinking have to come back to the vendor byte for byte, through clients whose protocol has no
 * place for them. Two agreements make room:
 *
 * - The signature of a tool call (Gemini's `thoughtSignature`) rides on the call's id, which every client
 *   gives back: `<id>__thought__<signature>`. Readers of client formats take the two apart again with
 *   `bareId` and `signatureInId`, so no other vendor ever sees the signature.
 * - Thinking that only its vendor can read (Anthropic's redacted blocks) becomes a signature that begins with
 *   `redactedThinking`.
 *
 * And a vendor refuses another's proof, so those that can meet in one conversation have to be told apart:
 * Google's begin with `gemini.` and OpenAI's with the id of their item, `rs_...`, as soon as they leave their
 * own language. Anthropic's are bare.
 */
const SIGNED: string = "__thought__";
const REDACTED: string = "redactedThinking";
const GOOGLE: string = "gemini.";
const OPENAI: string = "rs_";

/** A tool call's id without the signature on it. JSON string bodies, borrowed. */
export function bareId(id: Slice): Slice {
  const at = indexOf(id, SIGNED);
  return at < 0 ? id : subslice(id, 0, at);
}

/** The signature that rides on a tool call's id, or NONE. */
export function signatureInId(id: Slice): Slice {
  const at = indexOf(id, SIGNED);
  return at < 0 ? NONE : subslice(id, at + SIGNED.length, lengthOf(id));
}

/** Writes the id of a call as a JSON string, with the signature on it where there is one. */
export function writeSignedId(id: Utf8, signature: Utf8, json: JsonWriter): JsonWriter {
  const out = json.beginString();
  out.owned(id);
  if (signature.byteLength > 0) {
    out.ascii(SIGNED);
    out.owned(signature);
  }
  return json.endString();
}

/** The data of redacted thinking that was made a signature, or NONE where the signature is a true one. */
export function redactedData(signature: Slice): Slice {
  return startsWith(signature, REDACTED) ? subslice(signature, REDACTED.length, lengthOf(signature)) : NONE;
}

/** Writes redacted thinking as the body of a signature. */
export function writeRedacted(data: Slice, writer: Writer): void {
  writer.ascii(REDACTED);
  writer.bytes(data);
}

/** Writes one of Google's signatures with its mark. */
export function writeGoogleSignature(signature: Slice, writer: Writer): void {
  writer.ascii(GOOGLE);
  writer.bytes(signature);
}

/** Google's signature without its mark; NONE where it is another vendor's. */
export function googleSignature(signature: Slice): Slice {
  return startsWith(signature, GOOGLE) ? subslice(signature, GOOGLE.length, lengthOf(signature)) : NONE;
}

/** Whether a signature is marked as Google's or OpenAI's. */
export function isMarked(signature: Slice): bool {
  return startsWith(signature, GOOGLE) || startsWith(signature, OPENAI);
}
