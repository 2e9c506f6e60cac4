/** How one format asks for a ranking and gives it. Names are members; "" means that there is no such member. */
export class RerankShape {
  /** Path below the service's base path. */
  path: string = "/rerank";
  hasModel: bool = true;
  /** Object in which query and documents stand. */
  inputHolder: string = "";
  documents: string = "documents";
  /** Object in which settings stand. */
  settingsHolder: string = "";
  topN: string = "top_n";
  /** Further members of the settings, as JSON. */
  constants: string = "";

  /** Path of the array of results; "" is the answer itself. */
  list: string = "results";
  score: string = "relevance_score";
  /** Path of the count of tokens. */
  tokens: string = "usage.total_tokens";

  constructor(
    /** Name of the service's format. */
    readonly format: string,
  ) {}
}

/** Source: Jina AI, Reranker API. Documents are not asked for: the client's own are put back in. */
function jina(): RerankShape {
  const shape = new RerankShape("jina");
  shape.constants = '"return_documents":false';
  return shape;
}

/** Source: Cohere API reference, "Rerank (v2)". */
function cohere(): RerankShape {
  const shape = new RerankShape("cohere");
  shape.tokens = "meta.tokens.input_tokens";
  return shape;
}

/** Source: Text Embeddings Inference, API, `/rerank`. Its answer is not sorted, and not cut. */
function tei(): RerankShape {
  const shape = new RerankShape("tei");
  shape.hasModel = false;
  shape.documents = "texts";
  shape.topN = "";
  shape.constants = '"truncate":true';
  shape.list = "";
  shape.score = "score";
  shape.tokens = "";
  return shape;
}

/** Source: Alibaba Cloud Model Studio, "Text rerank". */
function dashscope(): RerankShape {
  const shape = new RerankShape("dashscope");
  shape.path = "/services/rerank/text-rerank/text-rerank";
  shape.inputHolder = "input";
  shape.settingsHolder = "parameters";
  shape.constants = '"return_documents":false';
  shape.list = "output.results";
  return shape;
}

/** Services whose format is OpenAI's get what the client wrote. */
const SHAPES: StaticArray<RerankShape> = [jina(), cohere(), tei(), dashscope()];

/** The shape of a format, or null where it has no rankings. */
export function rerankShape(format: string): RerankShape | null {
  for (let i = 0; i < SHAPES.length; i++) {
    if (unchecked(SHAPES[i]).format == format) return unchecked(SHAPES[i]);
  }
  return null;
}
