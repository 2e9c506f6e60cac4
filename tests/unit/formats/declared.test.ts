/** Expressions of declared formats, held against what RFC 9535 says of them. */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { type HarnessExports, lend, openHarness, readSlice } from "../../support/harness";

interface DeclaredExports extends HarnessExports {
  collect(): void;
  parsePath(pointer: number, length: number): bigint;
  parseCondition(pointer: number, length: number): bigint;
  look(pointer: number, length: number): number;
  found(): bigint;
  first(): bigint;
  isMet(): number;
  forget(): void;
  take(pointer: number, length: number): bigint;
}

let exports: DeclaredExports;
beforeAll(async () => {
  exports = await openHarness<DeclaredExports>("tests/unit/formats/declared.as.ts");
});

const text = (slice: bigint) => Buffer.from(readSlice(exports, slice)).toString();
const give = (value: string, call: (pointer: number, length: number) => bigint) =>
  lend(exports, [value], (pointer, length) => text(call(pointer, length)));

function look(value: unknown): void {
  lend(exports, [JSON.stringify(value)], (pointer, length) => exports.look(pointer, length));
}

function find(expression: string, value: unknown): unknown[] {
  expect(give(expression, exports.parsePath)).toBe("");
  look(value);
  const found = JSON.parse(`[${text(exports.found())}]`);
  const first = text(exports.first());
  expect(first === "" ? undefined : JSON.parse(first)).toEqual(found[0]);
  return found;
}

function holds(condition: string, value: unknown): boolean {
  expect(give(condition, exports.parseCondition)).toBe("");
  look(value);
  return exports.isMet() !== 0;
}

const store = {
  a: { "b c": 1, é: 2, "it's": 3, 'say "x"': 4, d_1: 5, "e-f": 6 },
  list: [0, 1, [2, 3], { x: 4 }],
  parts: [
    { type: "text", text: "one", n: 1 },
    { type: "image", url: "u", n: 2 },
    { type: "text", text: "two", n: 3, off: null },
  ],
  null: null,
};

describe("expressions", () => {
  it.each([
    ["$", [store]],
    ["@", [store]],
    ["$.a.d_1", [5]],
    ["$.a.e-f", [6]],
    ["$.a.é", [2]],
    ["$['a']['b c']", [1]],
    ["$.a['it\\'s']", [3]],
    ['$.a["it\'s"]', [3]],
    ['$.a["say \\"x\\""]', [4]],
    ["$ .a .d_1", [5]],
    ["$.list[0]", [0]],
    ["$.list[-1].x", [4]],
    ["$.list[2][ 1 ]", [3]],
    ["$.list[9]", []],
    ["$.list[-9]", []],
    ["$.list[*]", store.list],
    ["$.list.*", store.list],
    ["$.a[*]", [1, 2, 3, 4, 5, 6]],
    ["$.parts[*].text", ["one", "two"]],
    ["$.parts[?@.type == 'text'].text", ["one", "two"]],
    ["$.parts[?@.type != 'text'].url", ["u"]],
    ["$.parts[?@.n > 1 && @.text].n", [3]],
    ["$.parts[?@.n >= 3 || @.url].n", [2, 3]],
    ["$.parts[?!@.text].n", [2]],
    ["$.parts[?@.off].n", []],
    ["$.parts[?@.n == $.list[1]].text", ["one"]],
    ["$.list[?@.x].x", [4]],
    ["$.list[?@[?@ == 3]]", [[2, 3]]],
    ["$.null", [null]],
    ["$.missing.deeper[0]", []],
    ["$.a[0]", []],
    ["$.list.a", []],
  ])("%s", (expression, expected) => {
    expect(find(expression, store)).toEqual(expected);
  });

  it("take the last of several members of one name", () => {
    expect(give("$.a", exports.parsePath)).toBe("");
    lend(exports, ['{"a":1,"a":2}'], (pointer, length) => exports.look(pointer, length));
    expect(text(exports.found())).toBe("2");
  });

  it("know a name however it is escaped", () => {
    expect(give("$.é", exports.parsePath)).toBe("");
    lend(exports, ['{"\\u00e9":1}'], (pointer, length) => exports.look(pointer, length));
    expect(text(exports.found())).toBe("1");
  });

  it("never trap, whatever is written", () => {
    const pieces = [
      "$",
      "@",
      ".",
      "a",
      "[",
      "]",
      "*",
      "?",
      "'",
      '"',
      "\\",
      "0",
      "-",
      "==",
      "!",
      "&&",
      "||",
      " ",
      "é",
      "(",
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 24 }), (parts) => {
        look(store);
        if (give(parts.join(""), exports.parsePath) === "") text(exports.found());
        if (give(parts.join(""), exports.parseCondition) === "") exports.isMet();
        exports.collect();
      }),
      { seed: 9535, numRuns: 5000 },
    );
  });
});

