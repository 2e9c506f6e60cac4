/** Streams of a vendor that has its usage in a choice: OpenAI's clients find it at the root. */
import { describe, expect, it } from "vitest";
import { type HostOptions, MetricStore, type Stream } from "../host/index.ts";
import { chat, configured } from "./plugin.ts";
import { error, Stage } from "./retrying.ts";

const REQUEST = { model: "m", stream: true, messages: [{ role: "user", content: "hi" }] };
const EVENTS = { "content-type": "text/event-stream" };
const USAGE = '{"prompt_tokens":19,"completion_tokens":13,"total_tokens":32}';
const BEGIN =
  ': hello\n\ndata: {"id":"1","choices":[{"index":0,"delta":{"content":"你"},"finish_reason":null}]}\r\n\r\n';
const LAST = `data: {"id":"1","choices":[{"index":0,"delta":{},"finish_reason":"stop","usage":${USAGE}}]}`;
const MOVED = `data: {"usage":${USAGE},"id":"1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`;
const DONE = "\n\ndata: [DONE]\n\n";
const STREAM = BEGIN + LAST + DONE;
const EDITED = BEGIN + MOVED + DONE;

const moonshot = (rest: object = {}, service: object = {}) => ({
  allowOnHeadersStopIteration: true,
  steering: { clusterHeader: "x-ai-proxy-cluster" },
  services: [{ name: "models", cluster: "models", vendor: "moonshot", token: "sk-1", ...service }],
  ...rest,
});

const answer = (body: string | Buffer = STREAM, headers: object = {}) => ({
  respond: () => ({ headers: { ...EVENTS, ...headers }, body }),
});

const HOSTS: [name: string, options: Partial<HostOptions>][] = [
  ["Envoy", {}],
  ["Higress", { kind: "higress", bufferLimit: 32 << 10 }],
];

describe.each(HOSTS)("on %s", (_, options) => {
  it.each([
    ["without", {}],
    ["with", { attempts: {} }],
  ])("a stream has its usage at the root, however it is cut, %s failover", async (_, rest) => {
    const root = await configured(moonshot(rest), options);
    for (let cut = 1; cut < Buffer.byteLength(STREAM); cut++) {
      for (const end of ["separate", "joined"] as const) {
        const { client, hung } = chat(root, REQUEST, { ...answer(), cutResponse: [cut], end });
        expect(hung).toBe(false);
        expect(client?.text).toBe(EDITED);
      }
    }
    const { client } = chat(root, REQUEST, { ...answer(), cutResponse: 1 });
    expect(client?.text).toBe(EDITED);
    expect(client?.status).toBe(200);
  });

  it.each([
    ["without", {}],
    ["with", { attempts: {} }],
  ])("one that ends too early ends with an error, %s failover", async (_, rest) => {
    const root = await configured(moonshot(rest), options);
    const bytes = Buffer.from(BEGIN + LAST);
    const begin = Buffer.byteLength(BEGIN);
    // What comes in one part with its end has not left yet: with failover it would be tried again.
    for (let length = begin + 1; length < bytes.length; length++) {
      for (const end of ["separate", "joined"] as const) {
        const { client } = chat(root, REQUEST, {
          ...answer(bytes.subarray(0, length)),
          cutResponse: [begin],
          end,
        });
        const text = client?.text ?? "";
        expect(text.startsWith(bytes.subarray(0, length).toString())).toBe(true);
        const last = text.trimEnd().split("\n\n").at(-1) ?? "";
        expect(JSON.parse(last.replace("data: ", "")).error.code).toBe("upstream_truncated");
      }
    }
    // Whole but for the blank line: it is complete.
    expect(chat(root, REQUEST, answer(BEGIN + LAST)).client?.text).toBe(BEGIN + MOVED);
  });
});

