/** The JSON room against the platform's own JSON, on texts that nobody thought of. Seeds are fixed. */
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { lend } from "../support/harness";
import { cuts, ELEMENTS, JsonRoom, named, platformParse, VALUES } from "../unit/json/room";

const DOCUMENTS = 200_000;
const LONGEST = 1024;
const SEED = 20240229;

let json: JsonRoom;
let exports: JsonRoom["exports"];
beforeAll(async () => {
  json = await JsonRoom.open();
  exports = json.exports;
});

/** A small generator of numbers: fast, and the same everywhere. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * below);
  };
}

const TEXTS = [
  '{"model":"m","messages":[{"role":"user","content":"h\\u00e9llo \\ud83d\\ude00\\n 你好 😀 é"}],"t":0.5e-3,"e":{}}',
  "[1,-0,0.1,1e5,1E+5,-1.5e-10,12345678901234567890,0e0]",
  '"plain text that is longer than eight bytes, and \\"quoted\\" \\\\ too"',
  '[[],{},""," ",[[[]]],{"a":{"b":{}}}]',
  ' \t\r\n {"a" : [ 1 , 2 ] , "b":null , "c":true,"d":false} \n',
  "-12.5e+7",
  "true",
  '{"":"\u07ff\u0800\ud7ff\ue000\uffff\u{10000}\u{10ffff}\x7f"}',
].map((text) => Buffer.from(text));

const PIECES = [
  '"',
  "\\",
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "0",
  "1",
  "-",
  ".",
  "e",
  "E",
  "+",
  " ",
  "\n",
  "\t",
  "\0",
  "\x1f",
  "\x7f",
  "true",
  "null",
  "false",
  "\\n",
  "\\u",
  "\\u12",
  "\\uD800",
  "\\x",
  '""',
  "{}",
  "[]",
  "1.5",
  "/",
  "'",
  '"a":',
  ",1",
  "\x80",
  "\xbf",
  "\xc0\xaf",
  "\xc3\xa9",
  "\xe0\x80\x80",
  "\xe4\xbd\xa0",
  "\xe4\xbd",
  "\xed\xa0\x80",
  "\xef\xbb\xbf",
  "\xf0\x9f\x98\x80",
  "\xf0\x9f\x98",
  "\xf4\x90\x80\x80",
  "\xf8",
  "\xff",
].map((piece) => Buffer.from(piece, "latin1"));

/** A text with one to three small changes, most of which a parser must notice. */
function mutate(text: Buffer, random: (below: number) => number): Buffer {
  let mutated = text;
  for (let change = random(3); change >= 0; change--) {
    const at = random(mutated.length + 1);
    const head = mutated.subarray(0, at);
    switch (random(5)) {
      case 0:
        mutated = Buffer.concat([head, mutated.subarray(at + 1 + random(3))]);
        break;
      case 1:
        mutated = Buffer.concat([head, PIECES[random(PIECES.length)] ?? head, mutated.subarray(at)]);
        break;
      case 2:
        mutated = Buffer.from(mutated);
        mutated[at % Math.max(1, mutated.length)] = random(256);
        break;
      case 3: // swap a stretch for one of another text, or of this one
        mutated = Buffer.concat([
          head,
          (TEXTS[random(TEXTS.length)] ?? head).subarray(random(20), 20 + random(20)),
        ]);
        break;
      default: // wrap: stays valid where it was
        mutated = Buffer.concat([Buffer.from('[1,{"k":'), mutated, Buffer.from("}]")]);
    }
  }
  return mutated.subarray(0, LONGEST);
}

