/** Whoever sees an error finds it in docs/troubleshooting.md. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { documentText } from "../support/documents.ts";

const LANES = new URL("../../assembly/lanes/", import.meta.url);

test.each(["refusals.ts", "upstream-failures.ts"])("every code of %s", (name) => {
  const source = readFileSync(new URL(name, LANES), "utf8");
  const codes = [...source.matchAll(/"([a-z]+(?:_[a-z]+)+)"/g)].map((match) => match[1] ?? "");
  expect(codes.length).toBeGreaterThan(3);
  const page = documentText("docs/troubleshooting.md");
  for (const code of codes) expect(page).toContain(`\`${code}\``);
});
