/** Hostile and broken input of every kind, through every pair of formats: values come out, never a trap. */
import { beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "../support/random";
import { type ConvertedAnswer, Converter, type FormatSides } from "../unit/formats/convert";
import { ENDS } from "../unit/formats/dialects";
import { type Fixture, fixtures, type Kind } from "../unit/formats/fixtures";

const ROUNDS = 8000;
const MAX_MEMORY_BYTES = 128 << 20;

/** Clients whose protocol says the whole text again at the end, so that it has to be kept. */
const REPEATING = ["responses"];

let converter: Converter;
let clients: FormatSides[];
let upstreams: FormatSides[];

beforeAll(async () => {
  converter = await Converter.open();
  clients = converter.formats().filter((format) => format.client);
  upstreams = converter.formats().filter((format) => format.upstream);
});

type Random = () => number;

function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[Math.floor(random() * items.length)] as Item;
}

/** Values that stand where others belong. */
const JUNK = [
  "null",
  "true",
  "[]",
  "{}",
  '""',
  '"\\ud800"',
  '"\\u0000"',
  "-1",
  "0",
  "1e400",
  "99999999999999999999",
  "2147483648",
  "-0.0",
  '{"type":"text"}',
  '[{"index":2147483647}]',
  '"data:;base64,"',
  '"data:x"',
];

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[[\]{}]/g;

/** One of several ways to damage a text: some leave valid JSON of the wrong shape, some leave none. */
function damage(random: Random, text: string): string {
  const tokens = [...text.matchAll(TOKEN)];
  const token = pick(random, tokens);
  const other = pick(random, tokens);
  if (!token || !other) return text;
  const replace = (value: string): string =>
    text.slice(0, token.index) + value + text.slice(token.index + token[0].length);
  switch (Math.floor(random() * 6)) {
    case 0:
      return replace(pick(random, JUNK));
    case 1:
      return replace(other[0]);
    case 2: {
      const depth = Math.floor(random() * 700);
      return replace("[".repeat(depth) + "]".repeat(depth));
    }
    case 3:
      return text.slice(0, token.index);
    case 4:
      return text.slice(0, token.index) + text.slice(other.index);
  }
  const at = Math.floor(random() * text.length);
  return text.slice(0, at) + String.fromCharCode(Math.floor(random() * 256)) + text.slice(at + 1);
}

/** A fixture, damaged once to three times. */
function damaged(random: Random, kind: Kind, format: string): string {
  const own = fixtures(kind).filter((fixture) => fixture.format === format && fixture.bytes.length > 0);
  // A peer may also speak another language than the one it is said to speak.
  const from: Fixture = pick(random, random() < 0.95 && own.length > 0 ? own : fixtures(kind));
  let text = from.bytes.toString();
  for (let times = Math.floor(random() * 3); times >= 0; times--) text = damage(random, text);
  return text;
}

function expectOneEnd(client: string, answer: ConvertedAnswer, input: string): void {
  if (!answer.ended) expect.fail(`${client}: no end for ${input}`);
  const ends = ENDS[client];
  if (!ends || (answer.failed !== 0 && !answer.begun)) return;
  const count = answer.text.match(ends)?.length ?? 0;
  if (count !== 1) expect.fail(`${client}: ${count} ends for ${input}\n${answer.text}`);
}

function expectJson(text: string, input: string): void {
  try {
    JSON.parse(text);
  } catch {
    expect.fail(`not JSON: ${text}\nfrom ${input}`);
  }
}

/** Every data line of server-sent events is JSON, but for OpenAI's end mark. */
function expectEvents(text: string, input: string): void {
  for (const line of text.split("\n")) {
    if (line.startsWith("data: ") && line !== "data: [DONE]") expectJson(line.slice(6), input);
    else if (line !== "" && !line.startsWith("event: ") && line !== "data: [DONE]") {
      expect.fail(`not an event: ${line}\nfrom ${input}`);
    }
  }
}

describe("damaged input", () => {
  test("requests are converted or refused", () => {
    const random = seededRandom(1);
    for (let round = 0; round < ROUNDS; round++) {
      const client = pick(random, clients).name;
      const upstream = pick(random, upstreams).name;
      const input = damaged(random, "request", client);
      const path = { model: "m", stream: random() < 0.5 };
      const converted = converter.request({ client, upstream }, input, { path });
      if (![0, 400].includes(converted.status)) expect.fail(`${converted.status} for ${input}`);
      expectJson(converted.text, input);
    }
  });

  test("whole answers are converted or fail", () => {
    const random = seededRandom(2);
    for (let round = 0; round < ROUNDS; round++) {
      const client = pick(random, clients).name;
      const upstream = pick(random, upstreams).name;
      const input = damaged(random, "answer", upstream);
      const answer = converter.answer({ client, upstream }, input);
      if (!answer.ended) expect.fail(`no end for ${input}`);
      expectJson(answer.text, input);
    }
  });

  test("streams have one end and are events", () => {
    const random = seededRandom(3);
    for (let round = 0; round < ROUNDS; round++) {
      const client = pick(random, clients).name;
      const upstream = pick(random, upstreams).name;
      const input = damaged(random, "stream", upstream);
      const bytes = Buffer.from(input);
      const cut = Math.floor(random() * bytes.length);
      const pair = { client, upstream, includeUsage: random() < 0.5 };
      const answer = converter.stream(pair, [bytes.subarray(0, cut), bytes.subarray(cut)]);
      expectOneEnd(client, answer, input);
      if (answer.failed === 0 || answer.begun) expectEvents(answer.text, input);
      else expectJson(answer.text, input);
    }
  });

  test("error answers become errors", () => {
    const random = seededRandom(4);
    for (let round = 0; round < ROUNDS / 8; round++) {
      const client = pick(random, clients).name;
      const upstream = pick(random, upstreams).name;
      const input = damaged(random, "error", upstream);
      const { status, text } = converter.failure(
        { client, upstream },
        400 + Math.floor(random() * 200),
        input,
      );
      expect(status).toBeGreaterThanOrEqual(400);
      expectJson(text, input);
    }
  });

  test("schemas as deep as JSON may be do not exhaust the stack", () => {
    const depth = 500;
    const schema = `${'{"items":'.repeat(depth)}{}${"}".repeat(depth)}`;
    const body = `{"model":"m","messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f","parameters":${schema}}}],"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":${schema}}}}`;
    for (const { name: upstream } of upstreams) {
      const converted = converter.request({ client: "openai", upstream }, body);
      expect([0, 400]).toContain(converted.status);
      expectJson(converted.text, upstream);
    }
  });

  test("memory stays small", () => {
    expect(converter.exports.memory.buffer.byteLength).toBeLessThan(MAX_MEMORY_BYTES);
  });
});

