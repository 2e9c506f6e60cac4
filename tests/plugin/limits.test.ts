/** Limits of services and consumers: who waits, who is refused, and how streams that take too long end. */
import { describe, expect, it } from "vitest";
import { MetricStore, type Root, SharedStore, type Stream } from "../host/index.ts";
import { chat, clusterConfiguration, configured, eurekaConfiguration, eurekaReply } from "./plugin.ts";

const request = { model: "gpt-4o", messages: [{ role: "user", content: "Hello" }] };
const JSON_ANSWER = { ":status": "200", "content-type": "application/json" };
const EVENT_STREAM = { ":status": "200", "content-type": "text/event-stream" };

/** A gateway whose clock the test moves; each step is a tick. */
async function gateway(configuration: object, more: object = {}) {
  let time = 1_200_000;
  const metrics = new MetricStore();
  const root = await configured(configuration, { metrics, now: () => time, ...more });
  const wait = (milliseconds: number, step = 100) => {
    for (let passed = 0; passed < milliseconds; passed += step) {
      time += step;
      root.tick();
    }
  };
  return { root, metrics, wait };
}

const limited = (limits: object, rest: object = {}, service: object = {}) =>
  clusterConfiguration({ limits, ...service }, rest);

/** A request up to where the plugin lets it go, or holds it. */
function open(
  root: Root,
  headers: object = {},
  body: object = request,
  path = "/v1/chat/completions",
): Stream {
  const stream = root.stream();
  const all = { ":method": "POST", ":path": path, "content-type": "application/json", ...headers };
  stream.requestHeaders(all as Record<string, string>, false);
  stream.requestBody(JSON.stringify(body), true);
  return stream;
}

const isSent = (stream: Stream) => stream.request.ended;
const statusOf = (stream: Stream) => Number(stream.response.headers?.get(":status") ?? 0);
const textOf = (stream: Stream) =>
  stream.response.frames
    .map((frame) => (frame.kind === "data" ? new TextDecoder().decode(frame.bytes) : ""))
    .join("");

function finish(stream: Stream, usage: object = {}): void {
  stream.responseHeaders(JSON_ANSWER, false);
  stream.responseBody(JSON.stringify({ choices: [], usage }), true);
  stream.close();
}

describe("open requests", () => {
  it("beyond the limit are refused in the client's dialect, with retry-after", async () => {
    const { root } = await gateway(limited({ concurrent: 2 }));
    const streams = [open(root), open(root)];
    expect(streams.map(isSent)).toEqual([true, true]);
    const third = open(root);
    expect(isSent(third)).toBe(false);
    expect(statusOf(third)).toBe(503);
    expect(third.response.headers?.get("retry-after")).toBe("1");
    expect(JSON.parse(textOf(third)).error.message).toContain("limits.concurrent");
    const other = open(root, {}, { ...request, max_tokens: 5 }, "/v1/messages");
    expect(statusOf(other)).toBe(503);
    expect(JSON.parse(textOf(other))).toMatchObject({ type: "error", error: { type: "overloaded_error" } });
    finish(streams[0] as Stream);
    expect(isSent(open(root))).toBe(true);
  });

  it("wait in a queue, first come first served, and go on when a place is free", async () => {
    const { root } = await gateway(limited({ concurrent: 1, queue: 2 }));
    const [first, second, third] = [open(root), open(root), open(root)];
    expect([first, second, third].map(isSent)).toEqual([true, false, false]);
    expect(statusOf(open(root))).toBe(503);
    finish(first);
    expect([second, third].map(isSent)).toEqual([true, false]);
    // Who comes now does not overtake the one that waits.
    const late = open(root);
    expect(isSent(late)).toBe(false);
    finish(second);
    expect([third, late].map(isSent)).toEqual([true, false]);
    finish(third);
    expect(isSent(late)).toBe(true);
  });

  it("that wait for too long are refused; one that leaves makes room", async () => {
    const { root, wait, metrics } = await gateway(limited({ concurrent: 1, queue: 1, queueMs: 1000 }));
    const first = open(root);
    const second = open(root);
    second.abort();
    second.close();
    const third = open(root);
    wait(900);
    expect(statusOf(third)).toBe(0);
    expect(metrics.value("ai_proxy.queued_requests.service.models")).toBe(1);
    wait(200);
    expect(statusOf(third)).toBe(503);
    expect(JSON.parse(textOf(third)).error.message).toContain("limits.queueMs");
    third.close();
    finish(first);
    wait(1000);
    expect(isSent(open(root))).toBe(true);
    const refused = (kind: string) =>
      metrics.value(`ai_proxy.limited_requests_total.service.models.kind.${kind}`);
    expect(refused("queue")).toBe(1);
    expect(metrics.value("ai_proxy.queued_requests.service.models")).toBe(0);
  });

  it("of one instance are bounded, too: another one that has room is taken", async () => {
    const limits = { concurrentPerInstance: 1, queue: 1 };
    const { root, wait } = await gateway(eurekaConfiguration({ limits }));
    wait(100);
    const two: [number, string][] = [
      [9001, "UP"],
      [9002, "UP"],
    ];
    root.callouts[0]?.respond({ body: eurekaReply("QWEN-CHAT", two) });
    const streams = [open(root), open(root)];
    const hosts = streams.map((stream) => stream.request.headers?.get("x-envoy-original-dst-host"));
    expect(hosts.sort()).toEqual(["10.0.0.1:9001", "10.0.0.1:9002"]);
    const third = open(root);
    expect(isSent(third)).toBe(false);
    expect(statusOf(open(root))).toBe(503);
    finish(streams[1] as Stream);
    expect(isSent(third)).toBe(true);
  });
});

