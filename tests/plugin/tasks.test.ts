/** Calls that are no chat: embeddings and rankings, from OpenAI's, Jina's and Cohere's clients to every shape. */
import { describe, expect, it } from "vitest";
import { seededRandom } from "../support/random.ts";
import { mutate } from "../unit/formats/mutate.ts";
import { chat, clusterConfiguration, configured } from "./plugin.ts";

const VECTORS = [
  [0.25, -1.5, 3],
  [1e-3, 0, -0.5],
];
const TEXTS = ['a "quoted" one', "天\n🙂"];

type Json = Record<string, unknown>;

/** One call of the plugin; the service answers `answer`. */
async function call(format: string, path: string, body: unknown, answer: unknown, more: Reply = {}) {
  const { service = {}, status = 200, cut } = more;
  const root = await configured(clusterConfiguration({ format, token: "key", ...service }));
  const { upstream, client } = chat(root, body, {
    request: { headers: { ":path": path } },
    respond: () => ({
      headers: { ":status": String(status), "content-type": "application/json" },
      body: typeof answer === "string" ? answer : JSON.stringify(answer),
    }),
    ...(cut === undefined ? {} : { cutResponse: [cut] }),
  });
  const read = (text = ""): Json => JSON.parse(text === "" ? "{}" : text) as Json;
  return { upstream, client, sent: read(upstream?.text), got: read(client?.text) };
}

interface Reply {
  service?: object;
  status?: number;
  cut?: number;
}

interface Shape {
  format: string;
  path: string;
  sent: Json;
  answer: unknown;
  tokens: number;
}

const EMBEDDINGS: Shape[] = [
  {
    format: "responses",
    path: "/v1/embeddings",
    sent: { model: "up", input: TEXTS, dimensions: 3 },
    answer: {
      object: "list",
      data: [
        { object: "embedding", index: 1, embedding: VECTORS[1] },
        { object: "embedding", index: 0, embedding: VECTORS[0] },
      ],
      usage: { prompt_tokens: 7, total_tokens: 7 },
    },
    tokens: 7,
  },
  {
    format: "jina",
    path: "/v1/embeddings",
    sent: { model: "up", input: TEXTS, dimensions: 3, task: "retrieval.query" },
    answer: {
      model: "up",
      data: VECTORS.map((embedding, index) => ({ object: "embedding", index, embedding })),
      usage: { prompt_tokens: 7, total_tokens: 7 },
    },
    tokens: 7,
  },
  {
    format: "cohere",
    path: "/v2/embed",
    sent: {
      model: "up",
      texts: TEXTS,
      output_dimension: 3,
      input_type: "search_query",
      embedding_types: ["float"],
    },
    answer: {
      id: "x",
      embeddings: { float: VECTORS },
      texts: TEXTS,
      meta: { api_version: { version: "2" }, billed_units: { input_tokens: 7 } },
    },
    tokens: 7,
  },
  {
    format: "tei",
    path: "/embed",
    sent: { inputs: TEXTS, dimensions: 3, truncate: true },
    answer: VECTORS,
    tokens: 0,
  },
  {
    format: "ollama",
    path: "/api/embed",
    sent: { model: "up", input: TEXTS, dimensions: 3 },
    answer: { model: "up", embeddings: VECTORS, total_duration: 1, load_duration: 1, prompt_eval_count: 7 },
    tokens: 7,
  },
  {
    format: "dashscope",
    path: "/api/v1/services/embeddings/text-embedding/text-embedding",
    sent: { model: "up", input: { texts: TEXTS }, parameters: { dimension: 3, text_type: "query" } },
    answer: {
      status_code: 200,
      request_id: "x",
      output: {
        embeddings: [
          { text_index: 1, embedding: VECTORS[1] },
          { text_index: 0, embedding: VECTORS[0] },
        ],
      },
      usage: { total_tokens: 7 },
    },
    tokens: 7,
  },
  {
    format: "gemini",
    path: "/v1beta/models/up:batchEmbedContents",
    sent: {
      requests: TEXTS.map((text) => ({
        model: "models/up",
        content: { parts: [{ text }] },
        outputDimensionality: 3,
        taskType: "RETRIEVAL_QUERY",
      })),
    },
    answer: {
      embeddings: VECTORS.map((values) => ({ values })),
      usageMetadata: { promptTokenCount: 7 },
    },
    tokens: 7,
  },
  // Source: Vertex AI, "Text embeddings API".
  {
    format: "vertex",
    path: "/publishers/google/models/up:predict",
    sent: {
      instances: TEXTS.map((content) => ({ content, task_type: "RETRIEVAL_QUERY" })),
      parameters: { outputDimensionality: 3 },
    },
    answer: {
      predictions: VECTORS.map((values, index) => ({
        embeddings: { statistics: { truncated: false, token_count: 3 + index }, values },
      })),
      metadata: { billableCharacterCount: 11 },
    },
    tokens: 7,
  },
];

