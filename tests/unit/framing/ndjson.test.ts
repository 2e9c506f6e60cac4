import { beforeAll, describe, expect, it } from "vitest";
import { allCuts, type FramedRecord, FramingError, FramingHarness, record } from "../../support/framing";

let harness: FramingHarness;
beforeAll(async () => {
  harness = await FramingHarness.open();
});

function last(data: string): FramedRecord {
  return record(data, { unterminated: true });
}

interface Case {
  name: string;
  input: string;
  records: FramedRecord[];
  broken?: boolean;
}

const CASES: Case[] = [
  { name: "nothing", input: "", records: [] },
  { name: "lines", input: '{"a":1}\n{"b":2}\n', records: [record('{"a":1}'), record('{"b":2}')] },
  { name: "CRLF", input: "1\r\n2\r\n", records: [record("1"), record("2")] },
  { name: "blank lines", input: "\n\r\n \t\n1\n\n\n2\n \r\n", records: [record("1"), record("2")] },
  { name: "a bare CR ends nothing", input: "1\r2\n3\r\r\n", records: [record("1\r2"), record("3\r")] },
  { name: "blanks inside a line stay", input: "  1 \n", records: [record("  1 ")] },
  { name: "last line without LF", input: "1\n2", records: [record("1"), last("2")], broken: true },
  { name: "last line ending in CR", input: "1\n2\r", records: [record("1"), last("2")], broken: true },
  { name: "last line blank", input: "1\n \r", records: [record("1")] },
  { name: "UTF-8", input: '{"a":"\xe4\xbd\xa0"}\n', records: [record('{"a":"\xe4\xbd\xa0"}')] },
];

describe("NDJSON", () => {
  it.each(CASES)("$name, however cut", ({ input, records, broken }) => {
    const expected = { records, whole: broken !== true, error: FramingError.None };
    const bytes = Buffer.from(input, "latin1");
    expect(harness.run("ndjson", [bytes])).toEqual(expected);
    for (const pieces of allCuts(bytes)) expect(harness.run("ndjson", pieces)).toEqual(expected);
  });

  it("stops at the bound, however cut, and after what came before", () => {
    const expected = {
      records: [record("12345678"), record("1")],
      whole: false,
      error: FramingError.TooLarge,
    };
    for (const pieces of allCuts(Buffer.from("12345678\n1\n123456789\n1\n"))) {
      expect(harness.run("ndjson", pieces, 8)).toEqual(expected);
    }
  });

  it("copies nothing of lines that came whole, and each byte at most once otherwise", () => {
    const { exports } = harness;
    const start = exports.copied();
    const bytes = Buffer.from(`${"x".repeat(100_000)}\n1\n`);
    harness.run("ndjson", [bytes]);
    expect(exports.copied()).toBe(start);
    const moved = exports.moved();
    const pieces = Array.from({ length: bytes.length }, (_, index) => bytes.subarray(index, index + 1));
    expect(harness.run("ndjson", pieces).records).toHaveLength(2);
    expect(Number(exports.copied() - start)).toBeLessThanOrEqual(bytes.length);
    expect(Number(exports.moved() - moved)).toBeLessThanOrEqual(3 * bytes.length);
  });
});

describe("a whole body", () => {
  it("is one record, however cut", () => {
    const body = '{"a":\n\n"\xe4\xbd\xa0"}\n';
    const expected = { records: [record(body)], whole: true, error: FramingError.None };
    for (const pieces of allCuts(Buffer.from(body, "latin1")))
      expect(harness.run("whole", pieces)).toEqual(expected);
  });

  it("has no record where there are no bytes", () => {
    const expected = { records: [], whole: true, error: FramingError.None };
    expect(harness.run("whole", [])).toEqual(expected);
    expect(harness.run("whole", [new Uint8Array(0)])).toEqual(expected);
  });

  it("is bounded, however cut", () => {
    const expected = { records: [], whole: false, error: FramingError.TooLarge };
    for (const pieces of allCuts(Buffer.alloc(9, 0x20)))
      expect(harness.run("whole", pieces, 8)).toEqual(expected);
    expect(harness.run("whole", [Buffer.alloc(8, 0x20)], 8).records).toHaveLength(1);
  });
});
