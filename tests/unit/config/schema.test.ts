import { readFile } from "node:fs/promises";
import { Ajv2020 } from "ajv/dist/2020";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { FIELDS } from "../../../assembly/config/fields";
import { FIELD_DESCRIPTIONS, TYPE_DESCRIPTIONS } from "../../../tools/schema/descriptions";
import { GENERATED, locate } from "../../../tools/schema/generate";
import { makeSchema, TYPES } from "../../../tools/schema/schema";
import { arbitraryConfig } from "./arbitrary";
import { type Configured, openConfig } from "./configured";
import { INVALID, VALID } from "./samples";

let config: Configured;
beforeAll(async () => {
  config = await openConfig();
});

const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false });
const validate = ajv.compile(makeSchema());

/** Whether the plugin finds nothing wrong. */
function isRight(value: unknown): boolean {
  return config.configure(value) && config.problems().length === 0;
}

describe("the schema and the plugin agree", () => {
  it.each(VALID.map((sample) => [sample]))("that this is right: %j", (sample) => {
    expect(config.problemsOf(sample)).toEqual([]);
    validate(sample);
    expect(validate.errors).toBeNull();
  });

  it.each(INVALID.map((sample) => [sample]))("that this is wrong: %j", (sample) => {
    expect(isRight(sample)).toBe(false);
    expect(validate(sample)).toBe(false);
  });

  it("on configurations made at random", () => {
    let right = 0;
    let total = 0;
    fc.assert(
      fc.property(arbitraryConfig, (sample) => {
        const bySchema = validate(sample) as boolean;
        expect(
          isRight(sample),
          JSON.stringify({ problems: config.problems(), errors: validate.errors }),
        ).toBe(bySchema);
        total++;
        if (bySchema) right++;
      }),
      { seed: 20240607, numRuns: 4000 },
    );
    // Both answers have to come up often enough for the comparison to say something.
    expect(right / total).toBeGreaterThan(0.2);
    expect(right / total).toBeLessThan(0.8);
  });
});

describe("descriptions", () => {
  it("are there for every field and for nothing else", () => {
    const fields = FIELDS.map((field) => `${field.owner}.${field.name}`);
    expect(Object.keys(FIELD_DESCRIPTIONS).sort()).toEqual([...fields].sort());
    expect(new Set(fields).size).toBe(fields.length);
  });

  it("are there for every object type and for nothing else", () => {
    expect(Object.keys(TYPE_DESCRIPTIONS).sort()).toEqual([...TYPES].sort());
  });

  it("say something in both languages", () => {
    for (const { en, zh } of [...Object.values(FIELD_DESCRIPTIONS), ...Object.values(TYPE_DESCRIPTIONS)]) {
      expect([...en, ...zh].every((text) => text.length > 0)).toBe(true);
      expect(en[1]).toMatch(/\.$/);
      expect(zh[1]).toMatch(/。$/);
    }
  });
});

describe("the table", () => {
  it("refers only to object types that it has", () => {
    const targets = FIELDS.map((field) => field.target).filter((target) => target !== "");
    for (const target of targets) expect(TYPES).toContain(target);
  });
});

describe("generated files", () => {
  it.each(GENERATED)("$path is current", async ({ path, make }) => {
    const text = await readFile(locate(path), "utf8");
    expect(make(text) === text, "run: npx tsx tools/schema/generate.ts").toBe(true);
  });
});
