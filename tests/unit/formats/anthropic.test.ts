/** What the Messages format decides by itself, beyond what the golden files show. */
import { describe, expect, test } from "vitest";
import { type ConvertedRequest, Converter, type RequestOptions, whole } from "./convert";

const converter = await Converter.open();

type Body = Record<string, unknown>;

const QUESTION = { role: "user", content: "Hi" };

/** An OpenAI request as Anthropic gets it. */
function toAnthropic(body: Body, options: RequestOptions = {}): ConvertedRequest & { body: Body } {
  const converted = converter.request(
    { client: "openai", upstream: "anthropic" },
    JSON.stringify({ model: "m", messages: [QUESTION], ...body }),
    options,
  );
  return { ...converted, body: JSON.parse(converted.text) as Body };
}

/** A Messages request as an OpenAI server gets it. */
function toOpenAi(body: Body, options: RequestOptions = {}): ConvertedRequest & { body: Body } {
  const converted = converter.request(
    { client: "anthropic", upstream: "openai" },
    JSON.stringify({ model: "m", max_tokens: 8192, messages: [QUESTION], ...body }),
    options,
  );
  return { ...converted, body: JSON.parse(converted.text) as Body };
}

describe("thinking", () => {
  test.each([
    ["none", "claude-sonnet-4-5", { type: "disabled" }, undefined, 4096],
    ["minimal", "claude-sonnet-4-5", { type: "enabled", budget_tokens: 1024 }, undefined, 5120],
    ["medium", "claude-3-7-sonnet-latest", { type: "enabled", budget_tokens: 2048 }, undefined, 6144],
    ["max", "some-local-model", { type: "enabled", budget_tokens: 16384 }, undefined, 20480],
    ["minimal", "claude-opus-4-6", { type: "adaptive" }, { effort: "low" }, 4096],
    ["high", "anthropic.claude-sonnet-4-6-v1:0", { type: "adaptive" }, { effort: "high" }, 4096],
    ["max", "anthropic/claude-opus-4.7", { type: "adaptive" }, { effort: "max" }, 4096],
    ["high", "claude-opus-5-20270101", { type: "adaptive" }, { effort: "high" }, 4096],
    ["high", "claude-opus-4-20250514", { type: "enabled", budget_tokens: 4096 }, undefined, 8192],
  ])("effort %s for %s", (effort, model, thinking, config, limit) => {
    const { body } = toAnthropic({ reasoning_effort: effort }, { model });
    expect(body.thinking).toEqual(thinking);
    expect(body.output_config).toEqual(config);
    expect(body.max_tokens).toBe(limit);
  });

  test("the budget is a part of the client's limit", () => {
    const { body, dropped } = toAnthropic({ reasoning_effort: "high", max_tokens: 3000 });
    expect(body.thinking).toEqual({ type: "enabled", budget_tokens: 2999 });
    expect(body.max_tokens).toBe(3000);
    expect(dropped).toEqual(["reasoning_effort"]);
  });

  test("a limit that leaves no room for thinking wins", () => {
    const { body, dropped } = toAnthropic({ reasoning_effort: "low", max_tokens: 1024 });
    expect(body.thinking).toBeUndefined();
    expect(dropped).toEqual(["reasoning_effort"]);
  });

  test("an explicit budget wins over an effort, where the model takes budgets", () => {
    const body = {
      reasoning_effort: "low",
      thinking: { type: "enabled", budget_tokens: 5000 },
      max_tokens: 9000,
    };
    expect(toAnthropic(body).body.thinking).toEqual({ type: "enabled", budget_tokens: 5000 });
    expect(toAnthropic(body, { model: "claude-opus-4-6" }).body.thinking).toEqual({
      type: "enabled",
      budget_tokens: 5000,
    });
    const newest = toAnthropic(body, { model: "claude-opus-4-7" }).body;
    expect(newest.thinking).toEqual({ type: "adaptive" });
    expect(newest.output_config).toEqual({ effort: "high" });
  });

  test("a model that thinks takes no sampling parameters and no forced tool", () => {
    const { body, dropped } = toAnthropic({
      reasoning_effort: "high",
      temperature: 0.5,
      top_p: 0.5,
      top_k: 5,
      tools: [{ type: "function", function: { name: "f" } }],
      tool_choice: "required",
    });
    expect(body).not.toHaveProperty("temperature");
    expect(body).not.toHaveProperty("top_p");
    expect(body).not.toHaveProperty("top_k");
    expect(body.tool_choice).toEqual({ type: "auto" });
    expect(dropped).toEqual(["temperature", "top_p", "top_k", "tool_choice"]);
  });

  test.each([
    [10000, "high"],
    [2048, "medium"],
    [1024, "low"],
  ])("a budget of %i is effort %s for OpenAI", (budget_tokens, effort) => {
    const { body } = toOpenAi({ thinking: { type: "enabled", budget_tokens } });
    expect(body.reasoning_effort).toBe(effort);
  });

  test("what OpenAI has no word for", () => {
    expect(toOpenAi({ thinking: { type: "disabled" } }).body).not.toHaveProperty("reasoning_effort");
    expect(toOpenAi({ thinking: { type: "adaptive" } }).body.reasoning_effort).toBe("medium");
  });

  test("reasoning of earlier turns can be kept from the upstream", () => {
    const messages = [
      QUESTION,
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "hm", signature: "" },
          { type: "text", text: "Yo" },
        ],
      },
      QUESTION,
    ];
    const kept = toOpenAi({ messages });
    expect(kept.body.messages).toContainEqual({ role: "assistant", reasoning_content: "hm", content: "Yo" });
    expect(kept.dropped).toEqual([]);
    const left = toOpenAi({ messages }, { thinkingHistory: false });
    expect(left.body.messages).toContainEqual({ role: "assistant", content: "Yo" });
    expect(left.dropped).toEqual(["thinking_history"]);
  });

  test("a signature that a stream gave without its text finds the text", () => {
    const { body } = toAnthropic({
      messages: [
        QUESTION,
        {
          role: "assistant",
          content: "Yo",
          reasoning_content: "hm",
          thinking_blocks: [{ type: "thinking", thinking: "", signature: "SIG" }],
        },
        QUESTION,
      ],
    });
    expect(JSON.stringify(body.messages)).toContain('{"type":"thinking","thinking":"hm","signature":"SIG"}');
  });
});