describe("a stream with its usage in a choice", () => {
  it("is counted as before", async () => {
    const metrics = new MetricStore();
    let time = 1_000_000;
    const root = await configured(moonshot({ observe: {} }), { metrics, now: () => time });
    chat(root, REQUEST, { ...answer(), cutResponse: 50 });
    time += 1000;
    root.tick();
    const name =
      "ai_proxy.gen_ai_tokens_total.service.models.operation.chat.client.openai.model.m.token_type";
    expect(metrics.value(`${name}.input`)).toBe(19);
    expect(metrics.value(`${name}.output`)).toBe(13);
  });

  it("loses a length that it does not have any more", async () => {
    const root = await configured(moonshot());
    const body = STREAM.replaceAll('"usage":', ' "usage" : ');
    const length = { "content-length": String(Buffer.byteLength(body)) };
    const { client } = chat(root, REQUEST, answer(body, length));
    expect(client?.headers.get("content-length")).toBeUndefined();
    expect(client?.text).toBe(EDITED);
  });

  it("leaves parts in which nothing changes where they are: no host call writes", async () => {
    const root = await configured(moonshot());
    const part = 'data: {"id":"1","choices":[{"index":0,"delta":{"content":"a"}}]}\n\n';
    const count = (parts: string[]) => {
      root.host.resetCounters();
      const chunks = [...parts, `${LAST}${DONE}`];
      const { client } = chat(root, REQUEST, { respond: () => ({ headers: EVENTS, chunks }) });
      expect(client?.text).toBe(parts.join("") + MOVED + DONE);
      return root.host.counters.byName.set_buffer_bytes ?? 0;
    };
    expect(count(Array(20).fill(part))).toBe(count([part]));
  });

  it("takes no memory in the long run, also where it is long, cut everywhere, or given up", async () => {
    const root = await configured(moonshot({ attempts: {} }));
    const long = BEGIN.repeat(2000) + LAST + DONE;
    const round = (index: number) => {
      chat(root, REQUEST, { ...answer(), cutResponse: [1 + (index % 100), 150] });
      chat(root, REQUEST, { ...answer(), cutResponse: 200, clientLeavesAfter: 10 });
    };
    for (let index = 0; index < 500; index++) round(index);
    chat(root, REQUEST, { ...answer(long), cutResponse: 1000 });
    const before = root.host.memoryBytes;
    for (let index = 0; index < 1000; index++) round(index);
    for (let index = 0; index < 3; index++) {
      expect(
        chat(root, REQUEST, { ...answer(long), cutResponse: 1000 }).client?.text.endsWith(MOVED + DONE),
      ).toBe(true);
    }
    expect(root.host.memoryBytes).toBe(before);
  });

  it("that ends with trailers inside of a record is broken off, and one that does not is whole", async () => {
    const root = await configured(moonshot());
    const end = (body: string) =>
      chat(root, REQUEST, { respond: () => ({ headers: EVENTS, body, trailers: { "x-end": "1" } }) });
    const whole = end(BEGIN + LAST + DONE.trimEnd());
    expect([whole.client?.text, whole.reset]).toEqual([BEGIN + MOVED + DONE.trimEnd(), false]);
    const torn = end(BEGIN + LAST.slice(0, -9));
    expect([torn.client?.text, torn.reset]).toEqual([BEGIN, true]);
  });

  it("that takes too long ends with an error between two records", async () => {
    let time = 1_200_000;
    const root = await configured(moonshot({}, { limits: { maxStreamMs: 3000 } }), { now: () => time });
    const stream = root.stream();
    const headers = {
      ":method": "POST",
      ":path": "/v1/chat/completions",
      "content-type": "application/json",
    };
    stream.requestHeaders(headers, false);
    stream.requestBody(JSON.stringify(REQUEST), true);
    stream.responseHeaders({ ":status": "200", ...EVENTS }, false);
    stream.responseBody(BEGIN + LAST.slice(0, 30), false);
    for (let step = 0; step < 14; step++) {
      time += 250;
      root.tick();
    }
    stream.responseBody(LAST.slice(30), false);
    const text = textOf(stream);
    expect(text.startsWith(`${BEGIN}\n\ndata: `)).toBe(true);
    expect(JSON.parse(text.slice(BEGIN.length).trim().replace("data: ", "")).error.code).toBe(
      "stream_too_long",
    );
  });
});

