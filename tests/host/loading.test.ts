/** Which modules a host loads. The modules are written as text, so that each says just what is tested. */
import binaryen from "binaryen";
import { expect, test } from "vitest";
import { Host, type HostOptions } from "./index.ts";

const ALLOCATE = '(func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const 1024))';
const MEMORY = '(memory (export "memory") 1)';

/** A module with these ABI versions in this order, and further fields (imports first). */
function moduleOf(
  versions: string[],
  fields = "",
  imports = "",
  base = MEMORY + ALLOCATE,
): WebAssembly.Module {
  const markers = versions.map((version) => `(func (export "proxy_abi_version_${version}"))`).join("");
  const parsed = binaryen.parseText(`(module ${imports} ${base} ${markers} ${fields})`);
  const bytes = parsed.emitBinary();
  parsed.dispose();
  return new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
}

const version = async (versions: string[], options: HostOptions): Promise<string> =>
  (await Host.load(moduleOf(versions), options)).abiVersion;

test("plain Envoy skips the version of Higress, Higress takes the first it knows", async () => {
  const both = ["0_2_100", "0_2_1"];
  expect(await version(both, { kind: "envoy" })).toBe("0_2_1");
  expect(await version(both, { kind: "higress" })).toBe("0_2_100");
  expect(await version(both.toReversed(), { kind: "higress" })).toBe("0_2_1");
});

test.each([["0_2_100"], ["0_3_0"], []])("plain Envoy refuses a module of version %s", async (...versions) => {
  await expect(Host.load(moduleOf(versions.filter(Boolean)))).rejects.toThrow(
    "unknown Proxy-Wasm ABI version",
  );
});

const importing = (name: string) => `(import "env" "${name}" (func (param i32 i32 i32) (result i32)))`;

test.each([
  ["proxy_inject_encoded_data_to_filter_chain", "higress"],
  ["proxy_get_property_of_nowhere", undefined],
  ["abort", undefined],
  ["proxy_clear_route_cache", undefined],
])("%s links on %s only", async (name, kind) => {
  const module = moduleOf(["0_2_100", "0_2_1"], "", importing(name));
  for (const host of ["envoy", "higress"] as const) {
    const loading = Host.load(module, { kind: host });
    if (host === kind) await expect(loading).resolves.toBeInstanceOf(Host);
    else await expect(loading).rejects.toThrow(name);
  }
});

test("the log level can be asked for since 0_2_1", async () => {
  const imports = '(import "env" "proxy_get_log_level" (func (param i32) (result i32)))';
  await expect(Host.load(moduleOf(["0_2_1"], "", imports))).resolves.toBeInstanceOf(Host);
  await expect(Host.load(moduleOf(["0_2_0"], "", imports))).rejects.toThrow("proxy_get_log_level");
});

test("memory, an allocator and the right signatures are needed", async () => {
  await expect(Host.load(moduleOf(["0_2_1"], "", "", MEMORY))).rejects.toThrow("missing malloc");
  await expect(Host.load(moduleOf(["0_2_1"], "", "", ALLOCATE))).rejects.toThrow("no memory");
  const wrong = '(func (export "proxy_on_request_headers") (param i32 i32) (result i32) (i32.const 0))';
  await expect(Host.load(moduleOf(["0_2_1"], wrong))).rejects.toThrow("proxy_on_request_headers");
});

test("host calls are forbidden while the module starts, except for logging", async () => {
  const imports =
    '(import "env" "proxy_set_tick_period_milliseconds" (func $tick (param i32) (result i32)))' +
    '(import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))';
  const start = (call: string) => `(func (export "_initialize") ${call})`;
  const logging = start("(drop (call $log (i32.const 2) (i32.const 0) (i32.const 0)))");
  const ticking = start("(drop (call $tick (i32.const 1)))");
  expect((await Host.load(moduleOf(["0_2_1"], logging, imports))).logs).toHaveLength(1);
  await expect(Host.load(moduleOf(["0_2_1"], ticking, imports))).rejects.toThrow("outside of a callback");
});

test("WASI: environment, clock, random bytes, standard output", async () => {
  const wasi = (name: string, parameters: string) =>
    `(import "wasi_snapshot_preview1" "${name}" (func $${name} (param ${parameters}) (result i32)))`;
  const imports =
    wasi("environ_sizes_get", "i32 i32") +
    wasi("environ_get", "i32 i32") +
    wasi("clock_time_get", "i32 i64 i32") +
    wasi("random_get", "i32 i32") +
    wasi("fd_write", "i32 i32 i32 i32");
  const run = `(func (export "_start")
    (drop (call $environ_sizes_get (i32.const 0) (i32.const 4)))
    (drop (call $environ_get (i32.const 8) (i32.const 100)))
    (drop (call $clock_time_get (i32.const 0) (i64.const 1) (i32.const 16)))
    (drop (call $random_get (i32.const 32) (i32.const 4)))
    (i32.store (i32.const 40) (i32.const 100))
    (i32.store (i32.const 44) (i32.const 3))
    (drop (call $fd_write (i32.const 1) (i32.const 40) (i32.const 1) (i32.const 48)))
    (i32.store (i32.const 52) (call $random_get (i32.const 32) (i32.const 65537)))
    (i32.store (i32.const 56) (call $fd_write (i32.const 3) (i32.const 40) (i32.const 1) (i32.const 48))))`;
  const host = await Host.load(moduleOf(["0_2_1"], run, imports), {
    environment: { A: "1", BC: "2" },
    now: () => 1_000.5,
    random: (bytes) => bytes.fill(7),
  });
  const memory = host.memory;
  expect([memory.readU32(0), memory.readU32(4)]).toEqual([2, 9]);
  expect(memory.readText(100, 9)).toBe("A=1\0BC=2\0");
  expect([memory.readU32(8), memory.readU32(12)]).toEqual([100, 104]);
  expect(new DataView(memory.read(16, 8).buffer).getBigUint64(0, true)).toBe(1_000_500_000n);
  expect([...memory.read(32, 4)]).toEqual([7, 7, 7, 7]);
  expect(host.messages()).toEqual(["A=1"]);
  expect([memory.readU32(48), memory.readU32(52), memory.readU32(56)]).toEqual([3, 28, 8]);
});
