import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { encodeEvent, encodeFrame } from "../support/event-stream";
import { cutAt, FramingError, FramingHarness, type Kind, record, text } from "../support/framing";
import { randomBytes, seededRandom } from "../support/random";

let harness: FramingHarness;
beforeAll(async () => {
  harness = await FramingHarness.open();
});

const SEED = 20_261;

/** Bytes of each framing that mean something, to be thrown together. */
const PIECES: Record<Kind, (string | Uint8Array)[]> = {
  sse: [
    "data",
    ":",
    " ",
    "\n",
    "\r",
    "\r\n",
    "\n\n",
    "event",
    "id",
    "retry",
    "data: {}",
    "\xef\xbb\xbf",
    "\xef",
    "x",
    "\0",
  ],
  ndjson: ["{}", "\n", "\r", "\r\n", " ", "\t", '{"a":"\xe4\xbd\xa0"}', "x", "\0"],
  "json-array": [
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    '"',
    "\\",
    '"a"',
    "1",
    "true",
    "nul",
    " ",
    "\n",
    '{"a":[1]}',
    "\xe4\xbd\xa0",
    "\xff",
  ],
  concatenated: [
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    '"',
    "\\",
    '"a"',
    "1",
    "e",
    "true",
    "nul",
    " ",
    '{"a":[1]}',
    "\xff",
  ],
  "aws-event-stream": [
    encodeEvent("contentBlockDelta", '{"delta":{"text":"hello"}}'),
    encodeFrame({}),
    encodeFrame({ ":message-type": "exception", ":exception-type": "x" }, "{}"),
    "\0\0\0\x10\0\0\0\0\x05\xc2\x48\xeb",
    "\0\0\0",
    "\0",
    "x",
  ],
  whole: ["{}", "\n", "\0"],
};

const KINDS = Object.keys(PIECES) as Kind[];

/** Rounds of each framing; six framings make more than 50,000 inputs. */
const ROUNDS = 9000;

/** Small enough for random input to exceed it now and then. */
const LIMITS: Record<Kind, number> = {
  sse: 10,
  ndjson: 24,
  "json-array": 12,
  concatenated: 12,
  "aws-event-stream": 150,
  whole: 24,
};

describe("random input", () => {
  it.each(KINDS)("%s: never traps, stays bounded and does not depend on the cuts", (kind) => {
    const random = seededRandom(SEED);
    const limit = LIMITS[kind];
    const size = () => harness.exports.memory.buffer.byteLength;
    let settled = 0;
    let records = 0;
    let errors = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const start = kind === "json-array" && round % 4 !== 0 ? ["[1,"] : [];
      const bytes = round % 10 === 0 ? randomBytes(random, 60) : soup(random, start, PIECES[kind]);
      const whole = harness.run(kind, [bytes], limit);
      records += whole.records.length;
      if (whole.error !== FramingError.None) errors++;
      for (const { data, event } of whole.records) {
        expect(data.length).toBeLessThanOrEqual(limit);
        expect(event.length).toBeLessThanOrEqual(limit);
      }
      const offsets = Array.from({ length: 1 + Math.floor(random() * 6) }, () =>
        Math.floor(random() * (bytes.length + 1)),
      );
      const cut = harness.run(
        kind,
        cutAt(
          bytes,
          offsets.sort((left, right) => left - right),
        ),
        limit,
      );
      if (JSON.stringify(cut) !== JSON.stringify(whole)) {
        expect(cut, `round ${round}: ${JSON.stringify(text(bytes))} cut at ${offsets}`).toEqual(whole);
      }
      expect(harness.exports.held()).toBeLessThanOrEqual(2 * limit);
      harness.exports.dispose();
      if (round % 250 === 0) harness.exports.collect();
      if (round === 1000) settled = size();
    }
    // Inputs that never yield a record, or never an error, would prove little.
    expect(records).toBeGreaterThan(ROUNDS / 10);
    expect(errors).toBeGreaterThan(ROUNDS / 50);
    expect(size()).toBe(settled);
  });
});

/** Any JSON text a line or event can carry. */
const json = fc.json({ maxDepth: 3 });

describe("what was written is read back", () => {
  const options = { seed: SEED, numRuns: 500 };

  it("server-sent events", () => {
    const name = fc.option(fc.stringMatching(/^[a-z_.]{1,12}$/), { nil: undefined });
    fc.assert(
      fc.property(fc.array(fc.tuple(name, json), { maxLength: 5 }), fc.nat(), (events, cut) => {
        const bytes = Buffer.from(
          events.map(([event, data]) => harness.writeSse(event, data)).join(""),
          "latin1",
        );
        const framed = harness.run("sse", cutAt(bytes, [cut % (bytes.length + 1)]));
        const expected = events.map(([event, data]) =>
          record(text(Buffer.from(data)), { event: event ?? "" }),
        );
        expect(framed).toEqual({ records: expected, whole: true, error: FramingError.None });
      }),
      options,
    );
  });

  it.each([
    ["ndjson", (values: string[]) => values.map((value) => `${value}\n`).join("")],
    ["json-array", (values: string[]) => `[${values.join(",")}]`],
    ["concatenated", (values: string[]) => values.map((value) => `${value} `).join("")],
  ] as const)("%s", (kind, write) => {
    fc.assert(
      fc.property(fc.array(json, { maxLength: 5 }), fc.nat(), (values, cut) => {
        const bytes = Buffer.from(write(values));
        const framed = harness.run(kind, cutAt(bytes, [cut % (bytes.length + 1)]));
        const expected = values.map((value) => record(text(Buffer.from(value))));
        expect(framed).toEqual({ records: expected, whole: true, error: FramingError.None });
      }),
      options,
    );
  });

  it("AWS event streams", () => {
    const event = fc.tuple(fc.stringMatching(/^[A-Za-z]{1,20}$/), json);
    fc.assert(
      fc.property(fc.array(event, { maxLength: 5 }), fc.nat(), (events, cut) => {
        const bytes = Buffer.concat(events.map(([type, payload]) => encodeEvent(type, payload)));
        const framed = harness.run("aws-event-stream", cutAt(bytes, [cut % (bytes.length + 1)]));
        const expected = events.map(([type, payload]) => record(text(Buffer.from(payload)), { event: type }));
        expect(framed).toEqual({ records: expected, whole: true, error: FramingError.None });
      }),
      options,
    );
  });
});

function soup(random: () => number, start: string[], pieces: (string | Uint8Array)[]): Uint8Array {
  const count = Math.floor(random() * 12);
  const chosen = Array.from({ length: count }, () => pieces[Math.floor(random() * pieces.length)] ?? "");
  return Buffer.concat(
    [...start, ...chosen].map((piece) => (typeof piece === "string" ? Buffer.from(piece, "latin1") : piece)),
  );
}
