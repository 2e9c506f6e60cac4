/** NOTICE names every package of which something is given away with the plugin or the playground. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Packages that the files imported by the page import, apart from Node's own. */
function packagesOf(directories: string[]): Set<string> {
  const found = new Set<string>();
  for (const directory of directories) {
    for (const name of readdirSync(ROOT + directory).filter((file) => file.endsWith(".ts"))) {
      // What only Node runs is not part of the page.
      const text = readFileSync(`${ROOT}${directory}/${name}`, "utf8");
      if (/from "(node:|vite|playwright)/.test(text)) continue;
      for (const match of text.matchAll(/from "([^.][^"]*)"/g)) found.add(match[1] ?? "");
    }
  }
  return found;
}

test("packages in the page", () => {
  const packages = packagesOf(["tools/playground", "tools/check", "tools/try", "tools/higress"]);
  expect([...packages]).toEqual(["yaml"]);
  const notice = readFileSync(`${ROOT}NOTICE`, "utf8");
  for (const name of [...packages, "AssemblyScript"]) expect(notice).toContain(name);
});
