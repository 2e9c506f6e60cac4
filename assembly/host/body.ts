import { NONE, Slice, lengthOf, pointerOf } from "../bytes/slice";
import {
  BufferType,
  Status,
  proxy_get_buffer_bytes,
  proxy_get_buffer_status,
  proxy_set_buffer_bytes,
} from "./abi";
import { numberOut, pointerOut, returned, sizeOut, windowBytes } from "./memory";

/**
 * Buffers that the host holds: request body, response body, callout body, configuration. They are read in windows
 * (`readBody`), edited at the front and appended to at the end; nothing else is possible, see `set_buffer_bytes` in
 * docs/host-facts.md.
 */

/** Bytes in the buffer now; 0 where there is none. */
export function bodySize(type: BufferType): i32 {
  const status = proxy_get_buffer_status(type, numberOut(), sizeOut());
  return status == Status.Ok ? load<i32>(numberOut()) : 0;
}

/**
 * Up to `length` bytes from `start`, borrowed from the inbox until the next host call. The host clips over-long reads.
 * NONE where nothing is there.
 */
export function readBody(type: BufferType, start: i32, length: i32): Slice {
  const status = proxy_get_buffer_bytes(type, start, length, pointerOut(), sizeOut());
  return status == Status.Ok ? returned() : NONE;
}

/** The next window of a body: at most as much as fits the inbox, so that reading a body of any size stays flat. */
@inline
export function readWindow(type: BufferType, start: i32): Slice {
  return readBody(type, start, windowBytes());
}

/** Replaces the first `length` bytes by `bytes`: the host drains, then prepends. */
export function replaceFront(type: BufferType, length: i32, bytes: Slice): bool {
  const status = proxy_set_buffer_bytes(type, 0, length, pointerOf(bytes), lengthOf(bytes));
  return status == Status.Ok;
}

/** Replaces everything in the buffer. */
@inline
export function replaceBody(type: BufferType, bytes: Slice): bool {
  return replaceFront(type, i32.MAX_VALUE, bytes);
}

/** Appends behind the last byte. */
export function appendBody(type: BufferType, bytes: Slice): bool {
  if (lengthOf(bytes) == 0) return true;
  const status = proxy_set_buffer_bytes(type, i32.MAX_VALUE, 0, pointerOf(bytes), lengthOf(bytes));
  return status == Status.Ok;
}

/** Removes the first `length` bytes. */
@inline
export function drainBody(type: BufferType, length: i32): bool {
  return length == 0 || replaceFront(type, length, NONE);
}
