/** What the official plugin's options do to requests and answers, whichever language client and vendor speak. */
import { describe, expect, it } from "vitest";
import type { Callout, ExchangeOptions, Root } from "../../host/index.ts";
import { chat, configured, eurekaReply } from "../plugin.ts";
import { ANSWER } from "./fixtures.ts";

const FILES = "outbound|80||files.dns";

function provided(provider: object, options = {}): Promise<Root> {
  return configured(
    { allowOnHeadersStopIteration: true, provider: { type: "openai", apiTokens: ["sk"], ...provider } },
    { clusters: ["eureka", "models", FILES], ...options },
  );
}

const user = (content: unknown) => ({ role: "user", content });
const assistant = (content: unknown) => ({ role: "assistant", content });
const system = (content: unknown) => ({ role: "system", content });

/** The body that goes upstream. */
function sent(root: Root, request: object, options: Partial<ExchangeOptions> = {}): Record<string, unknown> {
  const { upstream, client } = chat(root, request, options);
  if (upstream === undefined) throw new Error(`nothing went upstream: ${client?.text}`);
  expect(upstream.lengthMismatch).toBe(false);
  return JSON.parse(upstream.text);
}

function answered(root: Root, message: object, path = "/v1/chat/completions"): unknown {
  const body = { ...ANSWER, choices: [{ index: 0, message, finish_reason: "stop" }] };
  const { client } = chat(
    root,
    { model: "m", max_tokens: 5, messages: [user("x")] },
    {
      request: { headers: { ":path": path } },
      respond: () => ({ headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    },
  );
  expect(client?.status).toBe(200);
  return JSON.parse(client?.text ?? "");
}

/** The deltas of a streamed answer to an OpenAI client, joined by kind. */
function streamed(root: Root, deltas: object[], cutResponse?: number): Record<string, string> {
  const events = [
    ...deltas.map((delta) => ({ id: "1", choices: [{ index: 0, delta, finish_reason: null }] })),
    { id: "1", choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
  ];
  const body = `${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")}data: [DONE]\n\n`;
  const { client } = chat(
    root,
    { model: "m", stream: true, messages: [user("x")] },
    {
      respond: () => ({ headers: { "content-type": "text/event-stream" }, body }),
      ...(cutResponse !== undefined && { cutResponse }),
    },
  );
  const found: Record<string, string> = {};
  const text = client?.text ?? "";
  expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
  for (const [, json] of text.matchAll(/^data: (\{.*)$/gm)) {
    const delta = JSON.parse(json ?? "").choices[0]?.delta ?? {};
    for (const name of ["content", "reasoning_content"]) {
      if (typeof delta[name] === "string") found[name] = (found[name] ?? "") + delta[name];
    }
  }
  return found;
}

describe("settings", () => {
  const customSettings = [
    { name: "max_tokens", value: 100 },
    { name: "temperature", value: 0, overwrite: false },
    { name: "chat_template_kwargs.enable_thinking", value: false, mode: "raw" },
  ];

  it("are put into a request that is handed on; all else stays byte for byte", async () => {
    const root = await provided({ customSettings, disableStreamUsageStats: true });
    const body = '{"model":"m","temperature":1.0,"top_p":1e0,"stop":"x","messages":[]}';
    const { upstream } = chat(root, body);
    expect(upstream?.text).toBe(
      '{"chat_template_kwargs":{"enable_thinking":false},"max_tokens":100,' +
        '"model":"m","temperature":1.0,"top_p":1e0,"stop":"x","messages":[]}',
    );
    expect(upstream?.headers.get("content-length")).toBe(String(upstream?.body.length));
  });

  it("are put into a request that is converted, whatever the client's language", async () => {
    const root = await provided({ customSettings: customSettings.slice(0, 2) });
    const request = { model: "m", max_tokens: 7, messages: [user("hi")] };
    const anthropic = sent(root, request, { request: { headers: { ":path": "/v1/messages" } } });
    expect(anthropic).toMatchObject({ temperature: 0 });
    expect(anthropic.max_tokens ?? anthropic.max_completion_tokens).toBe(100);
    const gemini = sent(
      root,
      { contents: [{ role: "user", parts: [{ text: "hi" }] }] },
      { request: { headers: { ":path": "/v1beta/models/m:generateContent" } } },
    );
    expect(gemini).toMatchObject({ temperature: 0 });
    expect(gemini.max_tokens ?? gemini.max_completion_tokens).toBe(100);
  });

  it("leave embeddings alone (the official plugin changes every body)", async () => {
    const root = await provided({ customSettings });
    const { upstream } = chat(
      root,
      { model: "m", input: "x" },
      { request: { headers: { ":path": "/v1/embeddings" } } },
    );
    expect(JSON.parse(upstream?.text ?? "")).toEqual({ model: "m", input: "x" });
  });
});

describe("messages", () => {
  it("of one role are merged; parameters that nobody knows stay", async () => {
    const root = await provided({ mergeConsecutiveMessages: true, modelMapping: { "*": "mapped" } });
    const request = {
      model: "m",
      messages: [user("a"), user("b"), assistant("c")],
      seed: 0,
      extra: { a: 1 },
    };
    expect(sent(root, request)).toEqual({
      ...request,
      model: "mapped",
      messages: [user("a\n\nb"), assistant("c")],
    });
  });

  it.each(["hiclawMode", "agentteamsMode"])("are merged and answers promoted by %s", async (mode) => {
    const root = await provided({ [mode]: true });
    expect(sent(root, { messages: [user("a"), user("b")] })).toEqual({ messages: [user("a\n\nb")] });
    expect(answered(root, { role: "assistant", content: null, reasoning_content: "r" })).toMatchObject({
      choices: [{ message: { content: "r" } }],
    });
  });

  it("before a command to forget are dropped", async () => {
    const root = await provided({ contextCleanupCommands: ["", "清理上下文"] });
    const messages = [system("s"), user("a"), assistant("b"), user("清理上下文"), user("c")];
    expect(sent(root, { messages })).toEqual({ messages: [system("s"), user("c")] });
  });

  it("of a developer become the system's, but for those who know the role", async () => {
    const messages = [{ role: "developer", content: "d" }, user("a")];
    expect(sent(await provided({ type: "moonshot" }), { messages, temperature: 0 })).toEqual({
      messages: [system("d"), user("a")],
      temperature: 0,
    });
    expect(sent(await provided({}), { messages })).toEqual({ messages });
  });

  it("are looked for in a body of any size without keeping it, also across windows", async () => {
    const root = await provided({ type: "moonshot" });
    const small = (length: number) => ({ messages: [user("x".repeat(length))] });
    sent(root, small(10));
    const before = root.host.memoryBytes;
    expect(sent(root, small(8 << 20))).toEqual(small(8 << 20));
    expect(root.host.memoryBytes - before).toBeLessThan(2 << 20);
    for (const shift of [0, 1, 5, 10, 11]) {
      const content = "x".repeat((64 << 10) - 40 + shift);
      const found = sent(root, { messages: [user(content), { role: "developer", content: "d" }] });
      expect(found).toEqual({ messages: [user(content), system("d")] });
    }
  });

  it("are found in requests of any cut", async () => {
    const root = await provided({ type: "moonshot", mergeConsecutiveMessages: true });
    const request = { messages: [{ role: "developer", content: "d" }, user("一"), user("b")] };
    for (let cut = 1; cut < 40; cut += 3) {
      expect(sent(root, request, { cutRequest: cut })).toEqual({ messages: [system("d"), user("一\n\nb")] });
    }
  });
});

describe("usage of streams", () => {
  const stream = { model: "m", stream: true, messages: [] };

  it.each([
    [stream, { include_usage: true }],
    [
      { ...stream, stream_options: { chunk: 1 } },
      { include_usage: true, chunk: 1 },
    ],
    [{ ...stream, stream_options: {} }, { include_usage: true }],
    [{ ...stream, stream_options: { include_usage: false } }, { include_usage: false }],
    [{ ...stream, stream: false }, undefined],
  ])("is asked for unless the client says whether it wants it: %j", async (request, expected) => {
    expect(sent(await provided({}), request).stream_options).toEqual(expected);
  });

  it("is not asked for where that is switched off", async () => {
    expect(sent(await provided({ disableStreamUsageStats: true }), stream)).toEqual(stream);
  });
});

describe("a response format", () => {
  it("is set for chat, and only there (the official plugin fails on embeddings)", async () => {
    const responseJsonSchema = {
      type: "json_schema",
      json_schema: { name: "n", schema: { type: "object" } },
    };
    const root = await provided({ responseJsonSchema, modelMapping: { "*": "x" } });
    expect(sent(root, { model: "m", messages: [] })).toEqual({
      model: "x",
      messages: [],
      response_format: responseJsonSchema,
    });
    const embeddings = sent(
      root,
      { model: "m", input: "a" },
      { request: { headers: { ":path": "/v1/embeddings" } } },
    );
    expect(embeddings).toEqual({ model: "x", input: "a" });
  });
});

describe("the time to the first byte", () => {
  const name = "x-envoy-upstream-rq-first-byte-timeout-ms";

  it("is limited for streams only", async () => {
    const root = await provided({ firstByteTimeout: 2500 });
    expect(chat(root, { stream: true }).upstream?.headers.get(name)).toBe("2500");
    expect(chat(root, { stream: false }).upstream?.headers.get(name)).toBeUndefined();
    expect(chat(await provided({}), { stream: true }).upstream?.headers.get(name)).toBeUndefined();
  });
});

describe("a context file", () => {
  const context = {
    fileUrl: "http://files.example.com/a/b.txt?v=1",
    serviceName: "files.dns",
    servicePort: 80,
  };
  const text = 'Be "brief".\n你好';

  it("is asked for once; the first request waits for it", async () => {
    const root = await provided({ context });
    const calls: Callout[] = [];
    const first = sent(
      root,
      { messages: [system("s"), user("a")] },
      {
        onHeld: () => {
          calls.push(...root.callouts);
          root.callouts[0]?.respond({ body: text });
        },
      },
    );
    expect(first).toEqual({ messages: [system("s"), system(text), user("a")] });
    expect(calls).toHaveLength(1);
    const call = calls[0];
    expect(call?.cluster).toBe(FILES);
    expect(call?.headers.get(":path")).toBe("/a/b.txt?v=1");
    expect(call?.headers.get(":authority")).toBe("files.example.com");
    expect(sent(root, { messages: [user("b")] })).toEqual({ messages: [system(text), user("b")] });
    expect(calls).toHaveLength(1);
  });

  it("goes into requests of other languages, too", async () => {
    const root = await provided({ context });
    const request = { model: "m", max_tokens: 5, system: "s", messages: [user("a")] };
    const body = sent(root, request, {
      request: { headers: { ":path": "/v1/messages" } },
      onHeld: () => root.callouts.at(-1)?.respond({ body: text }),
    });
    expect(JSON.stringify(body.messages)).toContain(JSON.stringify(`s\n\n${text}`));
  });

  it("leaves embeddings alone, which do not wait for it", async () => {
    const root = await provided({ context });
    const options = { request: { headers: { ":path": "/v1/embeddings" } } };
    expect(sent(root, { model: "m", input: "x" }, options)).toEqual({ model: "m", input: "x" });
    expect(root.callouts).toHaveLength(0);
  });

  it("that cannot be had is an error in the client's own shape, and asked for again later", async () => {
    let time = Date.now();
    const root = await provided({ context }, { now: () => time });
    const failed = chat(
      root,
      { messages: [] },
      { onHeld: () => root.callouts.at(-1)?.respond({ headers: { ":status": "404" } }) },
    );
    expect(failed.client?.status).toBe(502);
    expect(JSON.parse(failed.client?.text ?? "").error.message).toMatch(/context file/);
    expect(failed.localReply?.details).toBe("ai-proxy.openai.load_ctx_failed");
    time += 6000;
    const again = sent(
      root,
      { messages: [] },
      { onHeld: () => root.callouts.at(-1)?.respond({ body: "x" }) },
    );
    expect(again).toEqual({ messages: [system("x")] });
  });
});

describe("what a type calls otherwise", () => {
  it.each(["zhipuai", "longcat"])(
    "%s: thinking is switched on, and off where it is not wanted",
    async (type) => {
      const root = await provided({ type });
      const thinking = (effort: string) =>
        sent(root, { model: "m", messages: [user("x")], reasoning_effort: effort });
      expect(thinking("high")).toEqual({ model: "m", messages: [user("x")], thinking: { type: "enabled" } });
      expect(thinking("none")).toEqual({ model: "m", messages: [user("x")], thinking: { type: "disabled" } });
    },
  );

  it("openrouter: a limit of reasoning stands alone in its object", async () => {
    const root = await provided({ type: "openrouter" });
    const body = { model: "m", messages: [], reasoning_effort: "high", reasoning_max_tokens: 9 };
    expect(sent(root, body)).toEqual({ model: "m", messages: [], reasoning: { max_tokens: 9 } });
  });

  it("doubao: no mark in images, no choice of tools in Responses", async () => {
    const root = await provided({ type: "doubao" });
    const at = (path: string) => ({ request: { headers: { ":path": path } } });
    const image = { model: "m", prompt: "a cat" };
    expect(sent(root, image, at("/v1/images/generations"))).toEqual({ ...image, watermark: false });
    const responses = { model: "m", input: "x", tool_choice: "auto" };
    expect(sent(root, responses, at("/v1/responses"))).toEqual({ model: "m", input: "x" });
  });

  it("settings of a provider stand beside them", async () => {
    const root = await provided({
      type: "zhipuai",
      customSettings: [{ name: "seed", value: 7 }],
    });
    const body = { model: "m", messages: [], reasoning_effort: "low" };
    expect(sent(root, body)).toEqual({ model: "m", messages: [], thinking: { type: "enabled" }, seed: 7 });
  });
});

describe("a place in Eureka", () => {
  it("gives a vendor's language to one's own instances, with the vendor's paths and key", async () => {
    const root = await configured({
      allowOnHeadersStopIteration: true,
      steering: { clusterHeader: "x-ai-proxy-cluster", cluster: "eureka-instances" },
      eureka: { servers: [{ cluster: "eureka" }] },
      provider: { type: "zhipuai", apiTokens: ["k"], eureka: { application: "GLM" } },
    });
    const { upstream } = chat(
      root,
      { model: "m", messages: [] },
      {
        onHeld: () => {
          root.tick();
          root.callouts[0]?.respond({ body: eurekaReply("GLM", [[8080, "UP"]]) });
        },
      },
    );
    expect(upstream?.headers.get(":path")).toBe("/api/paas/v4/chat/completions");
    expect(upstream?.headers.get(":authority")).toBe("10.0.0.1:8080");
    expect(upstream?.headers.get("authorization")).toBe("Bearer k");
    expect(upstream?.headers.get("x-ai-proxy-cluster")).toBe("eureka-instances");
    expect(upstream?.headers.get("x-envoy-original-dst-host")).toBe("10.0.0.1:8080");
  });
});

describe("files of qwen-long", () => {
  it("are named to that model only", async () => {
    const root = await provided({
      type: "qwen",
      qwenFileIds: ["a", "b"],
      modelMapping: { long: "qwen-long" },
    });
    expect(sent(root, { model: "long", messages: [user("x")] })).toEqual({
      model: "qwen-long",
      messages: [system("fileid://a,fileid://b"), user("x")],
    });
    expect(sent(root, { model: "qwen-max", messages: [user("x")] }).messages).toEqual([user("x")]);
  });
});

describe("reasoning", () => {
  const message = { role: "assistant", content: "text", reasoning_content: "think\n" };
  const deltas = [
    { role: "assistant", content: "" },
    { reasoning_content: "thi" },
    { reasoning_content: "nk\n" },
    { content: "te" },
    { content: "xt" },
  ];

  it("passes as it is", async () => {
    const root = await provided({ reasoningContentMode: "passthrough" });
    expect(answered(root, message)).toMatchObject({ choices: [{ message }] });
    expect(streamed(root, deltas)).toEqual({ content: "text", reasoning_content: "think\n" });
  });

  it("is left out", async () => {
    const root = await provided({ reasoningContentMode: "ignore" });
    const { choices } = answered(root, message) as { choices: { message: object }[] };
    expect(choices[0]?.message).toEqual({ role: "assistant", content: "text", refusal: null });
    expect(streamed(root, deltas)).toEqual({ content: "text" });
  });

  it("is put before the text, with its tags once, however the stream is cut", async () => {
    const root = await provided({ reasoningContentMode: "concat" });
    const content = "<think>think\n</think>\ntext";
    expect(answered(root, message)).toMatchObject({ choices: [{ message: { content } }] });
    for (const cut of [undefined, 1, 7, 50]) expect(streamed(root, deltas, cut)).toEqual({ content });
  });

  it("of an answer without text becomes the text, in streams too", async () => {
    const root = await provided({ promoteThinkingOnEmpty: true });
    expect(answered(root, { role: "assistant", content: " \n", reasoning_content: "r" })).toMatchObject({
      choices: [{ message: { content: "r" } }],
    });
    expect(streamed(root, deltas.slice(0, 3))).toEqual({ content: "think\n" });
  });

  it("of an answer with text is not lost", async () => {
    const root = await provided({ promoteThinkingOnEmpty: true });
    expect(answered(root, message)).toMatchObject({ choices: [{ message }] });
    expect(streamed(root, deltas)).toEqual({ content: "text", reasoning_content: "think\n" });
  });

  it("before a tool call stays reasoning", async () => {
    const root = await provided({ promoteThinkingOnEmpty: true });
    const call = { id: "c", type: "function", function: { name: "f", arguments: "{}" } };
    const tools = { role: "assistant", content: null, reasoning_content: "r", tool_calls: [call] };
    expect(answered(root, tools)).toMatchObject({
      choices: [{ message: { reasoning_content: "r", tool_calls: [call] } }],
    });
  });

  it("is treated so for clients of other languages", async () => {
    const root = await provided({ reasoningContentMode: "ignore" });
    expect(answered(root, message, "/v1/messages")).toMatchObject({
      content: [{ type: "text", text: "text" }],
    });
  });
});
