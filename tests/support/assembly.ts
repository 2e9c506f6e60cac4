/** Compiles AssemblyScript for tests and keeps the result under `build/test` until a source changes. */
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { isAbsolute, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const CACHE = join(ROOT, "build", "test");
const ABORT_FILE = "tests/support/abort.as.ts";

export interface CompileOptions {
  /**
   * "host" (default): for a proxy-wasm host; `abort` logs through the ABI and nothing but `env.proxy_*` is imported.
   * "harness": `abort` is imported, so that {@link instantiate} turns it into an exception with its text.
   */
  target?: "host" | "harness";
  /** Further options of asc, e.g. `["-O0"]`. Default: runtime minimal, -O3, names kept. */
  flags?: readonly string[];
}

/** What a cached module was made of. */
interface Manifest {
  /** SHA-256 of every file that the compiler read, by path. A file that it looked for in vain has "". */
  sources: Record<string, string>;
}

const compilations = new Map<string, Promise<string>>();

/** The module at `entry` (a path in the checkout). Rejects with the compiler's messages. */
export async function compile(entry: string, options: CompileOptions = {}): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(await compileToFile(entry, options)));
}

/** Like {@link compile}; the path of the `.wasm` file, for hosts that load it themselves. */
export function compileToFile(entry: string, options: CompileOptions = {}): Promise<string> {
  const path = isAbsolute(entry) ? relative(ROOT, entry) : entry;
  const flags = compilerFlags(path, options);
  const key = hash(flags.join("\n"));
  const running = compilations.get(key) ?? fromCache(key, flags);
  compilations.set(key, running);
  return running;
}

/** An instance of a module compiled for "harness"; a trap becomes an exception. */
export async function instantiate<Exports>(
  module: WebAssembly.Module,
  imports: WebAssembly.ModuleImports = {},
): Promise<Exports & { memory: WebAssembly.Memory }> {
  const instance: WebAssembly.Instance = await WebAssembly.instantiate(module, {
    env: {
      abort(message: number, file: number, line: number, column: number): never {
        const memory = instance.exports.memory as WebAssembly.Memory;
        throw new Error(
          `abort: ${readString(memory, message)} at ${readString(memory, file)}:${line}:${column}`,
        );
      },
      ...imports,
    },
  });
  return instance.exports as unknown as Exports & { memory: WebAssembly.Memory };
}

function compilerFlags(entry: string, options: CompileOptions): string[] {
  // The configuration of the plugin is not for other modules: name one that is not there.
  const flags = [entry, "--config", "none", "--bindings", "none", "--runtime", "minimal", "--debug"];
  if (options.target === "harness") return [...flags, ...(options.flags ?? ["-O3"])];
  const abort = `abort=${ABORT_FILE.replace(/\.ts$/, "")}/abort`;
  return [
    ...flags,
    ABORT_FILE,
    "--use",
    abort,
    "--exportStart",
    "_initialize",
    ...(options.flags ?? ["-O3"]),
  ];
}

async function fromCache(key: string, flags: readonly string[]): Promise<string> {
  const file = join(CACHE, `${key}.wasm`);
  const manifest = await readManifest(join(CACHE, `${key}.json`));
  if (manifest !== undefined && (await isCurrent(manifest))) return file;
  await build(key, flags);
  return file;
}

async function build(key: string, flags: readonly string[]): Promise<void> {
  // Loaded only when needed: the compiler takes a second to start.
  const { default: asc } = await import("assemblyscript/asc");
  const manifest: Manifest = { sources: {} };
  let binary: Uint8Array | undefined;
  const { error, stderr } = await asc.main([...flags, "--baseDir", ROOT, "--outFile", "out.wasm"], {
    readFile: async (name, baseDirectory) => {
      const text = await readFile(join(baseDirectory, name), "utf8").catch(() => null);
      manifest.sources[relative(ROOT, join(baseDirectory, name))] = text === null ? "" : hash(text);
      return text;
    },
    writeFile: (name, contents) => {
      if (name.endsWith(".wasm")) binary = contents as Uint8Array;
    },
  });
  if (error !== null || binary === undefined) throw new Error(`${flags[0]}:\n${stderr.toString()}`);
  await mkdir(CACHE, { recursive: true });
  await writeWhole(join(CACHE, `${key}.wasm`), binary);
  await writeWhole(join(CACHE, `${key}.json`), JSON.stringify(manifest));
}

/** Test files run in several processes: none may see half of a file. */
async function writeWhole(file: string, contents: string | Uint8Array): Promise<void> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, contents);
  await rename(draft, file);
}

async function readManifest(file: string): Promise<Manifest | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Manifest);
}

async function isCurrent(manifest: Manifest): Promise<boolean> {
  for (const [path, digest] of Object.entries(manifest.sources)) {
    const text = await readFile(join(ROOT, path), "utf8").catch(() => null);
    if ((text === null ? "" : hash(text)) !== digest) return false;
  }
  return true;
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/** A managed string: UTF-16, its size in bytes four bytes before it. */
function readString(memory: WebAssembly.Memory, pointer: number): string {
  if (pointer === 0) return "?";
  const size = new DataView(memory.buffer).getUint32(pointer - 4, true);
  return Buffer.from(memory.buffer, pointer, size).toString("utf16le");
}
