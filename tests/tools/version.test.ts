/** One version everywhere. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };

const read = (path: string) => readFile(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");

test("the plugin, the lock file, the change log and the example image have the version of the package", async () => {
  const { version } = packageJson;
  expect(await read("assembly/version.ts")).toContain(`VERSION: string = "${version}";`);
  expect(JSON.parse(await read("package-lock.json")).version).toBe(version);
  expect(await read("CHANGELOG.md")).toContain(`\n## ${version}`);
  expect(await read("plugin-config.yaml")).toContain(`eureka-ai-proxy:${version}`);
});