const mapping = { modelMapping: { "*": "up" } };
const question = { model: "m", input: TEXTS, dimensions: 3, input_type: "search_query", user: "u" };

describe.each(EMBEDDINGS)("embeddings of $format", ({ format, path, sent, answer, tokens }) => {
  it("asks in the service's words, and answers in OpenAI's", async () => {
    const result = await call(format, "/v1/embeddings", question, answer, { service: mapping });
    expect(result.upstream?.headers.get(":path")).toBe(path);
    expect(result.upstream?.headers.get("content-length")).toBeUndefined();
    expect(result.sent).toEqual(sent);
    expect(result.client?.status).toBe(200);
    expect(result.got).toEqual({
      object: "list",
      data: VECTORS.map((embedding, index) => ({ object: "embedding", index, embedding })),
      model: "m",
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    });
    const dropped = result.client?.headers.get("x-ai-proxy-dropped-params");
    expect(dropped).toBe(["responses", "tei", "ollama"].includes(format) ? "input_type,user" : "user");
  });

  it("gives base64 of 32-bit floats to who wants it", async () => {
    const result = await call(format, "/v1/embeddings", { ...question, encoding_format: "base64" }, answer);
    const data = result.got.data as { index: number; embedding: string }[];
    for (const { index, embedding } of data) {
      const bytes = new Uint8Array(Buffer.from(embedding, "base64"));
      expect(Array.from(new Float32Array(bytes.buffer))).toEqual(VECTORS[index]?.map(Math.fround));
    }
  });

  it("takes one text, and reads an answer that is cut anywhere", async () => {
    const body = { model: "m", input: TEXTS[0] };
    for (let cut = 1; cut < JSON.stringify(answer).length; cut += 17) {
      const result = await call(format, "/v1/embeddings", body, answer, { cut });
      // Two vectors for one text are no answer.
      expect(result.client?.status).toBe(502);
      expect(result.got).toHaveProperty("error.code", "unexpected_format");
    }
  });

  it("does not take anything else for an answer", async () => {
    for (const wrong of [
      "null",
      "{}",
      "[]",
      "not json",
      '{"error":"x"}',
      JSON.stringify(answer).slice(0, -2),
    ]) {
      const result = await call(format, "/v1/embeddings", question, wrong);
      expect(result.client?.status).toBe(502);
      expect(result.got).toHaveProperty("error.message");
    }
  });

  it("never traps on a damaged answer or request", async () => {
    const random = seededRandom(31);
    const root = await configured(clusterConfiguration({ format, token: "key" }));
    for (let round = 0; round < 150; round++) {
      const body = JSON.stringify(round % 2 === 0 ? question : mutate(question, random));
      const text = JSON.stringify(mutate(answer, random));
      const { client } = chat(root, body, {
        request: { headers: { ":path": "/v1/embeddings" } },
        respond: () => ({ headers: { "content-type": "application/json" }, body: text }),
      });
      expect(client?.text, `${body} -> ${text}`).toBeTruthy();
      expect(() => JSON.parse(client?.text ?? "") as unknown).not.toThrow();
    }
  });
});

const DOCUMENTS = ["Paris", { text: "Berlin", id: 7 }, "Rome"];
const SCORES = [0.25, 0.5, 0.125];
const ranking = {
  model: "m",
  query: 'capital of "Germany"',
  documents: DOCUMENTS,
  top_n: 2,
  return_documents: true,
};
const PLAIN = ["Paris", "Berlin", "Rome"];
const results = SCORES.map((relevance_score, index) => ({ index, relevance_score }));

const RANKINGS: Shape[] = [
  {
    format: "jina",
    path: "/v1/rerank",
    sent: { model: "up", query: ranking.query, documents: PLAIN, top_n: 2, return_documents: false },
    answer: { model: "up", results: [results[1], results[0]], usage: { total_tokens: 9 } },
    tokens: 9,
  },
  {
    format: "cohere",
    path: "/v2/rerank",
    sent: { model: "up", query: ranking.query, documents: PLAIN, top_n: 2 },
    answer: {
      id: "abc",
      results: [results[1], results[0]],
      meta: { billed_units: { search_units: 1 }, tokens: { input_tokens: 9, output_tokens: 0 } },
    },
    tokens: 9,
  },
  {
    format: "tei",
    path: "/rerank",
    sent: { query: ranking.query, texts: PLAIN, truncate: true },
    answer: SCORES.map((score, index) => ({ index, score })),
    tokens: -1,
  },
  {
    format: "dashscope",
    path: "/api/v1/services/rerank/text-rerank/text-rerank",
    sent: {
      model: "up",
      input: { query: ranking.query, documents: PLAIN },
      parameters: { top_n: 2, return_documents: false },
    },
    answer: { output: { results: [results[1], results[0]] }, usage: { total_tokens: 9 }, request_id: "x" },
    tokens: 9,
  },
];

