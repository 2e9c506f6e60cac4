import { beforeAll, describe, expect, it } from "vitest";
import {
  allCuts,
  type Framed,
  type FramedRecord,
  FramingError,
  FramingHarness,
  record as plain,
} from "../../support/framing";
import { place } from "../../support/harness";

let harness: FramingHarness;
beforeAll(async () => {
  harness = await FramingHarness.open();
});

function record(data: string, event = ""): FramedRecord {
  return plain(data, { event });
}

function last(data: string, event = ""): FramedRecord {
  return plain(data, { event, unterminated: true });
}

interface Case {
  name: string;
  input: string;
  records: FramedRecord[];
  /** The stream broke off. */
  broken?: boolean;
}

const CASES: Case[] = [
  { name: "nothing", input: "", records: [] },
  { name: "one event", input: 'data: {"a":1}\n\n', records: [record('{"a":1}')] },
  {
    name: "several events",
    input: "data: 1\n\ndata: 2\n\ndata: 3\n\n",
    records: ["1", "2", "3"].map((n) => record(n)),
  },
  {
    name: "CRLF",
    input: "event: x\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n",
    records: [record("1", "x"), record("2")],
  },
  { name: "CR", input: "event: x\rdata: 1\r\rdata: 2\r\r", records: [record("1", "x"), record("2")] },
  {
    name: "mixed line ends",
    input: "event: x\rdata: 1\n\r\ndata: 2\r\n\n",
    records: [record("1", "x"), record("2")],
  },
  { name: "LF CR is two line ends", input: "data: 1\n\rdata: 2\n\n", records: [record("1"), record("2")] },
  { name: "no space after the colon", input: "data:1\n\n", records: [record("1")] },
  { name: "only one space is taken", input: "data:  1 \n\n", records: [record(" 1 ")] },
  { name: "a tab stays", input: "data:\t1\n\n", records: [record("\t1")] },
  { name: "several data lines", input: "data: a\ndata: b\ndata:c\n\n", records: [record("a\nb\nc")] },
  {
    name: "data lines that are empty",
    input: "data: a\ndata\ndata:\ndata: b\n\n",
    records: [record("a\n\n\nb")],
  },
  { name: "first data line empty", input: "data:\ndata: a\n\n", records: [record("\na")] },
  { name: "two empty data lines", input: "data\ndata\n\n", records: [record("\n")] },
  { name: "empty data", input: "data:\n\nevent: x\ndata\n\ndata: 1\n\n", records: [record("1")] },
  { name: "a name without data is forgotten", input: "event: x\n\ndata: 1\n\n", records: [record("1")] },
  { name: "the last name counts", input: "event: x\nevent: y\ndata: 1\n\n", records: [record("1", "y")] },
  { name: "an empty name undoes", input: "event: x\nevent\ndata: 1\n\n", records: [record("1")] },
  { name: "the name may come last", input: "data: 1\nevent: x\n\n", records: [record("1", "x")] },
  {
    name: "name between data lines",
    input: "data: 1\nevent: x\ndata: 2\n\n",
    records: [record("1\n2", "x")],
  },
  { name: "comments", input: ": hello\n\n:\n: : data: 2\ndata: 1\n:\n\n", records: [record("1")] },
  { name: "id and retry", input: "id: 7\nretry: 10\nid\ndata: 1\n\n", records: [record("1")] },
  {
    name: "unknown fields",
    input: "datas: 1\ndat: 1\nDATA: 1\n data: 1\nevents: 1\ndata : 1\ndata: 2\n\n",
    records: [record("2")],
  },
  { name: "a long unknown field", input: `${"x".repeat(100)}data: 1\ndata: 2\n\n`, records: [record("2")] },
  {
    name: "NUL before a field name",
    input: "\0\0\0event: x\n\0\0\0\0data: 1\n\0data: 1\ndata: 2\n\n",
    records: [record("2")],
  },
  { name: "colons in data", input: "data: a: b\ndata::c\n\n", records: [record("a: b\n:c")] },
  { name: "byte order mark", input: "\xef\xbb\xbfdata: 1\n\n", records: [record("1")] },
  {
    name: "byte order mark twice",
    input: "\xef\xbb\xbf\xef\xbb\xbfdata: 1\n\ndata: 2\n\n",
    records: [record("2")],
  },
  { name: "half a byte order mark", input: "\xef\xbbdata: 1\ndata: 2\n\n", records: [record("2")] },
  { name: "byte order mark later on", input: "data: 1\n\n\xef\xbb\xbfdata: 2\n\n", records: [record("1")] },
  {
    name: "UTF-8",
    input: "data: \xe4\xbd\xa0\xf0\x9f\x98\x80\n\n",
    records: [record("\xe4\xbd\xa0\xf0\x9f\x98\x80")],
  },
  { name: "NUL", input: "data: \0\0\n\n", records: [record("\0\0")] },
  { name: "blank lines before and after", input: "\n\r\n\rdata: 1\n\n\n\n", records: [record("1")] },
  { name: "end after the data line", input: "event: x\ndata: 1\n", records: [last("1", "x")], broken: true },
  {
    name: "end without line end",
    input: "data: 1\n\ndata: [DONE]",
    records: [record("1"), last("[DONE]")],
    broken: true,
  },
  { name: "end behind CR", input: "data: 1\r", records: [last("1")], broken: true },
  { name: "end inside the blank CRLF", input: "data: 1\r\n\r", records: [record("1")] },
  { name: "end inside a second field name", input: "data: 1\nda", records: [last("1")], broken: true },
  { name: "end behind a bare field name", input: "data: 1\ndata", records: [last("1\n")], broken: true },
  { name: "end inside a first field name", input: "dat", records: [], broken: true },
  { name: "end behind a name", input: "event: x\n", records: [], broken: true },
  { name: "end inside a comment", input: "data: 1\n\n: bye", records: [record("1")] },
];