describe("sampling", () => {
  test.each([
    [1.5, 1],
    [-0.5, 0],
    [2, 1],
  ])("temperature %f becomes %i", (temperature, written) => {
    const { body, dropped } = toAnthropic({ temperature });
    expect(body.temperature).toBe(written);
    expect(dropped).toEqual(["temperature"]);
  });

  test("temperature and top_p together", () => {
    const settings = { temperature: 0.5, top_p: 0.9 };
    expect(toAnthropic(settings, { model: "claude-3-5-haiku-latest" }).body).toMatchObject(settings);
    const newer = toAnthropic(settings, { model: "claude-sonnet-4-5-20250929" });
    expect(newer.body.temperature).toBe(0.5);
    expect(newer.body).not.toHaveProperty("top_p");
    expect(newer.dropped).toEqual(["top_p"]);
    expect(toAnthropic(settings, { model: "claude-opus-4-7" }).dropped).toEqual(["temperature", "top_p"]);
  });

  test("the limit goes by the name that the upstream knows", () => {
    expect(toOpenAi({}).body.max_tokens).toBe(8192);
    expect(toOpenAi({}, { maxCompletionTokens: true }).body.max_completion_tokens).toBe(8192);
  });
});

describe("tools", () => {
  const tools = [{ type: "function", function: { name: "f" } }];

  test("one call at a time", () => {
    expect(toAnthropic({ tools, parallel_tool_calls: false }).body.tool_choice).toEqual({
      type: "auto",
      disable_parallel_tool_use: true,
    });
    expect(toAnthropic({ parallel_tool_calls: false }).body).not.toHaveProperty("tool_choice");
  });

  test("only the tools that may be called are offered", () => {
    const two = [...tools, { type: "function", function: { name: "g" } }];
    const { body } = toAnthropic({
      tools: two,
      tool_choice: {
        type: "allowed_tools",
        allowed_tools: { mode: "required", tools: [{ type: "function", function: { name: "g" } }] },
      },
    });
    expect((body.tools as Body[]).map(({ name }) => name)).toEqual(["g"]);
    expect(body.tool_choice).toEqual({ type: "any" });
  });

  test("without a tool that can be sent there is nothing to choose", () => {
    const { body, dropped } = toOpenAi({
      tools: [{ type: "web_search_20250305", name: "web_search" }],
      tool_choice: { type: "any" },
    });
    expect(body).not.toHaveProperty("tools");
    expect(body).not.toHaveProperty("tool_choice");
    expect(dropped).toEqual(["hosted_tools"]);
  });

  test("Anthropic's own tools pass, others are reported", () => {
    const search = { type: "web_search_20250305", name: "web_search", max_uses: 2 };
    const { body, dropped } = toAnthropic({ tools: [search, { type: "custom", custom: { name: "c" } }] });
    expect(body.tools).toEqual([search]);
    expect(dropped).toEqual(["hosted_tools"]);
  });

  test("a name that had to be changed is the client's own again in the answer", () => {
    const name = `files.${"x".repeat(140)}`;
    const pair = { client: "openai", upstream: "anthropic" };
    const request = converter.request(
      pair,
      JSON.stringify({ model: "m", messages: [QUESTION], tools: [{ type: "function", function: { name } }] }),
    );
    const sent = JSON.parse(request.text).tools[0].name as string;
    expect(sent).toMatch(/^[a-zA-Z0-9_-]{1,128}$/);
    const answer = {
      type: "message",
      id: "msg_1",
      content: [{ type: "tool_use", id: "t", name: sent, input: {} }],
      stop_reason: "tool_use",
    };
    const { text } = converter.answer(pair, JSON.stringify(answer), true);
    expect(JSON.parse(text).choices[0].message.tool_calls[0].function.name).toBe(name);
  });

  test("arguments that are no object are kept for the client to see", () => {
    const answer = (text: string): string =>
      JSON.stringify({
        id: "1",
        choices: [
          {
            message: {
              tool_calls: [{ id: "c", type: "function", function: { name: "f", arguments: text } }],
            },
            finish_reason: "tool_calls",
          },
        ],
      });
    const input = (text: string): unknown =>
      JSON.parse(converter.answer({ client: "anthropic", upstream: "openai" }, answer(text)).text).content[0]
        .input;
    expect(input('{"a":1}')).toEqual({ a: 1 });
    expect(input("")).toEqual({});
    expect(input("null")).toEqual({});
    expect(input("[1]")).toEqual({ raw_arguments: "[1]" });
    expect(input('{"a":')).toEqual({ raw_arguments: '{"a":' });
  });
});

