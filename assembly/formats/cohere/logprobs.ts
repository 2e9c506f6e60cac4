import { Writer } from "../../bytes/writer";
import { ChatEvents } from "../../chat/events";
import { ABSENT, Document, Node } from "../../json/document";
import { JsonWriter } from "../../json/writer";

const scratch: Writer = new Writer();
const json: JsonWriter = new JsonWriter(scratch);

/**
 * Tells token probabilities as OpenAI writes them. Cohere gives pieces of text with the probabilities of the tokens in
 * each, but not which letters belong to which token: so a piece is one entry, with the sum, which is the logarithm of
 * the probability of the whole piece.
 * @param node one piece (streams) or an array of them (whole answers)
 */
export function sendLogprobs(document: Document, node: Node, out: ChatEvents): void {
  if (!document.isArray(node) && !document.isObject(node)) return;
  scratch.reset();
  json.reset();
  json.object().key("content").array();
  if (document.isObject(node)) writePiece(document, node);
  for (let piece = document.firstElement(node); piece != ABSENT; piece = document.nextElement(piece)) {
    writePiece(document, piece);
  }
  json.endArray().endObject();
  out.logprobs(scratch.view());
}

function writePiece(document: Document, piece: Node): void {
  const values = document.find(piece, "logprobs");
  const text = document.find(piece, "text");
  if (!document.isArray(values) || !document.isString(text)) return;
  json.object().key("token").body(document.body(text)).key("logprob");
  if (document.count(values) == 1 && document.isNumber(document.firstElement(values))) {
    json.raw(document.raw(document.firstElement(values)));
  } else {
    let sum: f64 = 0;
    for (let value = document.firstElement(values); value != ABSENT; value = document.nextElement(value)) {
      sum += document.decimal(value, 0);
    }
    json.constant(isFinite(sum) ? sum.toString() : "-9999.0");
  }
  json.key("bytes").null().key("top_logprobs").array().endArray().endObject();
}
