/** How one format asks for embeddings and gives them. Names are members; "" means that there is no such member. */
export class EmbeddingsShape {
  /** Path below the service's base path. */
  path: string = "/embeddings";
  hasModel: bool = true;
  /** Object in which the texts stand, and their name in it. */
  inputHolder: string = "";
  input: string = "input";
  /** Object in which settings stand. */
  settingsHolder: string = "";
  dimensions: string = "dimensions";
  /** What the vectors are for: the member, and its values for documents and for queries. */
  purpose: string = "";
  documentPurpose: string = "";
  queryPurpose: string = "";
  /** Whether the purpose must be said where the client does not. */
  needsPurpose: bool = false;
  /** Further members of the settings, as JSON. */
  constants: string = "";
  /** Google: the call behind the model in the path, with its colon: below `path` comes `/models/{model}:call`. */
  method: string = "";
  /** Gemini: each text is a request of its own, with everything else in it. */
  isBatch: bool = false;
  /** Vertex AI: each text is an instance with its own purpose, the settings are for all of them. */
  isInstances: bool = false;

  /** Paths of the array of vectors in an answer, and of a vector in its element; "" is the value itself. */
  list: string = "data";
  vector: string = "embedding";
  /** Which text an element belongs to; without it they come in the order of the texts. */
  index: string = "";
  /** Depth of a vector in an answer, which is how deep an answer is looked into. */
  depth: i32 = 3;
  /** Path of the count of tokens. */
  tokens: string = "usage.prompt_tokens";
  /** Where each vector has a count of its own: path in its element of the object with it, and its name there. */
  counts: string = "";
  count: string = "";

  constructor(
    /** Name of the service's format. */
    readonly format: string,
  ) {}
}

/** A service for the Responses API has the rest of OpenAI's API as well. */
function openai(): EmbeddingsShape {
  const shape = new EmbeddingsShape("responses");
  shape.index = "index";
  return shape;
}

/** Source: Jina AI, Embeddings API. */
function jina(): EmbeddingsShape {
  const shape = new EmbeddingsShape("jina");
  shape.purpose = "task";
  shape.documentPurpose = "retrieval.passage";
  shape.queryPurpose = "retrieval.query";
  shape.index = "index";
  return shape;
}

/** Source: Cohere API reference, "Embed (v2)". */
function cohere(): EmbeddingsShape {
  const shape = new EmbeddingsShape("cohere");
  shape.path = "/embed";
  shape.input = "texts";
  shape.dimensions = "output_dimension";
  shape.purpose = "input_type";
  shape.documentPurpose = "search_document";
  shape.queryPurpose = "search_query";
  shape.needsPurpose = true;
  shape.constants = '"embedding_types":["float"]';
  shape.list = "embeddings.float";
  shape.vector = "";
  shape.tokens = "meta.billed_units.input_tokens";
  return shape;
}

/** Source: Text Embeddings Inference, API, `/embed`. */
function tei(): EmbeddingsShape {
  const shape = new EmbeddingsShape("tei");
  shape.path = "/embed";
  shape.hasModel = false;
  shape.input = "inputs";
  shape.constants = '"truncate":true';
  shape.list = "";
  shape.vector = "";
  shape.depth = 1;
  shape.tokens = "";
  return shape;
}

/** Source: Ollama, API reference, "Generate embeddings". */
function ollama(): EmbeddingsShape {
  const shape = new EmbeddingsShape("ollama");
  shape.path = "/embed";
  shape.list = "embeddings";
  shape.vector = "";
  shape.depth = 2;
  shape.tokens = "prompt_eval_count";
  return shape;
}

/** Source: Alibaba Cloud Model Studio, "Text embedding", synchronous interface. */
function dashscope(): EmbeddingsShape {
  const shape = new EmbeddingsShape("dashscope");
  shape.path = "/services/embeddings/text-embedding/text-embedding";
  shape.inputHolder = "input";
  shape.input = "texts";
  shape.settingsHolder = "parameters";
  shape.dimensions = "dimension";
  shape.purpose = "text_type";
  shape.documentPurpose = "document";
  shape.queryPurpose = "query";
  shape.list = "output.embeddings";
  shape.depth = 4;
  shape.index = "text_index";
  shape.tokens = "usage.total_tokens";
  return shape;
}

/** Source: Gemini API reference, models.batchEmbedContents. */
function gemini(): EmbeddingsShape {
  const shape = new EmbeddingsShape("gemini");
  shape.path = "";
  shape.method = ":batchEmbedContents";
  shape.isBatch = true;
  shape.dimensions = "outputDimensionality";
  shape.purpose = "taskType";
  shape.documentPurpose = "RETRIEVAL_DOCUMENT";
  shape.queryPurpose = "RETRIEVAL_QUERY";
  shape.list = "embeddings";
  shape.vector = "values";
  shape.tokens = "usageMetadata.promptTokenCount";
  return shape;
}

/** Source: Vertex AI, "Text embeddings API", predict. */
function vertex(): EmbeddingsShape {
  const shape = new EmbeddingsShape("vertex");
  shape.path = "/publishers/google";
  shape.method = ":predict";
  shape.isInstances = true;
  shape.settingsHolder = "parameters";
  shape.dimensions = "outputDimensionality";
  shape.purpose = "task_type";
  shape.documentPurpose = "RETRIEVAL_DOCUMENT";
  shape.queryPurpose = "RETRIEVAL_QUERY";
  shape.list = "predictions";
  shape.vector = "embeddings.values";
  shape.depth = 4;
  shape.tokens = "";
  shape.counts = "embeddings.statistics";
  shape.count = "token_count";
  return shape;
}

/** Services whose format is OpenAI's get what the client wrote. */
const SHAPES: StaticArray<EmbeddingsShape> = [
  openai(),
  jina(),
  cohere(),
  tei(),
  ollama(),
  dashscope(),
  gemini(),
  vertex(),
];

/** The shape of a format, or null where it has no embeddings. */
export function embeddingsShape(format: string): EmbeddingsShape | null {
  for (let i = 0; i < SHAPES.length; i++) {
    if (unchecked(SHAPES[i]).format == format) return unchecked(SHAPES[i]);
  }
  return null;
}
