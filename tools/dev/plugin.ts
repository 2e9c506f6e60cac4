/** The built plugin, built again when its sources are newer. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { lastLines, run } from "./command.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const BINARY = join(ROOT, "build", "plugin.wasm");
/** What the binary is made from, apart from the installed compiler. */
const SOURCES = ["assembly", "asconfig.json", "tools/build.ts", "tools/pack.ts", "package-lock.json"];

/** Path of an up-to-date `build/plugin.wasm`. Rejects with the compiler's messages when it does not compile. */
export async function builtPlugin(onProgress: (line: string) => void = () => {}): Promise<string> {
  const built = await modifiedAt(BINARY).catch(() => 0);
  const changes = await Promise.all(SOURCES.map((source) => newestChange(join(ROOT, source))));
  if (built > Math.max(...changes)) return BINARY;
  onProgress("Building the plugin ...");
  const build = ["--import", "tsx", join(ROOT, "tools", "build.ts")];
  const result = await run(process.execPath, build, { directory: ROOT });
  if (result.code !== 0) throw new Error(`The plugin could not be built:\n${lastLines(result.output, 40)}`);
  return BINARY;
}

async function newestChange(path: string): Promise<number> {
  const own = await modifiedAt(path);
  const entries = (await stat(path)).isDirectory() ? await readdir(path) : [];
  return Math.max(own, ...(await Promise.all(entries.map((entry) => newestChange(join(path, entry))))));
}

async function modifiedAt(path: string): Promise<number> {
  return (await stat(path)).mtimeMs;
}