describe("what is not sent", () => {
  test("blank texts, and messages that have nothing else", () => {
    const { body } = toAnthropic({
      messages: [
        { role: "system", content: " " },
        { role: "user", content: "One" },
        { role: "assistant", content: "\n" },
        {
          role: "user",
          content: [
            { type: "text", text: "\t" },
            { type: "text", text: "Two" },
          ],
        },
      ],
    });
    expect(body).not.toHaveProperty("system");
    expect(body.messages).toEqual([
      {
        role: "user",
        content: [
          { type: "text", text: "One" },
          { type: "text", text: "Two" },
        ],
      },
    ]);
  });

  test("strict services refuse what would be dropped", () => {
    expect(toAnthropic({ seed: 1 }).status).toBe(0);
    const refused = toAnthropic({ seed: 1 }, { strict: true });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain("does not support seed");
    expect(toAnthropic({ new_field: 1 }, { strict: true }).status).toBe(400);
  });

  test.each(["n", "logprobs"])("%s would change the answer", (name) => {
    expect(toAnthropic({ [name]: name === "n" ? 2 : true }).status).toBe(400);
  });
});

describe("answers", () => {
  test("the counts of several reports are put together", () => {
    const events = [
      {
        type: "message_start",
        message: { id: "msg_1", usage: { input_tokens: 10, cache_read_input_tokens: 5 } },
      },
      {
        type: "message_delta",
        delta: { stop_reason: "end_turn" },
        usage: {
          cache_creation_input_tokens: 7,
          output_tokens: 3,
          output_tokens_details: { thinking_tokens: 2 },
        },
      },
      { type: "message_stop" },
    ];
    const stream = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
    const { usage } = converter.stream({ client: "openai", upstream: "anthropic" }, whole(stream));
    expect(usage).toEqual({ input: 22, output: 3, total: -1, cached: 5, written: 7, reasoning: 2 });
  });

  test("runs of a model are added up, unless another model stood in", () => {
    const usage = (types: string[]): number => {
      const iterations = types.map((type) => ({ type, input_tokens: 10, output_tokens: 4 }));
      const answer = {
        type: "message",
        content: [],
        stop_reason: "end_turn",
        usage: { input_tokens: 1, output_tokens: 2, iterations },
      };
      return converter.answer({ client: "openai", upstream: "anthropic" }, JSON.stringify(answer)).usage
        .input;
    };
    expect(usage(["compaction", "message", "advisor_message"])).toBe(20);
    expect(usage(["message", "fallback_message"])).toBe(1);
  });

  test("an id of another vendor gets Anthropic's prefix, a missing one is made up", () => {
    const id = (given: Body): string =>
      JSON.parse(
        converter.answer(
          { client: "anthropic", upstream: "openai" },
          JSON.stringify({ ...given, choices: [{ message: { content: "x" }, finish_reason: "stop" }] }),
        ).text,
      ).id;
    expect(id({ id: "chatcmpl-1" })).toBe("msg_chatcmpl-1");
    expect(id({ id: "msg_1" })).toBe("msg_1");
    expect(id({})).toBe("msg_made-up-id");
  });

  test("what the tap lane sees", () => {
    const delta = { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 9 } };
    expect(converter.observe("anthropic", JSON.stringify(delta))).toEqual({ output: 9, isEnd: false });
    expect(converter.observe("anthropic", '{"type":"message_stop"}').isEnd).toBe(true);
    expect(converter.observe("anthropic", '{"type":"error","error":{}}').isEnd).toBe(true);
    const chunk = { choices: [{ finish_reason: "stop" }], usage: { completion_tokens: 4 } };
    expect(converter.observe("openai", JSON.stringify(chunk))).toEqual({ output: 4, isEnd: true });
    expect(converter.observe("openai", '{"choices":[{"finish_reason":null}]}').isEnd).toBe(false);
    expect(converter.observe("openai", '{"error":{"message":"x"}}').isEnd).toBe(true);
  });

  test("a stream that failed in the tap lane ends like one that was converted", () => {
    expect(converter.failureEvent("anthropic")).toMatch(/^event: error\ndata: \{"type":"error",.*\}\n\n$/);
    expect(converter.failureEvent("openai")).toMatch(/^data: \{"error":.*\}\n\n$/);
  });
});