describe("one stream", () => {
  const DELTAS: Record<string, { begin: string; delta: string }> = {
    openai: {
      begin: 'data: {"id":"1","choices":[{"delta":{"role":"assistant","content":"x"}}]}\n\n',
      delta: 'data: {"id":"1","choices":[{"index":0,"delta":{"content":"token "}}]}\n\n',
    },
    anthropic: {
      begin: 'data: {"type":"message_start","message":{"id":"msg_1"}}\n\n',
      delta:
        'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"token "}}\n\n',
    },
    gemini: {
      begin: 'data: {"candidates":[{"content":{"parts":[{"text":"x"}]}}],"responseId":"1"}\r\n\r\n',
      delta: 'data: {"candidates":[{"content":{"parts":[{"text":"token "}]}}],"responseId":"1"}\r\n\r\n',
    },
    responses: {
      begin: 'data: {"type":"response.created","response":{"id":"resp_1","status":"in_progress"}}\n\n',
      delta:
        'data: {"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"token "}\n\n',
    },
  };

  test.each(Object.keys(DELTAS))("of %s costs no memory for each of 200 000 deltas", (upstream) => {
    const { begin, delta } = DELTAS[upstream] as { begin: string; delta: string };
    for (const { name: client } of clients) {
      const { exports } = converter;
      converter.begin({ client, upstream });
      exports.answer(1, 0, 1 << 20);
      feed(Buffer.from(begin));
      const block = Buffer.from(delta.repeat(200));
      feed(block);
      const before = exports.memory.buffer.byteLength;
      for (let round = 0; round < 1000; round++) feed(block);
      // A buffer that grows by doubling lies twice in memory while it grows.
      const allowed = REPEATING.includes(client) ? 5 * 200_000 * "token ".length : 0;
      expect(exports.memory.buffer.byteLength - before, client).toBeLessThanOrEqual(allowed);
      exports.finish();
    }
  });

  function feed(bytes: Uint8Array): void {
    const { exports } = converter;
    const pointer = exports.allocate(bytes.length);
    new Uint8Array(exports.memory.buffer, pointer, bytes.length).set(bytes);
    exports.feed(pointer, bytes.length);
    exports.release(pointer);
    exports.forget();
  }

  const chunk = (choice: unknown): string => `data: ${JSON.stringify({ id: "1", choices: [choice] })}\n\n`;

  test.each([
    ["calls", Array.from({ length: 2000 }, (_, index) => call(index, `c${index}`, "{}"))],
    ["calls without index", Array.from({ length: 2000 }, (_, index) => call(undefined, `c${index}`, "{}"))],
    ["choices", Array.from({ length: 2000 }, (_, index) => ({ index, delta: { content: "x" } }))],
    ["a choice far away", [{ index: 2147483647, delta: { content: "x" } }]],
    ["a choice before the first", [{ index: -5, delta: { content: "x" } }]],
    ["a call far away", [call(4294967299, "c", "{}")]],
  ])("too many %s are bounded", (_, choices) => {
    const stream = Buffer.from(choices.map(chunk).join("") + chunk({ index: 0, finish_reason: "stop" }));
    for (const { name: client } of clients) {
      expectOneEnd(client, converter.stream({ client, upstream: "openai" }, [stream]), "");
    }
    expect(converter.exports.memory.buffer.byteLength).toBeLessThan(MAX_MEMORY_BYTES);
  });

  test("fragments that wait for their turn are bounded", () => {
    const big = "x".repeat(1 << 20);
    const stream = [
      chunk(call(0, "a", "{")),
      chunk(call(1, "b", `{\\"k\\":\\"`)),
      ...Array.from({ length: 20 }, () =>
        chunk({ delta: { tool_calls: [{ index: 1, function: { arguments: big } }] } }),
      ),
    ].map((text) => Buffer.from(text));
    const answer = converter.stream({ client: "anthropic", upstream: "openai" }, stream);
    expect(answer.failed).toBe(502);
    expectOneEnd("anthropic", answer, "");
    expect(converter.exports.memory.buffer.byteLength).toBeLessThan(MAX_MEMORY_BYTES);
  });

  function call(index: number | undefined, id: string, text: string): unknown {
    return { index: 0, delta: { tool_calls: [{ index, id, function: { name: "f", arguments: text } }] } };
  }
});
