import { beforeAll, describe, expect, it } from "vitest";
import { encodeEvent, encodeFrame } from "../../support/event-stream";
import { Converter, type Pair } from "./convert";
import { readStream } from "./message";
import { awsEventStream, describeUpstream } from "./upstream";

// Fixtures after Amazon Bedrock's API reference, Converse and ConverseStream. The metadata may be missing at the end.
describeUpstream({ format: "bedrock", encode: awsEventStream, optionalRecords: 1, terminator: 0 });

describe("bedrock: failures of the framing", () => {
  const pair: Pair = { client: "openai", upstream: "bedrock", includeUsage: true };
  const begin = [
    encodeEvent("messageStart", '{"role":"assistant","p":"abcd"}'),
    encodeEvent("contentBlockDelta", '{"contentBlockIndex":0,"delta":{"text":"Hi"},"p":"ab"}'),
  ];
  let converter: Converter;

  beforeAll(async () => {
    converter = await Converter.open();
  });

  const exception = (type: string, payload: string): Buffer =>
    encodeFrame(
      { ":exception-type": type, ":content-type": "application/json", ":message-type": "exception" },
      payload,
    );

  it.each([
    ["throttlingException", "rate_limit_error", 429],
    ["validationException", "invalid_request_error", 400],
    ["modelStreamErrorException", "server_error", 502],
    ["modelTimeoutException", "timeout", 504],
    ["serviceUnavailableException", "overloaded", 503],
    ["internalServerException", "server_error", 500],
  ])("%s keeps its type and message", (type, kind, status) => {
    const payload = JSON.stringify({ message: 'Too "many"\n tokens' });
    for (const before of [[], begin]) {
      const answer = converter.stream(pair, [...before, exception(type, payload)]);
      expect(answer.failed).toBe(status);
      expect(readStream(answer.text).error).toEqual({
        message: 'Too "many"\n tokens',
        type: kind,
        param: null,
        code: type,
      });
      expect(answer.text).not.toContain("[DONE]");
    }
  });

  it("shows an exception whose payload is no JSON, and an error without a payload", () => {
    const broken = converter.stream(pair, [...begin, exception("somethingNew", 'a "b"')]);
    expect(readStream(broken.text).error).toMatchObject({ message: 'a "b"', code: null });
    const error = encodeFrame({
      ":message-type": "error",
      ":error-code": "InternalError",
      ":error-message": 'An internal "error"',
    });
    const answer = converter.stream(pair, [...begin, error]);
    expect(readStream(answer.text).error).toMatchObject({ message: 'An internal "error"' });
  });

  it("fails on a frame whose checksum is wrong", () => {
    const bytes = Buffer.concat([...begin, encodeEvent("messageStop", '{"stopReason":"end_turn"}')]);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    const answer = converter.stream(pair, [bytes]);
    expect(answer.failed).not.toBe(0);
    expect(readStream(answer.text).text).toBe("Hi");
  });

  it("percent-encodes an ARN once", () => {
    const body = JSON.stringify({ model: "m", stream: true, messages: [{ role: "user", content: "Hi" }] });
    const { path } = converter.request(pair, body, {
      model: "arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-x:0",
    });
    expect(path).toBe(
      "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.anthropic.claude-x%3A0/converse-stream",
    );
  });

  const thinking = (model: string, settings: object): Record<string, unknown> => {
    const body = { model: "m", messages: [{ role: "user", content: "Hi" }], max_tokens: 4000, ...settings };
    const { text, dropped } = converter.request(pair, JSON.stringify(body), { model });
    const { messages, ...rest } = JSON.parse(text) as Record<string, unknown>;
    return { ...rest, dropped };
  };

  it("asks each family of models to think in its own words", () => {
    const settings = { reasoning_effort: "medium", top_k: 5, temperature: 0.5 };
    const claude = thinking("us.anthropic.claude-sonnet-4-20250514-v1:0", settings);
    expect(claude).toEqual({
      inferenceConfig: { maxTokens: 4000 },
      additionalModelRequestFields: { thinking: { type: "enabled", budget_tokens: 2048 } },
      dropped: ["temperature", "top_k"],
    });
    expect(thinking("anthropic.claude-opus-4-6-v1", settings)).toMatchObject({
      additionalModelRequestFields: { thinking: { type: "adaptive" }, output_config: { effort: "medium" } },
    });
    expect(thinking("amazon.nova-2-lite-v1:0", settings)).toEqual({
      inferenceConfig: { maxTokens: 4000, temperature: 0.5 },
      additionalModelRequestFields: {
        inferenceConfig: { topK: 5 },
        reasoningConfig: { type: "enabled", maxReasoningEffort: "medium" },
      },
      dropped: [],
    });
    expect(thinking("openai.gpt-oss-120b-1:0", settings)).toEqual({
      inferenceConfig: { maxTokens: 4000, temperature: 0.5 },
      additionalModelRequestFields: { reasoning_effort: "medium" },
      dropped: ["top_k"],
    });
    expect(thinking("meta.llama3-70b-instruct-v1:0", settings)).toEqual({
      inferenceConfig: { maxTokens: 4000, temperature: 0.5 },
      dropped: ["top_k", "reasoning_effort"],
    });
  });
});

