// biome-ignore-all lint/suspicious/noTemplateCurlyInString: replacements are written so
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { type HarnessExports, lend, openHarness, readSlice } from "../../support/harness";
import { randomBytes, seededRandom } from "../../support/random";

interface PatternExports extends HarnessExports {
  collect(): void;
  parse(pointer: number, length: number): number;
  kind(): number;
  matches(pointer: number, length: number): number;
  matchesOften(pointer: number, length: number, times: number): number;
  setReplacement(pointer: number, length: number): number;
  rewrite(pointer: number, length: number): void;
  written(): bigint;
}

/** One line of `tests/fixtures/regex/golden.json`: what Go's package regexp says. */
interface Golden {
  expression: string;
  valid: boolean;
  replacement?: string;
  runs?: { text: string; match: boolean; result: string }[];
}

let exports: PatternExports;
beforeAll(async () => {
  exports = await openHarness<PatternExports>("tests/unit/bytes/pattern.as.ts");
});

function written(): string {
  return Buffer.from(readSlice(exports, exports.written())).toString();
}

/** Why the pattern was refused, or "". */
function parse(pattern: Uint8Array | string): string {
  const accepted = lend(exports, [pattern], exports.parse) !== 0;
  expect(written() === "").toBe(accepted);
  return written();
}

function matches(name: Uint8Array | string): boolean {
  return lend(exports, [name], exports.matches) !== 0;
}

function setReplacement(target: string): string {
  lend(exports, [target], exports.setReplacement);
  return written();
}

function rewrite(name: string): string {
  lend(exports, [name], exports.rewrite);
  return written();
}

describe("patterns", () => {
  it.each([
    ["gpt-4o", ["gpt-4o"], ["gpt-4", "gpt-4o-mini", "GPT-4o", "", "agpt-4o"]],
    ["gpt-*", ["gpt-", "gpt-4o"], ["gpt", "GPT-4", "a gpt-4", ""]],
    ["*-vision", ["-vision", "gpt-vision"], ["vision", "gpt-vision-2", ""]],
    ["*", ["", "anything", "世"], []],
    ["~^gpt-.*", ["gpt-", "gpt-4o"], ["a-gpt-4", "gpt4"]],
    ["~gpt|qwen", ["gpt", "my-qwen-2"], ["qwe", ""]],
    ["~", ["", "anything"], []],
    ["~^[^a-c]+$", ["x", "xyz", "世"], ["", "xa", "b"]],
    ["~(?i)^GPT-\\d{1,2}$", ["gpt-4", "Gpt-42"], ["gpt-", "gpt-421"]],
    ["a.c", ["a.c"], ["abc"]],
  ])("%s", (pattern, yes, no) => {
    expect(parse(pattern)).toBe("");
    for (const name of yes) expect({ name, matches: matches(name) }).toEqual({ name, matches: true });
    for (const name of no) expect({ name, matches: matches(name) }).toEqual({ name, matches: false });
  });

  it.each([
    ["", "must not be empty"],
    ["**", "one *"],
    ["a**", "stands at the start or at the end"],
    ["*a*", "one *"],
    ["a*b", "stands at the start or at the end"],
    ["~(", "this group is not closed (at byte 1)"],
    ["~a)", "no group is open here (at byte 2)"],
    ["~ab[c", "this class is not closed (at byte 3)"],
    ["~[c-a]", "this range runs backwards (at byte 2)"],
    ["~a{2,1}", "these counts run backwards (at byte 2)"],
    ["~a{1001}", "more than 1000 repetitions (at byte 2)"],
    ["~*", "nothing to repeat (at byte 1)"],
    ["~a|+", "nothing to repeat (at byte 3)"],
    ["~a**", "a repetition of a repetition needs a group (at byte 3)"],
    ["~(a)\\1", "references to groups are not supported (at byte 4)"],
    ["~(?=a)", "of the forms (?...) only (?:...), and (?i) at the very start, are supported (at byte 1)"],
    ["~(?P<n>a)", "of the forms (?...) only (?:...), and (?i) at the very start, are supported (at byte 1)"],
    ["~\\pL", "this escape is not supported (at byte 1)"],
    ["~[[:alpha:]]", "classes like [:alpha:] are not supported (at byte 2)"],
    ["~\\", "nothing is escaped here (at byte 1)"],
    ["~\\x{110000}", "this is no code point (at byte 1)"],
    ["~(a{100}){11}", "too large once its repetitions are written out"],
    ["~(?:(?:){1000}){1000}", "too large once its repetitions are written out"],
    ["~(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)", "more than 9 groups; (?:...) does not count (at byte 28)"],
    [`~${"(?:".repeat(33)}${")".repeat(33)}`, "groups are nested too deeply (at byte 97)"],
    [`~${"a".repeat(1001)}`, "longer than 1000 bytes"],
  ])("refuses %.30s", (pattern, error) => {
    expect(parse(pattern)).toContain(error);
    expect(matches("a")).toBe(false);
    expect(matches("")).toBe(false);
  });

  it("refuses an expression that is not UTF-8, and reads a name that is not", () => {
    expect(parse(Buffer.from("~a\xff", "latin1"))).toBe("this is not UTF-8 (at byte 2)");
    expect(parse("~^..$")).toBe("");
    expect(matches(Buffer.from("\xe4\xbd", "latin1"))).toBe(true);
    expect(matches(Buffer.from("\xc0\xaf", "latin1"))).toBe(true);
    expect(matches(Buffer.from("\xed\xa0\x80", "latin1"))).toBe(false);
  });

  it("matches names up to 1024 bytes", () => {
    parse("~^a*$");
    expect(matches("a".repeat(1024))).toBe(true);
    expect(matches("a".repeat(1025))).toBe(false);
  });
});