it("a service without a place is passed over where requests may be tried elsewhere", async () => {
  const services = [
    { name: "first", cluster: "models", limits: { concurrent: 1 } },
    { name: "second", cluster: "second", limits: { concurrent: 1, queue: 1 } },
  ];
  const { root } = await gateway(clusterConfiguration({}, { services, attempts: {} }), {
    clusters: ["models", "second"],
  });
  const streams = [open(root), open(root), open(root), open(root)];
  const clusters = streams.map((stream) => stream.request.headers?.get("x-ai-proxy-cluster"));
  expect(clusters.slice(0, 2)).toEqual(["models", "second"]);
  expect(streams.map(isSent)).toEqual([true, true, false, false]);
  expect(streams.map(statusOf)).toEqual([0, 0, 0, 503]);
  finish(streams[1] as Stream);
  expect(isSent(streams[2] as Stream)).toBe(true);
});

describe("a minute", () => {
  it("has so many requests, on all workers together", async () => {
    const shared = new SharedStore();
    const configuration = limited({ requestsPerMinute: 4 });
    const workers = [await gateway(configuration, { shared }), await gateway(configuration, { shared })];
    for (let index = 0; index < 4; index++) finish(open((workers[index % 2] as { root: Root }).root));
    const { root, wait } = workers[0] as Awaited<ReturnType<typeof gateway>>;
    const refused = open(root);
    expect(statusOf(refused)).toBe(429);
    expect(JSON.parse(textOf(refused)).error).toMatchObject({ code: "rate_limit_exceeded" });
    const seconds = Number(refused.response.headers?.get("retry-after"));
    expect(seconds).toBe(61);
    wait(59_000, 1000);
    expect(statusOf(open(root))).toBe(429);
    wait(2000);
    expect(isSent(open(root))).toBe(true);
  });

  it("has so many tokens, counted when the answer has come", async () => {
    const { root } = await gateway(limited({ tokensPerMinute: 100 }));
    finish(open(root), { prompt_tokens: 70, completion_tokens: 20, total_tokens: 90 });
    finish(open(root), { prompt_tokens: 70, completion_tokens: 20, total_tokens: 90 });
    const refused = open(root);
    expect(statusOf(refused)).toBe(429);
    expect(JSON.parse(textOf(refused)).error.message).toContain("limits.tokensPerMinute");
  });

  it("is each consumer's own", async () => {
    const configuration = clusterConfiguration({}, { limits: { requestsPerMinute: 2 } });
    const { root } = await gateway(configuration);
    const ask = (consumer?: string) => {
      const stream = open(root, consumer === undefined ? {} : { "x-mse-consumer": consumer });
      const status = isSent(stream) ? 200 : statusOf(stream);
      if (status === 200) finish(stream);
      return status;
    };
    expect(["a", "a", "a", "b", undefined, undefined, undefined, "b", "b"].map(ask)).toEqual([
      200, 200, 429, 200, 200, 200, 429, 200, 429,
    ]);
  });

  it("counts tokens of a consumer, also of a stream that the client left", async () => {
    const configuration = clusterConfiguration(
      {},
      { limits: { tokensPerMinute: 50, consumerHeader: "X-Team" } },
    );
    const { root } = await gateway(configuration);
    const stream = open(root, { "x-team": "a" }, { ...request, stream: true });
    stream.responseHeaders(EVENT_STREAM, false);
    stream.responseBody('data: {"choices":[],"usage":{"prompt_tokens":60,"completion_tokens":1}}\n\n', false);
    stream.abort();
    stream.close();
    expect(statusOf(open(root, { "x-team": "a" }))).toBe(429);
    expect(isSent(open(root, { "x-team": "b" }))).toBe(true);
  });
});

