/** What holds for every stream in every language, whatever it says. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutAt } from "../../support/framing";
import { Converter, type Pair, whole } from "./convert";
import { COMPLETES, ENDS, READ_STREAM, READ_WHOLE } from "./dialects";
import { type Fixture, fixtures, label } from "./fixtures";

const converter = await Converter.open();
const clients = converter
  .formats()
  .filter((format) => format.client)
  .map((format) => format.name);

/** A pair for each client, usage asked for. */
function pairs(fixture: Fixture): Pair[] {
  return clients.map((client) => ({ client, upstream: fixture.format, includeUsage: true }));
}

/** How many ends a client sees: of a stream, or the one of an error answer. */
function endsOf(client: string, text: string): number {
  return text.match(ENDS[client] as RegExp)?.length ?? 0;
}

describe.each(fixtures("stream").map((fixture) => [label(fixture), fixture] as const))("%s", (_, fixture) => {
  const { bytes } = fixture;

  test("does not depend on where it was cut", () => {
    const wanted = pairs(fixture).map((pair) => converter.stream(pair, whole(bytes)).text);
    const everyByte = cutAt(
      bytes,
      Array.from({ length: bytes.length }, (_, index) => index),
    );
    pairs(fixture).forEach((pair, index) => {
      expect(converter.stream(pair, everyByte).text, pair.client).toBe(wanted[index]);
    });
    // One cut at every byte; the clients take turns, since where a cut lies is nothing that a writer can see.
    for (let offset = 0; offset <= bytes.length; offset++) {
      const index = offset % clients.length;
      const cut = converter.stream(pairs(fixture)[index] as Pair, cutAt(bytes, [offset])).text;
      if (cut !== wanted[index]) expect.fail(`${clients[index]}: cut at ${offset}`);
    }
  });

  test("has one end wherever the upstream breaks off, and is complete only where it said so", () => {
    for (let length = 0; length <= bytes.length; length++) {
      const pair = pairs(fixture)[length % clients.length] as Pair;
      const cut = bytes.subarray(0, length);
      const answer = converter.stream(pair, [cut]);
      const where = `${pair.client} after ${length} bytes`;
      if (!answer.ended) expect.fail(`${where}: no end`);
      const isStream = answer.failed === 0 || answer.begun;
      if (isStream && ENDS[pair.client] && endsOf(pair.client, answer.text) !== 1) {
        expect.fail(`${where}: ${endsOf(pair.client, answer.text)} ends\n${answer.text}`);
      }
      const complete = COMPLETES[fixture.format];
      if (complete && answer.failed === 0 && !complete.test(cut.toString())) {
        expect.fail(`${where}: looks complete`);
      }
    }
  });

  test("says the same to a client that does not stream", async () => {
    for (const pair of pairs(fixture)) {
      const streamed = converter.stream(pair, whole(bytes));
      const collected = converter.stream(pair, whole(bytes), { whole: true });
      expect(collected.failed, pair.client).toBe(streamed.failed);
      expect(collected.usage).toEqual(streamed.usage);
      const readStream = READ_STREAM[pair.client];
      const readWhole = READ_WHOLE[pair.client];
      if (streamed.failed !== 0 || !readStream || !readWhole) continue;
      expect(await readStream(streamed.text), pair.client).toEqual(await readWhole(collected.text));
    }
  });
});

describe("a streamed answer and the same one whole", () => {
  const twins = fixtures("stream").flatMap((stream) => {
    const answer = fixtures("answer").find(
      ({ case: directory, format, variant }) =>
        directory === stream.case && format === stream.format && variant === stream.variant,
    );
    return answer ? [{ name: label(stream), stream, answer }] : [];
  });

  test.each(twins)("$name", async ({ stream, answer }) => {
    for (const pair of pairs(stream)) {
      const readStream = READ_STREAM[pair.client];
      const readWhole = READ_WHOLE[pair.client];
      if (!readStream || !readWhole) continue;
      const streamed = converter.stream(pair, whole(stream.bytes));
      const atOnce = converter.answer(pair, answer.bytes);
      expect(streamed.failed !== 0, pair.client).toBe(atOnce.failed !== 0);
      if (streamed.failed !== 0) continue;
      expect(await readStream(streamed.text), pair.client).toEqual(await readWhole(atOnce.text));
    }
  });
});

