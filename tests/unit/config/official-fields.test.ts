/** No field of the official plugin's configuration is without a test, nor without a word to those who move over. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { PROVIDER_FIELDS, PROVIDER_TYPES } from "../../../assembly/config/official/fields";

const root = fileURLToPath(new URL("../../../", import.meta.url));

function textsIn(folder: string): string {
  return readdirSync(root + folder)
    .map((name) => readFileSync(`${root}${folder}/${name}`, "utf8"))
    .join("\n");
}

const tests = [
  textsIn("tests/fixtures/official"),
  textsIn("tests/plugin/official"),
  readFileSync(`${root}tests/unit/config/official.test.ts`, "utf8"),
].join("\n");
const guide = readFileSync(`${root}docs/migration.md`, "utf8");

const fields = PROVIDER_FIELDS.filter(({ owner }) => owner === "provider").map(({ name }) => name);

describe.each(fields)("%s", (name) => {
  it("has a test", () => {
    expect(tests).toMatch(new RegExp(`\\b${name}\\b`));
  });

  it("is in the guide", () => {
    expect(guide).toContain(`\`${name}\``);
  });
});

describe.each(PROVIDER_TYPES)("%s", (type) => {
  it("has a fixture", () => {
    expect(tests).toMatch(new RegExp(`type: "?${type}\\b`));
  });
});
