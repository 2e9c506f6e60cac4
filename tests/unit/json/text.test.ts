import { beforeAll, describe, expect, test } from "vitest";
import { lend } from "../../support/harness";
import { bytes, type Input, JsonRoom } from "./room";

let json: JsonRoom;
beforeAll(async () => {
  json = await JsonRoom.open();
});

const equalsBody = (body: Input, text: string) =>
  lend(json.exports, [body, text], (pointer, length, textPointer, textLength) =>
    json.exports.equalsBody(pointer, length, textPointer, textLength),
  ) === 1;

describe("escape", () => {
  test("does what JSON.stringify does, for every character of the basic plane", () => {
    for (let from = 0; from < 0x10000; from += 0x400) {
      if (from >= 0xd800 && from < 0xe000) continue;
      const text = String.fromCharCode(...Array.from({ length: 0x400 }, (_, i) => from + i));
      expect(json.quote(text)).toBe(JSON.stringify(text));
    }
  });

  test.each([
    ["", ""],
    ["plain", "plain"],
    ['"', '\\"'],
    ["\\", "\\\\"],
    ["/", "/"],
    ["\b\f\n\r\t", "\\b\\f\\n\\r\\t"],
    ["\0\x0b\x1f\x7f", "\\u0000\\u000b\\u001f\x7f"],
    ["😀\u{10ffff}", "😀\u{10ffff}"],
    ['{"a":"b\\n"}', '{\\"a\\":\\"b\\\\n\\"}'],
  ])("%j", (text, body) => {
    expect(json.escape(text)).toBe(body);
    expect(JSON.parse(json.quote(text))).toBe(text);
  });

  test("finds what is special at every place of a word of eight bytes", () => {
    for (const special of ['"', "\\", "\n", "\x1f", "é", "你", "😀", "\0"]) {
      for (let at = 0; at < 20; at++) {
        for (const rest of [0, 1, 7, 8, 9]) {
          const text = `${"a".repeat(at)}${special}${"b".repeat(rest)}${special}`;
          expect(json.quote(text)).toBe(JSON.stringify(text));
        }
      }
    }
  });

  test("replaces what is not UTF-8 as the platform's decoder does", () => {
    const wrong: string[] = [];
    const heads = [0x41, 0x7f, 0x80, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef];
    const leads = [...heads, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff];
    const tails = [0x22, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc2, 0xe4, 0xf0];
    for (const first of leads) {
      for (const second of tails) {
        for (const third of tails) {
          for (const fourth of [undefined, ...tails]) {
            const input = Uint8Array.from([
              0x61,
              first,
              second,
              third,
              ...(fourth === undefined ? [] : [fourth]),
            ]);
            const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(input);
            if (json.quote(input) !== JSON.stringify(text)) wrong.push(Buffer.from(input).toString("hex"));
          }
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe("unescape", () => {
  const halves = [
    "\\ud800",
    "\\udbff",
    "\\udc00",
    "\\udfff",
    "\\uD83D",
    "\\uDE00",
    "\\u0041",
    "\\n",
    "x",
    "你",
    "",
  ];

  test("surrogates: pairs become one character, halves U+FFFD", () => {
    for (const first of halves) {
      for (const second of halves) {
        for (const third of halves) {
          const body = `${first}${second}${third}`;
          const text: string = JSON.parse(`"${body}"`);
          expect(json.unescape(body)).toBe(Buffer.from(text).toString()); // halves become U+FFFD on the way
        }
      }
    }
  });

  test("undoes escape, and every way to write a character", () => {
    for (let code = 0; code < 0x10000; code += code < 0x900 ? 1 : 37) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const character = String.fromCharCode(code);
      const digits = code.toString(16).padStart(4, "0");
      expect(json.unescape(json.escape(character))).toBe(character);
      expect(json.unescape(`\\u${digits}`)).toBe(character);
      expect(json.unescape(`a\\u${digits.toUpperCase()}b`)).toBe(`a${character}b`);
    }
    expect(json.unescape('\\"\\\\\\/\\b\\f\\n\\r\\t')).toBe('"\\/\b\f\n\r\t');
  });

  test("of what no scanner lets through never reads beyond the body", () => {
    expect(json.unescape("a\\")).toBe("a\ufffd");
    expect(json.unescape("\\u")).toBe("\ufffd");
    expect(json.unescape("\\u12")).toBe("\ufffd12");
    expect(json.unescape("\\u12G4")).toBe("\ufffd12G4");
    expect(json.unescape("\\ud83d\\")).toBe("\ufffd\ufffd");
    expect(json.unescape("\\ud83d\\u")).toBe("\ufffd\ufffd");
    expect(json.unescape("\\x")).toBe("x");
  });
});

test("a JSON text in a string, and again, comes back byte for byte", () => {
  const text = '{"q":"say \\"hi\\"\\n","path":"C:\\\\x","u":"\\u00e9 é 😀"}';
  const once = json.escape(text);
  const twice = json.escape(once);
  expect(JSON.parse(`"${once}"`)).toBe(text);
  expect(JSON.parse(`"${JSON.parse(`"${twice}"`)}"`)).toBe(text);
  expect(json.unescape(json.unescape(twice))).toBe(text);
});

test("bodyEquals compares what the body stands for", () => {
  expect(equalsBody("model", "model")).toBe(true);
  expect(equalsBody("m\\u006fdel", "model")).toBe(true);
  expect(equalsBody("\\u006D\\u006F\\u0064\\u0065\\u006C", "model")).toBe(true);
  expect(equalsBody("a\\/b\\\\c\\n", "a/b\\c\n")).toBe(true);
  expect(equalsBody("", "")).toBe(true);
  for (const body of ["mode", "modell", "m\\u016fdel", "m\\u006f", "model\\u0000", "\\u006", "mode\\", ""]) {
    expect(equalsBody(body, "model")).toBe(false);
  }
  expect(equalsBody(bytes("\xc3\xa9"), "ab")).toBe(false);
  expect(equalsBody("a", "")).toBe(false);
});
