/**
 * Every fixture in every format that can take it. Formats that only upstreams speak have fixtures of their own (see
 * upstream.ts): what they make of one client's request they make of any, so it is not shown for each here. `UPDATE_GOLDEN=1` accepts what comes out; a golden file that
 * nothing makes any more is removed then, and fails otherwise.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type ConvertedAnswer, Converter, type FormatSides, whole } from "./convert";
import { type Fixture, fixtures, GOLDEN, goldenPath, label } from "./fixtures";

const ACCEPT = process.env.UPDATE_GOLDEN === "1";

/** Directories of the formats with fixtures of their own. */
const ELSEWHERE = new Set(readdirSync(new URL("../../fixtures/formats", import.meta.url)));

const converter = await Converter.open();
const formats = converter.formats().filter((format) => !ELSEWHERE.has(format.name));
const expected = new Set<string>();

/** Formats other than the fixture's own: what stays in one language is not converted. */
function targets(fixture: Fixture, side: "client" | "upstream"): FormatSides[] {
  return formats.filter((format) => format[side] && format.name !== fixture.format);
}

function check(path: string, text: string): void {
  if (ACCEPT) {
    if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);
    return;
  }
  expect(existsSync(path), `${path} is missing: UPDATE_GOLDEN=1 accepts what came out`).toBe(true);
  expect(text).toBe(readFileSync(path, "utf8"));
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** A stream as the client sees it, with its usage, or its HTTP status where it failed before it began. */
function streamText(answer: ConvertedAnswer): string {
  const { failed, begun, text } = answer;
  return failed !== 0 && !begun ? `HTTP ${failed}\n\n${text}\n` : text;
}

describe("requests", () => {
  for (const fixture of fixtures("request")) {
    for (const target of targets(fixture, "upstream")) {
      const path = goldenPath(fixture, target.name, "json");
      expected.add(path);
      test(`${label(fixture)} to ${target.name}`, () => {
        const converted = converter.request(
          { client: fixture.format, upstream: target.name },
          fixture.bytes,
          { path: { model: `${fixture.format}-model`, stream: fixture.case.startsWith("stream") } },
        );
        const { status, dropped, text } = converted;
        const body = JSON.parse(text);
        check(path, pretty(status === 0 ? { path: converted.path, dropped, body } : { status, body }));
      });
    }
  }
});

describe("whole answers", () => {
  for (const fixture of fixtures("answer")) {
    for (const target of targets(fixture, "client")) {
      const path = goldenPath(fixture, target.name, "json");
      expected.add(path);
      test(`${label(fixture)} to ${target.name}`, () => {
        const { failed, text } = converter.answer(
          { client: target.name, upstream: fixture.format },
          fixture.bytes,
        );
        const body = JSON.parse(text);
        check(path, pretty(failed === 0 ? body : { status: failed, body }));
      });
    }
  }
});

describe("streams", () => {
  for (const fixture of fixtures("stream")) {
    for (const target of targets(fixture, "client")) {
      const path = goldenPath(fixture, target.name, "sse");
      expected.add(path);
      test(`${label(fixture)} to ${target.name}`, () => {
        const pair = { client: target.name, upstream: fixture.format, includeUsage: true };
        check(path, streamText(converter.stream(pair, whole(fixture.bytes))));
      });
    }
  }
});

describe("errors", () => {
  for (const fixture of fixtures("error")) {
    for (const target of targets(fixture, "client")) {
      const path = goldenPath(fixture, target.name, "json");
      expected.add(path);
      test(`${label(fixture)} to ${target.name}`, () => {
        const { status, text } = converter.failure(
          { client: target.name, upstream: fixture.format },
          fixture.status,
          fixture.bytes.toString(),
        );
        check(path, pretty({ status, body: JSON.parse(text) }));
      });
    }
  }
});

test("every golden file is made from an input", () => {
  for (const directory of readdirSync(GOLDEN)) {
    for (const file of readdirSync(join(GOLDEN, directory))) {
      const path = join(GOLDEN, directory, file);
      if (!file.includes(".to.") || expected.has(path)) continue;
      if (ACCEPT) rmSync(path);
      else expect.fail(`${path} is left over: UPDATE_GOLDEN=1 removes it`);
    }
  }
});
