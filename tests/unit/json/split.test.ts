import { beforeAll, describe, expect, test } from "vitest";
import { lend } from "../../support/harness";
import { cuts, ELEMENTS, type Input, JsonRoom, named, type SplitMode, single, VALUES } from "./room";

let json: JsonRoom;
beforeAll(async () => {
  json = await JsonRoom.open();
});

/** What comes of the text whole, which must come of it in any two pieces and in pieces of one byte. */
function split(mode: SplitMode, text: Input, limit?: number) {
  const whole = json.split(mode, [text], limit);
  for (const pieces of cuts(text)) expect(json.split(mode, pieces, limit)).toEqual(whole);
  expect(json.split(mode, single(text), limit)).toEqual(whole);
  return whole;
}

const complete = (...records: string[]) => ({ records, error: "None", valid: true });
const failed = (error: string, ...records: string[]) => ({ records, error, valid: false });

describe("the elements of an array", () => {
  test.each<[string, string[]]>([
    ["[]", []],
    [" [ ] ", []],
    ["[1]", ["1"]],
    ['[{"a":1},[2,[3]],"x",true,-1.5e3,null]', ['{"a":1}', "[2,[3]]", '"x"', "true", "-1.5e3", "null"]],
    ['\n[ {"a" : 1 }\r\n,\n{"b":[ ]} ,"é 😀\\n" , 7 ] \n', ['{"a" : 1 }', '{"b":[ ]}', '"é 😀\\n"', "7"]],
    ["[[[]]]", ["[[]]"]],
  ])("%j", (text, records) => {
    expect(split(ELEMENTS, text)).toEqual(complete(...records));
  });

  test.each<[string, string, string[]]>([
    ["", "UnexpectedEnd", []],
    [" ", "UnexpectedEnd", []],
    ["{}", "NotArray", []],
    ["1", "NotArray", []],
    ["x", "NotArray", []],
    ['[{"a":1},', "UnexpectedEnd", ['{"a":1}']],
    ['[{"a":1},{"b"', "UnexpectedEnd", ['{"a":1}']],
    ["[1", "UnexpectedEnd", []],
    ["[1,2", "UnexpectedEnd", ["1"]],
    ['[{"a":1},{"b":x},{"c":1}]', "UnexpectedByte", ['{"a":1}']],
    ["[1,2,]", "UnexpectedByte", ["1", "2"]],
    ["[1][2]", "TrailingBytes", ["1"]],
    ["[1]x", "TrailingBytes", ["1"]],
  ])("%j ends as %s", (text, error, records) => {
    expect(split(ELEMENTS, text)).toEqual(failed(error, ...records));
  });
});

describe("values one after another", () => {
  test.each<[string, string[]]>([
    ["", []],
    [" \n", []],
    ['{"a":1}{"b":2}', ['{"a":1}', '{"b":2}']],
    ['{"a":1}\n{"b":2}\n', ['{"a":1}', '{"b":2}']],
    [' [1] "x" null\r\n12 -0.5e1\t{} ', ["[1]", '"x"', "null", "12", "-0.5e1", "{}"]],
    ['""""truefalse[]null', ['""', '""', "true", "false", "[]", "null"]],
    ["1", ["1"]],
    ["1 2", ["1", "2"]],
    ["{}12", ["{}", "12"]],
  ])("%j", (text, records) => {
    expect(split(VALUES, text)).toEqual(complete(...records));
  });

  test.each<[string, string, string[]]>([
    ['{"a":1}{"b"', "UnexpectedEnd", ['{"a":1}']],
    ["{}-", "UnexpectedEnd", ["{}"]],
    ["{}tru", "UnexpectedEnd", ["{}"]],
    ["{},{}", "UnexpectedByte", ["{}"]],
    ['1"a"', "InvalidNumber", []],
    ["1{}", "InvalidNumber", []],
    ["1-2", "InvalidNumber", []],
    ["12,3", "UnexpectedByte", ["12"]],
    ["{}x{}", "UnexpectedByte", ["{}"]],
    ["\ufeff{}", "UnexpectedByte", []],
  ])("%j ends as %s", (text, error, records) => {
    expect(split(VALUES, text)).toEqual(failed(error, ...records));
  });
});

