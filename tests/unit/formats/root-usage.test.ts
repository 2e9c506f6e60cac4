/** A stream whose usage stands in its choice, with the usage at the root: every other byte stays. */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { allCuts, cutAt } from "../../support/framing";
import { type HarnessExports, openHarness, place, readSlice, takeBack } from "../../support/harness";

interface Exports extends HarnessExports {
  begin(): void;
  write(pointer: number, length: number): bigint;
  end(): bigint;
  changed(): number;
  held(): number;
  pages(): number;
}

let room: Exports;
beforeAll(async () => {
  room = await openHarness<Exports>("tests/unit/formats/root-usage.as.ts");
});

function write(bytes: Uint8Array): string {
  const pointer = place(room, bytes);
  const written = Buffer.from(readSlice(room, room.write(pointer, bytes.length))).toString();
  takeBack(room, pointer, bytes.length);
  return written;
}

const end = () => Buffer.from(readSlice(room, room.end())).toString();

/** What becomes of a stream that comes in these pieces; no piece ends inside of a character. */
function edited(pieces: Iterable<Uint8Array>): string {
  room.begin();
  const parts: Uint8Array[] = [];
  for (const piece of pieces) {
    const pointer = place(room, piece);
    parts.push(readSlice(room, room.write(pointer, piece.length)));
    takeBack(room, pointer, piece.length);
  }
  parts.push(readSlice(room, room.end()));
  return Buffer.concat(parts).toString();
}

const USAGE = '{"prompt_tokens":19,"completion_tokens":13,"total_tokens":32}';
const BEGIN =
  'data: {"id":"1","choices":[{"index":0,"delta":{"content":"你 \\"usage\\" {"},"finish_reason":null}]}\n\n';
const MOVED = `data: {"usage":${USAGE},"id":"1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"x":1.0}`;
const LAST = `data: {"id":"1","choices":[{"index":0,"delta":{},"finish_reason":"stop","usage":${USAGE}}],"x":1.0}`;
const DONE = "data: [DONE]\n\n";

const CASES: [name: string, input: string, output: string][] = [
  ["nothing", "", ""],
  ["Moonshot's last record", `${BEGIN}${LAST}\n\n${DONE}`, `${BEGIN}${MOVED}\n\n${DONE}`],
  [
    "comments, names and other fields",
    `: ping\n\nevent: x\nid: 7\n${LAST}\nretry: 1\n\n`,
    `: ping\n\nevent: x\nid: 7\n${MOVED}\nretry: 1\n\n`,
  ],
  ["CRLF", `${LAST}\r\n\r\n${DONE}`, `${MOVED}\r\n\r\n${DONE}`],
  ["CR", `${LAST}\r\r${DONE}`, `${MOVED}\r\r${DONE}`],
  ["no space, and several", `data:{"choices":[{"usage":{}}]}\n\n`, `data:{"usage":{},"choices":[{}]}\n\n`],
  ["several spaces", `data:   {"choices":[{"usage":{}}]} \n\n`, `data:   {"usage":{},"choices":[{}]} \n\n`],
  ["the stream's end behind the record", `${BEGIN}${LAST}`, `${BEGIN}${MOVED}`],
  ["the stream's end behind a line end", `${LAST}\n`, `${MOVED}\n`],
  ["the stream's end inside of a record", LAST.slice(0, -1), LAST.slice(0, -1)],
  ["the stream's end inside of a name", `${DONE}dat`, `${DONE}dat`],
  [
    "spacing and the spelling of numbers",
    'data: { "a" : 1e2 , "choices" : [ { "usage" : { "b" : 1.00 } , "index" : 0 } ] }\n\n',
    'data: {"usage":{ "b" : 1.00 }, "a" : 1e2 , "choices" : [ { "index" : 0 } ] }\n\n',
  ],
  [
    "a root that says null",
    'data: {"usage":null,"choices":[{"usage":{"b":1}}]}\n\n',
    'data: {"usage":{"b":1},"choices":[{}]}\n\n',
  ],
  [
    "the first of several choices",
    'data: {"choices":[{"usage":{"b":1},"a":2},{"usage":{"b":2}}]}\n\n',
    'data: {"usage":{"b":1},"choices":[{"a":2},{"usage":{"b":2}}]}\n\n',
  ],
  ["several records", `${LAST}\n\n${BEGIN}${LAST}\n\n`, `${MOVED}\n\n${BEGIN}${MOVED}\n\n`],
  [
    "no JSON, then a record",
    `data: {"choices":[{"usage":{}}]\n\n${LAST}\n\n`,
    `data: {"choices":[{"usage":{}}]\n\n${MOVED}\n\n`,
  ],
];

const UNTOUCHED: [name: string, input: string][] = [
  ["a usage at the root", `data: {"choices":[],"usage":${USAGE}}\n\n`],
  ["usage in both places", `data: {"choices":[{"usage":${USAGE}}],"usage":{}}\n\n`],
  ["a usage that is null", 'data: {"choices":[{"usage":null}]}\n\n'],
  ["a usage that is a text", 'data: {"choices":[{"usage":"a"}]}\n\n'],
  ["no choice", 'data: {"choices":[],"a":{"usage":{}}}\n\n'],
  ["choices that are no list", 'data: {"choices":{"usage":{}}}\n\ndata: {"choices":7,"usage" :1}\n\n'],
  ["a usage in the second choice", 'data: {"choices":[{},{"usage":{}}]}\n\n'],
  ["a list", 'data: [{"choices":[{"usage":{}}]}]\n\n'],
  ["other fields with such a value", `datas: ${LAST}\nid: ${LAST.slice(6)}\n ${LAST}\n:${LAST}\n\n`],
  ["a record of several lines", 'data: {"choices":[{\ndata: "usage":{}}]}\n\n'],
  ["no event stream at all", LAST.slice(6)],
  ["bytes that are no UTF-8", `data: {"choices":[{"usage":{}}],"a":"\ud800"}\n\n`],
];

