import { NONE, Slice } from "../bytes/slice";
import { ABSENT, Document, Node } from "../json/document";
import { JsonWriter } from "../json/writer";

/** Lists of texts, as requests for embeddings and rankings have them. */

/**
 * Reads a text or an array of texts, or of objects that have one, as JSON string bodies.
 * @returns the problem, "" where there is none
 */
export function readTexts(body: Document, node: Node, name: string, texts: Array<Slice>): string {
  if (body.isString(node)) {
    texts.push(body.body(node));
    return "";
  }
  if (!body.isArray(node)) return `${name} must be a text or an array of texts`;
  for (let item = body.firstElement(node); item != ABSENT; item = body.nextElement(item)) {
    const text = textOf(body, item);
    if (text == NONE) return `${name} must hold texts: tokens and media cannot be sent to this service`;
    texts.push(text);
  }
  return texts.length == 0 ? `${name} must not be empty` : "";
}

/** Writes texts as an array. */
export function writeTexts(texts: Array<Slice>, json: JsonWriter): void {
  json.array();
  for (let i = 0; i < texts.length; i++) json.body(unchecked(texts[i]));
  json.endArray();
}

/** A text, or the one in an object; NONE where there is none. An empty text is one. */
function textOf(body: Document, item: Node): Slice {
  return body.body(body.isString(item) ? item : body.find(item, "text"));
}
