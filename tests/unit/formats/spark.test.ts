import { beforeAll, describe, expect, it } from "vitest";
import { Converter, type Pair } from "./convert";
import { readStream } from "./message";
import { describeUpstream, sse } from "./upstream";

// Fixtures after iFlytek open platform, "Spark HTTP API".
describeUpstream({ format: "spark", encode: sse, terminator: 2 });

describe("spark: the envelope", () => {
  const pair: Pair = { client: "openai", upstream: "spark", includeUsage: true };
  let converter: Converter;

  beforeAll(async () => {
    converter = await Converter.open();
  });

  it.each([
    [10007, 429],
    [10013, 400],
    [10110, 503],
    [11200, 403],
    [11202, 429],
    [99999, 502],
  ])("code %d, which comes with status 200, is answered %d", (code, status) => {
    const answer = converter.answer(pair, JSON.stringify({ code, message: "it is so", sid: "s" }));
    expect(answer.failed).toBe(status);
    expect(JSON.parse(answer.text).error).toMatchObject({ message: "it is so", code: String(code) });
  });

  const chunk = (delta: object | null, more: object = {}) =>
    sse({ data: { code: 0, message: "Success", sid: "s-1", choices: [{ index: 0, delta, ...more }] } });
  const done = Buffer.from("data: [DONE]\n\n");

  // Official plugin: finish reasons, tool calls and reasoning were dropped, and so was the end mark; chunks said that they
  // were whole answers.
  it("finish reason, reasoning and end mark stay, in chunks with the id of the session", () => {
    const { text } = converter.stream(pair, [
      chunk({ role: "assistant", content: "", reasoning_content: "Hm." }),
      chunk({ content: "Hi" }),
      chunk({}, { finish_reason: "length" }),
      done,
    ]);
    expect(readStream(text)).toMatchObject({ thinking: "Hm.", text: "Hi", finish: "length" });
    expect(text).toMatch(/data: \[DONE\]\n\n$/);
    expect(text).toContain('"id":"s-1"');
    expect(text).not.toContain('"object":"chat.completion"');
  });

  it("an answer that only the end mark ends is complete", () => {
    const { text, failed } = converter.stream(pair, [chunk({ content: "Hi" }), done]);
    expect(failed).toBe(0);
    expect(readStream(text)).toMatchObject({ text: "Hi", finish: "stop" });
    expect(converter.stream(pair, [chunk({ content: "Hi" })]).failed).toBe(502);
  });

  // Official plugin: a delta or a message that is null was a panic.
  it("a delta that is null says nothing", () => {
    const { text } = converter.stream(pair, [
      chunk(null),
      chunk({ content: "Hi" }, { finish_reason: "stop" }),
      done,
    ]);
    expect(readStream(text)).toMatchObject({ text: "Hi", finish: "stop" });
  });
});
