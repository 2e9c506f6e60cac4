/**
 * Clients as their vendors publish them, through Envoy and the plugin, to upstreams that speak other languages. Each
 * client is asked the same of each upstream, and must read the same answer.
 */
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import Anthropic from "@anthropic-ai/sdk";
import { FunctionCallingConfigMode, ApiError as GoogleError, GoogleGenAI } from "@google/genai";
import { APICallError, generateText, jsonSchema, type LanguageModel, streamText, tool } from "ai";
import OpenAI from "openai";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { FORMATS } from "../../assembly/config/fields.ts";
import { serverCluster } from "../../tools/dev/envoy-config.ts";
import { type Gateway, startGateway } from "../../tools/dev/gateway.ts";
import { GAPS } from "../../tools/docs/gaps.ts";
import { type Scenario, vendorOf } from "../support/upstreams/index.ts";
import { FAILURE_TEXT, startUpstream, type Upstream } from "../support/upstreams/server.ts";

const TEXT = "The weather in Paris is sunny, 18 °C — 晴天 🙂.";
const THOUGHT = "The user asks about Paris; I need the weather and the time.";
const SIGNATURE = "EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pkiMOYds==";
const USAGE = { input: 21, output: 34 };
const WEATHER = { city: "Paris", unit: "celsius" };
const TIME = { zone: 'Europe/"Paris"' };

const plain: Scenario = { text: TEXT, usage: USAGE };
const thinking: Scenario = { thinking: { text: THOUGHT, signature: SIGNATURE }, text: TEXT, usage: USAGE };
const calling: Scenario = {
  text: "Let me see.",
  calls: [
    { id: "call_1", name: "get_weather", arguments: WEATHER },
    { id: "call_2", name: "get_time", arguments: TIME },
  ],
  usage: USAGE,
};

/** Gemini signs the thoughts that led to a call on the call itself, and wants the signature back. */
const signed: Scenario = { ...calling, thinking: { text: THOUGHT, signature: SIGNATURE } };

const parameters = {
  type: "object" as const,
  properties: { city: { type: "string" as const }, unit: { type: "string" as const } },
  required: ["city"],
};
const zone = { type: "object" as const, properties: { zone: { type: "string" as const } } };

let gateway: Gateway;
const upstreams = new Map<string, Upstream>();

beforeAll(async () => {
  for (const format of FORMATS) {
    upstreams.set(format, await startUpstream(vendorOf(format), { scenario: plain }));
  }
  gateway = await startGateway({
    eurekaUrls: [],
    pollIntervalMs: 60_000,
    settings: { eureka: undefined },
    services: FORMATS.map((format) => ({
      name: format,
      cluster: `model-${format}`,
      models: [format],
      modelMapping: { [format]: `mapped-${format}` },
      format,
      token: "key-of-the-service",
      ...vendorOf(format).settings,
    })),
    clusters: [...upstreams].map(([format, { url }]) => serverCluster(`model-${format}`, url)),
  });
});

afterAll(async () => {
  await gateway?.stop();
  for (const upstream of upstreams.values()) await upstream.stop();
});

/** Tells an upstream how to answer, and forgets what it was asked. */
function script(format: string, settings: Partial<Upstream["script"]>): Upstream {
  const upstream = upstreams.get(format);
  if (!upstream) throw new Error(`no upstream for ${format}`);
  upstream.script = { scenario: plain, ...settings };
  upstream.asked.length = 0;
  return upstream;
}

/** Formats whose key or language says who answers, not a model's name. */
const NAMELESS = ["dify", "deepl"];

/** What every request must have looked like when it arrived. */
afterEach(() => {
  for (const { vendor, asked } of upstreams.values()) {
    for (const { path, headers, body } of asked) {
      expect(path).toMatch(vendor.path);
      expect(JSON.stringify({ headers, body, path })).not.toContain("key-of-the-client");
      expect(JSON.stringify(headers)).toContain("key-of-the-service");
      if (!NAMELESS.includes(vendor.format))
        expect(path + JSON.stringify(body)).toContain(`mapped-${vendor.format}`);
    }
    asked.length = 0;
  }
});

