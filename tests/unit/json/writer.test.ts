import { beforeAll, expect, test } from "vitest";
import { lend } from "../../support/harness";
import { JsonRoom } from "./room";

const CALLS = [
  "object",
  "endObject",
  "array",
  "endArray",
  "key",
  "keyBody",
  "string",
  "body",
  "text",
  "raw",
  "constant",
  "number",
  "bool",
  "null",
  "beginString",
] as const;
type Call = (typeof CALLS)[number];
type Step = Call | [Call, string | number | boolean];

let json: JsonRoom;
beforeAll(async () => {
  json = await JsonRoom.open();
});

function call(step: Step): void {
  const [name, argument] = Array.isArray(step) ? step : [step, ""];
  const text = typeof argument === "string" ? argument : "";
  lend(json.exports, [text], (pointer, length) =>
    json.exports.write(CALLS.indexOf(name), pointer, length, BigInt(text === "" ? Number(argument) : 0)),
  );
}

function write(...steps: Step[]): string {
  json.exports.writerReset();
  for (const step of steps) call(step);
  return json.text(json.exports.written());
}

test("commas come between members and elements, and nowhere else", () => {
  expect(write("object", "endObject")).toBe("{}");
  expect(write("array", "endArray")).toBe("[]");
  expect(write("array", "null", "null", "array", "endArray", "null", "endArray")).toBe("[null,null,[],null]");
  expect(
    write(
      "object",
      ["key", "a"],
      "object",
      ["key", "b"],
      "array",
      "object",
      "endObject",
      "object",
      "endObject",
      "endArray",
      ["key", "c"],
      ["number", 1],
      "endObject",
      ["key", "d"],
      ["number", 2],
      "endObject",
    ),
  ).toBe('{"a":{"b":[{},{}],"c":1},"d":2}');
});

test("every way to write a value", () => {
  const text = write(
    "array",
    ["string", "constant"],
    ["body", "still \\n escaped"],
    ["text", 'raw "text"\n'],
    ["raw", "1.50"],
    ["constant", '{"type":"x"}'],
    ["number", -12],
    ["number", 0],
    ["bool", true],
    ["bool", false],
    "null",
    ["beginString", 'x"y'],
    ["body", ""],
    "endArray",
  );
  expect(text).toBe(
    '["constant","still \\n escaped","raw \\"text\\"\\n",1.50,{"type":"x"},-12,0,true,false,null,"x\\"y",""]',
  );
});

test("names and members that come from a body or as constants", () => {
  const text = write(
    "object",
    ["keyBody", "na\\u006de"],
    ["number", 1],
    ["constant", '"a":1,"b":2'],
    ["key", "c"],
    "null",
    "endObject",
  );
  expect(text).toBe('{"na\\u006de":1,"a":1,"b":2,"c":null}');
});

test("values on the top level follow each other without a comma", () => {
  expect(write("object", "endObject", "object", "endObject", ["number", 1], "null")).toBe("{}{}1null");
  expect(write("array", "endArray", "array", ["number", 1], ["number", 2], "endArray")).toBe("[][1,2]");
});

test("an end too many does not disturb what comes next", () => {
  expect(write("endObject", "array", "null", "null", "endArray")).toBe("}[null,null]");
});

test("reset forgets a text that was not finished", () => {
  write("object", ["key", "a"], "array", "null");
  expect(write("object", ["key", "b"], "null", "endObject")).toBe('{"b":null}');
});

test("constants of every length", () => {
  for (let length = 0; length < 20; length++) {
    const text = "abcdefghijklmnopqrstuvwxyz".slice(0, length);
    expect(write("object", ["key", text], ["string", text], "endObject")).toBe(`{"${text}":"${text}"}`);
  }
});
