/** Every API of the OpenAI SDK, unmodified, through Envoy and the plugin to instances found in Eureka. */
import { toFile } from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { BINARY } from "../../tools/dev/model-answers.ts";
import { PIXEL } from "../support/form.ts";
import { openai, post, type Stage, startStage } from "./harness.ts";

let stage: Stage;

beforeAll(async () => {
  stage = await startStage({
    services: [
      {
        application: "QWEN-CHAT",
        token: "key-of-the-service",
        alsoSpeaks: ["responses"],
        modelMapping: { "gpt-4o": "qwen-max", "gpt-*": "qwen-plus" },
      },
    ],
  });
});

afterAll(() => stage?.stop());

beforeEach(() => stage.reset());

/** The one request that an instance got, and that instance's name. */
function received() {
  const asked = stage.instances.filter(({ service }) => service.requests.length > 0);
  expect(stage.received()).toHaveLength(1);
  const [instance] = asked;
  const [request] = instance?.service.requests ?? [];
  if (!instance || !request) throw new Error("no instance was asked");
  return { ...request, instance: instance.service.name, json: () => JSON.parse(request.body.toString()) };
}

const messages = [{ role: "user" as const, content: "Hello, you" }];

describe("the OpenAI SDK", () => {
  test("chat", async () => {
    const answer = await openai(stage.gateway).chat.completions.create({ model: "gpt-4o", messages });
    const { instance, path, json } = received();
    expect(path).toBe("/v1/chat/completions");
    expect(json()).toEqual({ model: "qwen-max", messages });
    expect(answer.choices[0]?.message.content).toBe(`This is ${instance} as qwen-max. You said: Hello, you`);
    expect(answer.usage?.total_tokens).toBe(11);
  });

  test("chat, streamed, with usage", async () => {
    const stream = await openai(stage.gateway).chat.completions.create({
      model: "gpt-4o",
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = "";
    let total: number | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? "";
      total = chunk.usage?.total_tokens ?? total;
    }
    expect(text).toBe(`This is ${received().instance} as qwen-max. You said: Hello, you`);
    expect(total).toBe(11);
  });

  test("chat with tools", async () => {
    const answer = await openai(stage.gateway).chat.completions.create({
      model: "gpt-4o",
      messages,
      tool_choice: "required",
      tools: [{ type: "function", function: { name: "weather", parameters: { type: "object" } } }],
    });
    const [call] = answer.choices[0]?.message.tool_calls ?? [];
    expect(call).toMatchObject({ function: { name: "weather", arguments: '{"city":"Paris"}' } });
  });

  test("completions", async () => {
    const asked = { model: "gpt-3.5-turbo-instruct", prompt: "Hello" };
    const answer = await openai(stage.gateway).completions.create(asked);
    const { instance, path } = received();
    expect(path).toBe("/v1/completions");
    expect(answer.choices[0]?.text).toBe(`This is ${instance} as qwen-plus. You said: Hello`);
  });

  test("completions, streamed", async () => {
    const asked = { model: "gpt-3.5-turbo-instruct", prompt: "Hello", stream: true as const };
    let text = "";
    for await (const part of await openai(stage.gateway).completions.create(asked)) {
      text += part.choices[0]?.text ?? "";
    }
    expect(text).toBe(`This is ${received().instance} as qwen-plus. You said: Hello`);
  });

  test("embeddings", async () => {
    const asked = { model: "bge-m3", input: ["one", "three"], dimensions: 3 };
    const answer = await openai(stage.gateway).embeddings.create(asked);
    expect(received().json().model).toBe("bge-m3");
    expect(answer.data.map(({ embedding }) => embedding)).toEqual([
      [3 / 1024, 4 / 1024, 5 / 1024],
      [5 / 1024, 6 / 1024, 7 / 1024],
    ]);
  });

  test("models: those that the configuration names", async () => {
    const names: string[] = [];
    for await (const model of openai(stage.gateway).models.list()) names.push(model.id);
    expect(names).toEqual(["gpt-4o"]);
    expect(stage.received()).toHaveLength(0);
  });

  test("responses", async () => {
    const answer = await openai(stage.gateway).responses.create({ model: "gpt-4o", input: "Hello" });
    const { instance, path } = received();
    expect(path).toBe("/v1/responses");
    expect(answer.output_text).toBe(`This is ${instance} as qwen-max. You said: Hello`);
  });

  test("responses, streamed", async () => {
    const asked = { model: "gpt-4o", input: "Hello", stream: true as const };
    const types: string[] = [];
    let text = "";
    for await (const event of await openai(stage.gateway).responses.create(asked)) {
      types.push(event.type);
      if (event.type === "response.output_text.delta") text += event.delta;
    }
    expect(text).toBe(`This is ${received().instance} as qwen-max. You said: Hello`);
    expect([types[0], types.at(-1)]).toEqual(["response.created", "response.completed"]);
  });

  test("images", async () => {
    const answer = await openai(stage.gateway).images.generate({ model: "gpt-image-1", prompt: "A cat" });
    expect(received().json()).toEqual({ model: "qwen-plus", prompt: "A cat" });
    expect(answer.data?.[0]?.b64_json).toBe(Buffer.from(BINARY).toString("base64"));
  });

  test("edits and variations of images: forms arrive as they are, but for the model", async () => {
    const image = await toFile(PIXEL, "a.png", { type: "image/png" });
    const { images } = openai(stage.gateway);
    for (const call of [
      () => images.edit({ model: "gpt-image-1", image, prompt: "A hat" }),
      () => images.createVariation({ model: "gpt-image-1", image }),
    ]) {
      const answer = await call();
      expect(answer.data?.[0]?.b64_json).toBe(Buffer.from(BINARY).toString("base64"));
      const { headers, body } = received();
      expect(headers["content-type"]).toMatch(/^multipart\/form-data; boundary=/);
      expect(body.includes(PIXEL)).toBe(true);
      expect(body.toString("latin1")).toMatch(/name="model"\r\n\r\nqwen-plus\r\n/);
      stage.reset();
    }
  });

  test("speech: a binary answer arrives as it was sent", async () => {
    const asked = { model: "gpt-4o-mini-tts", voice: "alloy", input: "Hello" } as const;
    const answer = await openai(stage.gateway).audio.speech.create(asked);
    expect(received().path).toBe("/v1/audio/speech");
    expect(answer.headers.get("content-type")).toBe("audio/mpeg");
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(BINARY);
  });

  test("transcriptions: an uploaded file arrives whole", async () => {
    const file = await toFile(Buffer.alloc(300_000, BINARY), "speech.mp3");
    const answer = await openai(stage.gateway).audio.transcriptions.create({ model: "whisper-1", file });
    const { instance } = received();
    expect(answer.text).toBe(`This is ${instance} as whisper-1. I heard 300000 bytes.`);
  });
});

test("of a form nothing but the model is touched", async () => {
  const form = new FormData();
  form.set("model", "gpt-4o");
  form.set("file", new Blob([BINARY]), "speech.mp3");
  const request = new Request("http://unused", { method: "POST", body: form });
  const type = request.headers.get("content-type") ?? "";
  const body = new Uint8Array(await request.arrayBuffer());
  const reply = await post(stage.gateway, "/v1/audio/transcriptions", body, { "content-type": type });
  expect(reply.status).toBe(200);
  const mapped = Buffer.from(body).toString("latin1").replace("gpt-4o", "qwen-max");
  expect(received().body.equals(Buffer.from(mapped, "latin1"))).toBe(true);
  expect(received().headers["content-type"]).toBe(type);
});

test("rerank", async () => {
  const asked = { model: "gpt-rerank", query: "blue sky", documents: ["red", "the blue sky"], top_n: 1 };
  const reply = await post(stage.gateway, "/v1/rerank", asked);
  expect(await reply.json()).toMatchObject({ model: "qwen-plus", results: [{ index: 1 }] });
  expect(received().path).toBe("/v1/rerank");
});

describe("upstream headers", () => {
  test("the service's key replaces the client's", async () => {
    await openai(stage.gateway).chat.completions.create({ model: "gpt-4o", messages });
    const { headers } = received();
    expect(headers.authorization).toBe("Bearer key-of-the-service");
    expect(JSON.stringify(headers)).not.toContain("key-of-the-client");
  });

  test("no compressed answer is asked for, since the plugin reads it", async () => {
    const compressed = { "accept-encoding": "gzip, br" };
    const reply = await post(
      stage.gateway,
      "/v1/chat/completions",
      { model: "gpt-4o", messages },
      compressed,
    );
    expect(reply.status).toBe(200);
    expect(["identity", undefined]).toContain(received().headers["accept-encoding"]);
  });

  test("the instance's address is the host, and the gateway's own headers stay inside", async () => {
    await post(stage.gateway, "/v1/chat/completions", { model: "gpt-4o", messages });
    const { headers } = received();
    const hosts = stage.instances.map(({ service }) => `127.0.0.1:${service.port}`);
    expect(hosts).toContain(headers.host);
    expect(headers["x-ai-proxy-cluster"]).toBeUndefined();
    expect(headers["x-envoy-original-dst-host"]).toBeUndefined();
  });

  test("a client cannot choose where the gateway connects to", async () => {
    const steering = { "x-envoy-original-dst-host": "127.0.0.1:1", "x-ai-proxy-cluster": "eureka" };
    const reply = await post(stage.gateway, "/v1/chat/completions", { model: "gpt-4o", messages }, steering);
    expect(reply.status).toBe(200);
    expect(received().path).toBe("/v1/chat/completions");
  });

  test("content-length is the length of what is sent", async () => {
    await post(stage.gateway, "/v1/chat/completions", { model: "gpt-4o", messages });
    const { headers, body } = received();
    if (headers["transfer-encoding"] === "chunked") expect(headers["content-length"]).toBeUndefined();
    else expect(Number(headers["content-length"])).toBe(body.length);
  });
});

describe("request bodies", () => {
  test("everything but the model stays as it was written", async () => {
    const body = `{ "temperature" : 1.0e0,\n "unknown\\u0020field":[1.50, 9007199254740993, "\\ud83d\\ude00 \\/"],
      "model"\t: "gpt-4o" , "messages":[{"content":"é","role":"user"}] }\n`;
    const reply = await post(stage.gateway, "/v1/chat/completions", body);
    expect(reply.status).toBe(200);
    expect(received().body.toString()).toBe(body.replace('"gpt-4o"', '"qwen-max"'));
  });

  test.each([
    ["before", (model: string, rest: string) => `{"model":"${model}",${rest}}`],
    ["after", (model: string, rest: string) => `{${rest},"model":"${model}"}`],
  ])("20 MB with the model %s the messages", async (_, write) => {
    const content = "0123456789 äöü \\n\\u00e9 ".repeat(900_000);
    const rest = `"messages":[{"role":"user","content":"${content}"}]`;
    const body = Buffer.from(write("gpt-4o", rest));
    expect(body.length).toBeGreaterThan(20_000_000);
    const reply = await post(stage.gateway, "/v1/chat/completions", body);
    expect(reply.status).toBe(200);
    expect(received().body.equals(Buffer.from(write("qwen-max", rest)))).toBe(true);
  });

  test.each(['{"model": "gpt-4o", "messages": [}', '{"model": "gpt-4o"', "[1, 2", "not JSON at all"])(
    "malformed JSON is refused in OpenAI's shape: %s",
    async (body) => {
      const reply = await post(stage.gateway, "/v1/chat/completions", body);
      expect(reply.status).toBe(400);
      expect(reply.headers.get("content-type")).toContain("application/json");
      const { error } = (await reply.json()) as { error: Record<string, unknown> };
      expect(error).toMatchObject({ message: expect.stringMatching(/JSON/), type: "invalid_request_error" });
      expect(Object.keys(error).sort()).toEqual(["code", "message", "param", "type"]);
      expect(stage.received()).toEqual([]);
    },
  );
});

describe("answers", () => {
  test("an error of the service reaches the client as it is", async () => {
    for (const { service } of stage.instances)
      service.behaviour = { status: 429, headers: { "retry-after": "7" } };
    const asked = openai(stage.gateway).chat.completions.create({ model: "gpt-4o", messages });
    const failure = await asked.catch((error) => error);
    expect(failure.status).toBe(429);
    expect(failure.headers.get("retry-after")).toBe("7");
    expect(failure.error.message).toMatch(/was told to answer 429/);
  });

  test("a stream in single bytes is the same stream", async () => {
    for (const { service } of stage.instances) service.behaviour = { chunkBytes: 1 };
    const asked = {
      model: "gpt-4o",
      messages,
      stream: true as const,
      stream_options: { include_usage: true },
    };
    let text = "";
    for await (const chunk of await openai(stage.gateway).chat.completions.create(asked)) {
      text += chunk.choices[0]?.delta.content ?? "";
    }
    expect(text).toBe(`This is ${received().instance} as qwen-max. You said: Hello, you`);
  });

  test("a stream that is cut off does not look complete", async () => {
    for (const { service } of stage.instances) service.behaviour = { cutAfterEvents: 3 };
    const asked = { model: "gpt-4o", messages, stream: true };
    const reply = await post(stage.gateway, "/v1/chat/completions", asked);
    const text = await reply.text().catch(() => "");
    expect(text).not.toContain("[DONE]");
  });

  test("events arrive as they are sent, not at the end", async () => {
    for (const { service } of stage.instances) service.behaviour = { eventDelayMs: 100 };
    const started = Date.now();
    const asked = { model: "gpt-4o", messages, stream: true as const };
    const times: number[] = [];
    for await (const _ of await openai(stage.gateway).chat.completions.create(asked)) {
      times.push(Date.now() - started);
    }
    expect(times.length).toBeGreaterThan(8);
    expect(times[0]).toBeLessThan(300);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(600);
  });
});