test("usage goes to an OpenAI client only where it asks", () => {
  const [fixture] = fixtures("stream").filter(({ name, format }) => name === "anthropic.stream" && format);
  const pair = { client: "openai", upstream: "anthropic", includeUsage: false };
  expect(converter.stream(pair, whole(fixture!.bytes)).text).not.toContain("usage");
});

test("a record that is too large ends the stream with an error", () => {
  const pair = { client: "anthropic", upstream: "openai" };
  const stream = `data: {"id":"1","choices":[{"delta":{"content":"${"x".repeat(5000)}"}}]}\n\n`;
  expect(converter.stream(pair, whole(stream), { limit: 6000 }).begun).toBe(true);
  const answer = converter.stream(pair, whole(stream), { limit: 4000 });
  expect(answer.failed).not.toBe(0);
});

test("text that comes over time is sent on at once", () => {
  const events = fixtures("stream").find(({ case: name, format }) => name === "tools" && format === "openai");
  const records = events!.bytes.toString().split(/(?<=\n\n)/);
  const { pieces } = converter.stream(
    { client: "anthropic", upstream: "openai" },
    records.map((record) => Buffer.from(record)),
  );
  const fragments = pieces.filter((piece) => piece.includes("input_json_delta"));
  expect(fragments).toHaveLength(records.filter((record) => /"arguments":"[^"]/.test(record)).length);
});

test("the second of two calls is sent on as soon as the first one is whole", () => {
  const chunk = (calls: unknown): Buffer =>
    Buffer.from(
      `data: ${JSON.stringify({ id: "1", choices: [{ index: 0, delta: { tool_calls: calls } }] })}\n\n`,
    );
  const call = (index: number, text: string, name?: string): unknown => ({
    index,
    ...(name ? { id: name } : {}),
    function: { arguments: text, ...(name ? { name } : {}) },
  });
  const { pieces } = converter.stream({ client: "anthropic", upstream: "openai" }, [
    chunk([call(0, '{"a":"}', "f")]),
    chunk([call(1, '{"b"', "g")]),
    chunk([call(1, ":2")]),
    chunk([call(0, '\\""}')]),
    chunk([call(1, "}")]),
  ]);
  expect(pieces[1]).toBe("");
  expect(pieces[2]).toBe("");
  expect(pieces[3]).toContain('"partial_json":"\\\\\\"\\"}"');
  expect(pieces[3]).toContain('"partial_json":"{\\"b\\":2"');
  expect(pieces[4]).toContain('"index":1');
});

test("fragments of parallel calls may come in any order", async () => {
  const call = fc.record({
    name: fc.stringMatching(/^[a-z]{1,8}$/),
    input: fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.constant([{ "}": "{" }]))),
    indent: fc.constantFrom(undefined, 1),
  });
  const calls = fc.array(call, { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(calls, fc.infiniteStream(fc.nat()), async (wanted, choices) => {
      const next = (below: number): number => (choices.next().value as number) % below;
      const waiting = wanted.map(({ input, indent }) => JSON.stringify(input, null, indent));
      const begun = new Set<number>();
      const chunks: unknown[] = [];
      while (waiting.some((text, index) => text !== "" || !begun.has(index))) {
        // Calls begin in order; after that anyone may go on.
        const index = next(Math.min(begun.size + 1, wanted.length));
        const text = waiting[index] as string;
        const isFirst = !begun.has(index);
        if (!isFirst && text === "") continue;
        const size = isFirst ? 0 : 1 + next(text.length);
        waiting[index] = text.slice(size);
        begun.add(index);
        const head = isFirst ? { id: `id${index}`, type: "function" } : {};
        const name = isFirst ? { name: wanted[index]?.name } : {};
        chunks.push({ index, ...head, function: { ...name, arguments: text.slice(0, size) } });
      }
      const stream = chunks
        .map((fragment) => ({ id: "1", choices: [{ index: 0, delta: { tool_calls: [fragment] } }] }))
        .concat({
          id: "1",
          choices: [{ index: 0, delta: { tool_calls: [] }, finish_reason: "tool_calls" }],
        } as never)
        .map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`)
        .join("");
      const expected = wanted.map(({ name, input }, index) => ({ id: `id${index}`, name, arguments: input }));
      for (const client of Object.keys(READ_STREAM)) {
        const answer = converter.stream({ client, upstream: "openai" }, whole(`${stream}data: [DONE]\n\n`));
        const message = await READ_STREAM[client]?.(answer.text);
        expect(message?.calls, client).toEqual(expected);
      }
    }),
    { seed: 7, numRuns: 150 },
  );
});