describe("bedrock: what is to be cached", () => {
  type Block = Record<string, unknown>;
  interface Sent {
    system?: Block[];
    messages: { content: Block[] }[];
    toolConfig?: { tools: Block[] };
    dropped: string[];
  }
  const SONNET = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
  const OLDER = "anthropic.claude-3-7-sonnet-20250219-v1:0";
  const NOVA = "amazon.nova-lite-v1:0";
  const point = { cachePoint: { type: "default" } };
  const question = {
    model: "m",
    messages: [
      { role: "system", content: "s" },
      { role: "user", content: "a" },
      { role: "assistant", content: "b" },
      { role: "user", content: "c" },
    ],
  };
  let converter: Converter;

  beforeAll(async () => {
    converter = await Converter.open();
  });

  function send(client: string, body: object, model: string, settings?: Record<string, string>): Sent {
    const pair = { client, upstream: "bedrock", settings };
    const { text, dropped } = converter.request(pair, JSON.stringify(body), { model });
    return { ...JSON.parse(text), dropped };
  }
  const ask = (settings: Record<string, string>, more: object = {}, model = SONNET) =>
    send("openai", { ...question, ...more }, model, settings);
  const claude = (body: object, settings: Record<string, string> = {}, model = SONNET) =>
    send("anthropic", { model: "m", max_tokens: 5, ...body }, model, settings);
  const text = (value: string) => ({ text: value });
  const said = (value: string, ttl?: string) => ({
    type: "text",
    text: value,
    cache_control: { type: "ephemeral", ...(ttl && { ttl }) },
  });
  /** Where points are, in the order of reading. */
  function places({ toolConfig, system = [], messages }: Sent): string[] {
    const lists: [string, Block[]][] = [
      ["tools", toolConfig?.tools ?? []],
      ["system", system],
      ...messages.map(({ content }, index): [string, Block[]] => [`${index}`, content]),
    ];
    return lists.flatMap(([name, blocks]) =>
      blocks.flatMap((block, index) => {
        const found = block.cachePoint as { ttl?: string } | undefined;
        return found === undefined ? [] : [`${name}.${index}${found.ttl ? ` ${found.ttl}` : ""}`];
      }),
    );
  }

  it("is nothing where nobody says so", () => {
    expect(places(ask({}))).toEqual([]);
    expect(places(ask({ promptCachePositions: "lastMessage" }))).toEqual([]);
  });

  it("ends behind the system prompt unless told otherwise", () => {
    const sent = ask({ promptCacheRetention: "in_memory" });
    expect(sent.system).toEqual([text("s"), point]);
    expect(sent.messages.map(({ content }) => content)).toEqual([[text("a")], [text("b")], [text("c")]]);
    expect(sent.dropped).toEqual([]);
  });

  it.each([
    ["lastUserMessage", ["2.1"]],
    ["lastMessage", ["2.1"]],
    ["lastUserMessage,lastMessage", ["2.1"]],
    ["systemPrompt,lastUserMessage,lastMessage", ["system.1", "2.1"]],
    ["none", []],
  ])("ends where the settings say: %s", (promptCachePositions, expected) => {
    expect(places(ask({ promptCacheRetention: "in_memory", promptCachePositions }))).toEqual(expected);
  });

  it("tells the user's last message from the last one", () => {
    const messages = [...question.messages, { role: "assistant", content: "d" }];
    const positions = (promptCachePositions: string) =>
      places(ask({ promptCacheRetention: "in_memory", promptCachePositions }, { messages }));
    expect(positions("lastUserMessage")).toEqual(["2.1"]);
    expect(positions("lastMessage")).toEqual(["3.1"]);
    expect(positions("lastUserMessage,lastMessage")).toEqual(["2.1", "3.1"]);
  });

  it.each([
    [SONNET, "system.1 1h"],
    ["anthropic.claude-opus-4-6-v1", "system.1 1h"],
    ["anthropic.claude-haiku-4-5-20251001-v1:0", "system.1 1h"],
    [OLDER, "system.1"],
    ["anthropic.claude-3-5-sonnet-20241022-v2:0", "system.1"],
    [NOVA, "system.1"],
    ["us.amazon.nova-2-lite-v1:0", "system.1"],
  ])("lasts for an hour where the model can: %s", (model, expected) => {
    expect(places(ask({ promptCacheRetention: "24h" }, {}, model))).toEqual([expected]);
  });

  it.each([
    "meta.llama3-70b-instruct-v1:0",
    "anthropic.claude-3-haiku-20240307-v1:0",
    "anthropic.claude-3-5-sonnet-20240620-v1:0",
    "openai.gpt-oss-120b-1:0",
    "arn:aws:bedrock:us-east-1:1:application-inference-profile/abcdefghijk2",
  ])("is nothing with a model that refuses points, or is not known: %s", (model) => {
    const sent = ask({ promptCacheRetention: "24h" }, { prompt_cache_retention: "24h" }, model);
    expect(places(sent)).toEqual([]);
    expect(sent.dropped).toEqual(["prompt_cache_retention"]);
  });

  it.each([
    ["24h", ["system.1 1h"], []],
    ["24H", ["system.1 1h"], []],
    ["in_memory", ["system.1"], []],
    ["In-Memory", ["system.1"], []],
    ["in memory", ["system.1"], []],
    ["7d", [], ["prompt_cache_retention"]],
    ["", [], ["prompt_cache_retention"]],
    ["24hours", [], ["prompt_cache_retention"]],
  ])("follows the request's own word: %s", (prompt_cache_retention, expected, dropped) => {
    for (const settings of [{}, { promptCacheRetention: "in_memory" }, { promptCacheRetention: "24h" }]) {
      const sent = ask(settings as Record<string, string>, { prompt_cache_retention });
      expect(places(sent)).toEqual(expected);
      expect(sent.dropped).toEqual(dropped);
    }
    const responses = { model: "m", instructions: "s", input: "a", prompt_cache_retention };
    expect(places(send("responses", responses, SONNET))).toEqual(expected);
  });

  it("reports a wish that does not come true, and no wish that nobody had", () => {
    const wish = { prompt_cache_retention: "24h" };
    expect(ask({}, wish, OLDER).dropped).toEqual(["prompt_cache_retention"]);
    const messages = question.messages.slice(1);
    expect(ask({}, { ...wish, messages }).dropped).toEqual(["prompt_cache_retention"]);
    expect(ask({ promptCacheRetention: "24h" }, {}, OLDER).dropped).toEqual([]);
    expect(ask({ promptCacheRetention: "24h" }, { messages }).dropped).toEqual([]);
    expect(ask({}, { prompt_cache_key: "k" }).dropped).toEqual(["prompt_cache_key"]);
  });

  it("is no second time where the client has set a point itself", () => {
    const body = { system: [said("s")], messages: [{ role: "user", content: [said("a")] }] };
    const promptCachePositions = "systemPrompt,lastUserMessage,lastMessage";
    const sent = claude(body, { promptCacheRetention: "in_memory", promptCachePositions });
    expect(places(sent)).toEqual(["system.1", "0.1"]);
  });

  it("is never more than four, of which the client's come first", () => {
    const client = (count: number) =>
      claude(
        {
          system: [{ type: "text", text: "s" }],
          messages: [
            { role: "user", content: Array.from({ length: count }, (_, index) => said(`${index}`)) },
            { role: "assistant", content: "b" },
            { role: "user", content: "c" },
          ],
        },
        { promptCacheRetention: "in_memory", promptCachePositions: "systemPrompt,lastUserMessage" },
      );
    expect(places(client(2))).toEqual(["system.1", "0.1", "0.3", "2.1"]);
    expect(places(client(3))).toEqual(["system.1", "0.1", "0.3", "0.5"]);
    expect(places(client(4))).toEqual(["0.1", "0.3", "0.5", "0.7"]);
    expect(places(client(5))).toEqual(["0.1", "0.3", "0.5", "0.7"]);
    expect(client(4).dropped).toEqual([]);
    expect(client(5).dropped).toEqual(["cache_control"]);
  });

  it("lasts as long as a client's points before and behind it allow", () => {
    const tools = [{ name: "f", input_schema: { type: "object" }, cache_control: { type: "ephemeral" } }];
    const system = [{ type: "text", text: "s" }];
    const messages = [{ role: "user", content: "a" }];
    expect(places(claude({ tools, system, messages }, { promptCacheRetention: "24h" }))).toEqual([
      "tools.1",
      "system.1",
    ]);
    const long = [{ role: "user", content: [said("a", "1h")] }];
    expect(places(claude({ system, messages: long }, { promptCacheRetention: "in_memory" }))).toEqual([
      "system.1 1h",
      "0.1 1h",
    ]);
  });

  it("of a client keeps its time where the model takes that", () => {
    const body = (ttl: string) => ({ messages: [{ role: "user", content: [said("a", ttl)] }] });
    expect(places(claude(body("1h")))).toEqual(["0.1 1h"]);
    expect(places(claude(body("5m")))).toEqual(["0.1"]);
    expect(claude(body("5m")).dropped).toEqual([]);
    const older = claude(body("1h"), {}, OLDER);
    expect(places(older)).toEqual(["0.1"]);
    expect(older.dropped).toEqual(["cache_control"]);
    const profile = "arn:aws:bedrock:us-east-1:1:application-inference-profile/abcdefghijk2";
    expect(places(claude(body("1h"), {}, profile))).toEqual(["0.1 1h"]);
  });

  it("of a client is left out with a model that refuses it", () => {
    const body = { messages: [{ role: "user", content: [said("a")] }] };
    const sent = claude(body, {}, "nvidia.nemotron-super-3-120b");
    expect(places(sent)).toEqual([]);
    expect(sent.dropped).toEqual(["cache_control"]);
  });

  it("with Nova is nothing but texts and media", () => {
    const cache_control = { type: "ephemeral" };
    const body = {
      tools: [{ name: "f", input_schema: { type: "object" }, cache_control }],
      system: [said("s", "1h")],
      messages: [
        { role: "user", content: "a" },
        { role: "assistant", content: [{ type: "tool_use", id: "t", name: "f", input: {} }] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: "b", cache_control }] },
      ],
    };
    const promptCachePositions = "systemPrompt,lastUserMessage";
    const sent = claude(body, { promptCacheRetention: "24h", promptCachePositions }, NOVA);
    expect(places(sent)).toEqual(["system.1"]);
    expect(sent.dropped).toEqual(["cache_control"]);
    expect(places(claude(body, { promptCacheRetention: "24h", promptCachePositions }))).toEqual([
      "tools.1",
      "system.1 1h",
      "2.1",
    ]);
  });

  it("ends with the request where a client says so of the whole of it", () => {
    const body = {
      cache_control: { type: "ephemeral" },
      system: "s",
      messages: [
        { role: "user", content: "a" },
        { role: "assistant", content: "b" },
        { role: "user", content: "c" },
      ],
    };
    expect(places(claude(body))).toEqual(["2.1"]);
    const positions = "systemPrompt,lastMessage";
    const settings = { promptCacheRetention: "in_memory", promptCachePositions: positions };
    expect(places(claude(body, settings))).toEqual(["system.1", "2.1"]);
    expect(claude(body, {}, "meta.llama3-70b-instruct-v1:0").dropped).toEqual(["cache_control"]);
  });

  it("is counted for the client, written and read", () => {
    const pair = { client: "openai", upstream: "bedrock" };
    const answer = {
      output: { message: { role: "assistant", content: [{ text: "hi" }] } },
      stopReason: "end_turn",
      usage: {
        inputTokens: 3,
        outputTokens: 5,
        totalTokens: 38,
        cacheReadInputTokens: 10,
        cacheWriteInputTokens: 20,
      },
    };
    const { usage, text: told } = converter.answer(pair, JSON.stringify(answer));
    expect(usage).toMatchObject({ input: 33, output: 5, total: 38, cached: 10, written: 20 });
    expect(JSON.parse(told).usage.prompt_tokens_details.cached_tokens).toBe(10);
    const streamed = converter.stream({ ...pair, includeUsage: true }, [
      encodeEvent("messageStart", '{"role":"assistant"}'),
      encodeEvent("contentBlockDelta", '{"contentBlockIndex":0,"delta":{"text":"hi"}}'),
      encodeEvent("messageStop", '{"stopReason":"end_turn"}'),
      encodeEvent("metadata", JSON.stringify({ usage: answer.usage })),
    ]);
    expect(streamed.usage).toMatchObject({ input: 33, output: 5, total: 38, cached: 10, written: 20 });
  });
});
