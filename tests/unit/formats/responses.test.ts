/** What is special about the Responses API: items, what every response repeats, and what needs stored responses. */
import OpenAI from "openai";
import type { Response, ResponseStreamEvent } from "openai/resources/responses/responses";
import { describe, expect, test } from "vitest";
import { answering } from "./answering";
import { Converter, type Pair, whole } from "./convert";
import { checkEvents } from "./dialect-responses";

const converter = await Converter.open();
const FROM_OPENAI: Pair = { client: "openai", upstream: "responses" };
const TO_OPENAI: Pair = { client: "responses", upstream: "openai" };

/** A JSON object that is looked into by name. */
// biome-ignore lint/suspicious/noExplicitAny: what a test expects is checked by the test
type Json = Record<string, any>;

function toResponses(body: Json): { body: Json; dropped: string[] } {
  const converted = converter.request(
    FROM_OPENAI,
    JSON.stringify({ model: "m", messages: [{ role: "user", content: "x" }], ...body }),
  );
  if (converted.status !== 0) throw new Error(converted.text);
  return { body: JSON.parse(converted.text), dropped: converted.dropped };
}

function fromResponses(body: Json, upstream = "openai"): Json {
  const pair = { client: "responses", upstream };
  const converted = converter.request(pair, JSON.stringify({ model: "m", input: "x", ...body }, null, 2));
  return { status: converted.status, dropped: converted.dropped, ...JSON.parse(converted.text) };
}

const sse = (chunks: unknown[]): string =>
  chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("");
const chunk = (delta: Json, finish_reason: string | null = null): Json => ({
  id: "chatcmpl-1",
  choices: [{ index: 0, delta, finish_reason }],
});

/** The answer to a request, in one exchange, as events and as a whole. */
function answered(
  request: Json,
  chunks: Json[],
): { events: ResponseStreamEvent[]; response: Response; whole: Response } {
  const body = JSON.stringify({ model: "client-name", input: "x", ...request }, null, 2);
  const stream = whole(`${sse(chunks)}data: [DONE]\n\n`);
  converter.request(TO_OPENAI, body);
  const { text } = converter.stream(TO_OPENAI, stream, {}, true);
  converter.request(TO_OPENAI, body);
  const collected = converter.stream(TO_OPENAI, stream, { whole: true }, true);
  const events = text
    .split("\n\n")
    .filter((event) => event !== "")
    .map((event) => {
      const [name, data] = event.split("\n") as [string, string];
      const parsed = JSON.parse(data.slice("data: ".length)) as ResponseStreamEvent;
      expect(name).toBe(`event: ${parsed.type}`);
      return parsed;
    });
  const last = events.at(-1) as { response: Response };
  return { events, response: last.response, whole: JSON.parse(collected.text) as Response };
}

describe("what every response repeats", () => {
  const request = {
    instructions: "Be\nbrief.",
    max_output_tokens: 77,
    metadata: { team: "a" },
    parallel_tool_calls: false,
    prompt_cache_key: "k",
    reasoning: { effort: "low", summary: "auto" },
    temperature: 0.3,
    text: { format: { type: "json_object" }, verbosity: "low" },
    tool_choice: { type: "function", name: "f" },
    tools: [{ type: "function", name: "f", parameters: { type: "object", properties: {} }, strict: false }],
    top_p: 0.9,
    truncation: "disabled",
    user: "u",
  };

  test("the request, on one line, in every snapshot and in the whole answer", () => {
    const { events, response, whole: collected } = answered(request, [chunk({ content: "Hi" }, "stop")]);
    const snapshots = events.flatMap((event) => ("response" in event ? [event.response] : []));
    expect(snapshots).toHaveLength(3);
    for (const snapshot of [...snapshots, collected]) expect(snapshot).toMatchObject(request);
    expect(collected).toEqual(response);
  });

  test("the API's defaults where the request is silent", () => {
    const { response } = answered({}, [chunk({ content: "Hi" }, "stop")]);
    expect(response).toMatchObject({
      object: "response",
      error: null,
      incomplete_details: null,
      instructions: null,
      metadata: {},
      parallel_tool_calls: true,
      previous_response_id: null,
      store: false,
      temperature: 1,
      text: { format: { type: "text" } },
      tool_choice: "auto",
      tools: [],
      top_p: 1,
      truncation: "disabled",
    });
  });
});

