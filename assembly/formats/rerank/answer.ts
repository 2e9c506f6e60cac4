import { Slice, Utf8, borrow, lengthOf } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure, FailureKind } from "../../chat/failure";
import { Usage } from "../../chat/usage";
import { ABSENT, Document, Node } from "../../json/document";
import { JsonWriter } from "../../json/writer";
import { RerankShape } from "./shape";

/** The client's documents, to be put back into the answer. */
const sent: Document = new Document();

/** One result. */
export class Result {
  constructor(
    readonly index: i32,
    readonly score: f64,
    /** The number as it is written, borrowed. */
    readonly raw: Slice,
  ) {}
}

/**
 * Turns an answer in a format's shape into that of Jina and Cohere: the best first, no more than asked for.
 * @param count how many documents were sent
 * @param documents raw array of the client's documents, if it wants them back
 */
export function writeAnswer(
  shape: RerankShape,
  answer: Document,
  count: i32,
  topN: i32,
  documents: Slice,
  model: Utf8,
  usage: Usage,
  out: Writer,
): Failure | null {
  const root = answer.root;
  const list = shape.list.length == 0 ? root : answer.path(root, shape.list);
  if (!answer.isArray(list)) return foreign();
  const results = new Array<Result>();
  for (let item = answer.firstElement(list); item != ABSENT; item = answer.nextElement(item)) {
    const index = answer.integer(answer.find(item, "index"), -1);
    const score = answer.find(item, shape.score);
    if (index < 0 || index >= count || results.length >= count || !answer.isNumber(score)) return foreign();
    results.push(new Result(index as i32, answer.decimal(score, 0), answer.raw(score)));
  }
  const tokens = shape.tokens.length == 0 ? -1 : answer.integer(answer.path(root, shape.tokens), -1);
  const id = answer.body(answer.find(root, "id"));
  writeResults(results, count, topN, documents, id, model, tokens, usage, out);
  return null;
}

/** Writes the answer of Jina and Cohere; for the parameters see `writeAnswer`. @param tokens -1: the upstream does not say */
export function writeResults(
  results: Array<Result>,
  count: i32,
  topN: i32,
  documents: Slice,
  id: Slice,
  model: Utf8,
  tokens: i64,
  usage: Usage,
  out: Writer,
): void {
  results.sort(byScore);
  const json = new JsonWriter(out);
  json.object();
  if (lengthOf(id) > 0) json.key("id").body(id);
  json.key("model").body(borrow(model)).key("results").array();
  const hasDocuments = lengthOf(documents) > 0 && sent.parse(documents);
  const nodes = hasDocuments ? nodesOf(count) : [];
  for (let i = 0; i < results.length && i < topN; i++) {
    const result = unchecked(results[i]);
    json.object().key("index").number(result.index).key("relevance_score").raw(result.raw);
    if (hasDocuments) writeDocument(unchecked(nodes[result.index]), json);
    json.endObject();
  }
  json.endArray();
  if (tokens >= 0) {
    usage.input = tokens;
    usage.total = tokens;
    json.key("usage").object().key("prompt_tokens").number(tokens);
    json.key("total_tokens").number(tokens).endObject();
  }
  json.endObject();
}

/** The client's documents by their index; there are `count` of them, or ABSENT stands for what is missing. */
function nodesOf(count: i32): Array<Node> {
  const nodes = new Array<Node>();
  let node = sent.firstElement(sent.root);
  for (let i = 0; i < count; i++) {
    nodes.push(node);
    node = sent.nextElement(node);
  }
  return nodes;
}

/** A text becomes an object with it; an object stays as the client wrote it. */
function writeDocument(node: Node, json: JsonWriter): void {
  json.key("document");
  if (sent.isString(node)) json.object().key("text").body(sent.body(node)).endObject();
  else if (node == ABSENT) json.null();
  else json.raw(sent.raw(node));
}

/** The best first; of equals, the one that the client named first. */
function byScore(left: Result, right: Result): i32 {
  if (left.score != right.score) return left.score > right.score ? -1 : 1;
  return left.index - right.index;
}

/** The answer is no ranking. */
export function foreign(): Failure {
  return Failure.of(
    FailureKind.BadGateway,
    "unexpected_format",
    "upstream did not answer with a ranking of the documents",
  );
}