test(`${DOCUMENTS} mutated texts are JSON or not as the platform says, whole and cut`, () => {
  const random = generator(SEED);
  const pointer = exports.allocate(LONGEST);
  const wrong: string[] = [];
  let valid = 0;
  exports.scannerReset(1 << 30, 1 << 20);
  for (let round = 0; round < DOCUMENTS; round++) {
    const text = mutate(TEXTS[random(TEXTS.length)] as Buffer, random);
    const isValid = platformParse(text) !== undefined;
    new Uint8Array(exports.memory.buffer, pointer, text.length).set(text);
    const whole = exports.isJson(pointer, text.length, 0);
    const wholeDigest = exports.tapeDigest();
    const wholeOffset = exports.scannerOffset();
    const cut = exports.isJson(pointer, text.length, random(text.length + 1));
    const sameTape = exports.tapeDigest() === wholeDigest && exports.scannerOffset() === wholeOffset;
    if ((whole === 1) !== isValid || (cut === 1) !== isValid || !sameTape)
      wrong.push(text.toString("latin1"));
    if (isValid) valid++;
  }
  exports.release(pointer);
  expect(wrong).toEqual([]);
  expect(valid).toBeGreaterThan(DOCUMENTS / 10);
  expect(valid).toBeLessThan((DOCUMENTS * 9) / 10);
});

/** What the document says a value is, in the form that `JSON.parse` would give. */
function read(node: number): unknown {
  const raw = json.text(exports.raw(node));
  if (exports.kind(node) === 1) {
    const members: [string, unknown][] = [];
    for (let key = exports.firstMember(node); key >= 0; key = exports.nextMember(key)) {
      members.push([json.unescape(json.text(exports.body(key))), read(exports.valueOf(key))]);
    }
    return Object.fromEntries(members);
  }
  if (exports.kind(node) === 2) {
    const elements: unknown[] = [];
    for (let next = exports.firstElement(node); next >= 0; next = exports.nextElement(next))
      elements.push(read(next));
    return elements;
  }
  if (exports.kind(node) === 3) return json.unescape(json.text(exports.body(node)));
  if (exports.kind(node) === 4) return exports.decimal(node, Number.NaN);
  return JSON.parse(raw);
}

const ASCII_NAME = fc.string({ unit: fc.constantFrom(...'abc_-./ "\\\n'), maxLength: 6 });
const options = { seed: SEED, numRuns: 500 };

describe("for any value", () => {
  const value = fc
    .jsonValue({ maxDepth: 5, stringUnit: "binary" })
    .filter((any) => !JSON.stringify(any).includes("__proto__"));

  test("the document reads what JSON.stringify wrote, spaced or not", () => {
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1, "\t"), (any, space) => {
        const text = JSON.stringify(any, null, space);
        json.document(text, (root) => expect(read(root)).toEqual(JSON.parse(text)));
      }),
      options,
    );
  });

  test("a splitter gives the elements of an array and the values of a line of values", () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 4 }), fc.nat(), (values, at) => {
        const records = values.map((any) => JSON.stringify(any));
        const pieces = (text: string) => {
          const all = [...cuts(text)];
          return all[at % all.length] ?? [];
        };
        const expected = { records, error: "None", valid: true };
        expect(json.split(ELEMENTS, pieces(`[${records.join(", ")}]`))).toEqual(expected);
        expect(json.split(VALUES, pieces(records.join("\n")))).toEqual(expected);
      }),
      options,
    );
  });

  test("a splitter gives the objects of the members with a name", () => {
    fc.assert(
      fc.property(value, fc.nat(), (any, at) => {
        const wanted: string[] = [];
        const visit = (node: unknown, isSource: boolean): void => {
          if (Array.isArray(node)) {
            for (const element of node) {
              if (isSource && isObject(element)) wanted.push(JSON.stringify(element));
              else visit(element, false);
            }
          } else if (isObject(node)) {
            for (const [key, member] of Object.entries(node)) {
              if (key === "r" && isObject(member)) wanted.push(JSON.stringify(member));
              else visit(member, key === "r");
            }
          }
        };
        const renamed = JSON.parse(JSON.stringify(any), (_key, node) =>
          isObject(node)
            ? Object.fromEntries(
                Object.entries(node).map(([key, member], i) => [i === 0 ? "r" : key, member]),
              )
            : node,
        );
        visit(renamed, false);
        const all = [...cuts(JSON.stringify(renamed))];
        const { records, valid } = json.split(named("r"), all[at % all.length] ?? []);
        expect(valid).toBe(true);
        expect(records).toEqual(wanted);
      }),
      options,
    );
  });
});

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

