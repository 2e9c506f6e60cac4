import { Alphabet, decodeBase64, encodeBase64 } from "../../bytes/base64";
import { NONE, Slice, lengthOf, startsWith, subslice, toOwned } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { ChatRequest } from "../../chat/request";
import { JsonWriter } from "../../json/writer";
import { googleSignature, writeGoogleSignature } from "../thoughts";

/**
 * For Google's clients a signature is bytes: some decode its base64 and encode it in another alphabet when
 * they give it back. Google does not mind, other vendors do. So a foreign signature is sent as base64 of its
 * own text, behind a word that is itself base64 of twelve bytes.
 */
const ENCODED: string = "encodedSignature";

const scratch: Writer = new Writer();

/** Writes the value of `thoughtSignature` for a client. */
export function writeClientSignature(signature: Slice, json: JsonWriter): void {
  const own = googleSignature(signature);
  if (own != NONE) {
    json.body(own);
    return;
  }
  const out = json.beginString();
  out.ascii(ENCODED);
  encodeBase64(out, signature, Alphabet.Url, true);
  json.endString();
}

/**
 * A client's `thoughtSignature` as it stands in the canonical request: Google's own marked, a foreign one as
 * it was.
 */
export function readClientSignature(body: Slice, request: ChatRequest): Slice {
  if (lengthOf(body) == 0) return NONE;
  scratch.reset();
  if (startsWith(body, ENCODED)) {
    const encoded = subslice(body, ENCODED.length, lengthOf(body));
    if (decodeBase64(scratch, encoded, Alphabet.Url)) return request.keep(toOwned(scratch.view()));
    scratch.reset();
  }
  writeGoogleSignature(body, scratch);
  return request.keep(toOwned(scratch.view()));
}
