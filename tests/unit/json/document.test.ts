import { beforeAll, describe, expect, test } from "vitest";
import { lend } from "../../support/harness";
import { cuts, ERRORS, JsonRoom, KINDS } from "./room";

const ABSENT = -1;

let json: JsonRoom;
let exports: JsonRoom["exports"];
beforeAll(async () => {
  json = await JsonRoom.open();
  exports = json.exports;
});

/** The value as JavaScript sees it, gathered with nothing but the document's questions. */
function read(node: number): unknown {
  switch (KINDS[exports.kind(node)]) {
    case "object": {
      const members: [string, unknown][] = [];
      for (let key = exports.firstMember(node); key !== ABSENT; key = exports.nextMember(key)) {
        const name = JSON.parse(json.text(exports.raw(key)));
        members.push([name, read(exports.valueOf(key))]);
      }
      expect(exports.count(node)).toBe(members.length);
      return Object.fromEntries(members);
    }
    case "array": {
      const elements: unknown[] = [];
      for (
        let element = exports.firstElement(node);
        element !== ABSENT;
        element = exports.nextElement(element)
      ) {
        expect(exports.at(node, elements.length)).toBe(element);
        elements.push(read(element));
      }
      expect(exports.count(node)).toBe(elements.length);
      return elements;
    }
    case "string":
      return json.unescape(json.text(exports.body(node)));
    case "number":
      return exports.decimal(node, Number.NaN);
    case "none":
      return undefined;
    default:
      return JSON.parse(json.text(exports.raw(node)));
  }
}

describe("reading a whole value", () => {
  const TEXTS = [
    "1",
    '"a\\u00e9\\n"',
    "[]",
    "{}",
    "[[],[[]],{}]",
    '{"a":{},"b":[],"c":{"d":[1,2,{"e":null}]},"f":true}',
    '[{"a":1},{"a":[1,[2,[3]]]},"x",false,[{},{}],-0.5e-3]',
    '{"a":{"b":{"c":{"d":{}}}},"e":1}',
    '{"你好":"世界 😀","":""}',
  ];
  test.each(TEXTS)("%s", (text) => {
    json.document(text, (root) => expect(read(root)).toEqual(JSON.parse(text)));
  });

  test.each(TEXTS)("%s, adopted from a scanner that was fed in pieces", (text) => {
    for (const pieces of cuts(text)) {
      json.scan(pieces);
      lend(exports, [text], (pointer, length) => {
        expect(exports.documentAdopt(pointer, length)).toBe(1);
        expect(read(exports.root())).toEqual(JSON.parse(text));
      });
    }
    exports.documentReset();
  });
});

describe("members", () => {
  test("are found by name", () => {
    json.document('{"model":"m","n":1,"nested":{"model":"other"}}', (root) => {
      expect(json.text(exports.raw(json.find(root, "model")))).toBe('"m"');
      expect(json.text(exports.body(json.find(root, "model")))).toBe("m");
      expect(json.text(exports.raw(json.find(root, "n")))).toBe("1");
      expect(json.text(exports.raw(json.find(root, "nested")))).toBe('{"model":"other"}');
      for (const name of ["", "mode", "models", "Model", "other"]) expect(json.find(root, name)).toBe(ABSENT);
    });
  });

  test("of one name: the last counts, as in JSON.parse", () => {
    json.document('{"a":1,"b":2,"a":3,"\\u0061":4,"b":5}', (root) => {
      expect(json.text(exports.raw(json.find(root, "a")))).toBe("4");
      expect(json.text(exports.raw(json.find(root, "b")))).toBe("5");
      expect(exports.count(root)).toBe(5);
    });
  });

  test("are found by a name that is written with escapes", () => {
    const TEXT =
      '{"\\u006dodel":1,"a\\/b":2,"\\u0022q\\u0022":3,"tab\\t":4,"m\\u006Fdel ":5,"\\u016dodel":6}';
    json.document(TEXT, (root) => {
      const value = (name: string) => json.text(exports.raw(json.find(root, name)));
      expect(["model", "a/b", '"q"', "tab\t", "model "].map(value)).toEqual(["1", "2", "3", "4", "5"]);
      expect(json.find(root, "\\u006dodel")).toBe(ABSENT);
    });
  });

  test("that are no ASCII are told apart from ASCII names of their length", () => {
    json.document('{"é":1,"ab":2}', (root) => {
      expect(json.text(exports.raw(json.find(root, "ab")))).toBe("2");
    });
  });
});

