/** Compiles a harness module (`*.as.ts`) of the pure rooms and gives its exports, with bytes going in and out. */
import asc from "assemblyscript/asc";

export interface HarnessExports {
  memory: WebAssembly.Memory;
  /** `heap.alloc` of the module. */
  allocate(size: number): number;
  release(pointer: number): void;
}

const modules = new Map<string, Promise<WebAssembly.Module>>();

/** One instance of the module at `entry`, a path from the checkout's root. A trap becomes an exception. */
export async function instantiate<Exports extends HarnessExports>(entry: string): Promise<Exports> {
  const module = modules.get(entry) ?? compile(entry);
  modules.set(entry, module);
  const instance: WebAssembly.Instance = new WebAssembly.Instance(await module, {
    env: {
      abort(message: number, _file: number, line: number, column: number): never {
        const memory = instance.exports.memory as WebAssembly.Memory;
        throw new Error(`abort: ${readText(memory, message)} at ${line}:${column}`);
      },
    },
  });
  return instance.exports as unknown as Exports;
}

/** Copies bytes into fresh memory of the module, followed by bytes that no codec may read. */
export function place(exports: HarnessExports, bytes: Uint8Array): number {
  const pointer = exports.allocate(bytes.length + GUARD_BYTES);
  const memory = new Uint8Array(exports.memory.buffer, pointer, bytes.length + GUARD_BYTES);
  memory.set(bytes);
  memory.fill(POISON, bytes.length);
  return pointer;
}

/** Makes whoever still reads memory that was lent to it read nonsense, and gives the memory back. */
export function takeBack(exports: HarnessExports, pointer: number, size: number): void {
  new Uint8Array(exports.memory.buffer, pointer, size).fill(POISON);
  exports.release(pointer);
}

/** A copy of the bytes of a slice (pointer low, length high). */
export function readSlice(exports: HarnessExports, slice: bigint): Uint8Array {
  const pointer = Number(slice & 0xffffffffn);
  const length = Number(slice >> 32n);
  return new Uint8Array(exports.memory.buffer, pointer, length).slice();
}

const GUARD_BYTES = 16;
const POISON = 0xa5;

async function compile(entry: string): Promise<WebAssembly.Module> {
  let binary: Uint8Array | undefined;
  // The configuration of the plugin (its own `abort`, its exports) is not for harnesses: name one that is not there.
  const options = [entry, "--config", "none", "--outFile", "harness.wasm", "--bindings", "none"];
  options.push("--runtime", "minimal", "-O3", "--debug");
  const { error, stderr } = await asc.main(options, {
    writeFile: (name, contents) => {
      if (name.endsWith(".wasm")) binary = contents as Uint8Array;
    },
  });
  if (error !== null || binary === undefined) throw new Error(`${entry}: ${stderr.toString()}`);
  return new WebAssembly.Module(binary as Uint8Array<ArrayBuffer>);
}

function readText(memory: WebAssembly.Memory, pointer: number): string {
  if (pointer === 0) return "";
  const size = new Uint32Array(memory.buffer)[(pointer - 4) >>> 2] ?? 0;
  return Buffer.from(memory.buffer, pointer, size).toString("utf16le");
}