const canCall = FORMATS.filter((format) => vendorOf(format).says.calls);
const canThink = FORMATS.filter((format) => vendorOf(format).says.thinking);

/** Streams that break off, and streams that end cleanly but too early, of all formats that mark their end. */
const streaming = FORMATS.filter((format) => vendorOf(format).answers !== "whole");
const cuts = streaming
  .filter((format) => vendorOf(format).closingEvents > 0)
  .flatMap((format) => [
    [format, "is cut", { cutAfter: 3 }] as const,
    [format, "ends too early", { endAfter: 3 }] as const,
  ]);
/** Formats whose answers carry a signature that an Anthropic client must get back byte for byte. */
const canSign = FORMATS.filter((format) => vendorOf(format).says.signature);

/** Usage, where the upstream counts. */
function expectUsage(format: string, input: unknown, output: unknown): void {
  if (GAPS.some((gap) => gap.upstream === format && gap.features.includes("usage"))) return;
  expect({ input, output }).toEqual(USAGE);
}

const options = () => ({ apiKey: "key-of-the-client", maxRetries: 0 });
const question = [{ role: "user" as const, content: "What is the weather in Paris?" }];

describe("npm openai, chat.completions", () => {
  const client = () => new OpenAI({ ...options(), baseURL: `${gateway.url}/v1` });
  const tools: OpenAI.ChatCompletionTool[] = [
    { type: "function", function: { name: "get_weather", parameters } },
    { type: "function", function: { name: "get_time", parameters: zone } },
  ];

  test.each(FORMATS)("text from %s", async (model) => {
    script(model, {});
    const answer = await client().chat.completions.create({ model, messages: question });
    expect(answer.choices[0]).toMatchObject({ message: { content: TEXT }, finish_reason: "stop" });
    expectUsage(model, answer.usage?.prompt_tokens, answer.usage?.completion_tokens);
  });

  test.each(FORMATS)("a stream from %s, whose bytes come three at a time", async (model) => {
    const { asked } = script(model, { chunkBytes: 3 });
    const stream = client().chat.completions.stream({
      model,
      messages: question,
      stream_options: { include_usage: true },
    });
    let text = "";
    stream.on("content", (delta) => {
      text += delta;
    });
    const answer = await stream.finalChatCompletion();
    expect(text).toBe(TEXT);
    expect(answer.choices[0]).toMatchObject({ message: { content: TEXT }, finish_reason: "stop" });
    expectUsage(model, answer.usage?.prompt_tokens, answer.usage?.completion_tokens);
    expect(asked[0]?.isStream).toBe(streaming.includes(model));
  });

  test.each(canCall)("two parallel tools from %s, streamed and not", async (model) => {
    script(model, { scenario: calling });
    const asked = { model, messages: question, tools };
    const whole = await client().chat.completions.create(asked);
    const streamed = await client().chat.completions.stream(asked).finalChatCompletion();
    for (const answer of [whole, streamed]) {
      const { message, finish_reason } = answer.choices[0]!;
      expect(finish_reason).toBe("tool_calls");
      expect(message.content).toBe("Let me see.");
      const calls = (message.tool_calls ?? []).map((call) => call.type === "function" && call.function);
      expect(calls.map((call) => call && [call.name, JSON.parse(call.arguments)])).toEqual([
        ["get_weather", WEATHER],
        ["get_time", TIME],
      ]);
      expect(new Set(message.tool_calls?.map(({ id }) => id)).size).toBe(2);
    }
  });

  test.each(canCall)("results of tools go back to %s", async (model) => {
    const { asked } = script(model, { scenario: calling });
    const first = await client().chat.completions.create({ model, messages: question, tools });
    const message = first.choices[0]!.message;
    script(model, {});
    await client().chat.completions.create({
      model,
      tools,
      messages: [
        ...question,
        message,
        ...(message.tool_calls ?? []).map((call, index) => ({
          role: "tool" as const,
          tool_call_id: call.id,
          content: `result ${index}`,
        })),
      ],
    });
    const body = JSON.stringify(asked[0]?.body);
    for (const leaf of ["get_weather", "get_time", "celsius", "result 0", "result 1"])
      expect(body).toContain(leaf);
  });

  test.each(["gemini", "vertex"])("the signature of a call from %s goes back as it was", async (model) => {
    for (const isStream of [false, true]) {
      const { asked } = script(model, { scenario: signed });
      const settings = { model, messages: question, tools };
      const first = isStream
        ? await client().chat.completions.stream(settings).finalChatCompletion()
        : await client().chat.completions.create(settings);
      const calls = first.choices[0]!.message.tool_calls ?? [];
      // Many clients keep nothing of a call but its id, name and arguments.
      const kept = calls.flatMap((call) =>
        call.type === "function"
          ? [{ id: call.id, type: "function" as const, function: { ...call.function } }]
          : [],
      );
      const results = kept.map(({ id }) => ({ role: "tool" as const, tool_call_id: id, content: "done" }));
      asked.length = 0;
      const messages = [...question, { role: "assistant" as const, tool_calls: kept }, ...results];
      await client().chat.completions.create({ model, tools, messages });
      expect(JSON.stringify(asked[0]?.body)).toContain(`"thoughtSignature":"${SIGNATURE}"`);
    }
  });

  test.each(FORMATS)("an error of %s is the SDK's own exception", async (model) => {
    script(model, { status: 429 });
    const failure = await client()
      .chat.completions.create({ model, messages: question })
      .catch((e) => e);
    expect(failure).toBeInstanceOf(OpenAI.RateLimitError);
    expect(failure.message).toContain(FAILURE_TEXT);
  });

  test.each(streaming)("an error of %s in the middle of a stream ends it", async (model) => {
    script(model, { failAfter: 3 });
    const stream = await client().chat.completions.create({ model, messages: question, stream: true });
    const read = async () => {
      for await (const _ of stream);
    };
    await expect(read()).rejects.toThrow(FAILURE_TEXT);
  });

  test.each(cuts)("a stream of %s that %s is no complete answer", async (model, _, how) => {
    script(model, how);
    const stream = await client().chat.completions.create({ model, messages: question, stream: true });
    const read = async () => {
      for await (const _ of stream);
    };
    await expect(read()).rejects.toThrow();
  });
});

