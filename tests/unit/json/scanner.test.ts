import { beforeAll, describe, expect, test } from "vitest";
import { bytes, cuts, ERRORS, type Input, JsonRoom, platformParse, single } from "./room";

let json: JsonRoom;
beforeAll(async () => {
  json = await JsonRoom.open();
});

const VALID: Record<string, Input> = {
  null: "null",
  true: "true",
  false: "false",
  "white space of all kinds around": " \t\r\n[ \t\r\n1 \t\r\n, \t\r\n2 \t\r\n] \t\r\n",
  "white space in an object": ' { "a" \n:\t1 ,\r"b" : { } } ',
  "empty object": "{}",
  "empty array": "[]",
  "empty string": '""',
  "empty key": '{"":""}',
  "duplicate keys": '{"a":1,"a":2}',
  "root string": '"text"',
  "nested containers": '[[],{},[[{"a":[{}]}]]]',
  zero: "0",
  "minus zero": "-0",
  "zero with fraction": "0.0",
  "zero with exponent": "0e0",
  "all parts of a number": "[-12.034e+56,1E-2,1e5,123456789012345678901234567890]",
  "huge exponent": "1e999999999",
  "every escape": '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\uABCD\\uabcd"',
  "surrogate pair": '"\\ud83d\\ude00"',
  "lone high surrogate": '"\\ud83d"',
  "lone low surrogate": '"\\ude00"',
  "surrogates in the wrong order": '"\\ude00\\ud83d"',
  "noncharacter U+FFFF": bytes('"\xef\xbf\xbf"'),
  "delete character": '"\x7f"',
  "line and paragraph separator": '"\u2028\u2029"',
  "byte order mark inside of a string": '"\ufeff"',
  "smallest of two, three and four bytes": '"\u0080\u0800\u{10000}"',
  "largest of two, three and four bytes": '"\u07ff\uffff\u{10ffff}"',
  "around the surrogates": '"\ud7ff\ue000"',
  "long plain text": `"${"plain text ".repeat(20)}"`,
  "text of several scripts": '"ascii, é, 你好, 😀, ascii"',
  "512 arrays": "[".repeat(512) + "]".repeat(512),
  "512 objects": `${'{"a":'.repeat(511)}{}${"}".repeat(511)}`,
};