function textOf(stream: Stream): string {
  const parts = stream.response.frames.map((frame) =>
    frame.kind === "data" ? frame.bytes : new Uint8Array(0),
  );
  return Buffer.concat(parts).toString();
}

describe("is left alone", () => {
  it("an answer that comes whole, an error, and one that is packed", async () => {
    const root = await configured(moonshot());
    const whole = `{"choices":[{"message":{"content":"a"},"finish_reason":"stop","usage":${USAGE}}]}`;
    const json = { "content-type": "application/json" };
    expect(chat(root, REQUEST, { respond: () => ({ headers: json, body: whole }) }).client?.text).toBe(whole);
    const failed = chat(root, REQUEST, { respond: () => error(429) });
    expect(failed.client?.text).toBe(error(429).body);
    expect(chat(root, REQUEST, answer(STREAM, { "content-encoding": "gzip" })).client?.text).toBe(STREAM);
  });

  it("what a client says in Anthropic's words, which the vendor answers itself", async () => {
    const root = await configured(moonshot());
    const asked = chat(
      root,
      { ...REQUEST, max_tokens: 5 },
      { ...answer(), request: { headers: { ":path": "/v1/messages" } } },
    );
    expect(asked.client?.text.startsWith(STREAM)).toBe(true);
  });

  it("the stream of another vendor, of a service without one, and where the vendor's own API is wanted", async () => {
    for (const service of [{ vendor: "deepseek" }, { vendor: undefined }, { protocol: "original" }]) {
      const root = await configured(moonshot({}, service));
      expect(chat(root, REQUEST, answer()).client?.text).toBe(STREAM);
    }
  });
});

describe("further attempts", () => {
  const two = () => ({
    ...moonshot({ attempts: {} }),
    services: [
      { name: "first", cluster: "models", vendor: "moonshot", token: "a" },
      { name: "second", cluster: "second", vendor: "moonshot", token: "b" },
    ],
  });

  it("have their usage at the root as well", async () => {
    const stage = await Stage.open(two());
    const asked = stage.ask(REQUEST, () => error(503), [{ headers: EVENTS, body: STREAM }]);
    expect(asked.calls.length).toBe(1);
    expect(asked.client?.text).toBe(EDITED);
  });

  it("are made where a stream begins with an error, of which nothing is left behind", async () => {
    const stage = await Stage.open(two());
    const failed = 'data: {"error":{"message":"busy","type":"engine_overloaded_error"}}\n\n';
    for (let cut = 1; cut < failed.length; cut += 5) {
      const first = () => ({ headers: EVENTS, body: failed });
      const asked = stage.ask(REQUEST, first, [{ headers: EVENTS, body: STREAM }], { cutResponse: [cut] });
      expect(asked.client?.text).toBe(EDITED);
    }
  });
});

describe("a provider of the official plugin", () => {
  const provided = (provider: object) =>
    configured({
      allowOnHeadersStopIteration: true,
      provider: { type: "moonshot", apiTokens: ["k"], ...provider },
    });

  it("has it, whether the client asked for usage or not", async () => {
    const root = await provided({});
    for (const request of [REQUEST, { ...REQUEST, stream_options: { include_usage: false } }]) {
      expect(chat(root, request, answer()).client?.text).toBe(EDITED);
    }
  });

  it("has it also where answers are read event by event", async () => {
    const thought = STREAM.replace('"content"', '"reasoning_content"');
    for (const manner of [{ promoteThinkingOnEmpty: true }, { reasoningContentMode: "concat" }]) {
      const root = await provided(manner);
      const { client } = chat(root, { ...REQUEST, stream_options: { include_usage: true } }, answer(thought));
      const records = (client?.text ?? "").split("\n\n").filter((text) => text.startsWith("data: {"));
      const last = JSON.parse(records.at(-1)?.slice(6) ?? "");
      expect(last.usage).toEqual(JSON.parse(USAGE));
      expect(client?.text.endsWith("data: [DONE]\n\n")).toBe(true);
    }
  });
});
