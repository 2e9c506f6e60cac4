import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { lend } from "../../support/harness";
import { JsonRoom } from "./room";

let json: JsonRoom;
let exports: JsonRoom["exports"];
beforeAll(async () => {
  json = await JsonRoom.open();
  exports = json.exports;
});
beforeEach(() => exports.patchesClear());

const replace = (from: number, to: number, text: string) =>
  lend(exports, [text], (pointer, length) => exports.patchesReplace(from, to, pointer, length)) === 1;
const insert = (at: number, text: string) =>
  lend(exports, [text], (pointer, length) => exports.patchesInsert(at, pointer, length)) === 1;
const remove = (from: number, to: number) => exports.patchesRemove(from, to) === 1;

/** The edited text; its length must be what the list promised. */
function apply(text: string): string {
  const edited = lend(exports, [text], (pointer, length) => json.text(exports.patchesApply(pointer, length)));
  expect(Buffer.byteLength(edited)).toBe(Buffer.byteLength(text) + exports.patchesDelta());
  return edited;
}

function list(): string[] {
  return Array.from({ length: exports.patchesCount() }, (_, index) => {
    const replacement = json.text(exports.patchesReplacement(index));
    return `${exports.patchesStart(index)}-${exports.patchesEnd(index)} ${replacement}`;
  });
}

describe("edits of a text", () => {
  test("no edits leave it as it is", () => {
    expect(apply("0123456789")).toBe("0123456789");
    expect(apply("")).toBe("");
  });

  test("come in the order of the text, whatever the order of the calls", () => {
    replace(6, 8, "GH+");
    insert(10, "end");
    remove(2, 4);
    insert(0, "start");
    replace(4, 5, "E");
    expect(apply("0123456789")).toBe("start01E5GH+89end");
    expect(list()).toEqual(["0-0 start", "2-4 ", "4-5 E", "6-8 GH+", "10-10 end"]);
  });

  test("insertions at one place stay in the order of the calls, around ranges that meet there", () => {
    replace(3, 5, "B");
    insert(3, "x");
    replace(1, 3, "A");
    insert(3, "y");
    insert(5, "z");
    expect(list()).toEqual(["1-3 A", "3-3 x", "3-3 y", "3-5 B", "5-5 z"]);
    expect(apply("0123456")).toBe("0AxyBz56");
  });

  test("a later edit takes the place of those inside of its range", () => {
    replace(2, 4, "first");
    replace(2, 4, "second");
    expect(list()).toEqual(["2-4 second"]);
    insert(5, "inside");
    insert(1, "before");
    insert(8, "behind");
    replace(6, 7, "inside");
    replace(1, 8, "all");
    expect(list()).toEqual(["1-1 before", "1-8 all", "8-8 behind"]);
    expect(apply("0123456789")).toBe("0beforeallbehind89");
  });

  test.each<[string, number, number]>([
    ["overlaps at the left", 1, 4],
    ["overlaps at the right", 5, 8],
    ["lies inside", 4, 5],
    ["is inserted inside", 5, 5],
    ["is turned around", 5, 4],
    ["begins before the text", -1, 2],
  ])("an edit that %s is refused, and that is remembered", (_name, from, to) => {
    expect(replace(3, 6, "x")).toBe(true);
    expect(replace(from, to, "y")).toBe(false);
    expect(exports.patchesFailed()).toBe(1);
    expect(list()).toEqual(["3-6 x"]);
    exports.patchesClear();
    expect(exports.patchesFailed()).toBe(0);
    expect(exports.patchesCount()).toBe(0);
    expect(exports.patchesDelta()).toBe(0);
  });

  test("more than 256 are refused; one that replaces others is not one more", () => {
    for (let i = 0; i < 256; i++) expect(replace(i * 2, i * 2 + 1, `${i}`)).toBe(true);
    expect(replace(0, 1, "again")).toBe(true);
    expect(exports.patchesFailed()).toBe(0);
    expect(insert(1000, "x")).toBe(false);
    expect(exports.patchesFailed()).toBe(1);
  });

  test("beyond the end of the text are clipped", () => {
    replace(3, 100, "x");
    const edited = lend(exports, ["01234"], (pointer, length) =>
      json.text(exports.patchesApply(pointer, length)),
    );
    expect(edited).toBe("012x");
  });
});