const INVALID: Record<string, [Input, string, number]> = {
  empty: ["", "UnexpectedEnd", 0],
  "only white space": [" \n", "UnexpectedEnd", 2],
  "byte order mark": [bytes("\xef\xbb\xbf{}"), "UnexpectedByte", 0],
  NUL: [bytes("\0"), "UnexpectedByte", 0],
  "NUL behind the value": [bytes("{}\0"), "TrailingBytes", 2],
  "NUL in a string": [bytes('"\0"'), "ControlCharacter", 1],
  "form feed as white space": [bytes("\f1"), "UnexpectedByte", 0],
  "no-break space": [bytes("\xc2\xa01"), "UnexpectedByte", 0],
  "two values": ["1 2", "TrailingBytes", 2],
  "value behind an object": ["{}{}", "TrailingBytes", 2],
  "comma behind the root": ["[],", "TrailingBytes", 2],
  "closing bracket behind the root": ["[]]", "TrailingBytes", 2],
  "closing bracket first": ["]", "UnexpectedByte", 0],
  "closing brace behind a root number": ["1}", "TrailingBytes", 1],
  "open array": ["[1", "UnexpectedEnd", 2],
  "open object": ['{"a":1', "UnexpectedEnd", 6],
  "open string": ['"abc', "UnexpectedEnd", 4],
  "open escape": ['"abc\\', "UnexpectedEnd", 5],
  "key alone": ['{"a"', "UnexpectedEnd", 4],
  "key and colon": ['{"a":', "UnexpectedEnd", 5],
  "array closed as object": ["[1}", "UnexpectedByte", 2],
  "object closed as array": ['{"a":1]', "UnexpectedByte", 6],
  "empty array closed as object": ["[}", "UnexpectedByte", 1],
  "empty object closed as array": ["{]", "UnexpectedByte", 1],
  "trailing comma in an array": ["[1,]", "UnexpectedByte", 3],
  "trailing comma in an object": ['{"a":1,}', "UnexpectedByte", 7],
  "leading comma": ["[,1]", "UnexpectedByte", 1],
  "leading comma in an object": ['{,"a":1}', "UnexpectedByte", 1],
  "double comma": ["[1,,2]", "UnexpectedByte", 3],
  "missing comma": ['["a" "b"]', "UnexpectedByte", 5],
  "missing comma between members": ['{"a":1 "b":2}', "UnexpectedByte", 7],
  "missing colon": ['{"a" 1}', "UnexpectedByte", 5],
  "double colon": ['{"a"::1}', "UnexpectedByte", 5],
  "comma for colon": ['{"a",1}', "UnexpectedByte", 4],
  "colon in an array": ['["a":1]', "UnexpectedByte", 4],
  "missing value": ['{"a":}', "UnexpectedByte", 5],
  "key that is a number": ["{1:1}", "UnexpectedByte", 1],
  "key without quotes": ["{a:1}", "UnexpectedByte", 1],
  "key that is an object": ["{{}:1}", "UnexpectedByte", 1],
  "closed behind a key": ['{"a"}', "UnexpectedByte", 4],
  "second key missing": ['{"a":1,2}', "UnexpectedByte", 7],
  "single quotes": ["'a'", "UnexpectedByte", 0],
  comment: ["[1/*x*/]", "InvalidNumber", 2],
  "comment line": ["//x\n1", "UnexpectedByte", 0],
  NaN: ["NaN", "UnexpectedByte", 0],
  Infinity: ["-Infinity", "InvalidNumber", 1],
  undefined: ["undefined", "UnexpectedByte", 0],
  "literal in capitals": ["True", "UnexpectedByte", 0],
  "literal cut": ["tru", "UnexpectedEnd", 3],
  "literal cut in an array": ["[nul]", "InvalidLiteral", 4],
  "literal misspelt": ["flase", "InvalidLiteral", 1],
  "literal too long": ["nulll", "TrailingBytes", 4],
  "literal too long in an array": ["[truefalse]", "UnexpectedByte", 5],
  "leading zero": ["01", "InvalidNumber", 1],
  "minus leading zero": ["-01", "InvalidNumber", 2],
  "minus alone": ["-", "UnexpectedEnd", 1],
  "minus before a letter": ["[-x]", "InvalidNumber", 2],
  plus: ["+1", "UnexpectedByte", 0],
  "point first": [".5", "UnexpectedByte", 0],
  "point last": ["[1.]", "InvalidNumber", 3],
  "point last at the end": ["1.", "UnexpectedEnd", 2],
  "two points": ["1.2.3", "InvalidNumber", 3],
  "point before the exponent": ["1.e5", "InvalidNumber", 2],
  "exponent without digits": ["[1e]", "InvalidNumber", 3],
  "exponent with sign without digits": ["[1e+]", "InvalidNumber", 4],
  "exponent with two signs": ["1e+-5", "InvalidNumber", 3],
  "exponent with fraction": ["1e5.5", "InvalidNumber", 3],
  "two exponents": ["1e5e5", "InvalidNumber", 3],
  "sign inside of a number": ["1-2", "InvalidNumber", 1],
  hexadecimal: ["0x10", "InvalidNumber", 1],
  underscore: ["1_000", "InvalidNumber", 1],
  "number before a string": ['[1"a"]', "InvalidNumber", 2],
  "number before an object": ["[1{}]", "InvalidNumber", 2],
  "number before a colon": ['{"a":1:2}', "InvalidNumber", 6],
  "line feed in a string": ['"a\nb"', "ControlCharacter", 2],
  "tab in a string": ['"a\tb"', "ControlCharacter", 2],
  "U+001F in a string": ['"a\x1fb"', "ControlCharacter", 2],
  "line feed in a key": ['{"a\n":1}', "ControlCharacter", 3],
  "unknown escape": ['"\\x"', "InvalidEscape", 2],
  "escape of an apostrophe": ['"\\\'"', "InvalidEscape", 2],
  "escape in capitals": ['"\\N"', "InvalidEscape", 2],
  "escaped line feed": ['"\\\n"', "InvalidEscape", 2],
  "escaped byte above ASCII": [bytes('"\\\xc3\xa9"'), "InvalidEscape", 2],
  "short unicode escape": ['"\\u12"', "InvalidEscape", 5],
  "unicode escape without digits": ['"\\u"', "InvalidEscape", 3],
  "unicode escape in capitals": ['"\\U0041"', "InvalidEscape", 2],
  "unicode escape with a letter G": ['"\\u12G4"', "InvalidEscape", 5],
  "unicode escape with a slash below 0": ['"\\u12/4"', "InvalidEscape", 5],
  "unicode escape with a colon above 9": ['"\\u12:4"', "InvalidEscape", 5],
  "unicode escape with an at sign below A": ['"\\u12@4"', "InvalidEscape", 5],
  "continuation byte alone": [bytes('"\x80"'), "InvalidUtf8", 1],
  "overlong of two bytes, C0": [bytes('"\xc0\x80"'), "InvalidUtf8", 1],
  "overlong quote, C0 A2": [bytes('"\xc0\xa2"'), "InvalidUtf8", 1],
  "overlong of two bytes, C1": [bytes('"\xc1\xbf"'), "InvalidUtf8", 1],
  "overlong of three bytes": [bytes('"\xe0\x9f\xbf"'), "InvalidUtf8", 2],
  "overlong of four bytes": [bytes('"\xf0\x8f\xbf\xbf"'), "InvalidUtf8", 2],
  "first surrogate": [bytes('"\xed\xa0\x80"'), "InvalidUtf8", 2],
  "last surrogate": [bytes('"\xed\xbf\xbf"'), "InvalidUtf8", 2],
  "above U+10FFFF": [bytes('"\xf4\x90\x80\x80"'), "InvalidUtf8", 2],
  "five bytes": [bytes('"\xf8\x88\x80\x80\x80"'), "InvalidUtf8", 1],
  "byte F5": [bytes('"\xf5\x80\x80\x80"'), "InvalidUtf8", 1],
  "byte FF": [bytes('"\xff"'), "InvalidUtf8", 1],
  "two bytes without the second": [bytes('"\xc3"'), "InvalidUtf8", 2],
  "three bytes without the third": [bytes('"\xe4\xbd"'), "InvalidUtf8", 3],
  "four bytes without the fourth": [bytes('"\xf0\x9f\x98"'), "InvalidUtf8", 4],
  "three bytes, the second wrong": [bytes('"\xe4\x20\xa0 "'), "InvalidUtf8", 2],
  "character cut by the end": [bytes('"\xe4\xbd'), "UnexpectedEnd", 3],
  "invalid character behind valid ones": [bytes('"\xe4\xbd\xa0\xe5\xa5\xbd\xe4"'), "InvalidUtf8", 8],
  "latin1 text": [bytes('"caf\xe9 au lait"'), "InvalidUtf8", 5],
  "bytes above ASCII outside of a string": [bytes("[\xe4\xbd\xa0]"), "UnexpectedByte", 1],
  "513 arrays": ["[".repeat(513) + "]".repeat(513), "TooDeep", 512],
  "100000 arrays": ["[".repeat(100_000), "TooDeep", 512],
};

