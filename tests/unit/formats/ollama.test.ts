import { beforeAll, describe, expect, it } from "vitest";
import { Converter, type Pair } from "./convert";
import { readStream } from "./message";
import { describeUpstream, ndjson } from "./upstream";

// Fixtures after Ollama's API reference, "Generate a chat message".
describeUpstream({ format: "ollama", encode: ndjson, terminator: 1 });

describe("ollama: thinking in tags", () => {
  const pair: Pair = { client: "openai", upstream: "ollama" };
  let converter: Converter;

  beforeAll(async () => {
    converter = await Converter.open();
  });

  /** A stream with `text` in pieces of `size` characters, with angle brackets as Go escapes them, or not. */
  function answer(text: string, size: number, isEscaped: boolean): { text: string; thinking: string } {
    const pieces = text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
    const lines = [...pieces, ""].map((content, index) => {
      const line = JSON.stringify({ message: { content }, done: index === pieces.length });
      return isEscaped ? line.replaceAll("<", "\\u003c").replaceAll(">", "\\u003E") : line;
    });
    const { text: stream } = converter.stream(pair, [Buffer.from(`${lines.join("\n")}\n`)]);
    const message = readStream(stream);
    return { text: message.text, thinking: message.thinking };
  }

  it.each([
    ["<think>Hm.</think>\n\nTwo.", { thinking: "Hm.", text: "Two." }],
    [
      "<think>\na</thin</think b</think>\nTwo </think>",
      { thinking: "\na</thin</think b", text: "Two </think>" },
    ],
    ["<think></think>Two", { thinking: "", text: "Two" }],
    ["<thi\nk>Two", { thinking: "", text: "<thi\nk>Two" }],
    ["Two <think>no</think>", { thinking: "", text: "Two <think>no</think>" }],
    ['<think>"\\/" 天</think>天', { thinking: '"\\/" 天', text: "天" }],
    ["<think", { thinking: "", text: "<think" }],
    ["<think>open</", { thinking: "open</", text: "" }],
  ])("%j", (text, message) => {
    for (let size = 1; size <= text.length; size++) {
      expect(answer(text, size, false), `pieces of ${size}`).toEqual(message);
      expect(answer(text, size, true), `escaped pieces of ${size}`).toEqual(message);
    }
  });
});
