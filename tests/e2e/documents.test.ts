/** Envoy itself takes every Envoy configuration in the documents, and every change of a cluster. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { run } from "../../tools/dev/command.ts";
import { envoyBinary } from "../../tools/dev/envoy.ts";
import { serverCluster } from "../../tools/dev/envoy-config.ts";
import { builtPluginFile } from "../support/built-plugin.ts";
import { documentBlocks, documentFiles, documentText } from "../support/documents.ts";

let directory: string;
let envoy: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "documents-test-"));
  envoy = await envoyBinary();
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Lets Envoy check a configuration without starting anything. */
async function validate(config: object): Promise<void> {
  const file = join(directory, "envoy.json");
  await writeFile(file, JSON.stringify(config).replaceAll("/etc/envoy/plugin.wasm", builtPluginFile()));
  const result = await run(envoy, ["--mode", "validate", "--config-path", file, "--log-level", "error"]);
  expect(result.code, result.output).toBe(0);
}

const WHOLE = [
  ...documentBlocks()
    .filter((block) => block.language === "yaml" && block.text.includes("static_resources:"))
    .map((block) => [`${block.file}:${block.line}`, block.text] as const),
  ...documentFiles(".yaml")
    .map((file) => [file, documentText(file)] as const)
    .filter(([, text]) => /^static_resources:/m.test(text)),
];

describe("complete configurations", () => {
  it.each(WHOLE)("%s", async (_, text) => {
    await validate(parse(text));
  });
});

interface EnvoyFilter {
  kind: string;
  spec: { configPatches: { match: { cluster: { name: string } }; patch: { value: object } }[] };
}

describe("changes of Higress's clusters", () => {
  it.each(["docs/kubernetes/choose-instances.yaml", "plugin-config.yaml"])("%s", async (file) => {
    const resources = parseAllDocuments(documentText(file)).map((document) => document.toJS() as EnvoyFilter);
    const patches = resources
      .filter(({ kind }) => kind === "EnvoyFilter")
      .flatMap(({ spec }) => spec.configPatches);
    expect(patches.length).toBeGreaterThan(0);
    const clusters = patches.map(({ match, patch }) => ({
      ...serverCluster(match.cluster.name, new URL("http://127.0.0.1:80")),
      ...patch.value,
    }));
    await validate({ static_resources: { clusters } });
  });
});