describe("texts that are JSON", () => {
  test.each(Object.entries(VALID))("%s", (_name, text) => {
    expect(platformParse(Buffer.from(text as string))).toBeDefined();
    const whole = json.scan([text]);
    expect(whole).toMatchObject({ valid: true, error: "None", offset: Buffer.from(text as string).length });
    for (const pieces of cuts(text)) expect(json.scan(pieces)).toEqual(whole);
    expect(json.scan(single(text))).toEqual(whole);
  });
});

describe("texts that are not JSON: error and its offset", () => {
  test.each(Object.entries(INVALID))("%s", (_name, [text, error, offset]) => {
    if (error !== "TooDeep") expect(platformParse(Buffer.from(text as string))).toBeUndefined();
    const whole = json.scan([text]);
    expect(whole).toMatchObject({ valid: false, error, offset });
    if (text.length > 2000) return;
    for (const pieces of cuts(text)) expect(json.scan(pieces)).toEqual(whole);
    expect(json.scan(single(text))).toEqual(whole);
  });
});

test("an error is sticky: nothing that follows is read", () => {
  const { exports } = json;
  expect(json.scan(["[1", "x", "]"])).toMatchObject({ valid: false, offset: 2 });
  exports.scannerReset(0, 10);
  expect(json.scan(["[1]"]).valid).toBe(true);
});

test("a root value is complete when it closed, a root number only behind white space or at the end", () => {
  const { exports } = json;
  const complete = (text: string) => {
    json.scan([]);
    exports.scannerReset(0, 10);
    const pointer = exports.allocate(16);
    new Uint8Array(exports.memory.buffer, pointer, text.length).set(Buffer.from(text));
    exports.scannerFeed(pointer, text.length);
    exports.release(pointer);
    return exports.scannerComplete() === 1;
  };
  expect(["{}", "[1]", '"a"', "null", "12 "].map(complete)).toEqual([true, true, true, true, true]);
  expect(["{", "[1", '"a', "nul", "12"].map(complete)).toEqual([false, false, false, false, false]);
});

