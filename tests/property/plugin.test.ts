import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SharedStore } from "../host/index.ts";
import { clusterConfiguration, configured, eurekaConfiguration, eurekaReply } from "../plugin/plugin.ts";

const SEED = 20251124;

const request = JSON.stringify({
  model: "gpt-4o",
  stream: true,
  temperature: 1e-2,
  messages: [
    { role: "system", content: "s" },
    {
      role: "user",
      content: [
        { type: "text", text: 'a\n"中😀' },
        { type: "image_url", image_url: { url: "data:image/png;base64,AA==" } },
      ],
    },
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "1", type: "function", function: { name: "f", arguments: '{"a":1}' } }],
    },
    { role: "tool", tool_call_id: "1", content: "42" },
  ],
  tools: [{ type: "function", function: { name: "f", parameters: { type: "object" } } }],
});
const stream =
  'data: {"id":"1","choices":[{"index":0,"delta":{"role":"assistant","content":"a"}}]}\r\n\r\n' +
  'event: x\ndata: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"{}"}}]}}]}\n\n' +
  ': c\n\ndata: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":1}}\n\ndata: [DONE]\n\n';

/** Bytes of a good text with a few of them changed, cut out or doubled. */
function damaged(text: string): fc.Arbitrary<Uint8Array> {
  const good = Buffer.from(text);
  const edit = fc.record({
    at: fc.nat(good.length - 1),
    kind: fc.constantFrom("set", "cut", "double", "end"),
    value: fc.oneof(
      fc.nat(255),
      fc.constantFrom(0, 0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d, 0x2c, 0x3a, 0x0a, 0x0d, 0xff),
    ),
    length: fc.integer({ min: 1, max: 12 }),
  });
  return fc.array(edit, { minLength: 0, maxLength: 4 }).map((edits) => {
    let bytes = good;
    for (const { at, kind, value, length } of edits) {
      const place = Math.min(at, bytes.length);
      const before = bytes.subarray(0, place);
      if (kind === "set") bytes = Buffer.concat([before, Uint8Array.of(value), bytes.subarray(place + 1)]);
      if (kind === "cut") bytes = Buffer.concat([before, bytes.subarray(place + length)]);
      if (kind === "double")
        bytes = Buffer.concat([bytes.subarray(0, place + length), bytes.subarray(place)]);
      if (kind === "end") bytes = Buffer.from(before);
    }
    return bytes;
  });
}

/** A header value of bytes that a host lets through. */
const headerText = fc.string({
  unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
  maxLength: 40,
});
const pathText = fc.oneof(
  headerText.map((text) => `/${text}`),
  fc.constantFrom(
    "/v1/chat/completions",
    "/v1/messages?x",
    "/v1beta/models/a:streamGenerateContent?alt=sse",
    "/v1/models",
    "/v1/",
    "",
  ),
);

describe("whatever arrives, the plugin lives on", () => {
  const formats = ["openai", "anthropic", "gemini"];

  it.each(formats)("a third of 100,000 damaged requests and answers, %s upstream", async (format) => {
    const root = await configured(clusterConfiguration({ format, modelMapping: { "~^g(.*)$": "m-$1" } }));
    const cases = fc.record({
      body: damaged(request),
      answer: damaged(stream),
      path: pathText,
      type: fc.oneof(fc.constantFrom("application/json", "text/event-stream", "text/plain", ""), headerText),
      status: fc.constantFrom("200", "200", "200", "400", "503", "x", ""),
      odd: headerText,
      cut: fc.integer({ min: 1, max: 400 }),
    });
    fc.assert(
      fc.property(cases, ({ body, answer, path, type, status, odd, cut }) => {
        const { hung } = root.exchange({
          request: {
            headers: {
              ":path": path || "/",
              "content-type": "application/json",
              "x-odd": odd,
              authorization: odd,
            },
            body,
          },
          respond: () => ({
            headers: { ":status": status || "200", "content-type": type, "content-encoding": "" },
            body: answer,
          }),
          cutRequest: [cut],
          cutResponse: [cut],
        });
        expect(root.host.trap).toBeUndefined();
        expect(hung).toBe(false);
      }),
      { seed: SEED, numRuns: Math.ceil(100_000 / formats.length) },
    );
    expect(root.host.memoryBytes).toBeLessThanOrEqual(8 << 20);
  });

  it("damaged replies of Eureka keep the last good snapshot", async () => {
    let time = 1_000_000;
    const root = await configured(eurekaConfiguration(), { now: () => time, shared: new SharedStore() });
    const good = eurekaReply("QWEN-CHAT", [[9001, "UP"]]);
    root.tick();
    root.callouts[0]?.respond({ body: good });
    fc.assert(
      fc.property(damaged(good), fc.constantFrom("200", "404", "403", "500"), (body, status) => {
        time += 10_000;
        root.tick();
        for (const call of [...root.callouts]) call.respond({ headers: { ":status": status }, body });
        expect(root.host.trap).toBeUndefined();
      }),
      { seed: SEED, numRuns: 5_000 },
    );
  });
});
