/** One service whose models are called in several ways: which way is taken, and that all else is one service's. */
import { describe, expect, it } from "vitest";
import { type Exchange, type ExchangeOptions, MetricStore, type Root } from "../host/index.ts";
import { chat, configured } from "./plugin.ts";
import { error, OK, QUESTION, Stage } from "./retrying.ts";

const MODELS = "/v1/projects/p/locations/r/publishers";
const GEMINI = `${MODELS}/google/models/gemini-2.5-flash:generateContent`;
const CLAUDE = `${MODELS}/anthropic/models/claude-opus-4-1:rawPredict`;
const MAPPING = { opus: "claude-opus-4-1", "*": "gemini-2.5-flash" };
const JSON_TYPE = { "content-type": "application/json" };

const service = (rest: object = {}) => ({
  name: "google",
  vendor: "vertex",
  variables: { project: "p", region: "r" },
  token: "t",
  modelMapping: MAPPING,
  ...rest,
});

const gateway = (rest: object = {}, more: object = {}, options = {}): Promise<Root> =>
  configured({ allowOnHeadersStopIteration: true, services: [service(rest)], ...more }, options);

const question = (model: string) => ({ model, max_tokens: 9, messages: [{ role: "user", content: "hi" }] });

function ask(
  root: Root,
  model: string,
  path = "/v1/chat/completions",
  options: Partial<ExchangeOptions> = {},
) {
  return chat(root, question(model), { ...options, request: { headers: { ":path": path } } });
}

const pathOf = ({ upstream }: Exchange) => upstream?.headers.get(":path");
const answers = (status: number, headers: object = {}) => ({
  respond: () => ({ headers: { ...JSON_TYPE, ":status": String(status), ...headers }, body: "{}" }),
});

/** Answers that the two families give. */
const message = JSON.stringify({
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "c",
  content: [{ type: "text", text: "from Claude" }],
  stop_reason: "end_turn",
  usage: { input_tokens: 30, output_tokens: 70 },
});
const candidate = JSON.stringify({
  candidates: [{ content: { role: "model", parts: [{ text: "from Gemini" }] }, finishReason: "STOP" }],
  usageMetadata: { promptTokenCount: 30, candidatesTokenCount: 70, totalTokenCount: 100 },
});
const said = (body: string) => ({ headers: JSON_TYPE, body });
const contentOf = (exchange: Exchange) =>
  JSON.parse(exchange.client?.text ?? "").choices?.[0]?.message?.content;

