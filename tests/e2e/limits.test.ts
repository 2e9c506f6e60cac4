/** Limits on a real Envoy with two workers: places and queues, minutes that workers share, streams that take too long. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { serverCluster } from "../../tools/dev/envoy-config.ts";
import { type Instance, post, type Stage, startStage } from "./harness.ts";

const PATH = "/v1/chat/completions";
const chat = { messages: [{ role: "user", content: "Hello" }] };

/** Says that a stream follows, and sends none. */
const mute = createServer((_, reply) => {
  reply.writeHead(200, { "content-type": "text/event-stream" });
  reply.flushHeaders();
});

let stage: Stage;
beforeAll(async () => {
  const application = "QWEN-CHAT";
  mute.listen(0, "127.0.0.1");
  await once(mute, "listening");
  const { port } = mute.address() as AddressInfo;
  stage = await startStage({
    concurrency: 2,
    instances: 1,
    services: [
      { name: "narrow", application, models: ["narrow"], limits: { concurrent: 1, queue: 3, queueMs: 3000 } },
      { name: "minute", application, models: ["minute"], limits: { requestsPerMinute: 10 } },
      { name: "tokens", application, models: ["tokens"], limits: { tokensPerMinute: 1 } },
      { name: "long", application, models: ["long"], limits: { maxStreamMs: 1500 } },
      { name: "silent", application, models: ["silent"], limits: { idleMs: 1000 } },
      { name: "held", cluster: "mute", format: "anthropic", models: ["held"], limits: { idleMs: 1000 } },
      { application },
    ],
    clusters: [serverCluster("mute", new URL(`http://127.0.0.1:${port}`))],
    settings: { limits: { requestsPerMinute: 60, consumerHeader: "x-team" } },
  });
});
afterAll(async () => {
  await stage.stop();
  mute.close();
});
beforeEach(() => stage.reset());

const instance = () => (stage.instances[0] as Instance).service;
const ask = (model: string, more: object = {}, headers = {}) =>
  post(stage.gateway, PATH, { ...chat, model, ...more }, { "x-team": model, ...headers });

/** What a client gets of a stream, and how it ended. */
async function read(reply: Response): Promise<{ text: string; isTorn: boolean; ms: number }> {
  const begin = Date.now();
  let text = "";
  try {
    const reader = (reply.body as ReadableStream<Uint8Array>).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += new TextDecoder().decode(part.value);
    }
    return { text, isTorn: false, ms: Date.now() - begin };
  } catch {
    return { text, isTorn: true, ms: Date.now() - begin };
  }
}

describe("places", () => {
  test("a request that waits goes on as soon as the one before it has ended", async () => {
    instance().behaviour = { delayMs: 300 };
    const begin = Date.now();
    // One worker each: with two connections some find their own worker's place free.
    const replies = await Promise.all([ask("narrow"), ask("narrow"), ask("narrow"), ask("narrow")]);
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const ms = Date.now() - begin;
    expect(ms).toBeGreaterThanOrEqual(550);
    expect(ms).toBeLessThan(2500);
    for (const reply of replies) expect((await reply.json()).choices).toHaveLength(1);
  });

  test("beyond the queue requests are refused with 503 and retry-after", async () => {
    instance().behaviour = { delayMs: 400 };
    const replies = await Promise.all(Array.from({ length: 14 }, () => ask("narrow")));
    const refused = replies.filter(({ status }) => status === 503);
    // Two workers: at most two places and six that wait.
    expect(refused.length).toBeGreaterThanOrEqual(6);
    expect(replies.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(4);
    expect(refused.every(({ headers }) => headers.get("retry-after") === "1")).toBe(true);
    for (const reply of replies) await reply.text();
  });

  test("who has waited too long is refused as well", async () => {
    instance().behaviour = { delayMs: 3600 };
    const replies = await Promise.all(Array.from({ length: 4 }, () => ask("narrow")));
    const refused = replies.filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThanOrEqual(2);
    const texts = await Promise.all(refused.map((reply) => reply.text()));
    expect(texts.every((text) => text.includes("limits.queueMs"))).toBe(true);
    for (const reply of replies) if (!reply.bodyUsed) await reply.text();
  });
});

describe("minutes", () => {
  test("the workers count requests together", async () => {
    const replies = await Promise.all(Array.from({ length: 30 }, () => ask("minute")));
    const statuses = replies.map(({ status }) => status);
    for (const reply of replies) await reply.text();
    expect(statuses.filter((status) => status === 200)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(20);
    const seconds = Number(replies.find(({ status }) => status === 429)?.headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(120);
  });

  test("tokens are counted when the answer has come", async () => {
    expect((await ask("tokens")).status).toBe(200);
    await expect.poll(async () => (await ask("tokens")).status).toBe(429);
  });

  test("each consumer has a minute of its own", async () => {
    const statuses = async (team: string) => {
      const replies = await Promise.all(Array.from({ length: 70 }, () => ask("any", {}, { "x-team": team })));
      for (const reply of replies) await reply.text();
      return replies.filter(({ status }) => status === 200).length;
    };
    expect(await statuses("a")).toBe(60);
    expect(await statuses("b")).toBe(60);
  });
});

describe("streams", () => {
  test("one that takes too long ends with an error event, and is closed", async () => {
    instance().behaviour = { eventDelayMs: 400 };
    const { text, ms } = await read(
      await ask("long", { stream: true, messages: [{ role: "user", content: "a b c d e f g h i j k l" }] }),
    );
    expect(text).toContain('"code":"stream_too_long"');
    expect(text).not.toContain("[DONE]");
    expect(ms).toBeLessThan(4500);
  });

  test("one that is silent is broken off", async () => {
    instance().behaviour = { eventDelayMs: 5000 };
    const { text, isTorn, ms } = await read(await ask("silent", { stream: true }));
    expect(isTorn).toBe(true);
    expect(text).not.toContain("[DONE]");
    expect(text).toContain("data:");
    expect(ms).toBeGreaterThanOrEqual(900);
    expect(ms).toBeLessThan(2500);
  });

  test("one of which nothing has left yet is answered with 504", async () => {
    const reply = await ask("held", { stream: true, max_tokens: 5 });
    expect(reply.status).toBe(504);
    expect((await reply.json()).error.code).toBe("stream_idle");
  });

  test("others are not", async () => {
    instance().behaviour = { eventDelayMs: 100 };
    for (const model of ["long", "silent"]) {
      const { text, isTorn } = await read(await ask(model, { stream: true }));
      expect(isTorn).toBe(false);
      expect(text).toContain("[DONE]");
    }
  });
});
