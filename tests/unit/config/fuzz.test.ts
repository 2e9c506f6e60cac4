import { beforeAll, expect, it } from "vitest";
import { seededRandom } from "../../support/random";
import { type Configured, openConfig } from "./configured";
import { VALID } from "./samples";

let config: Configured;
beforeAll(async () => {
  config = await openConfig();
});

const RUNS = 30_000;
const PIECES = [
  '"',
  "\\",
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "null",
  "1e9",
  '"~(a|"',
  "\\u0000",
  "é",
  "\ud83d\ude00",
  " ",
];

/** A text with a piece in the place of a few of its characters. */
function damage(text: string, random: () => number): string {
  const at = Math.floor(random() * text.length);
  const piece = PIECES[Math.floor(random() * PIECES.length)] ?? "";
  return text.slice(0, at) + piece + text.slice(at + Math.floor(random() * 4));
}

it("does not trap on damaged configurations, nor on requests after them", () => {
  const random = seededRandom(7);
  let accepted = 0;
  for (let run = 0; run < RUNS; run++) {
    let text = JSON.stringify(VALID[run % VALID.length]);
    for (let i = Math.floor(random() * 3); i >= 0; i--) text = damage(text, random);
    if (config.configure(text)) accepted++;
    config.match({ route: text, authority: text, cluster: text });
    config.select(text);
    config.map(text);
    config.problems();
    if (run % 100 === 0) config.exports.collect();
  }
  expect(accepted).toBeGreaterThan(RUNS / 50);
  expect(accepted).toBeLessThan(RUNS);
});
