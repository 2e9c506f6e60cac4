/**
 * A service that speaks JSON of its own and is registered in Eureka, called with the vendors' own SDKs through Envoy:
 * its format is nothing but configuration.
 */
import { setTimeout as sleep } from "node:timers/promises";
import Anthropic from "@anthropic-ai/sdk";
import { ApiError as GoogleError, GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { serverCluster } from "../../tools/dev/envoy-config.ts";
import { type Gateway, startGateway } from "../../tools/dev/gateway.ts";
import { type HomeMadeService, startHomeMadeService } from "../../tools/dev/home-made-service.ts";
import { register } from "../../tools/dev/registration.ts";
import { declarationOf } from "../support/declared.ts";
import { startEurekaServer } from "../support/eureka-server.ts";
import { SHAPES as ALL } from "../support/upstreams/homemade/index.ts";
import { FAILURE_TEXT, startUpstream, type Upstream } from "../support/upstreams/server.ts";
import type { Scenario } from "../support/upstreams/vendor.ts";
import { POLL_INTERVAL_MS } from "./harness.ts";

const TEXT = "The weather in Paris is sunny, 18 °C — 晴天 🙂.";
const USAGE = { input: 21, output: 34 };
const plain: Scenario = { text: TEXT, usage: USAGE };

/** The server of the fakes sends events one by one. */
const SHAPES = ALL.filter((shape) => !shape.join);

const running: (() => Promise<void>)[] = [];
const instances: HomeMadeService[] = [];
const upstreams = new Map<string, Upstream>();
let gateway: Gateway;

beforeAll(async () => {
  const eureka = await startEurekaServer();
  running.push(eureka.stop);
  for (const name of ["assistant-1", "assistant-2"]) {
    const service = await startHomeMadeService({ name });
    running.push(service.stop);
    instances.push(service);
    const registration = await register({
      eurekaUrl: eureka.url,
      application: "HOME-MADE",
      port: service.port,
    });
    running.push(registration.deregister);
  }
  for (const shape of SHAPES) {
    const upstream = await startUpstream(shape, { scenario: plain });
    running.push(upstream.stop);
    upstreams.set(shape.name, upstream);
  }
  gateway = await startGateway({
    eurekaUrls: [eureka.url],
    pollIntervalMs: POLL_INTERVAL_MS,
    services: [
      { application: "HOME-MADE", models: ["home-made"], format: declarationOf("spring") },
      ...SHAPES.map(({ name }) => ({
        name,
        cluster: `model-${name}`,
        models: [name],
        modelMapping: { "*": "up" },
        format: declarationOf(name),
        token: "key-of-the-service",
      })),
    ],
    clusters: [...upstreams].map(([name, { url }]) => serverCluster(`model-${name}`, url)),
  });
  running.push(gateway.stop);
  const deadline = Date.now() + 15_000;
  while (
    !(await home()
      .chat.completions.create(asked)
      .catch(() => undefined))
  ) {
    if (Date.now() > deadline) throw new Error(gateway.envoy.logs.slice(-20).join("\n"));
    await sleep(50);
  }
});

afterAll(async () => {
  for (const stop of running.reverse()) await stop();
});

beforeEach(() => {
  for (const { requests } of instances) requests.length = 0;
  for (const upstream of upstreams.values()) {
    upstream.script = { scenario: plain };
    upstream.asked.length = 0;
  }
});

const options = () => ({ apiKey: "key-of-the-client", maxRetries: 0 });
const home = () => new OpenAI({ ...options(), baseURL: `${gateway.url}/v1` });
const anthropic = () => new Anthropic({ ...options(), baseURL: gateway.url });
const gemini = () => new GoogleGenAI({ apiKey: "key-of-the-client", httpOptions: { baseUrl: gateway.url } });

const messages = [
  { role: "system" as const, content: "Be brief." },
  { role: "user" as const, content: 'What is "Eureka"? 你好' },
];
const asked = { model: "home-made", messages };
const ANSWER = /^This is assistant-[12]\. You asked: What is "Eureka"\? 你好$/;

describe("a home-made service in Eureka", () => {
  const requests = () => instances.flatMap((instance) => instance.requests);

  test("npm openai", async () => {
    const answer = await home().chat.completions.create({ ...asked, temperature: 0.5, max_tokens: 50 });
    expect(answer.choices[0]?.message.content).toMatch(ANSWER);
    expect(answer.choices[0]?.finish_reason).toBe("stop");
    expect(answer.usage).toMatchObject({ prompt_tokens: 4, completion_tokens: 9, total_tokens: 13 });
    expect(requests()).toEqual([
      {
        path: "/api/v1/assistant/ask",
        body: {
          question: 'What is "Eureka"? 你好',
          systemPrompt: "Be brief.",
          history: [{ speaker: "USER", text: 'What is "Eureka"? 你好' }],
          options: { temperature: 0.5, maxTokens: 50 },
        },
      },
    ]);
  });

  test("npm openai, streamed: a cumulative stream becomes its differences", async () => {
    const stream = home().chat.completions.stream({ ...asked, stream_options: { include_usage: true } });
    let text = "";
    let deltas = 0;
    stream.on("content", (delta) => {
      text += delta;
      deltas++;
    });
    const answer = await stream.finalChatCompletion();
    expect(text).toMatch(ANSWER);
    expect(deltas).toBeGreaterThan(5);
    expect(answer.choices[0]).toMatchObject({ message: { content: text }, finish_reason: "stop" });
    expect(answer.usage?.total_tokens).toBe(13);
    expect(requests()[0]?.path).toBe("/api/v1/assistant/ask-stream");
  });

  test("npm openai, responses, streamed and not", async () => {
    const input = 'What is "Eureka"? 你好';
    const whole = await home().responses.create({ model: "home-made", input });
    expect(whole.output_text).toMatch(ANSWER);
    const streamed = await home().responses.stream({ model: "home-made", input }).finalResponse();
    expect(streamed.output_text).toMatch(ANSWER);
    expect(streamed.status).toBe("completed");
  });

  test("npm @anthropic-ai/sdk, streamed and not", async () => {
    const question = {
      model: "home-made",
      max_tokens: 100,
      system: "Be brief.",
      messages: messages.slice(1) as Anthropic.MessageParam[],
    };
    const whole = await anthropic().messages.create(question);
    const streamed = await anthropic().messages.stream(question).finalMessage();
    for (const answer of [whole, streamed]) {
      expect(answer.content).toEqual([
        expect.objectContaining({ type: "text", text: expect.stringMatching(ANSWER) }),
      ]);
      expect(answer.stop_reason).toBe("end_turn");
      expect(answer.usage).toMatchObject({ input_tokens: 4, output_tokens: 9 });
    }
    expect(requests().map(({ body }) => body.systemPrompt)).toEqual(["Be brief.", "Be brief."]);
  });

  test("npm @google/genai, streamed and not", async () => {
    const question = { model: "home-made", contents: 'What is "Eureka"? 你好' };
    expect((await gemini().models.generateContent(question)).text).toMatch(ANSWER);
    let text = "";
    for await (const chunk of await gemini().models.generateContentStream(question)) text += chunk.text ?? "";
    expect(text).toMatch(ANSWER);
  });

  test("an error that came with status 200 is each SDK's own exception", async () => {
    const empty = [{ role: "user" as const, content: "" }];
    await expect(home().chat.completions.create({ model: "home-made", messages: empty })).rejects.toSatisfy(
      (error) =>
        error instanceof OpenAI.BadRequestError && error.message.includes("question must not be empty"),
    );
    await expect(
      anthropic().messages.create({ model: "home-made", max_tokens: 9, messages: empty }),
    ).rejects.toSatisfy(
      (error) =>
        error instanceof Anthropic.BadRequestError && error.message.includes("question must not be empty"),
    );
  });

  test("both instances are asked", async () => {
    for (let index = 0; index < 4; index++) await home().chat.completions.create(asked);
    for (const { requests: some } of instances) expect(some).toHaveLength(2);
  });
});

describe.each(SHAPES.map((shape) => ({ shape, model: shape.name })))("$model", ({ shape, model }) => {
  const script = (settings: Partial<Upstream["script"]>) => {
    const upstream = upstreams.get(model);
    if (upstream) upstream.script = { scenario: plain, ...settings };
  };
  const question = { model, messages };

  test("npm openai, streamed and not, eleven bytes at a time", async () => {
    script({ chunkBytes: 11 });
    const whole = await home().chat.completions.create(question);
    const streamed = await home().chat.completions.stream(question).finalChatCompletion();
    for (const answer of [whole, streamed]) {
      expect(answer.choices[0]).toMatchObject({ message: { content: TEXT }, finish_reason: "stop" });
    }
    const { asked: got } = upstreams.get(model)!;
    for (const { path, headers, body } of got) {
      expect(path).toMatch(shape.path);
      expect(JSON.stringify({ headers, body, path })).not.toContain("key-of-the-client");
      expect(JSON.stringify({ headers, path })).toContain("key-of-the-service");
    }
    if (!shape.alwaysStreams) expect(got.map(({ isStream }) => isStream)).toEqual([false, true]);
  });

  test("npm @anthropic-ai/sdk and @google/genai, streamed", async () => {
    const answer = await anthropic()
      .messages.stream({ model, max_tokens: 100, messages: messages.slice(1) as Anthropic.MessageParam[] })
      .finalMessage();
    expect(answer.content).toMatchObject([{ type: "text", text: TEXT }]);
    let text = "";
    for await (const chunk of await gemini().models.generateContentStream({ model, contents: "Hi" }))
      text += chunk.text ?? "";
    expect(text).toBe(TEXT);
  });

  test("an error is an error to each SDK", async () => {
    script(shape.failureWithin200 ? { failsWithin200: true } : { status: 429 });
    await expect(home().chat.completions.create(question)).rejects.toSatisfy(
      (error) => error instanceof OpenAI.APIError && error.message.includes(FAILURE_TEXT),
    );
    await expect(gemini().models.generateContent({ model, contents: "Hi" })).rejects.toSatisfy(
      (error) => error instanceof GoogleError && error.message.includes(FAILURE_TEXT),
    );
  });

  if (shape.closingEvents > 0) {
    test("a stream that breaks off is no answer", async () => {
      script({ cutAfter: 3 });
      await expect(home().chat.completions.stream(question).finalChatCompletion()).rejects.toThrow();
    });
  }
});