describe("npm openai, responses", () => {
  const client = () => new OpenAI({ ...options(), baseURL: `${gateway.url}/v1` });
  const tools: OpenAI.Responses.Tool[] = [
    { type: "function", name: "get_weather", parameters, strict: false },
    { type: "function", name: "get_time", parameters: zone, strict: false },
  ];
  const callsOf = (answer: OpenAI.Responses.Response) =>
    answer.output.flatMap((item) => (item.type === "function_call" ? [item] : []));

  test.each(FORMATS)("text from %s", async (model) => {
    script(model, {});
    const answer = await client().responses.create({ model, input: question });
    expect(answer).toMatchObject({ output_text: TEXT, status: "completed" });
    expectUsage(model, answer.usage?.input_tokens, answer.usage?.output_tokens);
  });

  test.each(FORMATS)("a stream from %s, whose bytes come seven at a time", async (model) => {
    const { asked } = script(model, { chunkBytes: 7 });
    const stream = client().responses.stream({ model, input: question });
    let text = "";
    stream.on("response.output_text.delta", ({ delta }) => {
      text += delta;
    });
    const answer = await stream.finalResponse();
    expect(text).toBe(TEXT);
    expect(answer.output_text).toBe(TEXT);
    expectUsage(model, answer.usage?.input_tokens, answer.usage?.output_tokens);
    expect(asked[0]?.isStream).toBe(streaming.includes(model));
  });

  test.each(canCall)("two parallel tools from %s, streamed and not, and their results", async (model) => {
    script(model, { scenario: calling });
    const settings = { model, input: question, tools };
    const whole = await client().responses.create(settings);
    const streamed = await client().responses.stream(settings).finalResponse();
    for (const answer of [whole, streamed]) {
      expect(callsOf(answer).map((call) => [call.name, JSON.parse(call.arguments)])).toEqual([
        ["get_weather", WEATHER],
        ["get_time", TIME],
      ]);
    }
    const { asked } = script(model, {});
    await client().responses.create({
      model,
      tools,
      input: [
        ...question,
        ...callsOf(whole).map(({ type, call_id, name, arguments: given }) => ({
          type,
          call_id,
          name,
          arguments: given,
        })),
        ...callsOf(whole).map(({ call_id }, index) => ({
          type: "function_call_output" as const,
          call_id,
          output: `result ${index}`,
        })),
      ],
    });
    const body = JSON.stringify(asked[0]?.body);
    for (const leaf of ["celsius", "result 0", "result 1"]) expect(body).toContain(leaf);
  });

  test.each(canThink)("reasoning from %s, streamed", async (model) => {
    script(model, { scenario: thinking });
    const settings = { model, input: question, reasoning: { effort: "low", summary: "auto" } } as const;
    const answer = await client().responses.stream(settings).finalResponse();
    const thoughts = answer.output.flatMap((item) => (item.type === "reasoning" ? [item] : []));
    const texts = thoughts.flatMap(({ summary, content }) => [...summary, ...(content ?? [])]);
    expect(texts.map(({ text }) => text).join("")).toBe(THOUGHT);
    expect(answer.output_text).toBe(TEXT);
  });

  test.each(FORMATS)("an error of %s is the SDK's own exception", async (model) => {
    script(model, { status: 429 });
    const failure = await client()
      .responses.create({ model, input: question })
      .catch((error) => error);
    expect(failure).toBeInstanceOf(OpenAI.RateLimitError);
    expect(failure.message).toContain(FAILURE_TEXT);
  });

  test.each(cuts)("a stream of %s that %s is no complete answer", async (model, _, how) => {
    script(model, how);
    const read = async () => {
      const types: string[] = [];
      for await (const { type } of await client().responses.create({ model, input: question, stream: true }))
        types.push(type);
      if (types.at(-1) === "response.failed" || types.at(-1) === "error") throw new Error("reported");
      return types;
    };
    await expect(read()).rejects.toThrow();
  });
});