describe("server-sent events", () => {
  it.each(CASES)("$name, however cut", ({ input, records, broken }) => {
    const expected: Framed = { records, whole: broken !== true, error: FramingError.None };
    const bytes = Buffer.from(input, "latin1");
    expect(harness.run("sse", [bytes])).toEqual(expected);
    for (const pieces of allCuts(bytes)) expect(harness.run("sse", pieces)).toEqual(expected);
  });

  it("gives all cases in one stream", () => {
    const whole = CASES.filter(({ broken, input }) => broken !== true && input.endsWith("\n"));
    const bytes = Buffer.from(whole.map(({ input }) => input).join(""), "latin1");
    const expected = harness.run("sse", [bytes]).records;
    // Of the byte order marks only the one at the very start would be one.
    const marked = whole.filter(({ name }) => name === "byte order mark");
    const counted = whole.flatMap(({ records }) => records).length - marked.length;
    expect(expected).toHaveLength(counted);
    for (const pieces of allCuts(bytes)) expect(harness.run("sse", pieces).records).toEqual(expected);
  });

  it("stops at the bound, however cut, and after what came before", () => {
    const bytes = Buffer.from("data: 12345678\n\ndata: 1234\ndata: 567\n\ndata: 123456789\n\ndata: 1\n\n");
    const expected: Framed = {
      records: [record("12345678"), record("1234\n567")],
      whole: false,
      error: FramingError.TooLarge,
    };
    for (const pieces of allCuts(bytes)) expect(harness.run("sse", pieces, 8)).toEqual(expected);
  });

  it("bounds joined lines and names, but not what it ignores", () => {
    expect(harness.run("sse", [Buffer.from("data: 12345678\ndata\n\n")], 8).error).toBe(
      FramingError.TooLarge,
    );
    expect(harness.run("sse", [Buffer.from("event: 123456789\ndata: 1\n\n")], 8).error).toBe(
      FramingError.TooLarge,
    );
    const ignored = Buffer.from(`: ${"x".repeat(1000)}\nid: ${"x".repeat(1000)}\ndata: 1\n\n`);
    for (const pieces of allCuts(ignored))
      expect(harness.run("sse", pieces, 8).records).toEqual([record("1")]);
  });
});

describe("cost", () => {
  const LENGTH = 1 << 20;

  it("copies nothing of an event that came whole", () => {
    const before = harness.exports.copied();
    harness.run("sse", [Buffer.from(`event: x\ndata: ${"x".repeat(LENGTH)}\n\n`)]);
    expect(harness.exports.copied() - before).toBe(0n);
  });

  it.each([1, 7, 1000])("copies each byte once where a long line comes in pieces of %i", (size) => {
    const bytes = Buffer.from(`data: ${"x".repeat(size === 1 ? LENGTH >> 4 : LENGTH)}\n\n`);
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    );
    const copied = harness.exports.copied();
    const moved = harness.exports.moved();
    expect(harness.run("sse", pieces).records).toHaveLength(1);
    expect(Number(harness.exports.copied() - copied)).toBeLessThanOrEqual(bytes.length);
    expect(Number(harness.exports.moved() - moved)).toBeLessThanOrEqual(3 * bytes.length);
  });

  it("allocates nothing for a feed", () => {
    const { exports } = harness;
    // The end of an event, a whole one and the start of one: each feed both borrows and copies.
    const bytes = Buffer.from('1}\n\ndata: {"a":1}\n\nevent: x\ndata: {"b":');
    const pointer = place(exports, bytes);
    harness.create("sse");
    exports.feedOften(pointer, bytes.length, 10);
    const size = exports.memory.buffer.byteLength;
    expect(exports.feedOften(pointer, bytes.length, 200_000)).toBe(400_000);
    expect(exports.memory.buffer.byteLength).toBe(size);
    exports.release(pointer);
  });

  it("holds nothing between whole events", () => {
    harness.run("sse", [Buffer.from("data: 1\n\n: x"), Buffer.from("x\ndata: 2\n\n")]);
    expect(harness.exports.held()).toBe(0);
  });
});

describe("writing", () => {
  it.each([
    ["without name", undefined, "{}", "data: {}\n\n"],
    ["with name", "message_stop", "{}", "event: message_stop\ndata: {}\n\n"],
    ["empty", undefined, "", "data: \n\n"],
    ["with line ends", undefined, "a\nb\r\nc\rd\n", "data: a\ndata: b\ndata: c\ndata: d\ndata: \n\n"],
  ])("%s", (_, name, data, expected) => {
    expect(harness.writeSse(name, data)).toBe(expected);
  });

  it("is read back as it was", () => {
    const data = " \n{ \n\n }";
    const written = Buffer.from(harness.writeSse("x", data));
    expect(harness.run("sse", [written]).records).toEqual([record(data, "x")]);
  });
});
