/** docs/add-a-format.md shows the files as they are: each of its excerpts is in the file that was named last. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const lines = readFileSync(`${root}docs/add-a-format.md`, "utf8").split("\n");

/** Excerpts with the file that each is from. A line that ends with a file's name in backquotes and ":" names it. */
function excerpts(): { file: string; text: string }[] {
  const found: { file: string; text: string }[] = [];
  let file = "";
  let text: string[] | undefined;
  for (const line of lines) {
    if (line === "```ts") text = [];
    else if (line === "```" && text) {
      found.push({ file, text: text.join("\n") });
      text = undefined;
    } else if (text) text.push(line);
    else file = /`([^`]+\.ts)`:$/.exec(line)?.[1] ?? file;
  }
  return found;
}

test("every step has an excerpt", () => {
  expect(excerpts().length).toBeGreaterThan(10);
});

test.each(excerpts())("$file has: $text", ({ file, text }) => {
  expect(readFileSync(root + file, "utf8")).toContain(text);
});

test("every file that is mentioned is there", () => {
  const mentioned = lines.join("\n").match(/`(?:assembly|tests|tools)\/[\w./-]+\.ts`/g) ?? [];
  for (const name of mentioned) readFileSync(root + name.slice(1, -1));
});
