import { beforeAll, describe, expect, it } from "vitest";
import { Converter, type Pair } from "./convert";
import { readStream } from "./message";
import { describeUpstream, sse } from "./upstream";

// Fixtures after Coze, OpenAPI, "Chat v3".
describeUpstream({ format: "coze", encode: sse, terminator: 2 });

describe("coze: bots and conversations", () => {
  const pair: Pair = { client: "openai", upstream: "coze" };
  const ask = (messages: unknown[]) => JSON.stringify({ model: "m", messages });
  const history = [
    { role: "user", content: "Hello" },
    { role: "assistant", content: "Hi!" },
    { role: "user", content: "And now?" },
  ];
  let converter: Converter;

  beforeAll(async () => {
    converter = await Converter.open();
  });

  it("the model is the bot, unless the settings name one", () => {
    const of = (given: Pair) =>
      JSON.parse(converter.request(given, ask(history), { model: "73" }).text).bot_id;
    expect(of(pair)).toBe("73");
    expect(of({ ...pair, settings: { botId: "74" } })).toBe("74");
  });

  it("a conversation that the client names gets only what is new", () => {
    const { path, text } = converter.request({ ...pair, conversation: "73 81" }, ask(history));
    expect(path).toBe("/chat?conversation_id=73%2081");
    expect(JSON.parse(text).additional_messages).toEqual([
      { role: "user", type: "question", content_type: "text", content: "And now?" },
    ]);
  });

  it("files and texts of one message are an array in a text", () => {
    const url = 'https://example.com/"a".png';
    const content = [
      { type: "text", text: 'What is "this"?' },
      { type: "image_url", image_url: { url } },
    ];
    const { text } = converter.request(pair, ask([{ role: "user", content }]));
    const [message] = JSON.parse(text).additional_messages;
    expect(message.content_type).toBe("object_string");
    expect(JSON.parse(message.content)).toEqual([
      { type: "text", text: 'What is "this"?' },
      { type: "image", file_url: url },
    ]);
  });

  it("an error in place of a stream has its own status", () => {
    const answer = converter.answer(pair, JSON.stringify({ code: 4101, msg: "no permission" }));
    expect(answer.failed).toBe(403);
    expect(converter.answer(pair, JSON.stringify({ code: 0, data: { status: "in_progress" } })).failed).toBe(
      502,
    );
  });

  it.each(["[DONE]", '"[DONE]"'])(
    "the end mark %s is one, and the client is told the conversation",
    (mark) => {
      const message = { chat_id: "c", conversation_id: "7381", type: "answer", content: "Hi" };
      const answer = converter.stream(pair, [
        sse({ event: "conversation.message.delta", data: message }),
        Buffer.from(`event: done\ndata: ${mark}\n\n`),
      ]);
      expect(answer.failed).toBe(0);
      expect(answer.conversation).toBe("7381");
      expect(readStream(answer.text)).toMatchObject({ text: "Hi", finish: "stop" });
    },
  );
});
