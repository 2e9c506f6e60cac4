import { beforeAll, describe, expect, it } from "vitest";
import { Converter, type Pair } from "./convert";
import { readStream } from "./message";
import { describeUpstream, sse } from "./upstream";

const settings = { groupId: "17 &?", botName: 'MM "智能助理"', userName: "用户" };

// Fixtures after MiniMax open platform, "ChatCompletion Pro".
describeUpstream({ format: "minimax", settings, encode: sse, terminator: 2 });

describe("minimax: senders and errors", () => {
  const pair: Pair = { client: "openai", upstream: "minimax", settings };
  let converter: Converter;

  beforeAll(async () => {
    converter = await Converter.open();
  });

  it("the group stands in the query", () => {
    const body = JSON.stringify({ model: "m", messages: [{ role: "user", content: "Hi" }] });
    expect(converter.request(pair, body).path).toBe("/text/chatcompletion_pro?GroupId=17%20%26%3F");
  });

  it("the system prompt describes the bot, and users may have names", () => {
    const messages = [
      { role: "system", content: "Be brief." },
      { role: "user", name: "Ann", content: "Hi" },
      { role: "user", content: "Ho" },
    ];
    const { text } = converter.request(pair, JSON.stringify({ model: "m", messages }));
    expect(JSON.parse(text)).toMatchObject({
      bot_setting: [{ bot_name: settings.botName, content: "Be brief." }],
      messages: [
        { sender_type: "USER", sender_name: "Ann", text: "Hi" },
        { sender_type: "USER", sender_name: "用户", text: "Ho" },
      ],
      reply_constraints: { sender_type: "BOT", sender_name: settings.botName },
    });
  });

  it.each([
    [1002, 429],
    [1004, 401],
    [1008, 402],
    [1026, 400],
    [1013, 500],
    [9999, 502],
  ])("code %d, which comes with status 200, is answered %d", (code, status) => {
    const body = { choices: null, base_resp: { status_code: code, status_msg: "it is so" } };
    const answer = converter.answer(pair, JSON.stringify(body));
    expect(answer.failed).toBe(status);
    expect(JSON.parse(answer.text).error).toMatchObject({ message: "it is so", code: String(code) });
  });

  // Official plugin: streams had the shape of whole answers, a message in place of a delta, and no end mark.
  it("a stream is one of chunks, and ends with the mark", () => {
    const record = (text: string, more: object = {}) =>
      sse({ data: { id: "i", choices: [{ index: 0, messages: [{ sender_type: "BOT", text }], ...more }] } });
    const { text } = converter.stream(pair, [record("Hel"), record("lo", { finish_reason: "stop" })]);
    expect(readStream(text)).toMatchObject({ text: "Hello", finish: "stop" });
    expect(text).not.toContain('"message"');
    expect(text).toMatch(/data: \[DONE\]\n\n$/);
  });
});
