/**
 * Services for embeddings and rankings with a shape of their own, as companies write them around a model of
 * sentence-transformers or BGE; and those of Text Embeddings Inference, which a built-in format knows. Sources: BGE,
 * "FlagEmbedding", and Hugging Face, "Text Embeddings Inference API".
 */
import type { Json } from "../vendor.ts";

export const VECTORS = [
  [0.25, -1.5, 3],
  [1e-3, 0, -0.5],
];
export const SCORES = [0.25, 0.5, 0.125];

/** A service that answers one kind of task. */
export interface TaskShape {
  /** Of its declaration. */
  name: string;
  /** The built-in format for the same API, where there is one. */
  builtIn?: string;
  task: "embeddings" | "rerank";
  /** Path that a request must have. */
  path: string;
  /** What it must get for {@link TEXTS} or for {@link RANKING}. */
  asked: Json;
  answer: unknown;
  /** An error in its own shape, with the status that it comes with. */
  failure: { status: number; body: Json };
  /** Tokens that it counts; 0: none. */
  tokens: number;
}

export const TEXTS = ['a "quoted" one', "天\n🙂"];
export const RANKING = {
  model: "m",
  query: 'capital of "Germany"',
  documents: ["Paris", "Berlin", "Rome"],
  top_n: 2,
};

export const TASK_SHAPES: TaskShape[] = [
  {
    name: "own-embeddings",
    task: "embeddings",
    path: "/nlp/v1/vectorize",
    asked: { modelName: "up", sentences: TEXTS, normalize: true },
    answer: {
      code: 0,
      msg: "ok",
      data: {
        // Out of order, as pools of workers answer.
        vectors: [
          { idx: 1, vec: VECTORS[1] },
          { idx: 0, vec: VECTORS[0] },
        ],
        tokenCount: 7,
      },
    },
    failure: { status: 200, body: { code: 1301, msg: "model not loaded", data: null } },
    tokens: 7,
  },
  {
    name: "own-rerank",
    task: "rerank",
    path: "/nlp/v1/rank",
    asked: { modelName: "up", q: RANKING.query, docs: RANKING.documents, k: 2 },
    answer: {
      code: 0,
      msg: "ok",
      data: {
        ranking: SCORES.map((score, doc) => ({ doc, score })),
        tokenCount: 9,
      },
    },
    failure: { status: 200, body: { code: 1301, msg: "model not loaded", data: null } },
    tokens: 9,
  },
  {
    name: "tei-embeddings",
    builtIn: "tei",
    task: "embeddings",
    path: "/embed",
    asked: { inputs: TEXTS, truncate: true },
    answer: VECTORS,
    failure: { status: 413, body: { error: "batch too large", error_type: "Validation" } },
    tokens: 0,
  },
  {
    name: "tei-rerank",
    builtIn: "tei",
    task: "rerank",
    path: "/rerank",
    asked: { query: RANKING.query, texts: RANKING.documents, truncate: true },
    answer: SCORES.map((score, index) => ({ index, score })),
    failure: { status: 413, body: { error: "batch too large", error_type: "Validation" } },
    tokens: 0,
  },
];