describe.each(RANKINGS)("rankings of $format", ({ format, path, sent, answer, tokens }) => {
  it("asks in the service's words, and gives the best documents first", async () => {
    for (const from of ["/v1/rerank", "/v2/rerank", "/rerank"]) {
      const result = await call(format, from, ranking, answer, { service: mapping });
      expect(result.upstream?.headers.get(":path")).toBe(path);
      expect(result.sent).toEqual(sent);
      expect(result.got).toEqual({
        ...(format === "cohere" ? { id: "abc" } : {}),
        model: "m",
        results: [
          { index: 1, relevance_score: 0.5, document: { text: "Berlin", id: 7 } },
          { index: 0, relevance_score: 0.25, document: { text: "Paris" } },
        ],
        ...(tokens < 0 ? {} : { usage: { prompt_tokens: tokens, total_tokens: tokens } }),
      });
    }
  });

  it("gives no documents to who does not ask for them", async () => {
    const body = { model: "m", query: "q", documents: PLAIN, max_tokens_per_doc: 10 };
    const result = await call(format, "/v1/rerank", body, answer);
    expect((result.got.results as Json[])[0]).toEqual({ index: 1, relevance_score: 0.5 });
    expect(result.client?.headers.get("x-ai-proxy-dropped-params")).toBe("max_tokens_per_doc");
  });

  it("never traps on a damaged answer or request", async () => {
    const random = seededRandom(32);
    const root = await configured(clusterConfiguration({ format, token: "key" }));
    for (let round = 0; round < 150; round++) {
      const body = JSON.stringify(round % 2 === 0 ? ranking : mutate(ranking, random));
      const text = JSON.stringify(mutate(answer, random));
      const { client } = chat(root, body, {
        request: { headers: { ":path": "/v1/rerank" } },
        respond: () => ({ headers: { "content-type": "application/json" }, body: text }),
      });
      expect(() => JSON.parse(client?.text ?? "") as unknown, `${body} -> ${text}`).not.toThrow();
    }
  });
});

describe("calls that are no chat", () => {
  it("takes more numbers than an answer may have values otherwise", async () => {
    const vector = Array.from({ length: 3072 }, (_, index) => index / 7 - 200);
    const input = Array.from({ length: 400 }, (_, index) => `text ${index}`);
    const answer = { embeddings: input.map(() => vector), prompt_eval_count: 1 };
    const result = await call("ollama", "/v1/embeddings", { model: "m", input }, answer);
    expect(result.client?.status).toBe(200);
    const data = result.got.data as { embedding: number[] }[];
    expect(data).toHaveLength(400);
    expect(data[399]?.embedding).toEqual(vector);
  });

  it.each([
    ["a text among the numbers", '[[1, "2"]]'],
    ["an array among the numbers", "[[1, [2]]]"],
    ["null among the numbers", "[[null]]"],
    ["no numbers", "[[]]"],
    ["an object", '[{"1": 2}]'],
  ])("%s are no vector", async (_, answer) => {
    const result = await call("tei", "/v1/embeddings", { model: "m", input: "x" }, answer);
    expect(result.client?.status).toBe(502);
  });

  it("reads numbers however they are written", async () => {
    const answer = "[[ -0.5 ,1E2,\n2.5e-1, 0 ]]";
    const body = { model: "m", input: "x", encoding_format: "base64" };
    const result = await call("tei", "/v1/embeddings", body, answer);
    const [{ embedding }] = result.got.data as [{ embedding: string }];
    const bytes = new Uint8Array(Buffer.from(embedding, "base64"));
    expect(Array.from(new Float32Array(bytes.buffer))).toEqual([-0.5, 100, 0.25, 0]);
  });

  it.each([
    ["/v1/embeddings", { model: "m", input: [1, 2] }, "tokens and media"],
    ["/v1/embeddings", { model: "m", input: [[1, 2]] }, "tokens and media"],
    ["/v1/embeddings", { model: "m", input: [] }, "must not be empty"],
    ["/v1/embeddings", { model: "m", input: 5 }, "must be a text"],
    ["/v1/embeddings", { input: "x" }, "model must be a string"],
    ["/v1/embeddings", { model: "m", input: "x", dimensions: 0 }, "dimensions"],
    ["/v1/rerank", { model: "m", documents: ["a"] }, "query"],
    ["/v1/rerank", { model: "m", query: "q" }, "documents"],
    ["/v1/rerank", { model: "m", query: "q", documents: [{ image: "x" }] }, "tokens and media"],
    ["/v1/rerank", { model: "m", query: "q", documents: ["a"], top_n: 0 }, "top_n"],
  ])("%s refuses %j", async (path, body, problem) => {
    const result = await call("cohere", path, body, "{}");
    expect(result.upstream).toBeUndefined();
    expect(result.client?.status).toBe(400);
    expect(result.got).toHaveProperty("error.message", expect.stringContaining(problem));
  });

  it("strict services refuse what they would not get", async () => {
    const service = { strict: true };
    const result = await call("cohere", "/v1/embeddings", question, "{}", { service });
    expect(result.client?.status).toBe(400);
    expect(result.got).toHaveProperty("error.code", "unsupported_parameter");
  });

  it("an error of the service is one of OpenAI's", async () => {
    const answer = { error: "Input validation error: `inputs` cannot be empty", error_type: "Validation" };
    const result = await call("tei", "/v1/embeddings", question, answer, { status: 413 });
    expect(result.client?.status).toBe(413);
    expect(result.got).toHaveProperty("error.message", answer.error);
  });

  it.each([
    ["bedrock", "/v1/embeddings", question],
    ["ollama", "/v1/rerank", ranking],
    ["tei", "/v1/chat/completions", { model: "m", messages: [] }],
    ["jina", "/v1/chat/completions", { model: "m", messages: [] }],
    ["cohere", "/v1/completions", { model: "m", prompt: "x" }],
  ])("%s has no %s", async (format, path, body) => {
    const result = await call(format, path, body, "{}");
    expect(result.upstream).toBeUndefined();
    expect(result.client?.status).toBe(404);
    expect(result.got).toHaveProperty("error.code", "unsupported_api");
  });

  it("services that speak OpenAI's API get and give what they do", async () => {
    const body = '{"model":"m", "input": [1,2], "x": 1.0}';
    const result = await call("openai", "/v1/embeddings", body, '{"data": [], "y": 1.0}');
    expect(result.upstream?.text).toBe(body);
    expect(result.client?.text).toBe('{"data": [], "y": 1.0}');
    const jina = await call("openai", "/v1/rerank", JSON.stringify(ranking), '{"results": []}');
    expect(jina.upstream?.text).toBe(JSON.stringify(ranking));
  });
});