describe("replacements", () => {
  it.each([
    ["gpt-*", "qwen-$1", "gpt-4", "qwen-$1"],
    ["~^gpt-(.*)$", "qwen-$1", "gpt-4", "qwen-4"],
    ["~gpt", "qwen", "gpt-gpt", "qwen-qwen"],
    ["~(\\w+)-(\\w+)", "$2-${1}", "a-b:c-d", "b-a:d-c"],
    ["~(a)|b", "[$1]", "ab", "[a][]"],
    ["~a*", "x", "baac", "xbxcx"],
    ["~a", "$$$0", "a", "$a"],
    ["~a", "x", "none", "none"],
    ["~", "-", "世b", "-世-b-"],
  ])("%s to %s", (pattern, target, name, expected) => {
    expect(parse(pattern)).toBe("");
    expect(setReplacement(target)).toBe("");
    expect(rewrite(name)).toBe(expected);
  });

  it.each(["$2", "$1x", "${1", "${1x}", "${}", "$", "a$ b", "$01", "$name", "$1é", "$10"])(
    "refuses %s",
    (target) => {
      parse("~(a)");
      expect(setReplacement(target)).toMatch(/^there is no such group \(at byte [12]\)/);
    },
  );
});

describe("agreement with Go", () => {
  const goldens = JSON.parse(
    readFileSync(new URL("../../fixtures/regex/golden.json", import.meta.url), "utf8"),
  ) as Golden[];

  /** Features of Go that are refused here. */
  const REFUSED = /not supported|are supported|more than 9 groups/;

  it("refuses what Go refuses, and beyond that only what is said not to be supported", () => {
    const refused = goldens.filter(({ valid }) => !valid);
    expect(refused.length).toBeGreaterThan(200);
    for (const { expression } of refused) {
      if (parse(`~${expression}`) === "") throw new Error(`accepted ${expression}`);
    }
    let more = 0;
    for (const { expression } of goldens.filter(({ valid }) => valid)) {
      const error = parse(`~${expression}`);
      if (error === "") continue;
      more++;
      expect(error, expression).toMatch(REFUSED);
    }
    expect(more).toBeLessThan(80);
  });

  it("finds and replaces the same", () => {
    let runs = 0;
    for (const { expression, replacement, runs: expected } of goldens) {
      if (expected === undefined || parse(`~${expression}`) !== "") continue;
      expect(setReplacement(replacement ?? "")).toBe("");
      for (const { text, match, result } of expected) {
        runs++;
        const ours = { match: matches(text), result: rewrite(text) };
        expect(ours, JSON.stringify({ expression, replacement, text })).toEqual({ match, result });
      }
    }
    expect(runs).toBeGreaterThan(1500);
  });
});

describe("robustness", () => {
  it("never traps on random expressions and names", () => {
    const random = seededRandom(9);
    const pieces = [
      "a",
      "b",
      "(",
      ")",
      "[",
      "]",
      "*",
      "+",
      "?",
      "|",
      "^",
      "$",
      "\\",
      "{2}",
      "{1000}",
      "-",
      ".",
      "(?:",
    ];
    for (let round = 0; round < 20_000; round++) {
      const source =
        round % 4 === 0
          ? Buffer.concat([Buffer.from("~"), randomBytes(random, Math.floor(random() * 20))])
          : `~${Array.from({ length: Math.floor(random() * 12) }, () => pieces[Math.floor(random() * pieces.length)]).join("")}`;
      if (parse(source) === "") {
        matches(randomBytes(random, Math.floor(random() * 12)));
        setReplacement("<$0>");
        rewrite("aab-ab");
      } else {
        expect(matches("a")).toBe(false);
      }
      if (round % 500 === 0) exports.collect();
    }
  });

  it("takes linear time where a backtracking search takes forever", () => {
    parse(`~^(?:a?){100}a{100}$`);
    expect(matches("a".repeat(100))).toBe(true);
    parse("~^(a+)+$");
    expect(matches(`${"a".repeat(1000)}b`)).toBe(false);
    parse("~^(?:(?:a|b|ab)*)*c$");
    expect(matches("ab".repeat(500))).toBe(false);
  });

  it("allocates nothing when it matches and rewrites", () => {
    parse("~^gpt-(\\d+)(?:-(.*))?$");
    setReplacement("qwen-$1-$2");
    const name = "gpt-4-mini";
    lend(exports, [name], (pointer, length) => {
      exports.matchesOften(pointer, length, 10);
      const size = exports.memory.buffer.byteLength;
      expect(exports.matchesOften(pointer, length, 100_000)).toBe(100_000);
      expect(exports.memory.buffer.byteLength).toBe(size);
    });
  });
});
