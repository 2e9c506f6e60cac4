import { EMPTY, NONE, Slice, Utf8, borrow, toOwned } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure } from "../../chat/failure";
import { Usage } from "../../chat/usage";
import { Document } from "../../json/document";
import { JsonWriter } from "../../json/writer";
import { listOthers, present } from "../fields";
import { invalid } from "../invalid";
import { Task } from "../task";
import { readTexts, writeTexts } from "../texts";
import { writeAnswer } from "./answer";
import { RerankShape } from "./shape";

/** Members of a request that are read. */
const FIELDS: StaticArray<string> = ["model", "query", "documents", "top_n", "return_documents"];

/** A ranking for a client that speaks the API of Jina or Cohere, which are the same in this. */
export class RerankTask extends Task {
  protected query: Slice = NONE;
  protected texts: Array<Slice> = [];
  protected model: Utf8 = EMPTY;
  /** Results that the client wants; 0 is all. */
  protected topN: i32 = 0;
  protected count: i32 = 0;
  /** Raw array of the client's documents, where it wants them in the answer; else empty. */
  protected documents: Utf8 = EMPTY;

  constructor(private shape: RerankShape) {
    super();
  }

  /** Sources: Jina AI, Reranker API; Cohere API reference, "Rerank". */
  read(body: Document): Failure | null {
    const root = body.root;
    if (!body.isObject(root)) return invalid("the body must be a JSON object");
    const model = body.body(body.find(root, "model"));
    if (model == NONE) return invalid("model must be a string");
    this.model = toOwned(model);
    this.query = body.body(body.find(root, "query"));
    if (this.query == NONE) return invalid("query must be a string");
    const documents = body.find(root, "documents");
    const problem = readTexts(body, documents, "documents", this.texts);
    if (problem.length > 0) return invalid(problem);
    const topN = body.integer(present(body, root, "top_n"), i32.MAX_VALUE);
    if (topN < 1) return invalid("top_n must be a positive number");
    this.count = this.texts.length;
    this.topN = min<i64>(topN, this.count) as i32;
    const isWanted = body.isTrue(body.find(root, "return_documents"));
    if (isWanted && body.isArray(documents)) this.documents = toOwned(body.raw(documents));
    listOthers(body, root, FIELDS, this.unknown);
    return null;
  }

  write(model: Slice, path: Writer, out: Writer): Failure | null {
    const shape = this.shape;
    path.ascii(shape.path);
    const json = new JsonWriter(out);
    json.object();
    if (shape.hasModel) json.key("model").body(model);
    if (shape.inputHolder.length > 0) json.key(shape.inputHolder).object();
    json.key("query").body(this.query).key(shape.documents);
    writeTexts(this.texts, json);
    if (shape.inputHolder.length > 0) json.endObject();
    if (shape.settingsHolder.length > 0) json.key(shape.settingsHolder).object();
    if (shape.topN.length > 0 && this.topN < this.count) json.key(shape.topN).number(this.topN);
    if (shape.constants.length > 0) json.constant(shape.constants);
    if (shape.settingsHolder.length > 0) json.endObject();
    json.endObject();
    this.texts = [];
    this.query = NONE;
    return null;
  }

  convert(answer: Document, usage: Usage, out: Writer): Failure | null {
    const documents = borrow(this.documents);
    return writeAnswer(this.shape, answer, this.count, this.topN, documents, this.model, usage, out);
  }
}