describe("conditions", () => {
  it.each([
    ["$.a", true],
    ["$.zero", true],
    ["$.empty", true],
    ["$.no", false],
    ["$.none", false],
    ["$.list", false],
    ["$.full", true],
    ["$.missing", false],
    ["!$.missing", true],
    ["$.zero == 0", true],
    ["$.zero == 0.0", true],
    ["$.zero == -0", true],
    ["$.zero != 0", false],
    ["$.zero == '0'", false],
    ["$.missing == 0", false],
    ["$.missing != 0", true],
    ["$.missing == $.absent", true],
    ["$.a == 'x'", true],
    ['$.a == "x"', true],
    ["'x' == $.a", true],
    ["$.escaped == 'é\"'", true],
    ["$.a < 'y'", true],
    ["$.a < 'x'", false],
    ["$.a <= 'x'", true],
    ["$.a > 1", false],
    ["$.five > 4.5", true],
    ["$.five >= 5e0", true],
    ["$.five < 5", false],
    ["$.no == false", true],
    ["$.none == null", true],
    ["$.none != null", false],
    ["$.a && $.missing || $.five", true],
    ["$.five || $.a && $.missing", true],
    ["$.missing && $.a || $.absent && $.five", false],
  ])("%s is %s", (condition, expected) => {
    const value = {
      a: "x",
      zero: 0,
      empty: "",
      no: false,
      none: null,
      list: [],
      full: [0],
      five: 5,
      escaped: 'é"',
    };
    expect(holds(condition, value)).toBe(expected);
  });
});

describe("cumulative texts", () => {
  const take = (value: string) => give(value, exports.take);

  it("give what is new", () => {
    exports.forget();
    expect(["", "a", "ab", "ab", "abc\\n", 'abc\\n\\"d'].map(take)).toEqual([
      "",
      "a",
      "b",
      "",
      "c\\n",
      '\\"d',
    ]);
  });

  it("go on after what was told, where the beginning is another", () => {
    exports.forget();
    expect(["abc", "xbcd", "xbcde", "x", "xbcdef"].map(take)).toEqual(["abc", "d", "e", "", "f"]);
  });

  it("count characters, however they are escaped", () => {
    exports.forget();
    expect(["😀é/", "\\ud83d\\ude00\\u00e9\\/x", "😀é/xy"].map(take)).toEqual(["😀é/", "x", "y"]);
  });

  it("make up the last text, however it was cut", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), fc.array(fc.nat(40)), (whole, cuts) => {
        const body = (value: string) => JSON.stringify(value).slice(1, -1);
        const characters = [...whole];
        exports.forget();
        const told = [...cuts.sort((a, b) => a - b), characters.length]
          .map((cut) => take(body(characters.slice(0, cut).join(""))))
          .join("");
        expect(told).toBe(body(whole));
      }),
      { seed: 7, numRuns: 1000 },
    );
  });
});
