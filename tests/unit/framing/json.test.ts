import { beforeAll, describe, expect, it } from "vitest";
import {
  allCuts,
  cutAt,
  type FramedRecord,
  FramingError,
  FramingHarness,
  type Kind,
  record,
} from "../../support/framing";
import { place } from "../../support/harness";

let harness: FramingHarness;
beforeAll(async () => {
  harness = await FramingHarness.open();
});

interface Case {
  name: string;
  input: string;
  records: (string | FramedRecord)[];
  broken?: boolean;
  error?: FramingError;
}

const ARRAYS: Case[] = [
  { name: "an empty array", input: " [ ] ", records: [] },
  {
    name: "elements",
    input: '[{"a":[1,{}]},\r\n{"b":"]}"}\n,3]\n',
    records: ['{"a":[1,{}]}', '{"b":"]}"}', "3"],
  },
  { name: "UTF-8 and escapes", input: '["\xe4\xbd\xa0\\"\\u4f60"]', records: ['"\xe4\xbd\xa0\\"\\u4f60"'] },
  { name: "broken off between elements", input: "[1,{}", records: ["1", "{}"], broken: true },
  { name: "broken off inside an element", input: '[1,{"a":', records: ["1"], broken: true },
  { name: "nothing at all", input: "", records: [], broken: true },
  { name: "no array", input: '{"error":{}}', records: [], broken: true, error: FramingError.Malformed },
  { name: "no JSON", input: "[1,}", records: ["1"], broken: true, error: FramingError.Malformed },
  {
    name: "more behind the array",
    input: "[1] [2]",
    records: ["1"],
    broken: true,
    error: FramingError.Malformed,
  },
  {
    name: "an element too large",
    input: `[1,"${"x".repeat(63)}"]`,
    records: ["1"],
    broken: true,
    error: FramingError.TooLarge,
  },
];

const VALUES: Case[] = [
  { name: "nothing", input: " \n", records: [] },
  {
    name: "with and without space",
    input: '{"a":1}{"b":2}\n\n[3] "4"true',
    records: ['{"a":1}', '{"b":2}', "[3]", '"4"', "true"],
  },
  { name: "a number at the end", input: "1 2", records: ["1", record("2", { unterminated: true })] },
  { name: "broken off", input: '{}{"a"', records: ["{}"], broken: true },
  { name: "no JSON", input: "{}}", records: ["{}"], broken: true, error: FramingError.Malformed },
];

function check(kind: Kind, { input, records, broken, error }: Case): void {
  const expected = {
    records: records.map((item) => (typeof item === "string" ? record(item) : item)),
    whole: broken !== true,
    error: error ?? FramingError.None,
  };
  const bytes = Buffer.from(input, "latin1");
  for (const pieces of allCuts(bytes)) expect(harness.run(kind, pieces, 64)).toEqual(expected);
}

describe("elements of an array", () => {
  it.each(ARRAYS)("$name, however cut", (item) => check("json-array", item));
});

describe("concatenated values", () => {
  it.each(VALUES)("$name, however cut", (item) => check("concatenated", item));
});

describe("cost", () => {
  it("allocates nothing for a feed and holds only what is unfinished", () => {
    const { exports } = harness;
    const bytes = Buffer.from('1}{"a":[1,2]}{"b":');
    const pointer = place(exports, bytes);
    harness.create("concatenated");
    exports.feed(pointer + 2, bytes.length - 2);
    while (exports.next() !== 0);
    exports.feedOften(pointer, bytes.length, 10);
    const size = exports.memory.buffer.byteLength;
    expect(exports.feedOften(pointer, bytes.length, 200_000)).toBe(400_000);
    expect(exports.memory.buffer.byteLength).toBe(size);
    expect(exports.held()).toBe('{"b":'.length);
    exports.release(pointer);
  });

  it("gives a long element that came in many pieces", () => {
    const text = `["${"x".repeat(300_000)}"]`;
    const pieces = cutAt(
      Buffer.from(text),
      Array.from({ length: text.length - 1 }, (_, index) => index + 1),
    );
    expect(harness.run("json-array", pieces).records).toEqual([record(text.slice(1, -1))]);
  });
});