describe("a path", () => {
  const TEXT =
    '{"choices":[{"delta":{"content":"x"}},{"delta":null}],"0":{"1":"object with numbers"},"":{"":7}}';
  test.each([
    ["choices.0.delta.content", '"x"'],
    ["choices.1.delta", "null"],
    ["0.1", '"object with numbers"'],
    ["choices", '[{"delta":{"content":"x"}},{"delta":null}]'],
    [".", "7"],
  ])("%s", (steps, raw) => {
    json.document(TEXT, (root) => expect(json.text(exports.raw(json.path(root, steps)))).toBe(raw));
  });

  test.each([
    "choices.2",
    "choices.-1",
    "choices.x",
    "choices.",
    "choices.99999999999",
    "choices.0.delta.content.x",
    "none.0",
    "choices.0.",
  ])("%s leads nowhere", (steps) => {
    json.document(TEXT, (root) => expect(json.path(root, steps)).toBe(ABSENT));
  });
});

test("isText compares what a string stands for", () => {
  json.document('["stop","st\\u006fp","stop\\u0000","sto","stopp","","a\\"b",null,1]', (root) => {
    const isStop = Array.from({ length: 9 }, (_, index) => json.isText(exports.at(root, index), "stop"));
    expect(isStop).toEqual([true, true, false, false, false, false, false, false, false]);
    expect(json.isText(exports.at(root, 5), "")).toBe(true);
    expect(json.isText(exports.at(root, 6), 'a"b')).toBe(true);
    expect(json.isText(exports.at(root, 7), "null")).toBe(false);
    expect(exports.hasEscape(exports.at(root, 0))).toBe(0);
    expect(exports.hasEscape(exports.at(root, 1))).toBe(1);
  });
});

test("each kind of value answers yes to one question only", () => {
  json.document('[{},[],"",0,true,false,null]', (root) => {
    for (let index = 0; index < 7; index++)
      expect(exports.questions(exports.at(root, index))).toBe(1 << index);
    expect(exports.questions(ABSENT)).toBe(0);
  });
});

test("offsets are those of the text", () => {
  const TEXT = '  {"a" : [1, 22]}';
  json.document(TEXT, (root) => {
    const node = json.path(root, "a.1");
    expect(TEXT.slice(exports.start(node), exports.end(node))).toBe("22");
    const key = exports.firstMember(root);
    expect(TEXT.slice(exports.start(key), exports.end(key))).toBe('"a"');
  });
});

/** Every question for every node, also for nodes that do not exist: nothing may fail. */
function askEverything(nodes: readonly number[]): void {
  for (const node of nodes) {
    for (const slice of [exports.raw(node), exports.body(node)]) {
      expect(slice === 0n || Number(slice >> 32n) >= 0).toBe(true);
    }
    const questions = ["start", "end", "kind", "count", "firstMember", "nextMember", "valueOf"] as const;
    for (const question of questions) expect(exports[question](node)).toBeGreaterThanOrEqual(ABSENT);
    expect(exports.firstElement(node)).toBeGreaterThanOrEqual(ABSENT);
    expect(exports.nextElement(node)).toBeGreaterThanOrEqual(ABSENT);
    expect(exports.at(node, -1)).toBe(ABSENT);
    expect(exports.at(node, 1 << 30)).toBe(ABSENT);
    json.find(node, "a");
    json.path(node, "a.0.b");
    json.isText(node, "a");
    exports.integer(node, 0n);
    exports.decimal(node, 0);
  }
}