describe("npm @anthropic-ai/sdk", () => {
  const client = () => new Anthropic({ ...options(), baseURL: gateway.url });
  const tools: Anthropic.Tool[] = [
    { name: "get_weather", input_schema: parameters },
    { name: "get_time", input_schema: zone },
  ];
  const asked = (model: string) => ({ model, max_tokens: 2048, messages: question });

  test.each(FORMATS)("text from %s, streamed and not", async (model) => {
    script(model, {});
    const whole = await client().messages.create(asked(model));
    const streamed = await client().messages.stream(asked(model)).finalMessage();
    for (const answer of [whole, streamed]) {
      expect(answer.content).toMatchObject([{ type: "text", text: TEXT }]);
      expect(answer.stop_reason).toBe("end_turn");
    }
    expectUsage(model, whole.usage.input_tokens, whole.usage.output_tokens);
    expect(streamed.usage.output_tokens).toBe(whole.usage.output_tokens);
  });

  test.each(canThink)("thinking from %s, streamed", async (model) => {
    script(model, { scenario: thinking, chunkBytes: 5 });
    const stream = client().messages.stream({
      ...asked(model),
      thinking: { type: "enabled", budget_tokens: 1024 },
    });
    let thought = "";
    stream.on("thinking", (delta) => {
      thought += delta;
    });
    const { content } = await stream.finalMessage();
    expect(thought).toBe(THOUGHT);
    expect(content).toMatchObject([
      { type: "thinking", thinking: THOUGHT },
      { type: "text", text: TEXT },
    ]);
  });

  test.each(canSign.filter((format) => format === "anthropic" || format === "bedrock"))(
    "the signature of a thought comes from %s and goes back as it was",
    async (model) => {
      const { asked: requests } = script(model, { scenario: thinking });
      const settings = { ...asked(model), thinking: { type: "enabled" as const, budget_tokens: 1024 } };
      const first = await client().messages.create(settings);
      expect(first.content[0]).toMatchObject({ signature: SIGNATURE });
      const turn = { role: "assistant" as const, content: first.content };
      requests.length = 0;
      await client().messages.create({ ...settings, messages: [...question, turn, ...question] });
      expect(JSON.stringify(requests[0]?.body)).toContain(SIGNATURE);
    },
  );

  test.each(canCall)("two parallel tools from %s, streamed and not, and their results", async (model) => {
    script(model, { scenario: calling });
    const settings = { ...asked(model), tools };
    const whole = await client().messages.create(settings);
    const streamed = await client().messages.stream(settings).finalMessage();
    for (const answer of [whole, streamed]) {
      expect(answer.stop_reason).toBe("tool_use");
      expect(answer.content).toMatchObject([
        { type: "text", text: "Let me see." },
        { type: "tool_use", name: "get_weather", input: WEATHER },
        { type: "tool_use", name: "get_time", input: TIME },
      ]);
    }
    const uses = streamed.content.flatMap((block) => (block.type === "tool_use" ? [block.id] : []));
    const { asked: requests } = script(model, {});
    await client().messages.create({
      ...settings,
      messages: [
        ...question,
        { role: "assistant", content: streamed.content },
        {
          role: "user",
          content: uses.map((id, index) => ({
            type: "tool_result",
            tool_use_id: id,
            content: `result ${index}`,
          })),
        },
      ],
    });
    const body = JSON.stringify(requests[0]?.body);
    for (const leaf of ["celsius", "result 0", "result 1"]) expect(body).toContain(leaf);
  });

  test.each(FORMATS)("an error of %s is the SDK's own exception", async (model) => {
    script(model, { status: 400 });
    const failure = await client()
      .messages.create(asked(model))
      .catch((error) => error);
    expect(failure).toBeInstanceOf(Anthropic.BadRequestError);
    expect(failure.message).toContain(FAILURE_TEXT);
  });

  test.each(cuts)("a stream of %s that %s is no complete answer", async (model, _, how) => {
    script(model, how);
    await expect(client().messages.stream(asked(model)).finalMessage()).rejects.toThrow();
  });
});

