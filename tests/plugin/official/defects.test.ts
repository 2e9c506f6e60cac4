/** Defects of the official plugin that concern its configuration: each has a name, and none is here. */
import { describe, expect, it } from "vitest";
import type { ExchangeOptions, Root } from "../../host/index.ts";
import { chat, configured } from "../plugin.ts";
import { error, OK, Stage } from "../retrying.ts";
import { ANSWER } from "./fixtures.ts";

const user = (content: unknown, rest = {}) => ({ role: "user", content, ...rest });

function provided(provider: object, options = {}): Promise<Root> {
  return configured(
    {
      allowOnHeadersStopIteration: true,
      provider: { type: "baichuan", apiTokens: ["sk-secret"], ...provider },
    },
    options,
  );
}

function sent(root: Root, request: object | string, options: Partial<ExchangeOptions> = {}): unknown {
  const { upstream, client } = chat(root, request, options);
  if (upstream === undefined) throw new Error(`nothing went upstream: ${client?.text}`);
  return JSON.parse(upstream.text);
}

describe("requests", () => {
  it("keep unknown fields, zeros and a stop that is text where a developer message is rewritten", async () => {
    const root = await provided({ mergeConsecutiveMessages: true });
    const rest = { temperature: 0, top_p: 0, seed: 0, parallel_tool_calls: false, top_k: 0, stop: "x" };
    const odd = { metadata: { a: 1 }, logit_bias: { "1": 0.5 }, enable_thinking: false, extra: [{}] };
    const messages = [{ role: "developer", content: "d" }, user("a")];
    expect(sent(root, { ...rest, ...odd, messages })).toEqual({
      ...rest,
      ...odd,
      messages: [{ role: "system", content: "d" }, user("a")],
    });
  });

  it("are rewritten whatever else is in them, not only where a structure can be filled", async () => {
    const messages = [
      { role: "developer", content: [{ type: "text", text: "d", odd: 1 }] },
      user(5),
      user({}),
    ];
    expect(sent(await provided({}), { messages })).toEqual({
      messages: [{ ...messages[0], role: "system" }, user(5), user({})],
    });
  });

  it("with parts that are broken are merged without a panic", async () => {
    const parts = [
      { type: "image_url" },
      { type: "input_audio", input_audio: 5 },
      { type: "file", file: null },
    ];
    const root = await provided({ mergeConsecutiveMessages: true });
    expect(sent(root, { messages: [user(parts), user([null, 1]), user(null)] })).toEqual({
      messages: [user([...parts, null, 1])],
    });
  });

  it("that are forms are not taken for JSON by settings", async () => {
    const root = await configured({
      allowOnHeadersStopIteration: true,
      provider: {
        type: "openai",
        apiTokens: ["k"],
        customSettings: [{ name: "max_tokens", value: 1 }],
        mergeConsecutiveMessages: true,
      },
    });
    const form = '--b\r\ncontent-disposition: form-data; name="prompt"\r\n\r\nx\r\n--b--\r\n';
    const { upstream } = chat(root, form, {
      request: {
        headers: { ":path": "/v1/images/edits", "content-type": "multipart/form-data; boundary=b" },
      },
    });
    expect(upstream?.text).toBe(form);
  });

  it("with a path that is no URL do not end the worker", async () => {
    const root = await provided({});
    chat(root, {}, { request: { headers: { ":path": "/%zz?%" } } });
    expect(sent(root, { model: "m" })).toEqual({ model: "m" });
  });

  it("without a model get none, unless there is one for all", async () => {
    expect(sent(await provided({ modelMapping: { a: "b" } }), { messages: [] })).toEqual({ messages: [] });
  });
});

describe("modelMapping", () => {
  it.each([
    [{ "~gpt-.*": "x" }, "gpt-4", "x"],
    [{ "~^gpt-(.+)$": "q-$1" }, "gpt-4", "q-4"],
    [{ "gpt-*": "long", "gpt-4*": "longer", "gpt-4": "exact", "*": "rest" }, "gpt-4", "exact"],
    [{ "gpt-*": "long", "gpt-4*": "longer", "*": "rest" }, "gpt-4o", "longer"],
    [{ "*": "rest", "gpt-*": "" }, "gpt-4o", "gpt-4o"],
    [{ "*": "rest" }, "other", "rest"],
  ])("has an order that does not depend on chance: %j", async (modelMapping, model, expected) => {
    const root = await provided({ modelMapping });
    for (let i = 0; i < 5; i++) expect(sent(root, { model })).toEqual({ model: expected });
  });

  it("with a wrong expression is a mistake of the configuration, not a panic on every request", async () => {
    const root = await provided({ modelMapping: { "~(": "x" } });
    const { upstream, client } = chat(root, { model: "m" });
    expect(upstream).toBeUndefined();
    expect(client?.text).toContain("provider.modelMapping");
  });
});

