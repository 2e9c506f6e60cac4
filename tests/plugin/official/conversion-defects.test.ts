/** Defects of the official plugin's conversions: each has a name, and none is here. */
import { describe, expect, it } from "vitest";
import { message } from "../../host/exchange.ts";
import type { Root, Stream } from "../../host/index.ts";
import { OPENAI } from "../../support/clients/openai.ts";
import { encodeFrame } from "../../support/event-stream.ts";
import { event, type Json, type Scenario, type Vendor, vendorOf } from "../../support/upstreams/index.ts";
import { chat, configured } from "../plugin.ts";

/** What is parsed is looked into as it comes. */
type Member = ReturnType<typeof JSON.parse>;

/** Configurations of the types that have a language of their own, by that language. */
const PROVIDERS: Record<string, object> = {
  anthropic: { type: "claude" },
  bedrock: {
    type: "bedrock",
    awsRegion: "us-east-1",
    modelMapping: { "*": "anthropic.claude-3-7-sonnet-20250219-v1:0" },
  },
  gemini: { type: "gemini", modelMapping: { "*": "gemini-2.5-flash" } },
  vertex: { type: "vertex", modelMapping: { "*": "gemini-2.5-flash" } },
  dashscope: { type: "qwen", qwenEnableCompatible: false },
  cohere: { type: "cohere" },
  dify: { type: "dify", botType: "Chat" },
  kserve: { type: "triton", tritonDomain: "triton.example.com" },
  minimax: { type: "minimax", minimaxApiType: "pro", minimaxGroupId: "1" },
  spark: { type: "spark" },
  hunyuan: {
    type: "hunyuan",
    hunyuanAuthId: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
    hunyuanAuthKey: "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
  },
};
const LANGUAGES = Object.keys(PROVIDERS);

const provided = (provider: object = { type: "baichuan" }): Promise<Root> =>
  configured({ allowOnHeadersStopIteration: true, provider: { apiTokens: ["k"], ...provider } });

const speaking = (language: string) => provided(PROVIDERS[language]);

const user = (content: unknown) => ({ role: "user", content });

/** The body that goes upstream, for an OpenAI client. */
async function sent(language: string, request: object): Promise<Member> {
  const { upstream, client } = chat(await speaking(language), {
    model: "m",
    messages: [user("hi")],
    ...request,
  });
  if (upstream === undefined) throw new Error(`nothing went upstream: ${client?.text}`);
  return JSON.parse(upstream.text);
}

/** The body that goes to a type that speaks OpenAI's language, for an Anthropic client. */
async function sentFor(request: object): Promise<Member> {
  const { upstream, client } = chat(
    await provided(),
    { model: "m", max_tokens: 5, messages: [user("hi")], ...request },
    { request: { headers: { ":path": "/v1/messages" } } },
  );
  if (upstream === undefined) throw new Error(`nothing went upstream: ${client?.text}`);
  return JSON.parse(upstream.text);
}

const weather = (id: string, city: string) => ({
  id,
  type: "function",
  function: { name: "get_weather", arguments: JSON.stringify({ city }) },
});

const TOOLS = [{ type: "function", function: { name: "get_weather", parameters: { type: "object" } } }];

/** Two calls with a text beside them, and their results. */
const HISTORY = [
  user("weather?"),
  { role: "assistant", content: "Let me see.", tool_calls: [weather("a", "Paris"), weather("b", "Rome")] },
  { role: "tool", tool_call_id: "a", content: "sunny" },
  { role: "tool", tool_call_id: "b", content: "rainy" },
];

const DIALOGUE = [
  { role: "system", content: "be brief" },
  user("first question"),
  { role: "assistant", content: "first answer" },
  user("second question"),
];