describe("events", () => {
  const CALLS = [
    chunk({ reasoning_content: "Think" }),
    chunk({ reasoning_content: "ing." }),
    chunk({ content: "Let me " }),
    chunk({ content: "see." }),
    chunk({ tool_calls: [{ index: 0, id: "a", function: { name: "f", arguments: '{"x"' } }] }),
    chunk({ tool_calls: [{ index: 1, id: "b", function: { name: "g", arguments: '{"y":' } }] }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: ":1}" } }] }),
    chunk({ tool_calls: [{ index: 1, function: { arguments: "2}" } }] }),
    chunk({}, "tool_calls"),
    { id: "chatcmpl-1", choices: [], usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 } },
  ];

  test("come in the documented order, numbered, with stable ids and whole texts", () => {
    const { events, response, whole: collected } = answered({}, CALLS);
    checkEvents(events);
    const names = events.map((event) => event.type.replace("response.", ""));
    expect(names.filter((name, index) => name !== names[index - 1])).toEqual([
      "created",
      "in_progress",
      "output_item.added",
      "reasoning_summary_part.added",
      "reasoning_summary_text.delta",
      "reasoning_summary_text.done",
      "reasoning_summary_part.done",
      "output_item.done",
      "output_item.added",
      "content_part.added",
      "output_text.delta",
      "output_text.done",
      "content_part.done",
      "output_item.done",
      "output_item.added",
      "function_call_arguments.delta",
      "function_call_arguments.done",
      "output_item.done",
      "output_item.added",
      "function_call_arguments.delta",
      "function_call_arguments.done",
      "output_item.done",
      "completed",
    ]);
    expect(response.output.map((item) => item.type)).toEqual([
      "reasoning",
      "message",
      "function_call",
      "function_call",
    ]);
    expect(response.output.slice(2)).toMatchObject([
      { call_id: "a", name: "f", arguments: '{"x":1}' },
      { call_id: "b", name: "g", arguments: '{"y":2}' },
    ]);
    expect(collected).toEqual(response);
  });

  test("text goes on as it comes", () => {
    const { pieces } = converter.stream(
      TO_OPENAI,
      CALLS.map((event) => Buffer.from(sse([event]))),
    );
    expect(pieces[2]).toContain('"delta":"Let me "');
    expect(pieces[3]).toContain('"delta":"see."');
  });

  test.each([
    ["length", "incomplete", "max_output_tokens", "incomplete"],
    ["content_filter", "incomplete", "content_filter", "incomplete"],
    ["stop", "completed", undefined, "completed"],
  ])("finish reason %s is %s", (finish, status, reason, itemStatus) => {
    const {
      events,
      response,
      whole: collected,
    } = answered({}, [chunk({ content: "Hi" }), chunk({}, finish)]);
    expect(events.at(-1)?.type).toBe(`response.${status}`);
    expect(response.status).toBe(status);
    expect(response.incomplete_details?.reason).toBe(reason);
    expect(response.output[0]).toMatchObject({ status: itemStatus });
    expect(collected).toEqual(response);
  });

  test("a failure ends with the error, which the SDK raises, and the failed response", async () => {
    const stream = whole(sse([chunk({ content: "Hi" })]));
    const { text } = converter.stream(TO_OPENAI, stream);
    const ends = text.trim().split("\n\n").slice(-2);
    expect(ends[0]).toMatch(/^event: error\n/);
    expect(ends[1]).toMatch(/^event: response.failed\n/);
    const failed = JSON.parse((ends[1] as string).split("\ndata: ")[1] as string);
    expect(failed.response).toMatchObject({ status: "failed", error: { code: "server_error" } });
    const client = new OpenAI({ apiKey: "k", fetch: answering(text, "text/event-stream"), maxRetries: 0 });
    const read = async () => {
      for await (const _ of await client.responses.create({ model: "m", input: "x", stream: true }));
    };
    await expect(read()).rejects.toThrow("upstream closed the answer before it was complete");
  });

  test("custom tools get their text, whatever the model made of it", () => {
    const tools = [{ type: "custom", name: "patch" }];
    const call = (text: string) => [
      chunk({ tool_calls: [{ index: 0, id: "a", function: { name: "patch", arguments: text } }] }),
      chunk({}, "tool_calls"),
    ];
    const wrapped = answered({ tools }, call('{"input": "say \\"hi\\"\\n"}'));
    checkEvents(wrapped.events);
    expect(wrapped.response.output[0]).toMatchObject({
      type: "custom_tool_call",
      call_id: "a",
      name: "patch",
      input: 'say "hi"\n',
    });
    expect(wrapped.whole).toEqual(wrapped.response);
    expect(answered({ tools }, call("just text")).response.output[0]).toMatchObject({ input: "just text" });
    expect(answered({}, call("{}")).response.output[0]).toMatchObject({ type: "function_call" });
  });

  test("a call without arguments has some that can be parsed", () => {
    const { events, response } = answered({}, [
      chunk({ tool_calls: [{ index: 0, id: "a", function: { name: "f" } }] }),
      chunk({}, "tool_calls"),
    ]);
    checkEvents(events);
    expect(response.output[0]).toMatchObject({ arguments: "{}" });
  });

  test("probabilities come with the text that they are of, and again at its end", () => {
    const logprobs = (token: string) => ({ content: [{ token, logprob: -1, bytes: [1], top_logprobs: [] }] });
    const said = (token: string): Json => ({
      id: "chatcmpl-1",
      choices: [{ index: 0, delta: { content: token }, logprobs: logprobs(token) }],
    });
    const {
      events,
      response,
      whole: collected,
    } = answered({ top_logprobs: 1 }, [said("a"), said("b"), chunk({}, "stop")]);
    const deltas = events.filter((event) => event.type === "response.output_text.delta");
    expect(deltas.map((event) => event.logprobs)).toEqual([logprobs("a").content, logprobs("b").content]);
    expect(response.output[0]).toMatchObject({
      content: [{ logprobs: [...logprobs("a").content, ...logprobs("b").content] }],
    });
    expect(collected).toEqual(response);
  });

  test("one answer only, whatever the upstream sends", () => {
    const second = {
      id: "chatcmpl-1",
      choices: [{ index: 1, delta: { content: "B" }, finish_reason: "stop" }],
    };
    const {
      events,
      response,
      whole: collected,
    } = answered({}, [chunk({ content: "A" }), second, chunk({}, "stop")]);
    checkEvents(events);
    expect(response.output).toHaveLength(1);
    expect(collected).toEqual(response);
  });

  test("an answer that is too large to be repeated is refused, not cut", () => {
    const big = Buffer.from(sse([chunk({ content: "x".repeat(1 << 20) })]));
    const answer = converter.stream(
      TO_OPENAI,
      Array.from({ length: 40 }, () => big),
    );
    expect(answer.failed).toBe(502);
    expect(answer.text.match(/^event: response.failed$/gm)).toHaveLength(1);
  });
});