describe("secrets", () => {
  it("of the client do not go to the vendor, nor do those of the gateway go to the client or the log", async () => {
    const root = await provided({ contextCleanupCommands: ["x"] });
    const { upstream, client } = chat(
      root,
      { model: "m", messages: [] },
      {
        request: {
          headers: {
            authorization: "Bearer client-key",
            "x-api-key": "client-key",
            "api-key": "client-key",
            "x-goog-api-key": "client-key",
          },
        },
      },
    );
    expect(JSON.stringify(upstream?.headers.pairs())).not.toContain("client-key");
    expect(client?.text).not.toContain("sk-secret");
  });

  it("and bodies are not repeated in errors", async () => {
    const root = await provided({});
    const { client } = chat(root, '{"messages":"my-private-text",');
    expect(client?.status).toBe(400);
    expect(client?.text).not.toContain("my-private-text");
  });
});

describe("answers", () => {
  it.each([200, 201, 206])("with status %i are converted", async (status) => {
    const root = await provided({});
    const { client } = chat(
      root,
      { model: "m", max_tokens: 5, messages: [user("a")] },
      {
        request: { headers: { ":path": "/v1/messages", "anthropic-version": "2023-06-01" } },
        respond: () => ({
          headers: { ":status": String(status), "content-type": "application/json" },
          body: JSON.stringify(ANSWER),
        }),
      },
    );
    expect(JSON.parse(client?.text ?? "")).toMatchObject({ type: "message", content: [{ text: "hello" }] });
  });

  it("that are errors reach a client of another language in its own shape", async () => {
    const root = await provided({});
    const { client } = chat(
      root,
      { model: "m", max_tokens: 5, messages: [user("a")] },
      {
        request: { headers: { ":path": "/v1/messages" } },
        respond: () => ({
          headers: { ":status": "429", "content-type": "application/json" },
          body: '{"error":{"message":"slow down","type":"rate_limit_reached_error"}}',
        }),
      },
    );
    expect(client?.status).toBe(429);
    expect(JSON.parse(client?.text ?? "")).toMatchObject({
      type: "error",
      error: { type: "rate_limit_error", message: "slow down" },
    });
  });

  it("of a stream keep reasoning that comes before text, whatever is promoted", async () => {
    const root = await provided({ promoteThinkingOnEmpty: true });
    const chunk = (delta: object, finish: string | null = null) =>
      `data: ${JSON.stringify({ id: "1", choices: [{ index: 0, delta, finish_reason: finish }] })}\r\n\r\n`;
    const body = `${chunk({ reasoning_content: "r" })}: ping\r\n\r\n${chunk({ content: "t" })}${chunk({}, "stop")}data: [DONE]\r\n\r\n`;
    for (const cutResponse of [1, 3, 1000]) {
      const { client } = chat(
        root,
        { model: "m", stream: true, messages: [user("a")] },
        {
          cutResponse,
          respond: () => ({ headers: { "content-type": "text/event-stream" }, body }),
        },
      );
      expect(client?.text).toContain('"reasoning_content":"r"');
      expect(client?.text).toContain('"content":"t"');
      expect(client?.text.match(/\[DONE\]/g)).toHaveLength(1);
    }
  });
});

describe("retryOnFailure", () => {
  it("tries embeddings again as embeddings, with the client's own body, and with one key", async () => {
    const stage = await Stage.open({
      allowOnHeadersStopIteration: true,
      provider: {
        type: "openai",
        apiTokens: ["k"],
        modelMapping: { "*": "mapped" },
        retryOnFailure: { enabled: true, maxRetries: 2, retryOnStatus: ["5.*"] },
      },
    });
    const json = { "content-type": "application/json" };
    const again = { headers: json, body: '{"object":"list","data":[]}' };
    const asked = stage.ask({ model: "e", input: "x" }, () => error(503), [error(500), again], {
      request: { headers: { ":path": "/v1/embeddings" } },
      properties: { "xds.cluster_name": "models" },
    });
    expect(asked.client?.status).toBe(200);
    expect(asked.calls).toHaveLength(2);
    for (const { cluster, headers, text } of asked.calls) {
      expect(cluster).toBe("models");
      expect(headers).toMatchObject({ ":path": "/v1/embeddings", authorization: "Bearer k" });
      expect(JSON.parse(text)).toEqual({ model: "mapped", input: "x" });
    }
  });

  it("renders chat anew with all edits for each try, and not what is the client's fault", async () => {
    const stage = await Stage.open({
      allowOnHeadersStopIteration: true,
      provider: {
        type: "baichuan",
        apiTokens: ["k"],
        mergeConsecutiveMessages: true,
        customSettings: [{ name: "temperature", value: 0 }],
        retryOnFailure: { enabled: true },
      },
    });
    const request = { model: "m", messages: [{ role: "developer", content: "d" }, user("a"), user("b")] };
    const options = { properties: { "xds.cluster_name": "models" } };
    const asked = stage.ask(request, () => error(500), [OK], options);
    expect(asked.client?.status).toBe(200);
    expect(asked.calls.map(({ text }) => JSON.parse(text))).toEqual([
      { temperature: 0, model: "m", messages: [{ role: "system", content: "d" }, user("a\n\nb")] },
    ]);
    expect(stage.ask(request, () => error(400), [], options).calls).toEqual([]);
  });
});
