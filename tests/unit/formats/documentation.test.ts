/** docs/formats.md is what the code's tables say. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { FORMATS } from "../../../assembly/config/fields";
import { DOCUMENT, makeFormats, strayFeatures } from "../../../tools/docs/formats";
import { PARAMETER_TEXTS } from "../../../tools/docs/parameters";
import { readTables } from "../../../tools/docs/tables";

test("the document is current: `npx tsx tools/docs/formats.ts` makes it so", async () => {
  expect(await readFile(DOCUMENT, "utf8")).toBe(await makeFormats());
});

test("every format of the configuration is documented, in its order", async () => {
  expect((await readTables()).map(({ name }) => name)).toEqual(FORMATS);
});

test("every parameter is explained, and every refusal", async () => {
  const formats = await readTables();
  expect(Object.keys(PARAMETER_TEXTS).sort()).toEqual([...(formats[0]?.tiers.keys() ?? [])].sort());
  for (const { tiers } of formats) {
    for (const [name, tier] of tiers)
      if (tier === "refused") expect(PARAMETER_TEXTS[name]?.refusal, `why ${name} is refused`).toBeTruthy();
  }
});

test("gaps name features of the grid", () => {
  expect(strayFeatures()).toEqual([]);
});
