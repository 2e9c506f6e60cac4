import { beforeAll, describe, expect, it } from "vitest";
import { Converter, type Pair } from "./convert";
import { readAnswer, readStream } from "./message";
import { describeUpstream, sse } from "./upstream";

// Fixtures after Tencent Cloud, Hunyuan, "ChatCompletions".
describeUpstream({ format: "hunyuan", encode: sse, terminator: 2 });

describe("hunyuan: errors and ends", () => {
  const pair: Pair = { client: "openai", upstream: "hunyuan", includeUsage: true };
  let converter: Converter;

  beforeAll(async () => {
    converter = await Converter.open();
  });

  it.each([
    ["AuthFailure.SecretIdNotFound", 401],
    ["RequestLimitExceeded", 429],
    ["FailedOperation.FreeResourcePackExhausted", 402],
    ["InvalidParameterValue.Model", 400],
    ["InternalError", 500],
    ["SomethingNew", 502],
  ])("%s, which comes with status 200, is answered %d", (Code, status) => {
    const body = JSON.stringify({ Response: { Error: { Code, Message: "it is so" }, RequestId: "r" } });
    const answer = converter.answer(pair, body);
    expect(answer.failed).toBe(status);
    expect(JSON.parse(answer.text).error).toMatchObject({ message: "it is so", code: Code });
  });

  const record = (delta: object, FinishReason = "") =>
    sse({ data: { Id: "i", Choices: [{ Index: 0, Delta: delta, FinishReason }] } });

  // Official plugin: a last chunk without a blank line was a slice out of bounds.
  it("a last record without a blank line is read", () => {
    const end = record({ Content: "" }, "stop");
    const { text, failed } = converter.stream(pair, [
      record({ Content: "Hi" }),
      end.subarray(0, end.length - 2),
    ]);
    expect(failed).toBe(0);
    expect(readStream(text)).toMatchObject({ text: "Hi", finish: "stop" });
    expect(text).toMatch(/data: \[DONE\]\n\n$/);
  });

  // Official plugin: images, tools and their results were lost.
  it("calls keep their ids, there and back", () => {
    const calls = [{ id: "call_9", type: "function", function: { name: "f", arguments: '{"a":1}' } }];
    const messages = [
      { role: "user", content: "Hi" },
      { role: "assistant", content: null, tool_calls: calls },
      { role: "tool", tool_call_id: "call_9", content: "one" },
    ];
    const request = converter.request(pair, JSON.stringify({ model: "m", messages }));
    expect(JSON.parse(request.text).Messages.slice(1)).toEqual([
      {
        Role: "assistant",
        Content: "",
        ToolCalls: [{ Id: "call_9", Type: "function", Function: { Name: "f", Arguments: '{"a":1}' } }],
      },
      { Role: "tool", ToolCallId: "call_9", Content: "one" },
    ]);
    const ToolCalls = [{ Id: "call_9", Type: "function", Function: { Name: "f", Arguments: '{"a":1}' } }];
    const Choices = [{ Message: { Role: "assistant", Content: "", ToolCalls }, FinishReason: "tool_calls" }];
    const answer = converter.answer(pair, JSON.stringify({ Response: { Id: "i", Choices } }));
    expect(readAnswer(answer.text)).toMatchObject({
      finish: "tool_calls",
      calls: [{ id: "call_9", name: "f" }],
    });
  });

  it("an Anthropic stream begins with the tokens of the prompt", () => {
    const Usage = { PromptTokens: 12, CompletionTokens: 1, TotalTokens: 13 };
    const Choices = [{ Index: 0, Delta: { Content: "Hi" }, FinishReason: "stop" }];
    const { text } = converter.stream({ client: "anthropic", upstream: "hunyuan" }, [
      sse({ data: { Id: "i", Choices, Usage } }),
    ]);
    const start = /^data: (.*"message_start".*)$/m.exec(text)?.[1] ?? "{}";
    expect(JSON.parse(start).message.usage).toMatchObject({ input_tokens: 12 });
  });

  it("temperature 0 goes over, and what was not asked for does not", () => {
    const body = JSON.stringify({ model: "m", messages: [{ role: "user", content: "Hi" }], temperature: 0 });
    expect(JSON.parse(converter.request(pair, body).text)).toEqual({
      Model: "upstream-model",
      Messages: [{ Role: "user", Content: "Hi" }],
      Stream: false,
      EnableEnhancement: false,
      Temperature: 0,
    });
  });
});
