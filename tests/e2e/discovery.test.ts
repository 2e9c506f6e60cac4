/** Which instances get requests, while Eureka's registry changes and when Eureka is gone. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startEurekaPeers, startEurekaServer } from "../support/eureka-server.ts";
import { openai, POLL_INTERVAL_MS, SEEN_MS, type Stage, startStage, whoAnswers } from "./harness.ts";

const REQUESTS = 12;

let stage: Stage;

beforeAll(async () => {
  stage = await startStage({
    services: [{ application: "NOWHERE", models: ["nowhere-*"] }, { application: "QWEN-CHAT" }],
  });
});

afterAll(() => stage?.stop());

beforeEach(() => stage.reset());

test("requests are spread over the instances", async () => {
  const names = await whoAnswers(stage.gateway, REQUESTS);
  expect(counts(names)).toEqual({ "qwen-chat-1": REQUESTS / 2, "qwen-chat-2": REQUESTS / 2 });
});

test.each(["OUT_OF_SERVICE", "DOWN"])(
  "an instance that is %s gets no new request after one poll interval, and gets them again when it is back",
  async (status) => {
    const [first] = stage.instances;
    if (!first) throw new Error("no instance");
    await stage.override(first, status);
    await sleep(SEEN_MS);
    expect(new Set(await whoAnswers(stage.gateway, REQUESTS))).toEqual(new Set(["qwen-chat-2"]));
    await stage.override(first, "UP");
    await sleep(SEEN_MS);
    expect(new Set(await whoAnswers(stage.gateway, REQUESTS))).toEqual(
      new Set(["qwen-chat-1", "qwen-chat-2"]),
    );
  },
);

test("a stream that has begun goes on when its instance is taken out of service", async () => {
  for (const { service } of stage.instances) service.behaviour = { eventDelayMs: 300 };
  const stream = await openai(stage.gateway).chat.completions.create({
    model: "gpt-4o",
    messages: [{ role: "user", content: "Hello" }],
    stream: true,
  });
  let text = "";
  let busy: string | undefined;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? "";
    if (busy !== undefined) continue;
    const instance = stage.instances.find(({ service }) => service.requests.length > 0);
    if (!instance) throw new Error("no instance was asked");
    busy = instance.service.name;
    await stage.override(instance, "OUT_OF_SERVICE");
  }
  expect(text).toBe(`This is ${busy} as gpt-4o. You said: Hello`);
  for (const instance of stage.instances) await stage.override(instance, "UP");
  await sleep(SEEN_MS);
});

test("a new instance gets requests, one that deregistered gets none", async () => {
  const third = await stage.add("qwen-chat-3");
  await sleep(SEEN_MS);
  expect(await whoAnswers(stage.gateway, REQUESTS)).toContain("qwen-chat-3");
  await third.registration.deregister();
  await sleep(SEEN_MS);
  expect(await whoAnswers(stage.gateway, REQUESTS)).not.toContain("qwen-chat-3");
});

test("without an instance the client is told why", async () => {
  const asked = openai(stage.gateway).chat.completions.create({ model: "nowhere-1", messages: [] });
  const failure = await asked.catch((error) => error);
  expect(failure.status).toBe(503);
  expect(failure.error.message).toContain("NOWHERE");
  expect(stage.received()).toEqual([]);
});

test("a Eureka server that dies changes nothing", async () => {
  await stage.eureka.kill();
  await sleep(3 * POLL_INTERVAL_MS);
  const names = await whoAnswers(stage.gateway, REQUESTS);
  expect(counts(names)).toEqual({ "qwen-chat-1": REQUESTS / 2, "qwen-chat-2": REQUESTS / 2 });
});

test("when one of two Eureka servers dies the other one is asked", async () => {
  const [first, second] = await startEurekaPeers();
  const pair = await startStage({ eureka: second, instances: 1, eurekaUrls: [first.url, second.url] });
  try {
    await first.kill();
    await pair.add("qwen-chat-2");
    await expect
      .poll(() => whoAnswers(pair.gateway, 4), { timeout: 15_000, interval: 300 })
      .toContain("qwen-chat-2");
  } finally {
    await pair.stop();
    await first.stop();
  }
});

test("a Eureka server that asks for a password is read", async () => {
  const eureka = await startEurekaServer({ credentials: "reader:secret" });
  const url = eureka.url.replace("http://", "http://reader:secret@");
  const locked = await startStage({ eureka: { ...eureka, url }, eurekaUrls: [url] });
  try {
    expect((await fetch(`${eureka.url}/apps`)).status).toBe(401);
    expect(new Set(await whoAnswers(locked.gateway, 4))).toEqual(new Set(["qwen-chat-1", "qwen-chat-2"]));
  } finally {
    await locked.stop();
  }
});

function counts(names: string[]): Record<string, number> {
  const result: Record<string, number> = {};
  for (const name of names) result[name] = (result[name] ?? 0) + 1;
  return result;
}
