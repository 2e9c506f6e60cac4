/**
 * Builds `build/plugin.wasm`, and with the argument `higress` `build/plugin.higress.wasm`: asc, then binaryen's wasm-opt,
 * then static data is packed, then a check of what hosts look at.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { packData } from "./pack.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const bin = (name: string) => join(root, "node_modules", ".bin", name);

/** The build for every host, and the one that uses what only Higress has. */
export type Target = "release" | "higress";

/** Imports beyond those of every host. */
const extraImports: Record<Target, string[]> = {
  release: [],
  higress: ["proxy_set_upstream_override_host"],
};

const higressImports = Object.values(extraImports).flat();

/** Where the finished plugin lies. */
export const pluginPath = pathOf("release");

/** What is imported of WASI, which proxy-wasm hosts link as well: environment variables. */
const wasiImports = ["environ_get", "environ_sizes_get"];

/** WebAssembly features that every supported host has (V8 10.2 and later, Higress's WAMR build): no SIMD. */
const features = [
  "--enable-bulk-memory",
  "--enable-sign-ext",
  "--enable-nontrapping-float-to-int",
  "--enable-mutable-globals",
];

/** Higress takes the first ABI version it knows, plain Envoy the one it knows: so this order serves both. */
const abiOrder = ["proxy_abi_version_0_2_100", "proxy_abi_version_0_2_1"];

/** Where the finished plugin of a target lies. */
export function pathOf(target: Target): string {
  return join(root, "build", target === "release" ? "plugin.wasm" : `plugin.${target}.wasm`);
}

/** Compiles and checks; throws with a readable message where the result would not load. */
export function build(target: Target = "release"): string {
  const path = pathOf(target);
  const compiled = path.replace(/\.wasm$/, ".asc.wasm");
  mkdirSync(join(root, "build"), { recursive: true });
  run(bin("asc"), ["--target", target]);
  run(bin("wasm-opt"), [...features, "-Os", compiled, "-o", path]);
  writeFileSync(path, packData(readFileSync(path)));
  check(new WebAssembly.Module(readFileSync(path)), target);
  return path;
}

function run(command: string, parameters: string[]): void {
  execFileSync(command, parameters, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
}

function check(module: WebAssembly.Module, target: Target): void {
  const versions = WebAssembly.Module.exports(module)
    .map((entry) => entry.name)
    .filter((name) => name.startsWith("proxy_abi_version_"));
  if (versions.join() !== abiOrder.join())
    throw new Error(`ABI exports must be ${abiOrder.join(", ")} in this order, found ${versions.join(", ")}`);
  const foreign = WebAssembly.Module.imports(module).filter(({ module: from, name }) =>
    from === "wasi_snapshot_preview1"
      ? !wasiImports.includes(name)
      : from !== "env" || !name.startsWith("proxy_"),
  );
  if (foreign.length > 0)
    throw new Error(`no host links ${foreign.map((entry) => `${entry.module}.${entry.name}`).join(", ")}`);
  const names = WebAssembly.Module.imports(module).map((entry) => entry.name);
  const wrong = higressImports.filter((name) => names.includes(name) !== extraImports[target].includes(name));
  if (wrong.length > 0) throw new Error(`${wrong.join(", ")}: wrong in the build "${target}"`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const started = Date.now();
  const path = build(process.argv[2] === "higress" ? "higress" : "release");
  const size = (statSync(path).size / 1024).toFixed(1);
  console.log(`${relative(root, path)}: ${size} KiB in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
