/** The part of WASI preview1 that a proxy-wasm host offers. Functions answer a WASI errno. */

import { LogLevel, MAX_RANDOM_BYTES } from "./abi.ts";
import { concatenate, toBytes, toText } from "./buffers.ts";
import type { Host } from "./host.ts";
import { InvalidMemory } from "./memory.ts";

const SUCCESS = 0;
const BAD_DESCRIPTOR = 8;
const FAULT = 21;
const INVALID = 28;
const NOT_SUPPORTED = 58;
const STDOUT = 1;
const STDERR = 2;
const REALTIME = 0;
const MONOTONIC = 1;

/** "name=value" with its final NUL, for each environment variable. */
function environmentStrings(host: Host): Uint8Array[] {
  return Object.entries(host.environment).map(([name, value]) => toBytes(`${name}=${value}\0`));
}

function fdWrite(host: Host, descriptor: number, vectors: number, count: number, writtenOut: number): number {
  if (descriptor !== STDOUT && descriptor !== STDERR) return BAD_DESCRIPTOR;
  const parts: Uint8Array[] = [];
  for (let index = 0; index < count; index++) {
    const pointer = host.memory.readU32(vectors + 8 * index);
    parts.push(host.memory.read(pointer, host.memory.readU32(vectors + 8 * index + 4)));
  }
  const bytes = concatenate(parts);
  const level = descriptor === STDOUT ? LogLevel.Info : LogLevel.Error;
  if (bytes.length > 0) host.writeLog(level, toText(bytes).replace(/\n$/, ""));
  host.memory.writeU32(writtenOut, bytes.length);
  return SUCCESS;
}

function environGet(host: Host, pointers: number, buffer: number): number {
  let offset = buffer;
  for (const [index, bytes] of environmentStrings(host).entries()) {
    host.memory.writeU32(pointers + 4 * index, offset);
    host.memory.write(offset, bytes);
    offset += bytes.length;
  }
  return SUCCESS;
}

function randomGet(host: Host, pointer: number, length: number): number {
  if (length > MAX_RANDOM_BYTES) return INVALID;
  const bytes = new Uint8Array(length);
  host.random(bytes);
  host.memory.write(pointer, bytes);
  return SUCCESS;
}

/** Turns an access outside of the memory into EFAULT. */
function guard(run: (...parameters: never[]) => number): WebAssembly.ExportValue {
  return (...parameters: never[]): number => {
    try {
      return run(...parameters);
    } catch (error) {
      if (error instanceof InvalidMemory) return FAULT;
      throw error;
    }
  };
}

export function wasiImports(host: Host): Record<string, WebAssembly.ExportValue> {
  return {
    fd_write: guard((fd: number, vectors: number, count: number, out: number) =>
      fdWrite(host, fd, vectors, count, out),
    ),
    environ_get: guard((pointers: number, buffer: number) => environGet(host, pointers, buffer)),
    environ_sizes_get: guard((countOut: number, sizeOut: number) => {
      const strings = environmentStrings(host);
      host.memory.writeU32(countOut, strings.length);
      host.memory.writeU32(sizeOut, concatenate(strings).length);
      return SUCCESS;
    }),
    args_sizes_get: guard((countOut: number, sizeOut: number) => {
      host.memory.writeU32(countOut, 0);
      host.memory.writeU32(sizeOut, 0);
      return SUCCESS;
    }),
    args_get: () => SUCCESS,
    clock_time_get: guard((id: number, _precision: bigint, out: number) => {
      if (id !== REALTIME && id !== MONOTONIC) return NOT_SUPPORTED;
      host.memory.writeU64(out, host.nanoseconds());
      return SUCCESS;
    }),
    random_get: guard((pointer: number, length: number) => randomGet(host, pointer, length)),
    proc_exit: (code: number) => {
      throw new Error(`proc_exit(${code})`);
    },
  };
}