describe("tokens", () => {
  const TEXT = ' {"a":[1,-2.5e3,"x\\n"],"\\u0062":{"c":null},"d":true, "e":false}';

  test("tell kind, place, depth and flags of every value and key, and what is behind its subtree", () => {
    json.scan([TEXT]);
    const tokens = json.tokens();
    const seen = tokens.map(
      (token, index) =>
        `${index}>${token.next} ${"  ".repeat(token.depth)}${token.kind} ${TEXT.slice(token.start, token.end)} ${token.flags}`,
    );
    expect(seen).toEqual(
      [
        '0>13 object {"a":[1,-2.5e3,"x\\n"],"\\u0062":{"c":null},"d":true, "e":false} ',
        '1>2   string "a" key',
        '2>6   array [1,-2.5e3,"x\\n"] ',
        "3>4     number 1 ",
        "4>5     number -2.5e3 fraction exponent",
        '5>6     string "x\\n" escape',
        '6>7   string "\\u0062" key escape',
        '7>10   object {"c":null} ',
        '8>9     string "c" key',
        "9>10     null null ",
        '10>11   string "d" key',
        "11>12   true true ",
        '12>13   string "e" key',
        "13>14   false false ",
      ].map((line) => line.replace(/^0>13/, "0>14")),
    );
  });

  test.each([-1, 0, 1, 2])("down to depth %i only", (depth) => {
    json.scan([TEXT]);
    const all = json.tokens();
    const wanted = all.filter((token) => token.depth <= depth);
    for (const pieces of cuts(TEXT)) {
      expect(json.scan(pieces, depth).valid).toBe(true);
      const tokens = json.tokens();
      expect(tokens.map(({ next: _, ...token }) => token)).toEqual(
        wanted.map(({ next: _, ...token }) => token),
      );
      for (const token of tokens) expect(tokens[token.next]?.depth ?? 0).toBeLessThanOrEqual(token.depth);
    }
  });

  test("more than the limit are an error, at the value that is one too many", () => {
    expect(json.scan(["[1,2,3]"], 9, 4)).toMatchObject({ valid: true });
    expect(json.scan(["[1,2,3]"], 9, 3)).toMatchObject({ error: "TooManyTokens", offset: 5 });
    expect(json.scan(['{"a":1,"b":2}'], 9, 3)).toMatchObject({ error: "TooManyTokens", offset: 7 });
    expect(json.scan(["[[1,2,3,4,5]]"], 1, 2)).toMatchObject({ valid: true });
    const many = `[${"1,".repeat(99_999)}1]`;
    expect(json.scan([many], 9, 100_001)).toMatchObject({ valid: true });
    expect(json.scan([many], 9, 100_000)).toMatchObject({ error: "TooManyTokens", offset: many.length - 2 });
  });
});

test("scan stops where keys and values begin and end down to a depth, wherever the text is cut", () => {
  const { exports } = json;
  const TEXT = '{"a":[1,{"x":2}],"b":"s" ,"c":12}';
  const EVENTS = ["none", "key(", "key)", "value(", "value)"];
  const wanted = [
    "value( 1 0",
    "key( 2 1",
    "key) 4 1",
    "value( 6 1",
    "value) 16 1",
    "key( 18 1",
    "key) 20 1",
    "value( 22 1",
    "value) 24 1",
    "key( 27 1",
    "key) 29 1",
    "value( 31 1",
    "value) 32 1",
    "value) 33 0",
  ];
  for (const pieces of [[Buffer.from(TEXT)], single(TEXT), ...cuts(TEXT)]) {
    exports.scannerReset(-1, 10);
    const seen: string[] = [];
    for (const piece of pieces) {
      const pointer = exports.allocate(64);
      new Uint8Array(exports.memory.buffer, pointer, piece.length).set(piece);
      for (let used = 0; ; ) {
        used += exports.scannerScan(pointer + used, piece.length - used, 1);
        if (exports.scannerEvent() === 0) break;
        seen.push(
          `${EVENTS[exports.scannerEvent()]} ${exports.scannerOffset()} ${exports.scannerEventDepth()}`,
        );
      }
      exports.release(pointer);
    }
    expect(seen).toEqual(wanted);
    expect(exports.scannerEnd()).toBe(1);
  }
});

test("every error has a text of its own", () => {
  const texts = ERRORS.map((_, error) => json.text(json.exports.errorText(error)));
  expect(new Set(texts).size).toBe(ERRORS.length);
  expect(texts).not.toContain("unknown error");
  expect(json.text(json.exports.errorText(99))).toBe("unknown error");
});
