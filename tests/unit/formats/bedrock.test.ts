import { beforeAll, describe, expect, it } from "vitest";
import { encodeEvent, encodeFrame } from "../../support/event-stream";
import { Converter, type Pair } from "./convert";
import { readStream } from "./message";
import { awsEventStream, describeUpstream } from "./upstream";

// Fixtures after Amazon Bedrock's API reference, Converse and ConverseStream. The metadata may be missing at the end.
describeUpstream({ format: "bedrock", encode: awsEventStream, optionalRecords: 1, terminator: 0 });

describe("bedrock: failures of the framing", () => {
  const pair: Pair = { client: "openai", upstream: "bedrock", includeUsage: true };
  const begin = [
    encodeEvent("messageStart", '{"role":"assistant","p":"abcd"}'),
    encodeEvent("contentBlockDelta", '{"contentBlockIndex":0,"delta":{"text":"Hi"},"p":"ab"}'),
  ];
  let converter: Converter;

  beforeAll(async () => {
    converter = await Converter.open();
  });

  const exception = (type: string, payload: string): Buffer =>
    encodeFrame(
      { ":exception-type": type, ":content-type": "application/json", ":message-type": "exception" },
      payload,
    );

  it.each([
    ["throttlingException", "rate_limit_error", 429],
    ["validationException", "invalid_request_error", 400],
    ["modelStreamErrorException", "server_error", 502],
    ["modelTimeoutException", "timeout", 504],
    ["serviceUnavailableException", "overloaded", 503],
    ["internalServerException", "server_error", 500],
  ])("%s keeps its type and message", (type, kind, status) => {
    const payload = JSON.stringify({ message: 'Too "many"\n tokens' });
    for (const before of [[], begin]) {
      const answer = converter.stream(pair, [...before, exception(type, payload)]);
      expect(answer.failed).toBe(status);
      expect(readStream(answer.text).error).toEqual({
        message: 'Too "many"\n tokens',
        type: kind,
        param: null,
        code: type,
      });
      expect(answer.text).not.toContain("[DONE]");
    }
  });

  it("shows an exception whose payload is no JSON, and an error without a payload", () => {
    const broken = converter.stream(pair, [...begin, exception("somethingNew", 'a "b"')]);
    expect(readStream(broken.text).error).toMatchObject({ message: 'a "b"', code: null });
    const error = encodeFrame({
      ":message-type": "error",
      ":error-code": "InternalError",
      ":error-message": 'An internal "error"',
    });
    const answer = converter.stream(pair, [...begin, error]);
    expect(readStream(answer.text).error).toMatchObject({ message: 'An internal "error"' });
  });

  it("fails on a frame whose checksum is wrong", () => {
    const bytes = Buffer.concat([...begin, encodeEvent("messageStop", '{"stopReason":"end_turn"}')]);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    const answer = converter.stream(pair, [bytes]);
    expect(answer.failed).not.toBe(0);
    expect(readStream(answer.text).text).toBe("Hi");
  });

  it("percent-encodes an ARN once", () => {
    const body = JSON.stringify({ model: "m", stream: true, messages: [{ role: "user", content: "Hi" }] });
    const { path } = converter.request(pair, body, {
      model: "arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-x:0",
    });
    expect(path).toBe(
      "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.anthropic.claude-x%3A0/converse-stream",
    );
  });

  const thinking = (model: string, settings: object): Record<string, unknown> => {
    const body = { model: "m", messages: [{ role: "user", content: "Hi" }], max_tokens: 4000, ...settings };
    const { text, dropped } = converter.request(pair, JSON.stringify(body), { model });
    const { messages, ...rest } = JSON.parse(text) as Record<string, unknown>;
    return { ...rest, dropped };
  };

  it("asks each family of models to think in its own words", () => {
    const settings = { reasoning_effort: "medium", top_k: 5, temperature: 0.5 };
    const claude = thinking("us.anthropic.claude-sonnet-4-20250514-v1:0", settings);
    expect(claude).toEqual({
      inferenceConfig: { maxTokens: 4000 },
      additionalModelRequestFields: { thinking: { type: "enabled", budget_tokens: 2048 } },
      dropped: ["temperature", "top_k"],
    });
    expect(thinking("anthropic.claude-opus-4-6-v1", settings)).toMatchObject({
      additionalModelRequestFields: { thinking: { type: "adaptive" }, output_config: { effort: "medium" } },
    });
    expect(thinking("amazon.nova-2-lite-v1:0", settings)).toEqual({
      inferenceConfig: { maxTokens: 4000, temperature: 0.5 },
      additionalModelRequestFields: {
        inferenceConfig: { topK: 5 },
        reasoningConfig: { type: "enabled", maxReasoningEffort: "medium" },
      },
      dropped: [],
    });
    expect(thinking("openai.gpt-oss-120b-1:0", settings)).toEqual({
      inferenceConfig: { maxTokens: 4000, temperature: 0.5 },
      additionalModelRequestFields: { reasoning_effort: "medium" },
      dropped: ["top_k"],
    });
    expect(thinking("meta.llama3-70b-instruct-v1:0", settings)).toEqual({
      inferenceConfig: { maxTokens: 4000, temperature: 0.5 },
      dropped: ["top_k", "reasoning_effort"],
    });
  });
});