describe("what is not there", () => {
  const NODES = [ABSENT, -2, -(2 ** 31), 4, 5, 1000, 2 ** 31 - 1];

  test("is absent for every question", () => {
    json.document('{"a":[1]}', () => {
      askEverything([...NODES, 0, 1, 2, 3]);
      for (const node of NODES) {
        expect(exports.kind(node)).toBe(0);
        expect(exports.raw(node)).toBe(0n);
        expect(exports.body(node)).toBe(0n);
        expect(exports.valueOf(node)).toBe(ABSENT);
        expect(json.find(node, "a")).toBe(ABSENT);
        expect(exports.integer(node, -7n)).toBe(-7n);
        expect(exports.decimal(node, 0.5)).toBe(0.5);
        expect(exports.start(node)).toBe(-1);
      }
    });
  });

  test("nor is what a value of another kind is asked for", () => {
    json.document('[{},[],"7",7,true,null]', (root) => {
      for (const index of [1, 2, 3, 4, 5]) expect(exports.firstMember(exports.at(root, index))).toBe(ABSENT);
      for (const index of [0, 2, 3, 4, 5]) expect(exports.firstElement(exports.at(root, index))).toBe(ABSENT);
      for (const index of [0, 1, 3, 4, 5]) expect(exports.body(exports.at(root, index))).toBe(0n);
      for (const index of [0, 1, 2, 4, 5]) expect(exports.integer(exports.at(root, index), -1n)).toBe(-1n);
      expect(exports.nextMember(exports.at(root, 0))).toBe(ABSENT);
      expect(exports.nextElement(root)).toBe(ABSENT);
    });
  });

  test("is everything in a text that is not JSON", () => {
    lend(exports, ['{"a":1,}'], (pointer, length) => {
      expect(exports.documentParse(pointer, length)).toBe(0);
      expect(ERRORS[exports.documentError()]).toBe("UnexpectedByte");
      expect(exports.documentErrorOffset()).toBe(7);
      expect(exports.root()).toBe(ABSENT);
      askEverything([0, 1, 2, ...NODES]);
      expect(exports.kind(0)).toBe(0);
    });
  });

  test("is everything after a reset", () => {
    json.document("[1]", () => exports.documentReset());
    expect(exports.root()).toBe(ABSENT);
    expect(exports.raw(0)).toBe(0n);
  });

  test("is everything where an adopted text is not complete, or shorter than what was scanned", () => {
    json.scan(['{"a":1']);
    lend(exports, ['{"a":1'], (pointer, length) => expect(exports.documentAdopt(pointer, length)).toBe(0));
    expect(exports.root()).toBe(ABSENT);
    json.scan(['{"a":1}']);
    lend(exports, ['{"a":1'], (pointer, length) => expect(exports.documentAdopt(pointer, length)).toBe(0));
    expect(exports.root()).toBe(ABSENT);
    json.scan(['{"a":1}'], -1);
    lend(exports, ['{"a":1}'], (pointer, length) => expect(exports.documentAdopt(pointer, length)).toBe(1));
    expect(exports.root()).toBe(ABSENT);
  });

  test("is what lies deeper than the scanner recorded", () => {
    const TEXT = '{"a":{"b":1},"c":[1]}';
    json.scan([TEXT], 1);
    lend(exports, [TEXT], (pointer, length) => {
      exports.documentAdopt(pointer, length);
      expect(json.text(exports.raw(json.find(0, "a")))).toBe('{"b":1}');
      expect(exports.count(0)).toBe(2);
      expect(json.path(0, "a.b")).toBe(ABSENT);
      expect(exports.count(json.find(0, "c"))).toBe(0);
    });
    exports.documentReset();
  });
});