describe("npm @google/genai", () => {
  const client = () =>
    new GoogleGenAI({ apiKey: "key-of-the-client", httpOptions: { baseUrl: gateway.url } });
  const contents = [{ role: "user", parts: [{ text: "What is the weather in Paris?" }] }];
  const config = {
    tools: [
      {
        functionDeclarations: [
          { name: "get_weather", parametersJsonSchema: parameters },
          { name: "get_time", parametersJsonSchema: zone },
        ],
      },
    ],
    toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.AUTO } },
  };

  test.each(FORMATS)("text from %s", async (model) => {
    script(model, {});
    const answer = await client().models.generateContent({ model, contents });
    expect(answer.text).toBe(TEXT);
    expect(answer.candidates?.[0]?.finishReason).toBe("STOP");
    const { promptTokenCount, candidatesTokenCount } = answer.usageMetadata ?? {};
    expectUsage(model, promptTokenCount, candidatesTokenCount);
  });

  test.each(FORMATS)("a stream from %s", async (model) => {
    const { asked } = script(model, { chunkBytes: 4 });
    let text = "";
    let finish: string | undefined;
    for await (const part of await client().models.generateContentStream({ model, contents })) {
      text += part.text ?? "";
      finish = part.candidates?.[0]?.finishReason ?? finish;
    }
    expect({ text, finish }).toEqual({ text: TEXT, finish: "STOP" });
    expect(asked[0]?.isStream).toBe(streaming.includes(model));
  });

  test.each(canCall)("two parallel tools from %s, streamed and not", async (model) => {
    script(model, { scenario: calling });
    const whole = await client().models.generateContent({ model, contents, config });
    const streamed = [];
    for await (const part of await client().models.generateContentStream({ model, contents, config }))
      streamed.push(...(part.functionCalls ?? []));
    for (const calls of [whole.functionCalls ?? [], streamed]) {
      expect(calls.map(({ name, args }) => [name, args])).toEqual([
        ["get_weather", WEATHER],
        ["get_time", TIME],
      ]);
    }
  });

  test.each(canThink)("thoughts from %s", async (model) => {
    script(model, { scenario: thinking });
    const answer = await client().models.generateContent({
      model,
      contents,
      config: { thinkingConfig: { includeThoughts: true, thinkingBudget: 1024 } },
    });
    const parts = answer.candidates?.[0]?.content?.parts ?? [];
    const join = (thought: boolean) =>
      parts
        .filter((part) => (part.thought ?? false) === thought)
        .map(({ text }) => text ?? "")
        .join("");
    expect([join(true), join(false)]).toEqual([THOUGHT, TEXT]);
  });

  test.each(FORMATS)("an error of %s is the SDK's own exception", async (model) => {
    script(model, { status: 404 });
    const failure = await client()
      .models.generateContent({ model, contents })
      .catch((error) => error);
    expect(failure).toBeInstanceOf(GoogleError);
    expect(failure.status).toBe(404);
    expect(failure.message).toContain(FAILURE_TEXT);
  });
});

