import { crc32 as checksum } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { encodeEvent, encodeFrame, encodeRawFrame } from "../../support/event-stream";
import { allCuts, FramingError, FramingHarness, record, text } from "../../support/framing";

let harness: FramingHarness;
beforeAll(async () => {
  harness = await FramingHarness.open();
});

const KIND = "aws-event-stream";
const MESSAGE_TYPE = ":message-type";

/** The frame without headers that AWS's documentation shows byte by byte. */
const EMPTY_FRAME = Buffer.from("0000001000000000" + "05c248eb" + "7d98c8ff", "hex");

const CONVERSATION = Buffer.concat([
  encodeEvent("messageStart", '{"p":"abcd","role":"assistant"}'),
  encodeEvent("contentBlockDelta", '{"contentBlockIndex":0,"delta":{"text":"你好"}}'),
  encodeEvent("messageStop", '{"stopReason":"end_turn"}'),
]);

const CONVERSATION_RECORDS = [
  record('{"p":"abcd","role":"assistant"}', { event: "messageStart" }),
  record(text(Buffer.from('{"contentBlockIndex":0,"delta":{"text":"你好"}}')), {
    event: "contentBlockDelta",
  }),
  record('{"stopReason":"end_turn"}', { event: "messageStop" }),
];

describe("frames", () => {
  it("come out the same however cut", () => {
    const expected = { records: CONVERSATION_RECORDS, whole: true, error: FramingError.None };
    for (const pieces of allCuts(CONVERSATION)) expect(harness.run(KIND, pieces)).toEqual(expected);
  });

  it("may be without headers and payload", () => {
    const expected = { records: [record(""), record("")], whole: true, error: FramingError.None };
    const bytes = Buffer.concat([EMPTY_FRAME, EMPTY_FRAME]);
    for (const pieces of allCuts(bytes)) expect(harness.run(KIND, pieces)).toEqual(expected);
  });

  it("may have headers of every type", () => {
    const frame = encodeFrame(
      {
        true: true,
        false: false,
        byte: { type: "byte", value: -1 },
        short: { type: "short", value: -2 },
        integer: { type: "integer", value: -3 },
        long: { type: "long", value: -4n },
        bytes: { type: "bytes", value: new Uint8Array(300) },
        text: ":event-type",
        timestamp: { type: "timestamp", value: 1_700_000_000_000n },
        uuid: { type: "uuid", value: new Uint8Array(16) },
        ":unknown": true,
        [MESSAGE_TYPE]: "event",
        ":event-type": "x",
      },
      "{}",
    );
    for (const pieces of allCuts(frame)) {
      expect(harness.run(KIND, pieces).records).toEqual([record("{}", { event: "x" })]);
    }
  });

  it("tell exceptions and errors", () => {
    const bytes = Buffer.concat([
      encodeFrame(
        { [MESSAGE_TYPE]: "exception", ":exception-type": "throttlingException" },
        '{"message":"slow"}',
      ),
      encodeFrame({
        [MESSAGE_TYPE]: "error",
        ":error-code": "InternalError",
        ":error-message": "It failed.",
      }),
      encodeFrame({ [MESSAGE_TYPE]: "error", ":error-code": "InternalError" }, "{}"),
      encodeFrame({ [MESSAGE_TYPE]: "event", ":event-type": "x", ":exception-type": "y" }, "{}"),
    ]);
    for (const pieces of allCuts(bytes)) {
      expect(harness.run(KIND, pieces).records).toEqual([
        record('{"message":"slow"}', { event: "throttlingException", failure: true }),
        record("It failed.", { event: "InternalError", failure: true }),
        record("{}", { event: "InternalError", failure: true }),
        record("{}", { event: "x" }),
      ]);
    }
  });
});

