/** spec.yaml in the console: shown as a form, and harmless to what is edited in it. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import packageJson from "../../package.json" with { type: "json" };
import { configure } from "../../tools/check/configure.ts";
import { builtPluginModule } from "../support/built-plugin.ts";
import { edited, inputsOf } from "./form.ts";

type Schema = Record<string, unknown>;

const FILE = fileURLToPath(new URL("../../spec.yaml", import.meta.url));

let text: string;
let schema: Schema;
let example: Record<string, unknown>;
beforeAll(async () => {
  text = await readFile(FILE, "utf8");
  const { openAPIV3Schema } = parse(text).spec.configSchema;
  schema = openAPIV3Schema;
  example = openAPIV3Schema.example;
});

/** Every schema in a schema. */
function* schemas(value: Schema): Generator<Schema> {
  yield value;
  for (const member of Object.values((value.properties ?? {}) as Record<string, Schema>))
    yield* schemas(member);
  if (value.items) yield* schemas(value.items as Schema);
}

describe("the console's form", () => {
  it("shows inputs for services and Eureka", () => {
    const inputs = inputsOf(schema);
    expect(inputs).toContain("services[].application");
    expect(inputs).toContain("services[].models");
    expect(inputs).toContain("eureka.servers[].service");
    expect(inputs).toContain("eureka.pollIntervalMs");
  });

  it("has no names that it damages, and a title and an explanation in both languages", () => {
    for (const part of schemas(schema)) {
      for (const [name, member] of Object.entries((part.properties ?? {}) as Record<string, Schema>)) {
        expect(name).not.toMatch(/\.|^enabled$/);
        expect(member["x-title-i18n"], name).toEqual({
          "zh-CN": expect.any(String),
          "en-US": expect.any(String),
        });
        expect(member["x-description-i18n"], name).toMatchObject({
          "zh-CN": expect.stringMatching(/\p{Script=Han}/u),
        });
      }
    }
  });

  it("leaves what it was filled with as it was, and the plugin takes it", async () => {
    const filled = {
      ...example,
      eureka: { servers: [{ service: "eureka.dns:8761", path: "/eureka" }], pollIntervalMs: 5000 },
      services: [
        {
          application: "A",
          format: "anthropic",
          models: "a, b-*",
          modelMapping: "a=m",
          token: "k",
          strict: false,
        },
      ],
      maxBodyBytes: 1048576,
    };
    expect(edited(filled)).toEqual(filled);
    const { accepted, problems } = await configure(builtPluginModule(), JSON.stringify(filled), {
      kind: "higress",
    });
    expect(problems).toEqual([]);
    expect(accepted).toBe(true);
  });

  it("damages a mapping of models that is an object, as the guide warns", () => {
    const services = [{ application: "A", modelMapping: { "*": "m" } }];
    expect(edited({ services })).not.toEqual({ services });
  });
});

describe("the example", () => {
  it("is a direct member of the first schema, with its comments", () => {
    const [, behind = ""] = text.split(/^ {2}configSchema:$/m);
    expect(behind).toMatch(/^ {6}example:\n {8}#/m);
    expect(behind.indexOf("example:")).toBeGreaterThan(behind.indexOf("openAPIV3Schema:"));
  });

  it("is taken by the plugin, and survives the form", async () => {
    expect(edited(example)).toEqual(example);
    const { problems } = await configure(builtPluginModule(), JSON.stringify(example), { kind: "higress" });
    expect(problems).toEqual([]);
  });
});

it("names the version of the package", () => {
  const { info } = parse(text);
  expect(info.version).toBe(packageJson.version);
  expect(info.image).toMatch(new RegExp(`:${packageJson.version.replaceAll(".", "\\.")}$`));
});
