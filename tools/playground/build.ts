/** Builds the playground: a directory of static files in `build/playground`, with the plugin in it. */
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { builtPlugin } from "../dev/plugin.ts";

/** The page's sources. */
const SOURCES = fileURLToPath(new URL(".", import.meta.url));

/** Where the built page lies. */
export const PLAYGROUND = fileURLToPath(new URL("../../build/playground/", import.meta.url));

/** Builds the page, and the plugin before it where that is out of date. */
export async function buildPlayground(): Promise<string> {
  await builtPlugin();
  await buildPage();
  return PLAYGROUND;
}

/** Builds the page around the plugin as it is. Addresses are relative, so the page works below any path. */
export async function buildPage(): Promise<void> {
  await build({
    root: SOURCES,
    configFile: false,
    base: "./",
    logLevel: "error",
    build: { outDir: PLAYGROUND, emptyOutDir: true, assetsInlineLimit: 0, target: "es2023" },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(`built ${await buildPlayground()}`);
}
