import { Slice, slice } from "../bytes/slice";

/**
 * Memory between host and plugin.
 *
 * The host returns bytes by calling `proxy_on_memory_allocate` from inside the plugin's own host call. Such bytes
 * live in one inbox that every host call reuses: **a slice that a host call gave is valid until the next host
 * call**. What must live longer is copied by the caller. A value larger than the inbox gets a block of its own,
 * which the next allocation frees.
 */
const INBOX_BYTES: i32 = 1 << 16;

/** Zeroed room behind the inbox, so that wide loads of scanners stay inside it. */
const INBOX_PADDING: i32 = 16;

const inbox: usize = memory.data(INBOX_BYTES + INBOX_PADDING, 16);
let overflow: usize = 0;

/** How many times the host asked for memory since the VM started; tests count copies with it. */
let allocations: i32 = 0;

/** Two out parameters (pointer and size) that host calls fill. */
const outPointer: usize = memory.data(8, 8);
const outSize: usize = memory.data(8, 8);
const outNumber: usize = memory.data(8, 8);

/** The export `proxy_on_memory_allocate`. */
export function allocateForHost(size: i32): usize {
  allocations++;
  if (overflow != 0) {
    heap.free(overflow);
    overflow = 0;
  }
  if (size <= INBOX_BYTES) return inbox;
  overflow = heap.alloc(size + INBOX_PADDING);
  return overflow;
}

/** Frees the block of an over-long value as soon as it has been used, so that it is not held between callbacks. */
export function releaseInbox(): void {
  if (overflow == 0) return;
  heap.free(overflow);
  overflow = 0;
}

/** Largest value that needs no block of its own; bodies are read in windows of this size. */
@inline
export function windowBytes(): i32 {
  return INBOX_BYTES;
}

/** Address for a returned pointer. */
@inline
export function pointerOut(): usize {
  return outPointer;
}

/** Address for a returned size. */
@inline
export function sizeOut(): usize {
  return outSize;
}

/** Address for a returned number of up to eight bytes. */
@inline
export function numberOut(): usize {
  return outNumber;
}

/** The bytes whose pointer and size the last host call stored. */
@inline
export function returned(): Slice {
  return slice(load<u32>(outPointer) as usize, load<i32>(outSize));
}