describe("requests of clients", () => {
  test.each(["previous_response_id", "conversation", "prompt"])("%s needs what is not kept", (name) => {
    const refused = fromResponses({ [name]: "x" });
    expect(refused.status).toBe(400);
    expect(refused.error).toMatchObject({ type: "invalid_request_error", code: "unsupported_parameter" });
    expect(refused.error.message).toContain(name);
  });

  test("so do a response in the background and references to items", () => {
    expect(fromResponses({ background: true }).status).toBe(400);
    expect(fromResponses({ input: [{ type: "item_reference", id: "x" }] }).status).toBe(400);
    expect(fromResponses({ background: false, previous_response_id: null }).status).toBe(0);
  });

  test("items of one turn become one message, and results follow it", () => {
    const { messages } = fromResponses({
      input: [
        { role: "user", content: "x" },
        { type: "function_call", call_id: "a", name: "f", arguments: "{}" },
        {
          type: "message",
          role: "assistant",
          content: [{ type: "output_text", text: "t", annotations: [] }],
        },
        { type: "function_call", call_id: "b", name: "g", arguments: "{}" },
        { role: "user", content: "y" },
        { type: "function_call_output", call_id: "b", output: "2" },
        { type: "function_call_output", call_id: "a", output: "1" },
        { type: "function_call_output", call_id: "nobody", output: "3" },
      ],
    });
    expect(messages.map((message: Json) => [message.role, message.tool_call_id ?? message.content])).toEqual([
      ["user", "x"],
      ["assistant", "t"],
      ["tool", "b"],
      ["tool", "a"],
      ["user", "y"],
      ["tool", "nobody"],
    ]);
    expect(messages[1].tool_calls.map((call: Json) => call.id)).toEqual(["a", "b"]);
  });

  test("two answers in a row stay two messages", () => {
    const { messages } = fromResponses({
      input: [
        { role: "assistant", content: "a" },
        { role: "assistant", content: "b" },
      ],
    });
    expect(messages).toHaveLength(2);
  });

  test("probabilities are asked for in either way", () => {
    expect(fromResponses({ include: ["message.output_text.logprobs"] })).toMatchObject({ logprobs: true });
    expect(fromResponses({ top_logprobs: 2 })).toMatchObject({ logprobs: true, top_logprobs: 2 });
    expect(fromResponses({ top_logprobs: 0 })).not.toHaveProperty("logprobs");
  });

  test("hosted tools are reported, and what chooses one of them", () => {
    const { dropped, tools } = fromResponses({
      tools: [
        { type: "function", name: "f", parameters: {} },
        { type: "file_search", vector_store_ids: ["v"] },
      ],
      tool_choice: { type: "file_search" },
    });
    expect(tools).toHaveLength(1);
    expect(dropped).toEqual(["hosted_tools", "tool_choice"]);
  });

  test("a web search goes to those who have one", () => {
    const { tools } = fromResponses({ tools: [{ type: "web_search" }] }, "gemini");
    expect(tools).toEqual([{ googleSearch: {} }]);
  });
});

