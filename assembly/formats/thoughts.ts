import { NONE, Slice, indexOf, lengthOf, startsWith, subslice } from "../bytes/slice";
import { Writer } from "../bytes/writer";

/**
 * Proofs of thinking have to come back to the vendor byte for byte, through clients whose protocol has no place for
 * them. Two agreements make room:
 *
 * - The signature of a tool call (Gemini's `thoughtSignature`) rides on the call's id, which every client gives back:
 *   `<id>__thought__<signature>`. Readers of client formats take the two apart again with `bareId` and
 *   `signatureInId`, so no other vendor ever sees the signature.
 * - Thinking that only its vendor can read (Anthropic's redacted blocks) becomes a signature that begins with
 *   `redactedThinking`. The word is base64 of twelve bytes, so SDKs that decode signatures accept it.
 */
const SIGNED: string = "__thought__";
const REDACTED: string = "redactedThinking";

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

/** Puts a signature on the id that was written just before. */
export function writeSignatureOnId(signature: Slice, writer: Writer): void {
  if (lengthOf(signature) == 0) return;
  writer.ascii(SIGNED);
  writer.bytes(signature);
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