describe.each([
  [
    "@ai-sdk/openai-compatible",
    (model: string): LanguageModel =>
      createOpenAICompatible({
        name: "gateway",
        baseURL: `${gateway.url}/v1`,
        apiKey: "key-of-the-client",
        includeUsage: true,
      })(model),
  ],
  [
    "@ai-sdk/anthropic",
    (model: string): LanguageModel =>
      createAnthropic({ baseURL: `${gateway.url}/v1`, apiKey: "key-of-the-client" })(model),
  ],
])("Vercel ai with %s", (_, modelOf) => {
  const prompt = "What is the weather in Paris?";
  const asked = (model: string) => ({ model: modelOf(model), prompt, maxRetries: 0, maxOutputTokens: 500 });
  const tools = {
    get_weather: tool({ inputSchema: jsonSchema(parameters) }),
    get_time: tool({ inputSchema: jsonSchema(zone) }),
  };

  test.each(FORMATS)("text from %s", async (model) => {
    script(model, {});
    const answer = await generateText(asked(model));
    expect(answer).toMatchObject({ text: TEXT, finishReason: "stop" });
    expectUsage(model, answer.usage.inputTokens, answer.usage.outputTokens);
  });

  test.each(FORMATS)("a stream from %s", async (model) => {
    script(model, { chunkBytes: 6 });
    const answer = streamText(asked(model));
    let text = "";
    for await (const delta of answer.textStream) text += delta;
    expect(text).toBe(TEXT);
    expect(await answer.finishReason).toBe("stop");
    const usage = await answer.usage;
    expectUsage(model, usage.inputTokens, usage.outputTokens);
  });

  test.each(canCall)("two parallel tools from %s, streamed and not", async (model) => {
    script(model, { scenario: calling });
    const whole = await generateText({ ...asked(model), tools });
    const streamed = streamText({ ...asked(model), tools });
    for (const calls of [whole.toolCalls, await streamed.toolCalls]) {
      expect(calls.map(({ toolName, input }) => [toolName, input])).toEqual([
        ["get_weather", WEATHER],
        ["get_time", TIME],
      ]);
    }
    expect(whole.finishReason).toBe("tool-calls");
  });

  test.each(canThink)("reasoning from %s, streamed", async (model) => {
    script(model, { scenario: thinking });
    const answer = streamText(asked(model));
    expect(await answer.reasoningText).toBe(THOUGHT);
    expect(await answer.text).toBe(TEXT);
  });

  test.each(FORMATS)("an error of %s is the SDK's own exception", async (model) => {
    script(model, { status: 401 });
    const failure = await generateText(asked(model)).catch((error) => error);
    expect(APICallError.isInstance(failure)).toBe(true);
    expect(failure.statusCode).toBe(401);
    expect(failure.message).toContain(FAILURE_TEXT);
  });
});
