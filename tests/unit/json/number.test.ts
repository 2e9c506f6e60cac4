import { beforeAll, describe, expect, test } from "vitest";
import { lend } from "../../support/harness";
import { JsonRoom } from "./room";

let json: JsonRoom;
beforeAll(async () => {
  json = await JsonRoom.open();
});

const FALLBACK = -77n;
const integer = (text: string) =>
  lend(json.exports, [text], (pointer, length) => json.exports.parseIntegerText(pointer, length, FALLBACK));
const decimal = (text: string, fallback = Number.NaN) =>
  lend(json.exports, [text], (pointer, length) => json.exports.parseDecimalText(pointer, length, fallback));

describe("integers", () => {
  test.each<[string, bigint]>([
    ["0", 0n],
    ["-0", 0n],
    ["0.000", 0n],
    ["0e5", 0n],
    ["0e99999999999999999999", 0n],
    ["1", 1n],
    ["-1", -1n],
    ["100", 100n],
    ["1e2", 100n],
    ["1E+2", 100n],
    ["1.0", 1n],
    ["-1.50e1", -15n],
    ["100e-2", 1n],
    ["12300e-2", 123n],
    ["0.00012e5", 12n],
    ["0.5e1", 5n],
    ["4096.000000000000000000000000000", 4096n],
    [`1${"0".repeat(40)}e-40`, 1n],
    ["9223372036854775807", 9223372036854775807n],
    ["-9223372036854775808", -9223372036854775808n],
    ["9.223372036854775807e18", 9223372036854775807n],
    ["922337203685477580.7e1", 9223372036854775807n],
    ["1e18", 1000000000000000000n],
  ])("%s", (text, value) => {
    expect(integer(text)).toBe(value);
  });

  test.each([
    "1.5",
    "0.1",
    "1e-1",
    "15e-1",
    "9223372036854775808",
    "-9223372036854775809",
    "9999999999999999999",
    "18446744073709551616",
    "99999999999999999999",
    "1e19",
    "1e99999999999999999999",
    "1e-99999999999999999999",
    "123456789012345678901234567890",
    "",
    "-",
    "x",
    "1x",
    "1.2.3",
  ])("%s is none of 64 bits", (text) => {
    expect(integer(text)).toBe(FALLBACK);
  });
});

describe("decimals are what JSON.parse gives", () => {
  test.each([
    "0",
    "-0",
    "0.0e10",
    "1",
    "-1",
    "0.1",
    "0.2",
    "0.7",
    "1.0",
    "1e2",
    "1.5e-3",
    "123456789012345",
    "0.000001",
    "9007199254740991",
    "9007199254740992",
    "9007199254740993",
    "9007199254740995",
    "-9007199254740993.0",
    "9007199254740993.00000000000000000000000000000001",
    "1e22",
    "1e23",
    "1e-22",
    "1e-23",
    "123456789e22",
    "9.5e-22",
    "0.30000000000000004",
    "0.3000000000000000444089209850062616169452667236328125",
    "3.141592653589793238462643",
    "1.7976931348623157e308",
    "1.7976931348623158e308",
    "179769313486231570000e288",
    "2.2250738585072014e-308",
    "2.2250738585072011e-308",
    "2.225073858507201e-308",
    "4.9406564584124654e-324",
    "5e-324",
    "3e-324",
    "2.4703282292062328e-324",
    "2.4703282292062327e-324",
    "2e-324",
    "1e-330",
    "1e-400",
    "1e-99999999999",
    "6.9294956446009195e15",
    "7.2057594037927933e16",
    "8.5e-324",
    "1.00000000000000011102230246251565404",
    "1.00000000000000011102230246251565405",
    "1.00000000000000011102230246251565403",
    "100000000000000000000000000000000000e-35",
    `0.${"0".repeat(400)}1e400`,
    `1${"0".repeat(400)}e-400`,
    `0.1${"0".repeat(900)}1`,
    `9007199254740992.${"9".repeat(900)}`,
    `9007199254740993.${"0".repeat(900)}1`,
    "1.7014118346046923e38",
    "340282356779733661637539395458142568447",
  ])("%s", (text) => {
    expect(decimal(text)).toBe(JSON.parse(text));
  });

  test("for numbers halfway between two doubles, exactly written and a digit off", () => {
    // 2^-1074 times an odd half: the longest exact decimal that a rounding can depend on (767 digits).
    const scale = 1075n;
    for (const half of [1n, 3n, 2n ** 53n + 1n, 2n ** 54n - 1n]) {
      const exact = `${half * 5n ** scale}`;
      for (const digits of [exact, `${exact}1`, `${BigInt(exact) - 1n}`, `${BigInt(exact) + 1n}`]) {
        const text = `${digits}e-${Number(scale) + digits.length - exact.length}`;
        expect(decimal(text)).toBe(JSON.parse(text));
      }
    }
  });

  test("for 100,000 doubles in their shortest form, and with digits changed", () => {
    const bits = new DataView(new ArrayBuffer(8));
    let seed = 20240229;
    const random = () => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed;
    };
    const { exports } = json;
    const pointer = exports.allocate(64);
    const parse = (text: string) => {
      const { written } = new TextEncoder().encodeInto(
        text,
        new Uint8Array(exports.memory.buffer, pointer, 64),
      );
      return exports.parseDecimalText(pointer, written, Number.NaN);
    };
    const wrong: string[] = [];
    for (let i = 0; i < 50_000; i++) {
      bits.setUint32(0, random());
      bits.setUint32(4, random());
      const value = bits.getFloat64(0);
      if (!Number.isFinite(value)) continue;
      const shortest = String(value);
      const longer = value.toExponential(20).replace("e", `${random() % 1000}e`);
      for (const text of [shortest, longer]) {
        const expected = JSON.parse(text.replace("e+", "e"));
        if (Number.isFinite(expected) && !Object.is(parse(text), expected)) wrong.push(text);
      }
    }
    exports.release(pointer);
    expect(wrong).toEqual([]);
  });

  test("beyond the largest double: the fallback", () => {
    for (const text of [
      "1e309",
      "1.7976931348623159e308",
      "-1e400",
      "1e99999999999999",
      `1${"0".repeat(309)}`,
    ]) {
      expect(Math.abs(JSON.parse(text))).toBe(Number.POSITIVE_INFINITY);
      expect(decimal(text, 0.25)).toBe(0.25);
    }
  });

  test("of what is no number: the fallback", () => {
    for (const text of ["", "-", "x", "1x", "1.2.3"]) expect(decimal(text, 0.25)).toBe(0.25);
  });
});

test("a number of a million digits takes no time worth mentioning", () => {
  const digits = "7".repeat(1_000_000);
  expect(decimal(`0.${digits}`)).toBe(0.7777777777777778);
  expect(integer(digits)).toBe(FALLBACK);
  expect(decimal(`${digits}e-999999`)).toBe(7.777777777777778);
});
