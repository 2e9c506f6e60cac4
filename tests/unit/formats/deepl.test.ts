import { beforeAll, describe, expect, it } from "vitest";
import { Converter, type Pair } from "./convert";
import { readAnswer } from "./message";
import { describeUpstream, sse } from "./upstream";

const settings = { targetLanguage: "DE" };

// Fixtures after DeepL API, "Translate text". Nothing is streamed.
describeUpstream({ format: "deepl", settings, encode: sse, terminator: 2 });

describe("deepl: a chat as a translation", () => {
  const pair: Pair = { client: "openai", upstream: "deepl", settings };
  let converter: Converter;

  beforeAll(async () => {
    converter = await Converter.open();
  });

  // Official plugin: the whole history was translated again, each message as a choice of its own.
  it("only what the user said last is translated; the rest is context", () => {
    const messages = [
      { role: "system", content: "About birds." },
      { role: "user", content: "A crane." },
      { role: "assistant", content: "Ein Kranich." },
      { role: "user", content: "It flies." },
    ];
    const { text } = converter.request(
      { ...pair, settings: { ...settings, sourceLanguage: "EN" } },
      JSON.stringify({ model: "m", messages }),
    );
    expect(JSON.parse(text)).toEqual({
      text: ["It flies."],
      target_lang: "DE",
      source_lang: "EN",
      context: "About birds.\n\nA crane.\n\nEin Kranich.",
    });
  });

  it("several texts are the lines of one answer", () => {
    const body = { translations: [{ text: "Er fliegt." }, { text: 'Er "landet".' }] };
    const { text } = converter.answer(pair, JSON.stringify(body));
    expect(JSON.parse(text).choices).toHaveLength(1);
    expect(readAnswer(text)).toMatchObject({ text: 'Er fliegt.\nEr "landet".', finish: "stop" });
  });

  // Official plugin: a message of an error became the answer.
  it("a message in place of translations is an error", () => {
    const answer = converter.answer(pair, JSON.stringify({ message: "not now" }));
    expect(answer.failed).toBe(502);
    expect(JSON.parse(answer.text).error.message).toBe("not now");
  });
});
