import { EMPTY, Utf8 } from "../bytes/slice";
import { numberOut, sizeOut } from "./memory";

/** A VM has a handful of variables; what is larger is not read. Bytes, and number. */
const MAX_BYTES: i32 = 1 << 20;
const MAX_COUNT: i32 = 4096;

const SUCCESS: i32 = 0;


@external("wasi_snapshot_preview1", "environ_sizes_get")
declare function environ_sizes_get(count: usize, size: usize): i32;


@external("wasi_snapshot_preview1", "environ_get")
declare function environ_get(pointers: usize, buffer: usize): i32;

/**
 * The environment variables that the VM was given: `NAME=value` with a NUL behind it, for each of them. Envoy has them
 * in `vm_config.environment_variables`, Higress in the WasmPlugin's `vmConfig.env`. Empty where the host has none.
 */
export function readEnvironment(): Utf8 {
  if (environ_sizes_get(numberOut(), sizeOut()) != SUCCESS) return EMPTY;
  const count = load<i32>(numberOut());
  const size = load<i32>(sizeOut());
  if (count <= 0 || count > MAX_COUNT || size <= 0 || size > MAX_BYTES) return EMPTY;
  const pointers = heap.alloc((count as usize) << 2);
  const block = new ArrayBuffer(size);
  const status = environ_get(pointers, changetype<usize>(block));
  heap.free(pointers);
  return status == SUCCESS ? block : EMPTY;
}
