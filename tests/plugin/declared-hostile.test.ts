/** Upstreams that do not keep to what was declared of them: the client gets an error of its own dialect, never a trap. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SHAPES } from "./declared-shapes.ts";
import { chat, clusterConfiguration, configured } from "./plugin.ts";

const request = (stream: boolean) => ({ model: "m", stream, messages: [{ role: "user", content: "hi" }] });
const respond = (body: string | Uint8Array, type = "application/json") => ({
  respond: () => ({ headers: { "content-type": type }, body }),
});

const format = {
  request: { path: "/chat", body: { q: "$.last_user" } },
  response: {
    text: "$.data.text",
    thinking: "$.data.thought",
    finish: "$.data.why",
    id: "$.id",
    model: "$.model",
    created: "$.at",
    usage: { input: "$.usage.in", output: "$.usage.out" },
    toolCalls: { each: "$.data.calls[*]", id: "@.id", name: "@.name", arguments: "@.args" },
  },
  stream: { framing: "ndjson", mode: "cumulative", end: { when: "$.last" } },
  errors: { when: "$.code && $.code != 0", code: "$.code", message: "$.msg" },
};

const deep = (depth: number) => `${'{"data":'.repeat(depth)}1${"}".repeat(depth)}`;
const HOSTILE: [name: string, answer: string][] = [
  ["an empty object", "{}"],
  ["a list", "[]"],
  ["a number", "7"],
  ["null", "null"],
  ["no JSON", "<html>"],
  ["an empty body", " "],
  ["half an object", '{"data":{"text":"a'],
  ["a list for an object", '{"data":[{"text":"a"}]}'],
  ["a text for an object", '{"data":"text"}'],
  ["an object for a text", '{"data":{"text":{"a":1}}}'],
  ["a list for a text", '{"data":{"text":["a"]}}'],
  ["null for a text", '{"data":{"text":null}}'],
  ["objects a thousand deep", deep(1000)],
  ["objects a hundred thousand deep", deep(100_000)],
  ["an error whose code is an object", '{"code":{"a":[1]},"msg":{"b":2}}'],
  ["an error whose message is a number", '{"code":"x","msg":5}'],
  ["an error without a message", '{"code":1}'],
];

describe("hostile answers", () => {
  it.each(HOSTILE)("%s", async (_, answer) => {
    const root = await configured(clusterConfiguration({ format }));
    const whole = chat(root, request(false), respond(answer));
    expect(whole.client?.status).toBe(502);
    expect(JSON.parse(whole.client?.text ?? "").error.message).not.toBe("");
    const streamed = chat(root, request(true), respond(`${answer}\n`, "application/x-ndjson"));
    expect(streamed.client?.text).toContain('"error"');
    expect(streamed.client?.text).not.toContain('"finish_reason":"stop"');
    // The plugin still serves.
    const good = chat(root, request(false), respond('{"data":{"text":"fine"}}'));
    expect(JSON.parse(good.client?.text ?? "").choices[0].message.content).toBe("fine");
  });

  it("odd values beside a good text are left out", async () => {
    const root = await configured(clusterConfiguration({ format }));
    const answer = {
      id: { a: 1 },
      model: 5,
      at: "now",
      usage: { in: -3, out: "4" },
      data: { text: 12.5, why: { x: 1 }, calls: [1, null, { name: 2 }, { args: [] }] },
    };
    const { client } = chat(root, request(false), respond(JSON.stringify(answer)));
    const got = JSON.parse(client?.text ?? "");
    expect(got.choices[0].message.content).toBe("12.5");
    expect(got.usage).toBeUndefined();
  });

  it("a text of 8 MB goes through, whole and cumulative", async () => {
    const root = await configured(clusterConfiguration({ format }));
    const text = "中x".repeat(2 << 20);
    const whole = chat(root, request(false), respond(JSON.stringify({ data: { text } })));
    expect(JSON.parse(whole.client?.text ?? "").choices[0].message.content).toBe(text);
    const lines = `${JSON.stringify({ data: { text: text.slice(0, 1 << 20) } })}\n${JSON.stringify({ data: { text }, last: true })}\n`;
    const streamed = chat(root, request(true), respond(lines, "application/x-ndjson"));
    expect(streamed.client?.text.length).toBeGreaterThan(text.length);
    expect(streamed.client?.text).toContain("[DONE]");
  });
});

describe("damaged answers", () => {
  /** Replaces values somewhere in a JSON value. */
  const damage = (value: unknown, random: () => number): unknown => {
    const odd = [null, true, 0, -1e300, "", "x", [], {}, [[]], { a: null }];
    if (random() < 0.15) return odd[Math.floor(random() * odd.length)];
    if (Array.isArray(value)) return value.map((item) => damage(item, random));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, damage(item, random)]));
  };

  it.each(Object.entries(SHAPES))("%s: no trap, one end", async (_, shape) => {
    const root = await configured(clusterConfiguration({ format: shape.format }));
    const bytes = Buffer.from(shape.stream);
    fc.assert(
      fc.property(
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        fc.nat(bytes.length - 1),
        fc.nat(255),
        (numbers, at, value) => {
          const random = () => numbers.next().value ?? 0;
          const whole = chat(root, request(false), respond(JSON.stringify(damage(shape.answer, random))));
          const { client } = whole;
          expect([200, 429, 502]).toContain(client?.status);
          const parsed = JSON.parse(client?.text ?? "");
          expect("choices" in parsed !== "error" in parsed).toBe(true);

          const changed = Buffer.from(bytes);
          changed[at] = value;
          const { client: streamed } = chat(root, request(true), respond(changed, shape.type));
          const ends = (streamed?.text ?? "").split("data: [DONE]").length - 1;
          const failures = (streamed?.text ?? "").split('"error":{').length - 1;
          expect(ends + failures).toBeGreaterThan(0);
          expect(failures).toBeLessThanOrEqual(1);
        },
      ),
      { seed: 6, numRuns: 400 },
    );
  });
});