interface Edits {
  replace?: Record<string, string>;
  set?: Record<string, string>;
  rename?: Record<string, string>;
  remove?: string[];
  add?: Record<string, string>;
}

/** Edits the object at `path` of the text. */
function edit(text: string, edits: Edits, path?: string): string {
  return json.document(text, (root) => {
    editObject(path === undefined ? root : json.path(root, path), edits);
    expect(exports.patchesFailed()).toBe(0);
    return apply(text);
  });
}

function editObject(object: number, edits: Edits): void {
  const pairs = (entries: Record<string, string> = {}) => Object.entries(entries);
  exports.editsOpen(object);
  for (const pair of pairs(edits.replace))
    lend(exports, pair, exports.editsReplace as (...places: number[]) => number);
  for (const pair of pairs(edits.set)) lend(exports, pair, exports.editsSet as (...places: number[]) => void);
  for (const pair of pairs(edits.rename))
    lend(exports, pair, exports.editsRename as (...places: number[]) => number);
  for (const name of edits.remove ?? [])
    lend(exports, [name], exports.editsRemove as (...places: number[]) => number);
  for (const pair of pairs(edits.add)) lend(exports, pair, exports.editsAdd as (...places: number[]) => void);
  exports.editsClose();
}

describe("edits of the members of an object", () => {
  test("replace a value, and nothing else", () => {
    const text = ' { "model" : "gpt-4" , "n":1.50,"messages":[ {"model":"x"} ] }\n';
    expect(edit(text, { replace: { model: '"qwen"' } })).toBe(text.replace('"gpt-4"', '"qwen"'));
  });

  test("set replaces or adds", () => {
    expect(edit('{"a":1}', { set: { a: "2" } })).toBe('{"a":2}');
    exports.patchesClear();
    expect(edit('{"a":1}', { set: { b: "2" } })).toBe('{"b":2,"a":1}');
    exports.patchesClear();
    expect(edit("{}", { set: { b: "2" } })).toBe('{"b":2}');
  });

  test("rename a member", () => {
    const text = '{"max_tokens":5,"a":{"max_tokens":6}}';
    expect(edit(text, { rename: { max_tokens: "max_completion_tokens" } })).toBe(
      '{"max_completion_tokens":5,"a":{"max_tokens":6}}',
    );
  });

  test("all of one name are edited, also where it is written with escapes", () => {
    const text = '{"a":1,"\\u0061":2,"b":3,"a":4}';
    expect(edit(text, { replace: { a: "0" } })).toBe('{"a":0,"\\u0061":0,"b":3,"a":0}');
    exports.patchesClear();
    expect(edit(text, { remove: ["a"] })).toBe('{"b":3}');
    exports.patchesClear();
    expect(edit(text, { rename: { a: "c" } })).toBe('{"c":1,"c":2,"b":3,"c":4}');
  });

  test("what is not there is told, and changes nothing", () => {
    const text = '{"a":1}';
    json.document(text, (root) => {
      exports.editsOpen(root);
      lend(exports, ["x", "1"], (name, length, value, valueLength) => {
        expect(exports.editsReplace(name, length, value, valueLength)).toBe(0);
        expect(exports.editsRename(name, length, value, valueLength)).toBe(0);
        expect(exports.editsRemove(name, length)).toBe(0);
      });
      expect(exports.editsClose()).toBe(1);
      expect(apply(text)).toBe(text);
    });
  });

  test("a value that is no object has no members to edit", () => {
    for (const text of ["[1]", '"a"', "1", "null"]) {
      json.document(text, (root) => {
        for (const node of [root, -1, 1000]) {
          expect(exports.editsOpen(node)).toBe(0);
          editObject(node, { replace: { a: "1" }, set: { a: "1" }, remove: ["a"], add: { b: "1" } });
          expect(exports.editsClose()).toBe(0);
          expect(exports.patchesCount()).toBe(0);
        }
      });
    }
  });

  test("of an object and of one inside of it", () => {
    const text = '{"stream":true,"stream_options":{"include_usage":false,"x":1},"n":1}';
    json.document(text, (root) => {
      editObject(root, { remove: ["n"], add: { user: '"u"' } });
      editObject(json.find(root, "stream_options"), { set: { include_usage: "true" }, remove: ["x"] });
      expect(apply(text)).toBe('{"user":"u","stream":true,"stream_options":{"include_usage":true}}');
    });
  });

  test("removing a member takes back what was done to it before", () => {
    expect(edit('{"a":1,"b":2}', { replace: { a: "5" }, rename: { a: "c" }, remove: ["a"] })).toBe('{"b":2}');
  });

  test("editing inside of an object that was removed fails", () => {
    json.document('{"o":{"a":1},"b":2}', (root) => {
      editObject(root, { remove: ["o"] });
      editObject(json.find(root, "o"), { set: { a: "2" } });
      expect(exports.patchesFailed()).toBe(1);
    });
  });

  test("a request with 300 members of the name to edit is refused, not half edited", () => {
    const text = `{${Array(300).fill('"model":1').join(",")}}`;
    json.document(text, (root) => {
      editObject(root, { replace: { model: "2" } });
      expect(exports.patchesFailed()).toBe(1);
    });
  });

  test("an edit that was not closed leaves no trace in the next one", () => {
    const text = '{"a":1,"b":2}';
    json.document(text, (root) => {
      exports.editsOpen(root);
      lend(exports, ["x", "1"], exports.editsAdd as (...places: number[]) => void);
      lend(exports, ["a"], exports.editsRemove as (...places: number[]) => number);
      editObject(root, { remove: ["b"] });
      expect(apply(text)).toBe('{"a":1}');
    });
  });

  // Every set of members that go, with nothing, one or two members added, in every kind of surroundings.
  const SPACES = [
    ["", "", "", ""],
    [" ", " ", " ", " "],
    ["\n  ", "", "\n  ", "\n"],
    ["", "\t", "", ""],
  ] as const;
  const ADDED: Record<string, string>[] = [{}, { x: "[]" }, { x: "7", y: '{"z":null}' }];
  for (const count of [0, 1, 2, 3, 4]) {
    test(`${count} members: any of them removed, others added`, () => {
      const names = ["a", "b", "c", "d"].slice(0, count);
      for (const [first, before, after, last] of SPACES) {
        const members = names.map((name, index) => `"${name}":${index}`).join(`${before},${after}`);
        const object = `{${first}${members}${last}}`;
        for (let going = 0; going < 1 << count; going++) {
          const removed = names.filter((_, index) => going & (1 << index));
          const staying = names.flatMap((name, index) => (removed.includes(name) ? [] : [[name, index]]));
          for (const add of ADDED) {
            const wanted = [
              ...Object.entries(add).map(([name, value]) => [name, JSON.parse(value)]),
              ...staying,
            ];
            for (const text of [object, `[0, {"o":${object}} ]`]) {
              exports.patchesClear();
              const edited = edit(text, { remove: removed, add }, text === object ? undefined : "1.o");
              const parsed = JSON.parse(edited);
              expect(Object.entries(text === object ? parsed : parsed[1].o)).toEqual(wanted);
              if (text !== object)
                expect(edited.startsWith('[0, {"o":{') && edited.endsWith("}} ]")).toBe(true);
            }
          }
        }
      }
    });
  }
});