describe("OpenAI's requests", () => {
  const one = { type: "function", function: { name: "get_weather" } };

  it("claude, bedrock: a tool that is chosen by name is the one", async () => {
    expect((await sent("anthropic", { tools: TOOLS, tool_choice: one })).tool_choice).toMatchObject({
      type: "tool",
      name: "get_weather",
    });
    const { toolConfig } = await sent("bedrock", { tools: TOOLS, tool_choice: one });
    expect(toolConfig.toolChoice).toEqual({ tool: { name: "get_weather" } });
  });

  it("bedrock: a choice of no tool is not a choice of any", async () => {
    const body = await sent("bedrock", { tools: TOOLS, tool_choice: "none" });
    expect(body.toolConfig?.toolChoice).toBeUndefined();
    expect(JSON.stringify(body.toolConfig ?? {})).not.toContain("get_weather");
  });

  it("bedrock: text beside calls of tools stays", async () => {
    const { messages } = await sent("bedrock", { messages: HISTORY, tools: TOOLS });
    expect(messages[1].content.map((block: Json) => Object.keys(block)[0])).toEqual([
      "text",
      "toolUse",
      "toolUse",
    ]);
  });

  it.each(["gemini", "vertex"])(
    "%s: every call of a tool and every result is in the history",
    async (language) => {
      const { contents } = await sent(language, { messages: HISTORY, tools: TOOLS });
      const parts = contents.flatMap((content: Member) => content.parts) as Member[];
      const cities = parts.map((part) => part.functionCall?.args.city).filter(Boolean);
      expect(cities).toEqual(["Paris", "Rome"]);
      expect(parts.filter((part) => part.functionResponse)).toHaveLength(2);
      expect(new Set(contents.map((content: Member) => content.role))).toEqual(new Set(["user", "model"]));
    },
  );

  it("claude: several system messages are all there", async () => {
    const messages = [{ role: "system", content: "one" }, { role: "system", content: "two" }, user("hi")];
    expect(JSON.stringify((await sent("anthropic", { messages })).system)).toMatch(/one.*two/);
  });

  it("claude: a budget for thinking is below the limit of tokens, and the temperature is left out", async () => {
    const body = await sent("anthropic", { reasoning_effort: "high", max_tokens: 2000, temperature: 0.5 });
    expect(body.thinking.type).toBe("enabled");
    expect(body.thinking.budget_tokens).toBeLessThan(body.max_tokens);
    expect(body.temperature).toBeUndefined();
  });

  it("qwen: what the client does not say of top_p is not said", async () => {
    expect((await sent("dashscope", {})).parameters.top_p).toBeUndefined();
    expect(
      (await sent("dashscope", { stop: ["x"], tool_choice: "auto", tools: TOOLS })).parameters,
    ).toMatchObject({
      stop: ["x"],
    });
  });

  it.each(["cohere", "kserve", "dify"])(
    "%s: the whole conversation goes, not its first or last message",
    async (language) => {
      const body = JSON.stringify(await sent(language, { messages: DIALOGUE }));
      for (const text of ["be brief", "first question", "first answer", "second question"])
        expect(body).toContain(text);
    },
  );

  it.each(LANGUAGES)("%s: zeros are sent, and not taken for what is missing", async (language) => {
    const zeros = { temperature: 0, seed: 0 };
    const { upstream, client } = chat(await speaking(language), {
      model: "m",
      messages: [user("hi")],
      ...zeros,
    });
    const dropped = client?.headers.get("x-ai-proxy-dropped-params") ?? "";
    if (!dropped.includes("temperature")) expect(upstream?.text).toMatch(/"temperature":0\b/i);
    if (!dropped.includes("seed")) expect(upstream?.text).toMatch(/"seed":0\b/i);
  });
});

describe("Anthropic's requests", () => {
  const use = { type: "tool_use", id: "t", name: "get_weather", input: {} };
  const calledThen = (...results: object[]) => [
    user("w?"),
    { role: "assistant", content: [use] },
    user(results),
  ];

  it("a result of a tool without content does not end the worker", async () => {
    const { messages } = await sentFor({ messages: calledThen({ type: "tool_result", tool_use_id: "t" }) });
    expect(messages.at(-1)).toEqual({ role: "tool", tool_call_id: "t", content: "" });
  });

  it("any tool is a required one, and one at a time is said", async () => {
    const tools = [{ name: "get_weather", input_schema: { type: "object" } }];
    const body = await sentFor({ tools, tool_choice: { type: "any", disable_parallel_tool_use: true } });
    expect(body).toMatchObject({ tool_choice: "required", parallel_tool_calls: false });
  });

  it("images and documents are not lost, in results neither", async () => {
    const source = { type: "base64", media_type: "image/png", data: "AAAA" };
    const pdf = { type: "base64", media_type: "application/pdf", data: "BBBB" };
    const text = JSON.stringify(
      await sentFor({
        messages: [
          ...calledThen({ type: "tool_result", tool_use_id: "t", content: [{ type: "image", source }] }),
          user([{ type: "document", source: pdf }]),
        ],
      }),
    );
    expect(text).toContain("AAAA");
    expect(text).toContain("BBBB");
  });

  it("text beside results of tools stays behind them", async () => {
    const { messages } = await sentFor({
      messages: calledThen(
        { type: "tool_result", tool_use_id: "t", content: "sunny" },
        { type: "text", text: "and now?" },
      ),
    });
    expect(messages.slice(-2).map(({ role }: Member) => role)).toEqual(["tool", "user"]);
  });
});

