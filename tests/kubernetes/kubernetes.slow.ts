/**
 * Every resource of the documentation, held against Higress's and Istio's definitions by the API server's own code:
 * `npm run test:kubernetes`. Needs Go, and Higress's definitions in the file that `HIGRESS_CRDS` names.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lastLines, run } from "../../tools/dev/command.ts";
import { HIGRESS_DEFINITIONS } from "../support/kubernetes.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const VALIDATOR = fileURLToPath(new URL("./validator", import.meta.url));
const FETCHER = fileURLToPath(new URL("../image/fetcher", import.meta.url));

let directory: string;
let definitions: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "validator-test-"));
  const built = await run("go", ["build", "-o", join(directory, "validator"), "."], { directory: VALIDATOR });
  if (built.code !== 0) throw new Error(`the validator does not build:\n${lastLines(built.output)}`);
  // Istio's own definitions come with its module, which the image's fetcher needs already.
  const module = ["-m", "-f", "{{.Dir}}", "istio.io/istio"];
  await run("go", ["mod", "download", "istio.io/istio"], { directory: FETCHER });
  const istio = (await run("go", ["list", ...module], { directory: FETCHER })).output.trim();
  definitions = [HIGRESS_DEFINITIONS, join(istio, "manifests/charts/base/files/crd-all.gen.yaml")].join(",");
});
afterAll(() => rm(directory, { recursive: true, force: true }));

function validate(files: readonly string[]) {
  return run(join(directory, "validator"), [definitions, ...files], { directory: ROOT });
}

test("the API server takes every resource of the documentation", async () => {
  const variants = await readdir(join(ROOT, "docs/kubernetes"));
  const files = variants.filter((name) => name.endsWith(".yaml")).map((name) => `docs/kubernetes/${name}`);
  const { code, output } = await validate(["plugin-config.yaml", "docs/eureka/higress.yaml", ...files]);
  expect(output).not.toContain(": ");
  expect(code, output).toBe(0);
  for (const kind of ["WasmPlugin", "McpBridge", "Ingress", "EnvoyFilter"]) {
    expect(output).toContain(`checked ${kind}`);
  }
});

test.each([
  ["an unknown member", "priority: 100", "prioritie: 100", "unknown field spec.prioritie"],
  ["an unknown value", "FAIL_CLOSE", "CLOSED", 'spec.failStrategy: Unsupported value: "CLOSED"'],
  ["a wrong type", "priority: 100", 'priority: "high"', "spec.priority: Invalid value"],
  ["a bad name", "name: eureka-ai-proxy", "name: Eureka_Proxy", "metadata.name: Invalid value"],
])("and refuses %s", async (_, given, mistaken, problem) => {
  const text = await readFile(join(ROOT, "docs/kubernetes/two-services.yaml"), "utf8");
  const file = join(directory, "mistaken.yaml");
  await writeFile(file, text.replace(given, mistaken));
  const { code, output } = await validate([file]);
  expect(output).toContain(problem);
  expect(code).toBe(1);
});
