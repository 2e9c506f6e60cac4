/**
 * Embeddings and rankings through declared formats, from OpenAI's, Jina's and Cohere's clients. Those that a built-in
 * format knows as well must be answered byte for byte as by that.
 */
import { describe, expect, it } from "vitest";
import type { Root } from "../host/index.ts";
import { declarationOf } from "../support/declared.ts";
import { seededRandom } from "../support/random.ts";
import {
  RANKING,
  SCORES,
  TASK_SHAPES,
  type TaskShape,
  TEXTS,
  VECTORS,
} from "../support/upstreams/homemade/tasks.ts";
import { mutate } from "../unit/formats/mutate.ts";
import { chat, clusterConfiguration, configured } from "./plugin.ts";

type Json = Record<string, unknown>;

const PATHS = { embeddings: "/v1/embeddings", rerank: "/v1/rerank" };
const QUESTIONS = { embeddings: { model: "m", input: TEXTS }, rerank: RANKING };

const rootOf = (format: unknown) =>
  configured(clusterConfiguration({ format, token: "key", modelMapping: { "*": "up" } }));

function ask(root: Root, { task }: TaskShape, answer: unknown, more: { status?: number; cut?: number } = {}) {
  return chat(root, QUESTIONS[task], {
    request: { headers: { ":path": PATHS[task] } },
    respond: () => ({
      headers: { ":status": String(more.status ?? 200), "content-type": "application/json" },
      body: JSON.stringify(answer),
    }),
    ...(more.cut !== undefined && { cutResponse: [more.cut] }),
  });
}

const usageOf = ({ tokens }: TaskShape) => ({ prompt_tokens: tokens, total_tokens: tokens });

/** What the client must get. */
function expected(shape: TaskShape): Json {
  if (shape.task === "embeddings") {
    return {
      object: "list",
      model: "m",
      data: VECTORS.map((embedding, index) => ({ object: "embedding", index, embedding })),
      usage: usageOf(shape),
    };
  }
  return {
    model: "m",
    results: [
      { index: 1, relevance_score: SCORES[1] },
      { index: 0, relevance_score: SCORES[0] },
    ],
    ...(shape.tokens > 0 && { usage: usageOf(shape) }),
  };
}

describe.each(TASK_SHAPES.map((shape) => ({ shape, name: shape.name })))("$name", async ({ shape }) => {
  const root = await rootOf(declarationOf(shape.name));

  it("asks in the service's words and gives what it says, wherever the answer is cut", () => {
    const { upstream, client } = ask(root, shape, shape.answer);
    expect(upstream?.headers.get(":path")).toBe(shape.path);
    expect(upstream?.headers.get("authorization")).toBe("Bearer key");
    expect(JSON.parse(upstream?.text ?? "")).toEqual(shape.asked);
    expect(client?.status, client?.text).toBe(200);
    expect(JSON.parse(client?.text ?? "")).toEqual(expected(shape));
    for (let cut = 1; cut < Buffer.byteLength(JSON.stringify(shape.answer)); cut++)
      expect(ask(root, shape, shape.answer, { cut }).client?.text).toBe(client?.text);
  });

  it("makes its errors the client's", () => {
    const { status, body } = shape.failure;
    const { client } = ask(root, shape, body, { status });
    expect(client?.status).toBe(status === 200 ? 503 : status);
    expect(JSON.parse(client?.text ?? "")).toHaveProperty("error.message", body.msg ?? body.error);
  });

  it("has no chat, and says so", () => {
    const { upstream, client } = chat(root, { model: "m", messages: [{ role: "user", content: "Hi" }] });
    expect(upstream).toBeUndefined();
    expect(client?.status).toBe(404);
    expect(JSON.parse(client?.text ?? "")).toHaveProperty("error.code", "unsupported_api");
  });

  it("never traps on a damaged answer", () => {
    const random = seededRandom(62);
    for (let round = 0; round < 200; round++) {
      const { client } = ask(root, shape, mutate(shape.answer, random));
      expect(() => JSON.parse(client?.text ?? "") as unknown).not.toThrow();
    }
  });

  if (shape.builtIn) {
    it("answers as the built-in format does", async () => {
      const builtIn = await rootOf(shape.builtIn);
      for (const answer of [shape.answer, shape.failure.body]) {
        const status = answer === shape.failure.body ? shape.failure.status : 200;
        const [one, other] = [root, builtIn].map((each) => ask(each, shape, answer, { status }));
        expect(one?.client?.text).toBe(other?.client?.text);
        expect(JSON.parse(one?.upstream?.text ?? "")).toEqual(JSON.parse(other?.upstream?.text ?? ""));
      }
    });
  }
});