describe("for any text", () => {
  test("escape is what JSON.stringify does, and unescape undoes it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        expect(json.quote(text)).toBe(JSON.stringify(text));
        expect(json.unescape(json.escape(text))).toBe(text);
      }),
      options,
    );
  });

  test("escape of any bytes is valid, and is the text that the platform's decoder makes of them", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (input) => {
        const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(input);
        expect(json.quote(input)).toBe(JSON.stringify(text));
      }),
      options,
    );
  });
});

test("removing, replacing, renaming and adding members gives the object that it gives in JavaScript", () => {
  const member = fc.record({
    name: ASCII_NAME,
    value: fc.jsonValue({ maxDepth: 2 }),
    space: fc.constantFrom("", " ", "\n\t"),
  });
  const edit = fc.record({
    action: fc.constantFrom("remove", "replace", "rename"),
    name: ASCII_NAME,
    index: fc.nat(9),
  });
  const unique = fc.uniqueArray(member, { selector: ({ name }) => name, maxLength: 6 });
  fc.assert(
    fc.property(unique, fc.array(edit, { maxLength: 3 }), fc.nat(2), (members, edits, added) => {
      const list = members.map(
        ({ name, value, space }) =>
          `${space}${JSON.stringify(name)}${space}:${JSON.stringify(value)}${space}`,
      );
      const text = `{${list.join(",")}}`;
      let wanted = members.map(({ name, value }) => ({ original: name, name, value: value as unknown }));
      json.document(text, (root) => {
        exports.patchesClear();
        exports.editsOpen(root);
        for (const { action, name: other, index } of edits) {
          const name = members[index % Math.max(1, members.length)]?.name ?? other;
          if (!members.some((each) => each.name === name)) continue;
          if (action === "remove") {
            lend(exports, [name], (at, length) => exports.editsRemove(at, length));
            wanted = wanted.filter((each) => each.original !== name);
          } else if (action === "replace") {
            lend(exports, [name, "[0]"], (at, length, to, size) =>
              exports.editsReplace(at, length, to, size),
            );
            for (const each of wanted) if (each.original === name) each.value = [0];
          } else {
            lend(exports, [name, "renamed"], (at, length, to, size) =>
              exports.editsRename(at, length, to, size),
            );
            for (const each of wanted) if (each.original === name) each.name = "renamed";
          }
        }
        for (let i = 0; i < added; i++) {
          lend(exports, [`added${i}`, `${i}`], (at, length, to, size) =>
            exports.editsAdd(at, length, to, size),
          );
        }
        expect(exports.editsClose()).toBe(1);
        const edited = lend(exports, [text], (at, length) => json.text(exports.patchesApply(at, length)));
        const extra = Array.from({ length: added }, (_, i) => [`added${i}`, i]);
        expect(pairs(edited)).toEqual([
          ...extra,
          ...wanted.map(({ name, value }) => [name, JSON.parse(JSON.stringify(value))]),
        ]);
      });
    }),
    options,
  );
});

/** Names and values in the order of the text, duplicates included. */
function pairs(text: string): [string, unknown][] {
  expect(platformParse(Buffer.from(text))).toBeDefined();
  return json.document(text, (root) => {
    const all: [string, unknown][] = [];
    for (let key = exports.firstMember(root); key >= 0; key = exports.nextMember(key)) {
      all.push([
        JSON.parse(json.text(exports.raw(key))),
        JSON.parse(json.text(exports.raw(exports.valueOf(key)))),
      ]);
    }
    return all;
  });
}
