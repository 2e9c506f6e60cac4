import { beforeAll, describe, expect, it } from "vitest";
import { Converter, type Pair } from "./convert";
import { describeUpstream, sse } from "./upstream";

// Fixtures after Triton Inference Server, "Generate extension". Backends need not say why they stopped.
describeUpstream({
  format: "kserve",
  encode: sse,
  optionalRecords: Number.POSITIVE_INFINITY,
  terminator: 2,
});

describe("kserve: paths and ends", () => {
  const pair: Pair = { client: "openai", upstream: "kserve" };
  let converter: Converter;

  beforeAll(async () => {
    converter = await Converter.open();
  });

  it.each([
    ["llama", "/models/llama/generate"],
    ["llama/versions/2", "/models/llama/versions/2/generate"],
    ["../../repository/x", "/models/..%2F..%2Frepository%2Fx/generate"],
  ])("model %s", (model, path) => {
    const body = JSON.stringify({ model: "m", messages: [{ role: "user", content: "Hi" }] });
    expect(converter.request(pair, body, { model }).path).toBe(path);
  });

  it("takes the version from the settings, unless the model's name has one", () => {
    const body = JSON.stringify({ model: "m", messages: [{ role: "user", content: "Hi" }] });
    const of = (model: string) =>
      converter.request({ ...pair, settings: { modelVersion: "3/4" } }, body, { model }).path;
    expect(of("llama")).toBe("/models/llama/versions/3%2F4/generate");
    expect(of("llama/versions/2")).toBe("/models/llama/versions/2/generate");
  });

  // Official plugin: only the last message's text went to the model.
  it("the whole conversation goes to the model", () => {
    const messages = [
      { role: "system", content: "Be brief." },
      { role: "user", content: "Hello" },
      { role: "assistant", content: "Hi!" },
      { role: "user", content: "And now?" },
    ];
    const { text } = converter.request(pair, JSON.stringify({ model: "m", messages }));
    for (const { content } of messages) expect(JSON.parse(text).text_input).toContain(content);
  });

  it("fails where the body ends inside a record", () => {
    const bytes = Buffer.from('data: {"text_output":"Hi"}\n\ndata: {"text_out');
    const answer = converter.stream(pair, [bytes]);
    expect(answer.failed).toBe(502);
    expect(answer.text).not.toContain("[DONE]");
  });
});