const TOKEN = 'data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n';
const ANTHROPIC =
  'event: message_start\ndata: {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","content":[],"model":"c","stop_reason":null,"usage":{"input_tokens":1,"output_tokens":1}}}\n\n' +
  'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\n\n' +
  'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}\n\n';
const ANTHROPIC_DELTA =
  'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"b"}}\n\n';

describe("a stream", () => {
  const streaming = { ...request, stream: true };

  it.each([
    ["handed on", {}, TOKEN, TOKEN],
    ["converted", { format: "anthropic" }, ANTHROPIC, ANTHROPIC_DELTA],
  ])("that takes too long ends with an error, when it is %s", async (_, service, begin, more) => {
    const { root, wait } = await gateway(limited({ maxStreamMs: 3000 }, {}, service));
    const stream = open(root, {}, streaming);
    stream.responseHeaders(EVENT_STREAM, false);
    stream.responseBody(begin, false);
    for (let index = 0; index < 12; index++) {
      wait(250, 250);
      stream.responseBody(more, false);
    }
    const text = textOf(stream);
    const last = text.trimEnd().split("\n").at(-1)?.replace("data: ", "") ?? "";
    expect(JSON.parse(last).error).toMatchObject({ code: "stream_too_long" });
    expect(text).not.toContain("[DONE]");
    stream.responseBody(more, false);
    expect(textOf(stream)).toBe(text);
    expect(stream.reset).toBe(false);
    wait(1250, 250);
    expect(stream.reset).toBe(true);
  });

  it("that is silent for too long is broken off, and never looks complete", async () => {
    const { root, wait, metrics } = await gateway(limited({ idleMs: 2000 }));
    const stream = open(root, {}, streaming);
    stream.responseHeaders(EVENT_STREAM, false);
    stream.responseBody(TOKEN, false);
    wait(1500, 250);
    stream.responseBody(TOKEN, false);
    wait(2000, 250);
    expect(stream.reset).toBe(false);
    wait(500, 250);
    expect(stream.reset).toBe(true);
    expect(textOf(stream)).toBe(TOKEN + TOKEN);
    stream.close();
    wait(1000, 250);
    const kind = "service.models.operation.chat.client.openai.model.gpt-4o.kind.timeout";
    expect(metrics.value(`ai_proxy.gen_ai_errors_total.${kind}`)).toBe(1);
  });

  it("of which nothing has left yet is answered with 504 instead", async () => {
    const { root, wait } = await gateway(limited({ idleMs: 1000 }, {}, { format: "anthropic" }));
    const stream = open(root, {}, streaming);
    stream.responseHeaders(EVENT_STREAM, false);
    wait(1500, 250);
    expect(statusOf(stream)).toBe(504);
    expect(JSON.parse(textOf(stream)).error.code).toBe("stream_idle");
  });

  it("that ends in time is left alone, and is watched no longer", async () => {
    const { root, wait } = await gateway(limited({ idleMs: 1000, maxStreamMs: 5000 }));
    const streams = Array.from({ length: 5 }, () => open(root, {}, streaming));
    for (const stream of streams) {
      stream.responseHeaders(EVENT_STREAM, false);
      stream.responseBody(`${TOKEN}data: [DONE]\n\n`, true);
    }
    for (const index of [2, 0, 4, 1, 3]) (streams[index] as Stream).close();
    wait(10_000, 250);
    expect(streams.map(({ reset }) => reset)).toEqual([false, false, false, false, false]);
  });
});

it("costs no host call where nothing is limited", async () => {
  const count = async (configuration: object) => {
    const { root } = await gateway(configuration);
    chat(root, request);
    root.host.resetCounters();
    chat(root, request);
    return root.host.counters.byName;
  };
  const unlimited = await count(clusterConfiguration());
  expect(unlimited.get_shared_data).toBeUndefined();
  expect(await count(limited({ concurrent: 5, maxStreamMs: 1000, idleMs: 1000 }))).toEqual(unlimited);
});
