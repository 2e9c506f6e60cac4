import { describe, expect, it } from "vitest";
import { chat, clusterConfiguration, configured } from "./plugin.ts";

const request = {
  model: "gpt-4o",
  temperature: 0.5,
  logit_bias: { "1": 2 },
  messages: [
    { role: "system", content: "Be brief." },
    { role: "user", content: 'Say "hi" 中文' },
  ],
};
const gemini = (text: string, finish?: string) => ({
  responseId: "r1",
  modelVersion: "gemini-x",
  candidates: [
    { index: 0, content: { role: "model", parts: [{ text }] }, ...(finish && { finishReason: finish }) },
  ],
  usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 5, totalTokenCount: 8 },
});
const service = { format: "gemini", token: "key", modelMapping: { "*": "gemini-pro" } };

describe("the convert lane: an OpenAI client, a Gemini upstream", () => {
  it("turns request and answer", async () => {
    const root = await configured(clusterConfiguration(service));
    const { upstream, client } = chat(root, request, {
      request: { headers: { authorization: "Bearer client" } },
      respond: () => ({
        headers: { "content-type": "application/json" },
        body: JSON.stringify(gemini("hello", "STOP")),
      }),
    });
    expect(upstream?.headers.get(":path")).toBe("/v1beta/models/gemini-pro:generateContent");
    expect(upstream?.headers.get("x-goog-api-key")).toBe("key");
    expect(upstream?.headers.get("authorization")).toBeUndefined();
    expect(upstream?.lengthMismatch).toBe(false);
    const body = JSON.parse(upstream?.text ?? "");
    expect(body.contents).toEqual([{ role: "user", parts: [{ text: 'Say "hi" 中文' }] }]);
    expect(body.generationConfig.temperature).toBe(0.5);
    const answer = JSON.parse(client?.text ?? "");
    expect(answer.choices[0]).toMatchObject({ message: { content: "hello" }, finish_reason: "stop" });
    expect(answer.usage).toMatchObject({ prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 });
    expect(client?.headers.get("x-ai-proxy-dropped-params")).toBe("logit_bias");
    expect(client?.lengthMismatch).toBe(false);
  });

  const stream = `data: ${JSON.stringify(gemini("hel"))}\r\n\r\ndata: ${JSON.stringify(gemini("lo", "STOP"))}\r\n\r\n`;
  const streamed = { ...request, stream: true, stream_options: { include_usage: true } };
  const respond = (body: string) => () => ({ headers: { "content-type": "text/event-stream" }, body });

  it("turns a stream, event by event and the same for every cut", async () => {
    const root = await configured(clusterConfiguration(service));
    const { upstream, client } = chat(root, streamed, { respond: respond(stream) });
    expect(upstream?.headers.get(":path")).toBe("/v1beta/models/gemini-pro:streamGenerateContent?alt=sse");
    expect(client?.headers.get("content-type")).toBe("text/event-stream");
    const records = (client?.text ?? "")
      .trim()
      .split("\n\n")
      .map((line) => line.replace("data: ", ""));
    expect(records.at(-1)).toBe("[DONE]");
    const chunks = records.slice(0, -1).map((record) => JSON.parse(record));
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toBe("hello");
    expect(chunks.at(-1)?.usage).toMatchObject({ total_tokens: 8 });
    const stable = (text = "") => text.replace(/"created":\d+/g, "");
    for (let cut = 1; cut < Buffer.byteLength(stream); cut++) {
      const split = chat(root, streamed, { respond: respond(stream), cutResponse: [cut] });
      expect(stable(split.client?.text)).toBe(stable(client?.text));
    }
  });

  it("never shows a stream that was cut off as complete", async () => {
    const root = await configured(clusterConfiguration(service));
    const finish = stream.indexOf('"finishReason"');
    for (let length = 1; length < finish; length += 3) {
      const { client } = chat(root, streamed, { respond: respond(stream.slice(0, length)) });
      expect(client?.text).not.toContain("[DONE]\n\ndata");
      expect(client?.text).toContain('"error"');
      expect(client?.text).not.toContain('"finish_reason":"stop"');
    }
  });

  it("makes an error that comes first a real status", async () => {
    const root = await configured(clusterConfiguration(service));
    const error = JSON.stringify({ error: { code: 429, message: "quota", status: "RESOURCE_EXHAUSTED" } });
    for (const options of [
      { respond: respond(`data: ${error}\n\n`) },
      { respond: () => ({ headers: { ":status": "429", "content-type": "application/json" }, body: error }) },
    ]) {
      const { client } = chat(root, streamed, options);
      expect(client?.status).toBe(429);
      expect(client?.headers.get("content-type")).toBe("application/json");
      expect(JSON.parse(client?.text ?? "").error).toMatchObject({
        message: "quota",
        type: "rate_limit_error",
      });
    }
  });

  it("serves a Gemini client from an OpenAI upstream, the model in the path", async () => {
    const root = await configured(clusterConfiguration({ modelMapping: { "gemini-x": "qwen-max" } }));
    const { upstream, client } = chat(
      root,
      { contents: [{ role: "user", parts: [{ text: "hi" }] }] },
      {
        request: {
          headers: { ":path": "/v1beta/models/gemini-x:generateContent?key=secret", "x-goog-api-key": "c" },
        },
        respond: () => ({
          headers: { "content-type": "application/json" },
          body: JSON.stringify({
            id: "1",
            choices: [{ index: 0, message: { role: "assistant", content: "hello" }, finish_reason: "stop" }],
          }),
        }),
      },
    );
    expect(upstream?.headers.get(":path")).toBe("/v1/chat/completions");
    expect(JSON.parse(upstream?.text ?? "")).toMatchObject({
      model: "qwen-max",
      messages: [{ role: "user" }],
    });
    expect(
      String(upstream?.headers.get(":path")) + String(upstream?.headers.get("x-goog-api-key")),
    ).not.toContain("secret");
    expect(JSON.parse(client?.text ?? "").candidates[0].content.parts).toEqual([{ text: "hello" }]);
  });

  it("taps a Gemini client to a Gemini upstream and maps the model in the path", async () => {
    const root = await configured(clusterConfiguration(service));
    const body = '{"contents":[ {"parts":[{"text":"hi"}]}]}';
    const { upstream } = chat(root, body, {
      request: { headers: { ":path": "/v1beta/models/gemini-x:streamGenerateContent?alt=sse&key=client" } },
    });
    expect(upstream?.headers.get(":path")).toBe("/v1beta/models/gemini-pro:streamGenerateContent?alt=sse");
    expect(upstream?.text).toBe(body);
  });

  it("refuses what strict mode would lose, and what no service can answer", async () => {
    const strict = await configured(clusterConfiguration({ ...service, strict: true }));
    const { client, upstream } = chat(strict, request);
    expect(client?.status).toBe(400);
    expect(JSON.parse(client?.text ?? "").error.message).toContain("logit_bias");
    expect(upstream).toBeUndefined();
    const root = await configured(clusterConfiguration(service));
    const files = root.exchange({ request: { headers: { ":method": "GET", ":path": "/v1/files" } } });
    expect(files.client?.status).toBe(404);
  });

  it("keeps its memory flat over streams", async () => {
    const root = await configured(clusterConfiguration(service));
    for (let i = 0; i < 300; i++) chat(root, streamed, { respond: respond(stream) });
    const before = root.host.memoryBytes;
    for (let i = 0; i < 3000; i++) chat(root, streamed, { respond: respond(stream) });
    expect(root.host.memoryBytes).toBe(before);
  });
});

describe("a service that speaks several languages", () => {
  it("gets a Responses request as it is where it says so, and converted where it does not", async () => {
    const body = '{"model":"m", "input":"hi"}';
    const request = { request: { headers: { ":path": "/v1/responses" } } };
    const native = await configured(clusterConfiguration({ alsoSpeaks: ["responses"] }));
    const tapped = chat(native, body, request).upstream;
    expect(tapped?.headers.get(":path")).toBe("/v1/responses");
    expect(tapped?.text).toBe(body);
    const plain = await configured(clusterConfiguration());
    const converted = chat(plain, body, request).upstream;
    expect(converted?.headers.get(":path")).toBe("/v1/chat/completions");
    expect(JSON.parse(converted?.text ?? "").messages).toEqual([{ role: "user", content: "hi" }]);
  });
});
