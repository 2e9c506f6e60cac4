import { Slice, Utf8, borrow } from "../../bytes/slice";
import { Alphabet, encodeBase64 } from "../../bytes/base64";
import { Writer } from "../../bytes/writer";
import { Failure, FailureKind } from "../../chat/failure";
import { Usage } from "../../chat/usage";
import { ABSENT, Document, Node } from "../../json/document";
import { JsonWriter } from "../../json/writer";
import { isNumbers, writeFloats } from "./numbers";
import { EmbeddingsShape } from "./shape";

/** Numbers of a vector, four bytes each. */
const floats: Writer = new Writer();
/** What is counted for one vector. */
const counts: Document = new Document();

/**
 * Turns an answer in a format's shape into OpenAI's. Numbers stay as they are written, unless the client wants the
 * base64 of 32-bit floats, little-endian, as OpenAI's SDKs do.
 * @param count how many vectors there must be
 */
export function writeAnswer(
  shape: EmbeddingsShape,
  answer: Document,
  count: i32,
  model: Utf8,
  wantsBase64: bool,
  usage: Usage,
  out: Writer,
): Failure | null {
  const root = answer.root;
  let list = shape.list.length == 0 ? root : answer.path(root, shape.list);
  // Cohere's first version has no level of types.
  if (!answer.isArray(list)) list = answer.find(root, "embeddings");
  if (!answer.isArray(list)) return foreign();
  const vectors = vectorsIn(shape, answer, list, count);
  if (vectors === null) return foreign();
  let tokens = shape.tokens.length == 0 ? -1 : answer.integer(answer.path(root, shape.tokens), -1);
  if (shape.counts.length > 0) tokens = sumOf(shape, answer, list);
  writeVectors(answer, vectors, model, wantsBase64, tokens, usage, out);
  return null;
}

/**
 * Writes OpenAI's answer.
 * @param vectors nodes of `answer`: see `isVector`
 * @param tokens -1 where the upstream does not say
 */
export function writeVectors(
  answer: Document,
  vectors: Array<Node>,
  model: Utf8,
  wantsBase64: bool,
  tokens: i64,
  usage: Usage,
  out: Writer,
): void {
  const json = new JsonWriter(out);
  json.object().key("object").string("list").key("data").array();
  for (let i = 0; i < vectors.length; i++) {
    const vector = unchecked(vectors[i]);
    json.object().key("object").string("embedding").key("index").number(i).key("embedding");
    if (answer.isArray(vector) && wantsBase64) writeBase64(answer.raw(vector), json);
    else json.raw(answer.raw(vector));
    json.endObject();
  }
  json.endArray().key("model").body(borrow(model));
  if (tokens >= 0) usage.input = tokens;
  if (tokens >= 0) usage.total = tokens;
  json.key("usage").object().key("prompt_tokens").number(max<i64>(0, tokens));
  json.key("total_tokens").number(max<i64>(0, tokens)).endObject().endObject();
}

/** The vectors in the order of the texts; null where there is not one for each. */
function vectorsIn(shape: EmbeddingsShape, answer: Document, list: Node, count: i32): Array<Node> | null {
  const vectors = new Array<Node>(count);
  for (let i = 0; i < count; i++) unchecked((vectors[i] = ABSENT));
  let position = 0;
  for (let item = answer.firstElement(list); item != ABSENT; item = answer.nextElement(item)) {
    const vector = shape.vector.length == 0 ? item : answer.path(item, shape.vector);
    const index = shape.index.length == 0 ? position : indexOf(answer, item, shape.index, position);
    position++;
    if (index < 0 || index >= count || unchecked(vectors[index]) != ABSENT) return null;
    if (!isVector(answer, vector)) return null;
    unchecked((vectors[index] = vector));
  }
  return position == count ? vectors : null;
}

/**
 * The tokens of all texts; -1 where none of them has a count. Counts lie as deep as the numbers of the vectors, which
 * the document does not hold, so the objects with them are read by themselves.
 */
function sumOf(shape: EmbeddingsShape, answer: Document, list: Node): i64 {
  let sum: i64 = -1;
  for (let item = answer.firstElement(list); item != ABSENT; item = answer.nextElement(item)) {
    const holder = answer.path(item, shape.counts);
    if (!answer.isObject(holder) || !counts.parse(answer.raw(holder))) continue;
    const tokens = counts.integer(counts.find(counts.root, shape.count), -1);
    if (tokens >= 0) sum = max<i64>(0, sum) + tokens;
  }
  return sum;
}

/** Which text a vector belongs to. */
function indexOf(answer: Document, item: Node, name: string, position: i32): i32 {
  const index = answer.integer(answer.find(item, name), position);
  return index >= 0 && index <= i32.MAX_VALUE ? (index as i32) : -1;
}

/** An array of numbers, or base64 of them from an upstream that gives nothing else. */
export function isVector(answer: Document, node: Node): bool {
  return answer.isString(node) || (answer.isArray(node) && isNumbers(answer.raw(node)));
}

function writeBase64(vector: Slice, json: JsonWriter): void {
  writeFloats(vector, floats);
  encodeBase64(json.beginString(), floats.view(), Alphabet.Standard, true);
  json.endString();
}

/** The answer is not one vector for each text. */
export function foreign(): Failure {
  return Failure.of(
    FailureKind.BadGateway,
    "unexpected_format",
    "upstream did not answer with one vector for each text",
  );
}