describe("requests to a Responses upstream", () => {
  test("nothing is stored unless the client asks, and nothing is strict", () => {
    const { body } = toResponses({ tools: [{ type: "function", function: { name: "f" } }] });
    expect(body.store).toBe(false);
    expect(body.tools[0]).toMatchObject({ strict: false, parameters: { type: "object", properties: {} } });
    expect(toResponses({ store: true }).body.store).toBe(true);
    const strict = { type: "function", function: { name: "f", strict: true, parameters: {} } };
    expect(toResponses({ tools: [strict] }).body.tools[0].strict).toBe(true);
  });

  test("system messages before the conversation are instructions, later ones stay where they are", () => {
    const { body } = toResponses({
      messages: [
        { role: "system", content: "a" },
        { role: "developer", content: "b" },
        { role: "user", content: "x" },
        { role: "system", content: "c" },
      ],
    });
    expect(body.instructions).toBe("a\n\nb");
    expect(body.input.map((item: Json) => item.role)).toEqual(["user", "developer"]);
  });

  test("reasoning travels with the conversation, and only OpenAI's own", () => {
    const history = (signature: string) => ({
      messages: [
        { role: "user", content: "x" },
        {
          role: "assistant",
          content: "y",
          thinking_blocks: [{ type: "thinking", thinking: "t", signature }],
        },
        { role: "user", content: "z" },
      ],
    });
    const own = toResponses(history("rs_1.gAAA"));
    expect(own.body.input[1]).toEqual({
      type: "reasoning",
      id: "rs_1",
      summary: [{ type: "summary_text", text: "t" }],
      encrypted_content: "gAAA",
    });
    expect(own.body.include).toEqual(["reasoning.encrypted_content"]);
    expect(own.dropped).toEqual([]);
    for (const foreign of ["EqQB", "gemini.QUJD", "rs_without"]) {
      const { body, dropped } = toResponses(history(foreign));
      expect(body.input.map((item: Json) => item.type)).toEqual(["message", "message", "message"]);
      expect(body).not.toHaveProperty("include");
      expect(dropped).toEqual(["thinking_history"]);
    }
  });

  test("effort asks for a summary, and for the proof", () => {
    expect(toResponses({ reasoning_effort: "high" }).body).toMatchObject({
      reasoning: { effort: "high", summary: "auto" },
      include: ["reasoning.encrypted_content"],
    });
    const none = toResponses({ reasoning_effort: "none" }).body;
    expect(none.reasoning).toEqual({ effort: "none" });
    expect(none).not.toHaveProperty("include");
  });

  test("a limit below the least is raised and reported", () => {
    const low = toResponses({ max_tokens: 5 });
    expect(low.body.max_output_tokens).toBe(16);
    expect(low.dropped).toEqual(["max_tokens"]);
    expect(toResponses({ max_tokens: 16 }).dropped).toEqual([]);
  });

  test("several answers cannot be had", () => {
    const body = JSON.stringify({ model: "m", messages: [{ role: "user", content: "x" }], n: 2 });
    expect(converter.request(FROM_OPENAI, body).status).toBe(400);
  });
});

