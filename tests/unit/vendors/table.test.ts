/** docs/vendors.md is what the table says, and the table is what formats and parameters allow. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { FIELDS, SERVICE_FORMATS } from "../../../assembly/config/fields";
import { VENDORS } from "../../../assembly/vendors/table";
import { DOCUMENT, makeVendors } from "../../../tools/docs/vendors";

test("the document is current: `npx tsx tools/docs/vendors.ts` makes it so", async () => {
  expect((await readFile(DOCUMENT, "utf8")) === makeVendors()).toBe(true);
});

test("every row speaks formats that there are", () => {
  for (const { name, format, speaks } of VENDORS) {
    expect(SERVICE_FORMATS, name).toContain(format);
    for (const language of speaks)
      expect(["openai", "anthropic", "gemini", "responses"], name).toContain(language);
  }
});

test("hosts and paths are as the plugin needs them", () => {
  for (const { host, basePath, paths } of VENDORS) {
    expect(host).toMatch(/^([a-z0-9{}-]+(\.[a-z0-9{}-]+)+)?$/);
    for (const path of [basePath, ...paths].filter((text) => text !== "")) expect(path).toMatch(/^\/.*[^/]$/);
  }
});

test("every variable of a row is a field of the configuration", () => {
  const fields = FIELDS.filter(({ owner }) => owner === "variables").map((field) => field.name);
  for (const vendor of VENDORS) {
    for (const name of [...vendor.hostVariables(), ...vendor.pathVariables()])
      expect(fields, vendor.name).toContain(name);
  }
});

test("every family has a row, which asks for no other variables and has no families itself", () => {
  const isKnown = (name: string) => VENDORS.find((vendor) => vendor.name === name);
  let count = 0;
  for (const vendor of VENDORS) {
    for (let index = 0; index < vendor.families.length; index += 2) {
      const row = isKnown(vendor.families[index + 1] ?? "");
      expect(row, vendor.name).toBeDefined();
      expect(row?.families).toEqual([]);
      expect(vendor.pathVariables()).toEqual(expect.arrayContaining(row?.pathVariables() ?? []));
      count++;
    }
  }
  expect(count).toBe(2);
});

test("every parameter that is left out has a public name", async () => {
  const source = await readFile(new URL("../../../assembly/chat/parameters.ts", import.meta.url), "utf8");
  for (const { name, refuses } of VENDORS) {
    for (const parameter of refuses) expect(source, name).toContain(`"${parameter}"`);
  }
});