const scenarioOf = ({ says }: Vendor): Scenario => ({
  ...(says.thinking && { thinking: { text: "let me think", signature: "c2ln" } }),
  text: "hello 晴天",
  ...(says.calls && {
    calls: [
      { id: "a", name: "get_weather", arguments: { city: "Paris" } },
      { id: "b", name: "get_time", arguments: { zone: "x" } },
    ],
  }),
  usage: { input: 3, output: 5 },
});

/** What an OpenAI client reads of these bytes of the type's stream; throws where they are not a complete answer. */
function read(root: Root, body: Uint8Array, type: string, cutResponse = 1 << 20) {
  const { client } = chat(root, OPENAI.request("text", true), {
    respond: () => ({ headers: { "content-type": type }, body }),
    cutResponse,
  });
  return OPENAI.stream(client?.text ?? "");
}

describe.each(LANGUAGES)("streams of %s", async (language) => {
  const vendor = vendorOf(language);
  const root = await speaking(language);
  const scenario = scenarioOf(vendor);
  const events = Buffer.concat(vendor.stream(scenario, "m"));
  const whole = read(root, events, vendor.streamType);

  it("have all of the answer, one choice, calls counted from 0, and one end mark", () => {
    expect(whole).toMatchObject({ thinking: scenario.thinking?.text ?? "", text: scenario.text });
    expect(whole.calls.map(({ name }) => name)).toEqual((scenario.calls ?? []).map(({ name }) => name));
    expect(new Set(whole.calls.map(({ id }) => id)).size).toBe(whole.calls.length);
  });

  it("lose nothing wherever they are cut", () => {
    for (const size of [1, 2, 3, 5, 7, 64, 999])
      expect(read(root, events, vendor.streamType, size)).toEqual(whole);
  });

  // Amazon's frames have no blank lines.
  if (vendor.streamType === "text/event-stream") {
    it("may lack the blank line behind the last event", () => {
      expect(read(root, events.subarray(0, events.length - 2), vendor.streamType)).toEqual(whole);
    });

    it("may have comments, and lines without a colon", () => {
      const odd = Buffer.concat([Buffer.from(": ping\n\nnonsense\n\ndata\n\n"), events]);
      expect(read(root, odd, vendor.streamType)).toEqual(whole);
    });
  }

  it.each([
    "{}",
    "[]",
    "null",
    "5",
    '{"choices":[]}',
    '{"choices":[null]}',
    '{"choices":[{"message":null}]}',
  ])("that were to be are not made up from %s", (body) => {
    for (const isStream of [false, true]) {
      const { client } = chat(root, OPENAI.request("text", isStream), {
        respond: () => ({ headers: { "content-type": "application/json" }, body }),
      });
      expect(client?.status, client?.text).toBe(502);
      expect(OPENAI.failure(client?.text ?? "")).not.toBe("");
    }
  });
});