describe("answers of a Responses upstream", () => {
  const event = (type: string, members: Json): string => `data: ${JSON.stringify({ type, ...members })}\n\n`;
  const completed = (output: Json[]): string =>
    event("response.completed", { response: { id: "resp_1", status: "completed", output } });
  const chat = (stream: string): Json => {
    const { text } = converter.stream(FROM_OPENAI, whole(stream), { whole: true });
    return JSON.parse(text);
  };

  test("what events left out is taken from those that are there, and nothing twice", () => {
    const message = { type: "message", content: [{ type: "output_text", text: "Hi", annotations: [] }] };
    const part = { output_index: 0, content_index: 0 };
    const delta = event("response.output_text.delta", { ...part, delta: "Hi" });
    const done = event("response.output_text.done", { ...part, text: "Hi" });
    const item = event("response.output_item.done", { output_index: 0, item: message });
    for (const stream of [delta, done, item, "", delta + done, done + item, delta + done + item]) {
      for (const output of stream === "" ? [[message]] : [[], [message]]) {
        expect(chat(stream + completed(output)).choices[0].message.content).toBe("Hi");
      }
    }
  });

  test("the answer is over only when it says so", () => {
    const stream = event("response.output_text.delta", { output_index: 0, content_index: 0, delta: "Hi" });
    expect(converter.stream(FROM_OPENAI, whole(stream)).failed).toBe(502);
  });

  test.each([
    [{ code: "rate_limit_exceeded", message: "m" }, 429],
    [{ code: "server_error", message: "m" }, 500],
    [{ code: "invalid_prompt", message: "m" }, 400],
    [{ code: "server_is_overloaded", message: "m" }, 503],
    [{ code: "something_new", message: "m" }, 500],
  ])("a failed response with %j is a %i", (error, status) => {
    const failed = { id: "resp_1", status: "failed", error };
    expect(converter.stream(FROM_OPENAI, whole(event("response.failed", { response: failed }))).failed).toBe(
      status,
    );
    expect(converter.answer(FROM_OPENAI, JSON.stringify(failed)).failed).toBe(status);
    expect(converter.stream(FROM_OPENAI, whole(event("error", error))).failed).toBe(status);
    expect(converter.stream(FROM_OPENAI, whole(event("error", { error }))).failed).toBe(status);
  });

  test("a response that still waits is no answer", () => {
    for (const status of ["queued", "in_progress", "cancelled"]) {
      expect(converter.answer(FROM_OPENAI, JSON.stringify({ id: "resp_1", status, output: [] })).failed).toBe(
        502,
      );
    }
  });

  test("the tap lane sees usage and the end", () => {
    const usage = { input_tokens: 1, output_tokens: 7, total_tokens: 8 };
    const end = JSON.stringify({ type: "response.completed", response: { usage } });
    expect(converter.observe("responses", end)).toEqual({ output: 7, isEnd: true });
    const delta = JSON.stringify({ type: "response.output_text.delta", delta: "x" });
    expect(converter.observe("responses", delta)).toEqual({ output: -1, isEnd: false });
    expect(converter.observe("responses", '{"type":"error","code":null}').isEnd).toBe(true);
  });
});