describe("embeddings of Vertex AI", () => {
  const answer = { predictions: [{ embeddings: { values: VECTORS[0], statistics: { token_count: 2 } } }] };

  it("ask for no more than the client does", async () => {
    const body = { model: "models/text-embedding-005", input: TEXTS[0] };
    const result = await call("vertex", "/v1/embeddings", body, answer);
    expect(result.upstream?.headers.get(":path")).toBe(
      "/publishers/google/models/text-embedding-005:predict",
    );
    expect(result.sent).toEqual({ instances: [{ content: TEXTS[0] }] });
    expect(result.got).toMatchObject({ usage: { prompt_tokens: 2, total_tokens: 2 } });
  });

  it("count no tokens where the answer does not say", async () => {
    const plain = { predictions: VECTORS.map((values) => ({ embeddings: { values } })) };
    const result = await call("vertex", "/v1/embeddings", question, plain);
    expect(result.got).toMatchObject({ data: [{ index: 0 }, { index: 1 }], usage: { prompt_tokens: 0 } });
  });

  const project = "/v1/projects/p/locations/r";
  it.each([
    ["vertex", { variables: { project: "p", region: "r" } }, "r-aiplatform.googleapis.com", project, ""],
    ["vertex-express", {}, "aiplatform.googleapis.com", "/v1", "?key=k"],
  ])("of the vendor %s are below its own path", async (vendor, rest, host, base, query) => {
    const services = [{ vendor, token: "k", ...rest }];
    const root = await configured({ allowOnHeadersStopIteration: true, services });
    const body = { model: "m", input: [TEXTS[0]] };
    const { upstream, client } = chat(root, body, {
      request: { headers: { ":path": "/v1/embeddings" } },
      respond: () => ({ headers: { "content-type": "application/json" }, body: JSON.stringify(answer) }),
    });
    expect(upstream?.headers.get(":authority")).toBe(host);
    expect(upstream?.headers.get(":path")).toBe(`${base}/publishers/google/models/m:predict${query}`);
    expect(JSON.parse(client?.text ?? "")).toMatchObject({ data: [{ embedding: VECTORS[0] }] });
  });
});

describe("headers that a format needs", () => {
  it.each([true, false])("DashScope is told in a header whether to stream: %s", async (stream) => {
    const body = { model: "m", stream, messages: [{ role: "user", content: "Hi" }] };
    const { upstream } = await call("dashscope", "/v1/chat/completions", body, "{}");
    expect(upstream?.headers.get("x-dashscope-sse")).toBe(stream ? "enable" : undefined);
    expect(upstream?.headers.get("accept")).toBe(stream ? "text/event-stream" : "application/json");
  });
});