describe("damage", () => {
  const frame = encodeEvent("messageStop", '{"stopReason":"end_turn"}');

  it("in any byte is an error and never a record", () => {
    for (let index = 0; index < frame.length; index++) {
      for (const flip of [0x01, 0x20, 0x80, 0xff]) {
        const damaged = Buffer.from(frame);
        damaged[index] = (damaged[index] ?? 0) ^ flip;
        const framed = harness.run(KIND, [damaged, frame]);
        expect(framed).toEqual({ records: [], whole: false, error: FramingError.Corrupt });
      }
    }
  });

  it("after a good frame leaves that one", () => {
    const damaged = Buffer.concat([frame, frame]);
    damaged[frame.length + 20] = 0;
    for (const pieces of allCuts(damaged)) {
      const framed = harness.run(KIND, pieces);
      expect(framed.records).toHaveLength(1);
      expect(framed.error).toBe(FramingError.Corrupt);
    }
  });

  it("by breaking off anywhere is seen", () => {
    for (let length = 1; length < frame.length; length++) {
      const framed = harness.run(KIND, [frame.subarray(0, length)]);
      expect(framed).toEqual({ records: [], whole: false, error: FramingError.None });
    }
  });
});

describe("frames with right checksums and wrong content", () => {
  const payload = Buffer.from("{}");

  it.each([
    ["unknown type of value", Buffer.from([1, 0x61, 10, 0])],
    ["header without name", Buffer.from([0, 0])],
    ["name beyond the headers", Buffer.from([5, 0x61, 0])],
    ["header without type", Buffer.from([1, 0x61])],
    ["length cut short", Buffer.from([1, 0x61, 7, 0])],
    ["value beyond the headers", Buffer.from([1, 0x61, 7, 0, 3, 0x61, 0x61])],
    ["integer beyond the headers", Buffer.from([1, 0x61, 4, 0, 0, 0])],
  ])("%s", (_, headers) => {
    const framed = harness.run(KIND, [encodeRawFrame(headers, payload)]);
    expect(framed).toEqual({ records: [], whole: false, error: FramingError.Malformed });
  });

  it("unknown message type, or one that is not text", () => {
    for (const value of ["surprise", "", true]) {
      const framed = harness.run(KIND, [encodeFrame({ [MESSAGE_TYPE]: value }, "{}")]);
      expect(framed).toEqual({ records: [], whole: false, error: FramingError.Malformed });
    }
  });

  it.each([
    ["headers longer than the frame", 20, 5],
    ["shorter than its own prelude", 15, 0],
    ["headers beyond what AWS allows", 1 << 20, (128 << 10) + 1],
    ["lengths that overflow", 0xffffffff, 0xfffffff0],
  ])("%s", (_, total, headers) => {
    const framed = harness.run(KIND, [prelude(total, headers), Buffer.alloc(64)]);
    expect(framed).toEqual({ records: [], whole: false, error: FramingError.Malformed });
  });

  it("larger than the bound, known from the prelude", () => {
    for (const total of [101, 0x7fffffff, 0x80000000, 0xffffffff]) {
      const framed = harness.run(KIND, [prelude(total, 0)], 100);
      expect(framed).toEqual({ records: [], whole: false, error: FramingError.TooLarge });
    }
    expect(harness.run(KIND, [encodeFrame({}, "x".repeat(84))], 100).records).toHaveLength(1);
  });
});

describe("cost", () => {
  it("copies nothing of frames that came whole, and each byte once otherwise", () => {
    const { exports } = harness;
    const start = exports.copied();
    harness.run(KIND, [CONVERSATION]);
    expect(exports.copied()).toBe(start);
    const big = encodeFrame({}, "x".repeat(100_000));
    const pieces = Array.from({ length: big.length }, (_, index) => big.subarray(index, index + 1));
    const moved = exports.moved();
    harness.run(KIND, pieces);
    expect(Number(exports.copied() - start)).toBe(big.length);
    expect(Number(exports.moved() - moved)).toBeLessThanOrEqual(3 * big.length);
  });
});

function prelude(total: number, headers: number): Buffer {
  const frame = encodeRawFrame(new Uint8Array(0), new Uint8Array(0)).subarray(0, 12);
  frame.writeUInt32BE(total, 0);
  frame.writeUInt32BE(headers, 4);
  frame.writeUInt32BE(checksum(frame.subarray(0, 8)), 8);
  return frame;
}
