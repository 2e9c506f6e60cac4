/** Builds `build/plugin.wasm`: asc, then binaryen's wasm-opt, then a check of what hosts look at. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const bin = (name: string) => join(root, "node_modules", ".bin", name);
const compiled = join(root, "build", "plugin.asc.wasm");

/** Where the finished plugin lies. */
export const pluginPath = join(root, "build", "plugin.wasm");

/** WebAssembly features that every supported host has (V8 10.2 and later, Higress's WAMR build): no SIMD. */
const features = [
  "--enable-bulk-memory",
  "--enable-sign-ext",
  "--enable-nontrapping-float-to-int",
  "--enable-mutable-globals",
];

/** Higress takes the first ABI version it knows, plain Envoy the one it knows: so this order serves both. */
const abiOrder = ["proxy_abi_version_0_2_100", "proxy_abi_version_0_2_1"];

/** Compiles and checks; throws with a readable message where the result would not load. */
export function build(): string {
  mkdirSync(join(root, "build"), { recursive: true });
  run(bin("asc"), ["--target", "release"]);
  run(bin("wasm-opt"), [...features, "-Os", compiled, "-o", pluginPath]);
  check(new WebAssembly.Module(readFileSync(pluginPath)));
  return pluginPath;
}

function run(command: string, parameters: string[]): void {
  execFileSync(command, parameters, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
}

function check(module: WebAssembly.Module): void {
  const versions = WebAssembly.Module.exports(module)
    .map((entry) => entry.name)
    .filter((name) => name.startsWith("proxy_abi_version_"));
  if (versions.join() !== abiOrder.join())
    throw new Error(`ABI exports must be ${abiOrder.join(", ")} in this order, found ${versions.join(", ")}`);
  const foreign = WebAssembly.Module.imports(module).filter(
    (entry) => entry.module !== "env" || !entry.name.startsWith("proxy_"),
  );
  if (foreign.length > 0)
    throw new Error(`no host links ${foreign.map((entry) => `${entry.module}.${entry.name}`).join(", ")}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const started = Date.now();
  build();
  const size = (statSync(pluginPath).size / 1024).toFixed(1);
  console.log(`build/plugin.wasm: ${size} KiB in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
