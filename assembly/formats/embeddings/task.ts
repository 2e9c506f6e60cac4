import { NONE, Slice, Utf8, startsWith, toOwned } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure } from "../../chat/failure";
import { Usage } from "../../chat/usage";
import { Document } from "../../json/document";
import { listOthers, present } from "../fields";
import { invalid } from "../invalid";
import { Task } from "../task";
import { readTexts } from "../texts";
import { writeAnswer } from "./answer";
import { EmbeddingsRequest, Purpose } from "./request";
import { EmbeddingsShape } from "./shape";
import { writePath, writeRequest } from "./write-request";

/** Members of a request that are read. `input_type` is Cohere's, which other gateways take as well. */
const FIELDS: StaticArray<string> = ["model", "input", "dimensions", "encoding_format", "input_type"];
/** The same for a format that does not ask what the vectors are for. */
const PLAIN_FIELDS: StaticArray<string> = ["model", "input", "dimensions", "encoding_format"];

/** Embeddings for a client that speaks OpenAI's API. Source: OpenAI API reference, "Create embeddings". */
export class EmbeddingsTask extends Task {
  protected request: EmbeddingsRequest = new EmbeddingsRequest();
  protected model: Utf8 = new ArrayBuffer(0);
  /** Texts that were sent, which is how many vectors must come. */
  protected count: i32 = 0;

  constructor(private shape: EmbeddingsShape) {
    super();
  }

  read(body: Document): Failure | null {
    const root = body.root;
    const request = this.request;
    if (!body.isObject(root)) return invalid("the body must be a JSON object");
    const model = body.body(body.find(root, "model"));
    if (model == NONE) return invalid("model must be a string");
    this.model = toOwned(model);
    const problem = readTexts(body, body.find(root, "input"), "input", request.inputs);
    if (problem.length > 0) return invalid(problem);
    const dimensions = present(body, root, "dimensions");
    if (body.integer(dimensions, 1) < 1) return invalid("dimensions must be a positive number");
    request.dimensions = body.isNumber(dimensions) ? body.raw(dimensions) : NONE;
    request.wantsBase64 = body.isText(body.find(root, "encoding_format"), "base64");
    const purpose = body.body(body.find(root, "input_type"));
    if (startsWith(purpose, "search_query") || startsWith(purpose, "query")) request.purpose = Purpose.Query;
    else if (purpose != NONE) request.purpose = Purpose.Document;
    listOthers(body, root, this.shape.purpose.length > 0 ? FIELDS : PLAIN_FIELDS, this.unknown);
    return null;
  }

  write(model: Slice, path: Writer, out: Writer): Failure | null {
    writePath(this.shape, model, path);
    writeRequest(this.shape, this.request, model, out);
    this.count = this.request.inputs.length;
    this.request.inputs = [];
    return null;
  }

  /** A thousand vectors have millions of numbers, which are copied as they are. */
  get answerDepth(): i32 {
    return this.shape.depth;
  }

  convert(answer: Document, usage: Usage, out: Writer): Failure | null {
    return writeAnswer(this.shape, answer, this.count, this.model, this.request.wantsBase64, usage, out);
  }
}
