/** The plugin as `npm run build` left it, for tests that are not about building it. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "../../tools/build.ts";

/** Where the plugin lies. */
export const PLUGIN_FILE = fileURLToPath(new URL("../../build/plugin.wasm", import.meta.url));

let module: WebAssembly.Module | undefined;

/** Path of the plugin, which is built when it is missing. */
export function builtPluginFile(): string {
  return existsSync(PLUGIN_FILE) ? PLUGIN_FILE : build();
}

/** The plugin, compiled once. */
export function builtPluginModule(): WebAssembly.Module {
  module ??= new WebAssembly.Module(readFileSync(builtPluginFile()));
  return module;
}
