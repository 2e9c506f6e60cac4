/** Instances of the harness modules (`*.as.ts`) of the pure rooms, with bytes going in and out. */
import { compile, instantiate } from "./assembly";

export interface HarnessExports {
  memory: WebAssembly.Memory;
  /** `heap.alloc` of the module. */
  allocate(size: number): number;
  /** `heap.free` of the module. */
  release(pointer: number): void;
}

/** An instance of the harness at `entry`, a path from the checkout's root. A trap becomes an exception. */
export async function openHarness<Exports extends HarnessExports>(entry: string): Promise<Exports> {
  return instantiate<Exports>(await compile(entry, { target: "harness" }));
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

/** Calls `use` with pointer and length of each input in a row, and gives their memory back afterwards. */
export function lend<Result>(
  exports: HarnessExports,
  inputs: readonly (Uint8Array | string)[],
  use: (...places: number[]) => Result,
): Result {
  const bytes = inputs.map((input) => (typeof input === "string" ? Buffer.from(input) : input));
  const pointers = bytes.map((input) => place(exports, input));
  try {
    return use(...pointers.flatMap((pointer, index) => [pointer, bytes[index]?.length ?? 0]));
  } finally {
    for (const pointer of pointers) exports.release(pointer);
  }
}

const GUARD_BYTES = 16;
const POISON = 0xa5;
