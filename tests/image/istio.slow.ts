/** The image pulled by the code that gateways use: `npm run test:image:istio`. Building it takes minutes at first. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lastLines, run } from "../../tools/dev/command.ts";
import { pushImage } from "../../tools/image/push.ts";
import { builtPluginFile } from "../support/built-plugin.ts";
import { type Registry, startRegistry } from "./registry.ts";

const FETCHER = fileURLToPath(new URL("./fetcher", import.meta.url));

let directory: string;
let registry: Registry;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "fetcher-test-"));
  registry = await startRegistry(false);
  const built = await run("go", ["build", "-o", join(directory, "fetcher"), "."], { directory: FETCHER });
  if (built.code !== 0) throw new Error(`the fetcher does not build:\n${lastLines(built.output)}`);
});
afterAll(async () => {
  await registry?.stop();
  await rm(directory, { recursive: true, force: true });
});

test("the gateways' fetcher finds the plugin and the digest that was printed", async () => {
  const reference = `${registry.host}/plugins/eureka-ai-proxy:test`;
  const plugin = await readFile(builtPluginFile());
  const digest = await pushImage({ reference, plugin: builtPluginFile() });
  const pulled = join(directory, "pulled.wasm");
  const fetched = await run(join(directory, "fetcher"), [reference, pulled]);
  expect(fetched.code, fetched.output).toBe(0);
  expect(fetched.output.trim().split("\n").at(-1)).toBe(digest.slice("sha256:".length));
  expect(await readFile(pulled)).toEqual(plugin);
});
