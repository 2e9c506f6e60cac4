import { NONE, Slice, borrow } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure } from "../../chat/failure";
import { ChatRequest } from "../../chat/request";
import { Usage } from "../../chat/usage";
import { ABSENT, Document, Node } from "../../json/document";
import { isVector, foreign as noVectors, writeVectors } from "../embeddings/answer";
import { EmbeddingsShape } from "../embeddings/shape";
import { EmbeddingsTask } from "../embeddings/task";
import { Result, foreign as noRanking, writeResults } from "../rerank/answer";
import { RerankShape } from "../rerank/shape";
import { RerankTask } from "../rerank/task";
import { Context } from "./context";
import { ErrorRules } from "./errors";
import { Path } from "./path";
import { RankingPaths, VectorPaths } from "./paths";
import { RequestProgram } from "./request";

const context: Context = new Context();
const headers: Writer = new Writer();
const count: Writer = new Writer();
const found: Array<Node> = [];

/** No chat. */
const NO_CHAT: ChatRequest = new ChatRequest();
/** What clients send is read as for every service; the rest of these is not looked at. */
const EMBEDDINGS: EmbeddingsShape = new EmbeddingsShape("declared");
const RERANK: RerankShape = new RerankShape("declared");

/** Embeddings in a declared format. */
@final
export class DeclaredEmbeddings extends EmbeddingsTask {
  constructor(
    private program: RequestProgram,
    private paths: VectorPaths,
    private errors: ErrorRules,
  ) {
    super(EMBEDDINGS);
  }

  write(model: Slice, path: Writer, out: Writer): Failure | null {
    this.options.model = model;
    context.begin(NO_CHAT, this.options);
    context.texts = this.request.inputs;
    context.dimensions = this.request.dimensions;
    send(this.program, path, out);
    this.count = this.request.inputs.length;
    this.request.inputs = [];
    return null;
  }

  writeHeaders(out: Writer): void {
    out.bytes(headers.view());
  }

  get answerDepth(): i32 {
    return this.paths.depth;
  }

  convert(answer: Document, usage: Usage, out: Writer): Failure | null {
    context.look(answer);
    if (this.errors.isError(context, NONE)) return this.errors.inner(context);
    const vectors = this.vectors(answer);
    if (vectors === null) return noVectors();
    const tokens = tokensOf(answer, this.paths.tokens);
    writeVectors(answer, vectors, this.model, this.request.wantsBase64, tokens, usage, out);
    return null;
  }

  /** The vectors in the order of the texts; null where there is not one for each. */
  private vectors(answer: Document): Array<Node> | null {
    const paths = this.paths;
    found.length = 0;
    paths.each.collect(context, found);
    if (found.length != this.count) return null;
    const vectors = new Array<Node>(this.count).fill(ABSENT);
    for (let i = 0; i < found.length; i++) {
      context.current = unchecked(found[i]);
      const index = indexOf(answer, paths.index, i);
      if (index < 0 || index >= this.count || unchecked(vectors[index]) != ABSENT) return null;
      const vector = paths.vector.first(context);
      if (!isVector(answer, vector)) return null;
      unchecked((vectors[index] = vector));
    }
    return vectors;
  }
}

/** A ranking in a declared format. */
@final
export class DeclaredRerank extends RerankTask {
  constructor(
    private program: RequestProgram,
    private paths: RankingPaths,
    private errors: ErrorRules,
  ) {
    super(RERANK);
  }

  write(model: Slice, path: Writer, out: Writer): Failure | null {
    this.options.model = model;
    context.begin(NO_CHAT, this.options);
    context.texts = this.texts;
    context.query = this.query;
    count.reset();
    count.number(this.topN);
    context.topN = count.view();
    send(this.program, path, out);
    this.texts = [];
    this.query = NONE;
    return null;
  }

  writeHeaders(out: Writer): void {
    out.bytes(headers.view());
  }

  convert(answer: Document, usage: Usage, out: Writer): Failure | null {
    context.look(answer);
    if (this.errors.isError(context, NONE)) return this.errors.inner(context);
    const results = this.results(answer);
    if (results === null) return noRanking();
    const tokens = tokensOf(answer, this.paths.tokens);
    const documents = borrow(this.documents);
    writeResults(results, this.count, this.topN, documents, NONE, this.model, tokens, usage, out);
    return null;
  }

  private results(answer: Document): Array<Result> | null {
    const paths = this.paths;
    found.length = 0;
    paths.each.collect(context, found);
    if (found.length > this.count || found.length == 0) return null;
    const results = new Array<Result>();
    for (let i = 0; i < found.length; i++) {
      context.current = unchecked(found[i]);
      const index = indexOf(answer, paths.index, i);
      const score = paths.score.first(context);
      if (index < 0 || index >= this.count || !answer.isNumber(score)) return null;
      results.push(new Result(index, answer.decimal(score, 0), answer.raw(score)));
    }
    return results;
  }
}

/** Writes everything that goes upstream; headers wait in `headers`. */
function send(program: RequestProgram, path: Writer, out: Writer): void {
  program.writePath(context, path);
  program.writeBody(context, out);
  headers.reset();
  program.writeHeaders(context, headers);
  context.end();
}

function indexOf(answer: Document, path: Path | null, position: i32): i32 {
  if (path === null) return position;
  const index = answer.integer(path.first(context), -1);
  return index >= 0 && index < i32.MAX_VALUE ? (index as i32) : -1;
}

function tokensOf(answer: Document, path: Path | null): i64 {
  context.current = context.root;
  return path === null ? -1 : answer.integer(path.first(context), -1);
}