describe("the usage of a stream's first choice", () => {
  it.each(CASES)("is moved, however the stream is cut: %s", (_, input, output) => {
    for (const pieces of allCuts(Buffer.from(input))) expect(edited(pieces)).toBe(output);
  });

  it.each(UNTOUCHED)("stays where it is: %s", (_, input) => {
    const bytes = input.includes("\ud800")
      ? Buffer.concat(
          input.split("\ud800").flatMap((part, i) => [Buffer.from(i ? [0xff] : []), Buffer.from(part)]),
        )
      : Buffer.from(input);
    for (const pieces of allCuts(bytes)) expect(edited(pieces)).toBe(bytes.toString());
  });

  it("is moved, and nothing else changes, in any stream", () => {
    const usage = fc.option(fc.record({ prompt_tokens: fc.nat() }), { nil: undefined });
    const record = fc.record({
      a: fc.jsonValue(),
      choices: fc.array(fc.record({ b: fc.jsonValue(), usage })),
    });
    const line = fc.oneof(
      record.map((value) => `data: ${JSON.stringify(value)}`),
      fc.constantFrom("", ":", "data: [DONE]", "event: usage", 'data: {"usage"'),
      fc.string().map((text) => text.replace(/[\r\n]/g, "")),
    );
    const moved = (text: string) => {
      if (!text.startsWith("data: {")) return text;
      try {
        const { choices, ...rest } = JSON.parse(text.slice(6));
        const [first, ...others] = choices;
        if (first?.usage === undefined) return text;
        const { usage, ...kept } = first;
        return `data: ${JSON.stringify({ usage, a: rest.a, choices: [kept, ...others] })}`;
      } catch {
        return text;
      }
    };
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat(200)), (lines, cuts) => {
        const bytes = Buffer.from(lines.join("\n"));
        const offsets = cuts.map((cut) => Math.min(cut, bytes.length)).sort((left, right) => left - right);
        const found = edited(cutAt(bytes, offsets));
        // `__proto__` and the like are not what JSON.parse and JSON.stringify give back.
        if (lines.some((text) => text.includes("__"))) return;
        expect(found).toBe(lines.map(moved).join("\n"));
      }),
      { seed: 7, numRuns: 400 },
    );
  });
});

describe("what is held back", () => {
  it("is a line whose data is an object, until it is whole, and nothing else", () => {
    room.begin();
    const steps: [piece: string, written: string, held: number][] = [
      [": pi", ": pi", 0],
      ["ng\n\nda", "ng\n\n", 2],
      ["ta: ", "", 6],
      ["[DON", "data: [DON", 0],
      ["E]\n\ndata: {", "E]\n\n", 7],
      ['"a":1', "", 12],
      ["}\ndata", 'data: {"a":1}\n', 4],
      ["x: {", "datax: {", 0],
      ["\n\n", "\n\n", 0],
    ];
    for (const [piece, written, held] of steps) {
      expect(write(Buffer.from(piece))).toBe(written);
      expect(room.held()).toBe(held);
    }
    expect(end()).toBe("");
  });

  it("is bounded: a longer line passes as it comes, and the next one is edited again", () => {
    const pad = "x".repeat((256 << 10) - LAST.length + 10);
    const long = LAST.replace('"x":1.0', `"x":"${pad}"`);
    const fitting = LAST.replace('"x":1.0', `"x":"${pad.slice(0, -20)}"`);
    const bytes = Buffer.from(`${long}\n\n${fitting}\n\n${LAST}\n\n`);
    const output = `${long}\n\n${fitting.replace(/^data: \{/, `data: {"usage":${USAGE},`).replace(`,"usage":${USAGE}}]`, "}]")}\n\n${MOVED}\n\n`;
    for (const size of [1000, 16384, 65536, bytes.length]) {
      room.begin();
      let found = "";
      let most = 0;
      for (let at = 0; at < bytes.length; at += size) {
        found += write(bytes.subarray(at, at + size));
        most = Math.max(most, room.held());
      }
      expect(found + end() === output).toBe(true);
      expect(most).toBeLessThanOrEqual(256 << 10);
    }
  });

  it("is said to be changed only where a record was", () => {
    room.begin();
    write(Buffer.from(BEGIN));
    expect([room.changed(), room.held()]).toEqual([0, 0]);
    write(Buffer.from(`${LAST}\n\n`));
    expect(room.changed()).toBe(1);
    write(Buffer.from(DONE));
    expect(room.changed()).toBe(0);
  });

  it("takes no memory: nothing managed is allocated for a part, whatever is in it", () => {
    const bytes = Buffer.from(`${BEGIN}${LAST}\n\n: ping\n\n${DONE}`);
    const pointer = place(room, bytes);
    room.begin();
    const round = (index: number) => {
      const cut = index % bytes.length;
      room.write(pointer, cut);
      room.write(pointer + cut, bytes.length - cut);
    };
    for (let index = 0; index < bytes.length; index++) round(index);
    const before = room.pages();
    for (let index = 0; index < 20_000; index++) round(index);
    expect(room.pages()).toBe(before);
    room.release(pointer);
  });
});