describe("answers", () => {
  /** A stream of Claude's that is fed by hand. */
  function open(root: Root): Stream {
    const stream = root.stream();
    const body = JSON.stringify(OPENAI.request("text", true));
    stream.requestHeaders(
      {
        ":method": "POST",
        ":path": "/v1/chat/completions",
        ":authority": "x",
        "content-type": "application/json",
      },
      false,
    );
    stream.requestBody(body, true);
    stream.responseHeaders({ ":status": "200", "content-type": "text/event-stream" }, false);
    return stream;
  }

  it("claude: streams at the same time keep their own ids and counts", async () => {
    const root = await speaking("anthropic");
    const vendor = vendorOf("anthropic");
    const [left, right] = [1, 2].map((n) => ({
      stream: open(root),
      usage: { input: n * 10, output: n },
      events: vendor.stream({ text: `text ${n}`, usage: { input: n * 10, output: n } }, `model-${n}`),
    }));
    if (left === undefined || right === undefined) throw new Error("two streams");
    for (let i = 0; i < Math.max(left.events.length, right.events.length); i++) {
      for (const { stream, events } of [left, right]) {
        const piece = events[i];
        if (piece !== undefined) stream.responseBody(piece, i === events.length - 1);
      }
    }
    for (const { stream, usage } of [left, right]) {
      const said = OPENAI.stream(message(stream.response)?.text ?? "");
      expect(said.text).toBe(`text ${usage.output}`);
      // Tokens of the beginning are not added to those of the end.
      expect(said.usage).toEqual(usage);
      stream.close();
    }
  });

  it("spark: a choice without a delta, or without a message, does not end the worker", async () => {
    const root = await speaking("spark");
    const broken = [{ choices: [{ index: 0, delta: null }] }, { choices: [null] }, { choices: null }];
    const body = Buffer.concat([
      ...broken.map((data) => event({ code: 0, sid: "s", ...data })),
      ...vendorOf("spark").stream({ text: "hello", usage: { input: 3, output: 5 } }, "m"),
    ]);
    expect(read(root, body, "text/event-stream").text).toBe("hello");
    const { client } = chat(root, OPENAI.request("text", false), {
      respond: () => ({
        headers: { "content-type": "application/json" },
        body: '{"code":0,"choices":[{"message":null}]}',
      }),
    });
    expect(client?.status).toBe(502);
  });

  it("bedrock: an exception within a stream is an error, not silence", async () => {
    const root = await speaking("bedrock");
    const begun = vendorOf("bedrock")
      .stream({ text: "hello", usage: { input: 3, output: 5 } }, "m")
      .slice(0, 2);
    const exception = encodeFrame(
      {
        ":message-type": "exception",
        ":exception-type": "throttlingException",
        ":content-type": "application/json",
      },
      '{"message":"slow down"}',
    );
    const { client } = chat(root, OPENAI.request("text", true), {
      respond: () => ({
        headers: { "content-type": "application/vnd.amazon.eventstream" },
        body: Buffer.concat([...begun, exception]),
      }),
    });
    expect(OPENAI.streamFailure(client?.text ?? "")).toContain("slow down");
  });

  it("bedrock, in its own language: an answer is not converted", async () => {
    const root = await provided({ ...PROVIDERS.bedrock, protocol: "original" });
    const body = JSON.stringify(
      vendorOf("bedrock").whole({ text: "hello", usage: { input: 3, output: 5 } }, "m"),
    );
    const { client } = chat(
      root,
      { messages: [] },
      {
        request: { headers: { ":path": "/model/m/converse" } },
        respond: () => ({ headers: { "content-type": "application/json" }, body }),
      },
    );
    expect(client?.text).toBe(body);
  });

  it("claude: tokens that were cached are told", async () => {
    const root = await speaking("anthropic");
    const whole = vendorOf("anthropic").whole(
      { text: "hello", usage: { input: 3, output: 5 } },
      "m",
    ) as Member;
    whole.usage = { ...whole.usage, cache_read_input_tokens: 7, cache_creation_input_tokens: 2 };
    const { client } = chat(root, OPENAI.request("text", false), {
      respond: () => ({ headers: { "content-type": "application/json" }, body: JSON.stringify(whole) }),
    });
    expect(JSON.parse(client?.text ?? "").usage).toMatchObject({
      prompt_tokens: 12,
      prompt_tokens_details: { cached_tokens: 7 },
      total_tokens: 17,
    });
  });

  it("gemini: several parts are one choice, and its finish reason is a known word", async () => {
    const parts = [{ text: "thinking", thought: true }, { text: "hel" }, { text: "lo" }];
    const answer = { candidates: [{ content: { role: "model", parts }, finishReason: "MAX_TOKENS" }] };
    const { client } = chat(await speaking("gemini"), OPENAI.request("text", false), {
      respond: () => ({ headers: { "content-type": "application/json" }, body: JSON.stringify(answer) }),
    });
    expect(OPENAI.whole(client?.text ?? "")).toMatchObject({
      thinking: "thinking",
      text: "hello",
      finish: "length",
    });
  });

  it("gemini: every embedding has its own index", async () => {
    const answer = { embeddings: [{ values: [1] }, { values: [2] }] };
    const { client } = chat(
      await speaking("gemini"),
      { model: "m", input: ["a", "b"] },
      {
        request: { headers: { ":path": "/v1/embeddings" } },
        respond: () => ({ headers: { "content-type": "application/json" }, body: JSON.stringify(answer) }),
      },
    );
    expect(JSON.parse(client?.text ?? "").data).toMatchObject([
      { index: 0, embedding: [1] },
      { index: 1, embedding: [2] },
    ]);
  });

  it("vertex, in OpenAI's language: escapes within JSON stay what they are", async () => {
    const root = await provided({
      ...PROVIDERS.vertex,
      vertexOpenAICompatible: true,
      vertexProjectId: "p",
      vertexRegion: "r",
    });
    const body = '{"choices":[{"message":{"role":"assistant","content":"a\\u0022b\\u005c \\ud83d\\ude42"}}]}';
    const { client } = chat(root, OPENAI.request("text", false), {
      respond: () => ({ headers: { "content-type": "application/json" }, body }),
    });
    expect(client?.text).toBe(body);
  });
});