describe("objects of the members with a name", () => {
  const INSTANCE = named("instance");

  test("as the value and as elements of an array, at any depth", () => {
    const text = `{"applications":{"versions__delta":"1","application":[
      {"name":"A","instance":[{"id":1,"instance":{"inner":true}}, {"id":2}]},
      {"name":"B","instance":{"id":3}},
      {"name":"C","instance":[]},
      {"name":"instance","other":{"id":4}},
      {"\\u0069nst\\u0061nce":[{"id":5}]}]},"instance":[[{"id":6}],7,"x",{"id":8}],
      "x":{"y":[{"instance":null},{"instance":"s"},{"instance":[{"id":9}]}]}}`;
    expect(split(INSTANCE, text)).toEqual(
      complete(
        '{"id":1,"instance":{"inner":true}}',
        '{"id":2}',
        '{"id":3}',
        '{"id":5}',
        '{"id":8}',
        '{"id":9}',
      ),
    );
  });

  test("also inside of what stands in such an array without being a record", () => {
    const text = '{"instance":[[{"instance":[{"a":1}]},{"b":2}],{"c":3},[{"instance":{"d":4}}]]}';
    expect(split(INSTANCE, text)).toEqual(complete('{"a":1}', '{"c":3}', '{"d":4}'));
  });

  test.each<[string, string[]]>([
    ["{}", []],
    ["[]", []],
    ["12", []],
    ['"instance"', []],
    ['["instance",{"a":1}]', []],
    ['{"instances":{"a":1},"instanc":{"a":2},"Instance":{"a":3},"":{"a":4}}', []],
    [`{"${"x".repeat(100)}":{"a":1},"instance":{}}`, ["{}"]],
    [`{"${"\\u0069".repeat(8)}":{"a":1},"instance":{ } }`, ["{ }"]],
    ['{"\\u0069\\u006e\\u0073\\u0074\\u0061\\u006e\\u0063\\u0065":{"a":1}}', ['{"a":1}']],
    ['{"a":"instance","b":{"instance":1,"c":{}}}', []],
    ['{"instance":{"a":"}{\\"]"}}', ['{"a":"}{\\"]"}']],
  ])("%j", (text, records) => {
    expect(split(INSTANCE, text)).toEqual(complete(...records));
  });

  test("below 511 arrays, which are as many as JSON text may have around it", () => {
    const text = `${"[".repeat(510)}{"instance":{"a":1}}${"]".repeat(510)}`;
    expect(json.split(INSTANCE, [text])).toEqual(complete('{"a":1}'));
  });

  test.each<[string, string, string[]]>([
    ['{"instance":[{"a":1},{"b":', "UnexpectedEnd", ['{"a":1}']],
    ['{"instance":{"a":1}', "UnexpectedEnd", ['{"a":1}']],
    ['{"instance":{"a":1}]', "UnexpectedByte", ['{"a":1}']],
    ['{"instance":{"a":1}}{}', "TrailingBytes", ['{"a":1}']],
    ['{"instance"{"a":1}}', "UnexpectedByte", []],
    ["", "UnexpectedEnd", []],
  ])("%j ends as %s", (text, error, records) => {
    expect(split(INSTANCE, text)).toEqual(failed(error, ...records));
  });

  test("a registry in windows of any size", () => {
    const instances = Array.from({ length: 40 }, (_, id) => ({
      instanceId: `host-${id}:app`,
      metadata: { zone: "z" },
    }));
    const registry = { applications: { application: [{ name: "A", instance: instances }] } };
    const text = Buffer.from(JSON.stringify(registry, null, 1));
    for (const size of [1, 7, 64, 100, 1000, 65536]) {
      const pieces: Buffer[] = [];
      for (let at = 0; at < text.length; at += size) pieces.push(text.subarray(at, at + size));
      const { records, valid } = json.split(INSTANCE, pieces);
      expect(valid).toBe(true);
      expect(records.map((record) => JSON.parse(record))).toEqual(instances);
    }
  });
});

describe("a record may have the limit of bytes, and not one more", () => {
  test.each<[SplitMode, string]>([
    [ELEMENTS, '["12345678",{},"123456789",{}]'],
    [VALUES, '"12345678"{}"123456789"{}'],
    [named("r"), '{"r":[{"a":"34"},{},{"a":"345"},{}]}'],
  ])("%j of %j", (mode, text) => {
    const { records, error, valid } = split(mode, text, 10);
    expect({ error, valid, count: records.length }).toEqual({ error: "TooLarge", valid: false, count: 2 });
  });

  test("whatever is wrong behind the limit is not reached, however the text is cut", () => {
    expect(split(ELEMENTS, '["12345678\n"]', 10)).toEqual(failed("ControlCharacter"));
    expect(split(ELEMENTS, '["123456789\n"]', 10)).toEqual(failed("ControlCharacter"));
    expect(split(ELEMENTS, '["1234567890\n"]', 10)).toEqual(failed("TooLarge"));
    expect(split(VALUES, '"1234567890', 10)).toEqual(failed("TooLarge"));
    expect(split(VALUES, "12345678901", 10)).toEqual(failed("TooLarge"));
    expect(split(VALUES, "1234567890", 10)).toEqual(complete("1234567890"));
  });

  test("and keys are no records", () => {
    expect(split(named("r"), `{"${"k".repeat(100)}":{"r":{}}}`, 10)).toEqual(complete("{}"));
  });
});

test("a record that lies whole in a piece is not copied", () => {
  const { exports } = json;
  lend(exports, [""], (name, length) => exports.splitterNew(0, name, length, 100));
  lend(exports, ["[{},[1],", '"a"]'], (first, firstLength, second, secondLength) => {
    const record = () => [exports.splitterNext(), Number(exports.splitterRecord() & 0xffffffffn)];
    exports.splitterFeed(first, firstLength);
    expect(record()).toEqual([1, first + 1]);
    expect(record()).toEqual([1, first + 4]);
    expect(record()).toEqual([0, 0]);
    exports.splitterFeed(second, secondLength);
    expect(record()).toEqual([1, second]);
    expect(record()).toEqual([0, 0]);
    expect(exports.splitterEnd()).toBe(1);
  });
});

test("after a reset a splitter reads another text, whatever the one before left open", () => {
  const { exports } = json;
  lend(exports, ["r"], (name, length) => exports.splitterNew(2, name, length, 100));
  for (const left of ['{"r":[{"a":1', '{"r":', '{"r', '{"r":[{"a":x', '{"x":{"r":[1,{}']) {
    const read = (text: string) =>
      lend(exports, [text], (pointer, length) => {
        const records: string[] = [];
        exports.splitterFeed(pointer, length);
        while (exports.splitterNext() === 1) records.push(json.text(exports.splitterRecord()));
        return records;
      });
    read(left);
    exports.splitterReset();
    expect(read('[{"a":1},{"r":{"b":2}}]')).toEqual(['{"b":2}']);
    expect(exports.splitterEnd()).toBe(1);
    exports.splitterReset();
  }
});
