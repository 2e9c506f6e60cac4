/** Reading and writing the memory of the VM, with the bounds checks and the counting of copies. */

import { Status } from "./abi.ts";
import { toBytes, toText } from "./buffers.ts";

/** How often the host was called and how many bytes crossed the border; tests assert on these instead of on time. */
export interface Counters {
  /** Host calls made by the plugin. */
  hostCalls: number;
  /** Host calls by name, without the prefix "proxy_". */
  byName: Record<string, number>;
  /** Callbacks of the plugin called by the host. */
  callbacks: number;
  /** Bytes the host copied into VM memory, and how many blocks it asked the plugin for. */
  bytesIn: number;
  allocations: number;
  /** Bytes the host read out of VM memory. */
  bytesOut: number;
}

export function newCounters(): Counters {
  return { hostCalls: 0, byName: {}, callbacks: 0, bytesIn: 0, allocations: 0, bytesOut: 0 };
}

/** An access outside of the memory. Import functions turn it into the status InvalidMemoryAccess. */
export class InvalidMemory extends Error {}

export class Memory {
  constructor(
    private readonly memory: WebAssembly.Memory,
    /** The plugin's own allocator: malloc or proxy_on_memory_allocate. */
    private readonly allocate: (size: number) => number,
    private readonly counters: Counters,
  ) {}

  get byteLength(): number {
    return this.memory.buffer.byteLength;
  }

  /** A copy of the bytes at `pointer`. */
  read(pointer: number, length: number): Uint8Array {
    const bytes = this.range(pointer, length).slice();
    this.counters.bytesOut += bytes.length;
    return bytes;
  }

  readText(pointer: number, length: number): string {
    return toText(this.read(pointer, length));
  }

  readU32(pointer: number): number {
    const bytes = this.range(pointer, 4);
    return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  }

  write(pointer: number, bytes: Uint8Array): void {
    this.range(pointer, bytes.length).set(bytes);
    this.counters.bytesIn += bytes.length;
  }

  writeU32(pointer: number, value: number): void {
    const bytes = this.range(pointer, 4);
    new DataView(bytes.buffer, bytes.byteOffset, 4).setUint32(0, value, true);
  }

  writeU64(pointer: number, value: bigint): void {
    const bytes = this.range(pointer, 8);
    new DataView(bytes.buffer, bytes.byteOffset, 8).setBigUint64(0, BigInt.asUintN(64, value), true);
  }

  /**
   * Hands bytes over to the plugin in a block of its own allocator, which the plugin then owns. Empty bytes are
   * pointer 0 and size 0 without a block.
   */
  give(content: Uint8Array | string, pointerOut: number, sizeOut: number): Status {
    const bytes = toBytes(content);
    let pointer = 0;
    if (bytes.length > 0) {
      pointer = this.allocate(bytes.length) >>> 0;
      this.counters.allocations++;
      if (pointer === 0) return Status.InvalidMemoryAccess;
      this.write(pointer, bytes);
    }
    this.writeU32(pointerOut, pointer);
    this.writeU32(sizeOut, bytes.length);
    return Status.Ok;
  }

  private range(pointer: number, length: number): Uint8Array {
    const start = pointer >>> 0;
    const size = length >>> 0;
    if (start + size > this.memory.buffer.byteLength) throw new InvalidMemory();
    return new Uint8Array(this.memory.buffer, start, size);
  }
}