describe("which way a model is called", () => {
  it("depends on the service's name of it", async () => {
    const root = await gateway();
    const asked = ask(root, "opus", undefined, { respond: () => said(message) });
    expect(pathOf(asked)).toBe(CLAUDE);
    expect(contentOf(asked)).toBe("from Claude");
    const other = ask(root, "claude-opus-4-1", undefined, { respond: () => said(candidate) });
    expect(pathOf(other)).toBe(GEMINI);
    expect(contentOf(other)).toBe("from Gemini");
    const plain = await gateway({ modelMapping: {} });
    expect(pathOf(ask(plain, "claude-opus-4-1"))).toBe(CLAUDE);
    expect(pathOf(ask(plain, "gemini-2.5-flash"))).toBe(GEMINI);
    expect(pathOf(ask(plain, "my-claude"))).toContain("/publishers/google/models/my-claude:");
  });

  it.each([
    ["/v1/messages", "anthropic"],
    ["/v1/chat/completions", "openai"],
  ])("is decided for the clients of %s", async (path) => {
    const root = await gateway();
    const claude = ask(root, "opus", path);
    expect(pathOf(claude)).toBe(CLAUDE);
    expect(claude.upstream?.lengthMismatch).toBe(false);
    expect(JSON.parse(claude.upstream?.text ?? "")).toEqual({
      anthropic_version: "vertex-2023-10-16",
      max_tokens: 9,
      messages: [{ role: "user", content: path === "/v1/messages" ? "hi" : [{ type: "text", text: "hi" }] }],
    });
    expect(pathOf(ask(root, "x", path))).toBe(GEMINI);
  });

  it("is Claude's where the request names no model, and the one for all is Claude's", async () => {
    const root = await gateway({ modelMapping: { "*": "claude-opus-4-1" } });
    const unnamed = chat(
      root,
      { max_tokens: 5, messages: [] },
      { request: { headers: { ":path": "/v1/messages" } } },
    );
    expect(pathOf(unnamed)).toBe(CLAUDE);
  });

  it("can be said of a path whose headers go first, not of a body that comes later", async () => {
    const root = await gateway(
      {},
      { allowOnHeadersStopIteration: false },
      { allowOnHeadersStopIteration: false },
    );
    const google = chat(
      root,
      { contents: [] },
      { request: { headers: { ":path": "/v1/models/y:generateContent" } } },
    );
    expect(pathOf(google)).toBe(GEMINI);
    const all = await gateway(
      { modelMapping: { opus: "claude-opus-4-1", g: "gemini-2.5-flash", "*": "claude-haiku-4-5" } },
      { allowOnHeadersStopIteration: false },
      { allowOnHeadersStopIteration: false },
    );
    for (const asked of [
      ask(root, "opus", "/v1/messages"),
      ask(root, "x", "/v1/models/opus:generateContent"),
      ask(all, "g", "/v1/messages"),
    ]) {
      expect(asked.upstream).toBeUndefined();
      expect(asked.client?.status).toBe(500);
      expect(asked.client?.text).toContain("allow_on_headers_stop_iteration");
    }
  });

  it("is one for all where the service says itself how it is called", async () => {
    const based = await gateway({ basePath: "/own" });
    expect(pathOf(ask(based, "opus"))).toBe("/own/publishers/google/models/claude-opus-4-1:generateContent");
    const other = await gateway({ format: "openai" });
    expect(pathOf(ask(other, "opus"))).toBe("/v1/chat/completions");
    const original = await gateway({ protocol: "original" });
    expect(pathOf(ask(original, "opus"))).toBe("/v1/chat/completions");
    const moved = await gateway({ paths: { "/messages": "/own/{model}" } });
    expect(pathOf(ask(moved, "opus"))).toBe("/own/claude-opus-4-1");
  });

  it("is another one at the last resort", async () => {
    const services = [service(), { name: "second", cluster: "second" }];
    const lastResort = { service: "google", model: "claude-opus-4-1" };
    const stage = await Stage.open({ allowOnHeadersStopIteration: true, services, lastResort }, [], {
      properties: { cluster_name: "models" },
    });
    const asked = stage.ask(QUESTION, () => error(503), [said(message)]);
    expect(pathOf(asked)).toBe(GEMINI);
    expect(asked.calls.map(({ headers }) => headers[":path"])).toEqual([CLAUDE]);
    expect(JSON.parse(asked.calls[0]?.text ?? "")).toMatchObject({ anthropic_version: "vertex-2023-10-16" });
    expect(contentOf(asked)).toBe("from Claude");
  });

  it("is decided anew for a further attempt", async () => {
    const services = [
      { name: "first", cluster: "models" },
      service({ service: undefined, cluster: "second" }),
    ];
    const stage = await Stage.open({ allowOnHeadersStopIteration: true, services, attempts: {} });
    const asked = stage.ask({ ...QUESTION, model: "opus" }, () => error(503), [said(message)]);
    expect(asked.calls.map(({ headers }) => headers[":path"])).toEqual([CLAUDE]);
    expect(contentOf(asked)).toBe("from Claude");
    expect(asked.client?.headers.get("x-ai-proxy-service")).toBe("google");
  });
});

describe("all families are one service", () => {
  it("to its limits", async () => {
    const root = await gateway({ limits: { tokensPerMinute: 100 } }, {}, { now: () => 1_200_000 });
    expect(ask(root, "opus", undefined, { respond: () => said(message) }).client?.status).toBe(200);
    expect(ask(root, "x").client?.status).toBe(429);
  });

  it("to its keys", async () => {
    const root = await gateway({ token: undefined, tokens: ["one", "two"] });
    const keyOf = ({ upstream }: Exchange) => upstream?.headers.get("authorization");
    const refused = keyOf(ask(root, "opus", undefined, answers(401)));
    const used = ["x", "opus", "x", "opus"].map((model) => keyOf(ask(root, model)));
    expect(new Set(used).size).toBe(1);
    expect(used[0]).not.toBe(refused);
  });

  it("to whoever looks for a service that answers", async () => {
    const services = [service({ cluster: "models" }), { name: "second", cluster: "second" }];
    const stage = await Stage.open({ allowOnHeadersStopIteration: true, services, attempts: { max: 1 } });
    const send = (model: string, answer: ExchangeOptions["respond"]) =>
      pathOf(stage.ask(question(model), answer));
    expect(send("opus", () => error(429, { "retry-after": "9" }))).toBe(CLAUDE);
    expect(["opus", "x"].map((model) => send(model, () => OK))).toEqual(
      Array(2).fill("/v1/chat/completions"),
    );
    stage.pass(9500);
    expect(send("x", () => said(candidate))).toBe(GEMINI);
  });

  it("to metrics", async () => {
    const metrics = new MetricStore();
    let now = 1_200_000;
    const root = await gateway({}, {}, { metrics, now: () => now });
    ask(root, "opus", undefined, { respond: () => said(message) });
    ask(root, "x", undefined, { respond: () => said(candidate) });
    now += 1000;
    root.tick();
    expect(metrics.value("ai_proxy.attempts_total.service.google")).toBe(2);
    const input = (model: string) =>
      metrics.value(
        `ai_proxy.gen_ai_tokens_total.service.google.operation.chat.client.openai.model.${model}.token_type.input`,
      );
    expect([input("opus"), input("x")]).toEqual([30, 30]);
  });
});
