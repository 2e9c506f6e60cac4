import { beforeAll, describe, expect, it } from "vitest";
import { Converter, type Pair, whole } from "./convert";
import { readAnswer } from "./message";
import { describeUpstream, sse } from "./upstream";

// Fixtures after Dify's API access page, "Send chat message" and "Execute workflow".
describeUpstream({ format: "dify", encode: sse, terminator: 2 });
describeUpstream({
  format: "dify",
  directory: "dify-workflow",
  settings: { botType: "workflow", inputVariable: 'the "question"', outputVariable: "ans wer" },
  encode: sse,
  terminator: 2,
});

describe("dify: kinds of applications", () => {
  const pair: Pair = { client: "openai", upstream: "dify" };
  const ask = (messages: unknown[]) => JSON.stringify({ model: "m", user: "me", messages });
  const history = [
    { role: "system", content: "Be brief." },
    { role: "user", content: "Hello" },
    { role: "assistant", content: "Hi!" },
    { role: "user", content: "And now?" },
  ];
  let converter: Converter;

  beforeAll(async () => {
    converter = await Converter.open();
  });

  it.each<Record<string, string>>([{ botType: "chat" }, { botType: "agent" }, {}])(
    "%j takes a message",
    (settings) => {
      const { path, text } = converter.request({ ...pair, settings }, ask([{ role: "user", content: "Hi" }]));
      expect(path).toBe("/chat-messages");
      expect(JSON.parse(text)).toMatchObject({ inputs: {}, query: "Hi", user: "me" });
    },
  );

  it("an application for completion gets the text in a variable", () => {
    const settings = { botType: "completion" };
    const { path, text } = converter.request({ ...pair, settings }, ask([{ role: "user", content: "Hi" }]));
    expect(path).toBe("/completion-messages");
    const body = JSON.parse(text);
    expect(body).toMatchObject({ inputs: { query: "Hi" }, response_mode: "streaming", user: "me" });
    expect(body).not.toHaveProperty("query");
    const named = converter.request(
      { ...pair, settings: { ...settings, inputVariable: "问题" } },
      ask([{ role: "user", content: "Hi" }]),
    );
    expect(JSON.parse(named.text).inputs).toEqual({ 问题: "Hi" });
  });

  it("a conversation that the client names gets only what is new", () => {
    const { text } = converter.request({ ...pair, conversation: "45701982" }, ask(history));
    expect(JSON.parse(text)).toMatchObject({ query: "And now?", conversation_id: "45701982" });
    const begun = JSON.parse(converter.request(pair, ask(history)).text);
    expect(begun.query).toBe("SYSTEM:\nBe brief.\n\nUSER:\nHello\n\nASSISTANT:\nHi!\n\nUSER:\nAnd now?");
    expect(begun).not.toHaveProperty("conversation_id");
  });

  it("the client is told the conversation, but not of what has none", () => {
    const message = { event: "message", message_id: "m", conversation_id: "45701982", answer: "Hi" };
    const end = { event: "message_end", message_id: "m", conversation_id: "45701982", metadata: {} };
    const bytes = [message, end].map((data) => sse({ data }));
    expect(converter.stream(pair, bytes).conversation).toBe("45701982");
    expect(converter.answer(pair, JSON.stringify({ ...message, mode: "chat" })).conversation).toBe(
      "45701982",
    );
    const long = { ...message, conversation_id: "x".repeat(300) };
    expect(converter.answer(pair, JSON.stringify(long)).conversation).toBe("");
  });

  it("the first text of a workflow's outputs is the answer where none is named", () => {
    const settings = { botType: "workflow", inputVariable: "q" };
    const data = { status: "succeeded", outputs: { count: 1, first: "one", second: "two" }, total_tokens: 5 };
    const answer = converter.answer({ ...pair, settings }, JSON.stringify({ workflow_run_id: "r", data }));
    expect(readAnswer(answer.text)).toMatchObject({ text: "one" });
    expect(answer.usage.total).toBe(5);
  });

  // Official plugin: events cut over two callbacks were lost, the last one forwarded raw or dropped, and no `[DONE]`.
  it("an event cut anywhere is one event, and the last one is followed by the end mark", () => {
    const end = sse({ data: { event: "message_end", message_id: "m", metadata: {} } });
    const text = sse({ data: { event: "message", message_id: "m", answer: "Hello" } });
    const all = Buffer.concat([text, end]);
    const expected = converter.stream(pair, whole(all)).text;
    expect(expected).toMatch(/data: \[DONE\]\n\n$/);
    expect(expected).not.toContain("message_end");
    expect(converter.stream(pair, [all.subarray(0, 20), all.subarray(20)]).text).toBe(expected);
  });
});
