// The least a filter can do that works on bodies: it reads each body whole and writes the same bytes back. What a
// plugin costs is measured against this, so that the price of Wasm itself is not counted as the plugin's.

@external("env", "proxy_get_buffer_bytes")
declare function proxy_get_buffer_bytes(type: i32, start: i32, length: i32, bytes: usize, size: usize): i32;


@external("env", "proxy_set_buffer_bytes")
declare function proxy_set_buffer_bytes(type: i32, start: i32, length: i32, bytes: usize, size: i32): i32;

const REQUEST_BODY: i32 = 0;
const RESPONSE_BODY: i32 = 1;
const STOP_AND_BUFFER: i32 = 1;
const out: usize = memory.data(16, 8);
let block: usize = 0;

export function proxy_abi_version_0_2_1(): void {}

export function proxy_on_memory_allocate(size: i32): usize {
  if (block != 0) heap.free(block);
  block = heap.alloc(size);
  return block;
}

export function proxy_on_context_create(id: i32, parent: i32): void {}

export function proxy_on_request_headers(id: i32, count: i32, isEnd: i32): i32 {
  return isEnd ? 0 : 1;
}

export function proxy_on_request_body(id: i32, size: i32, isEnd: i32): i32 {
  if (!isEnd) return STOP_AND_BUFFER;
  copy(REQUEST_BODY, size);
  return 0;
}

export function proxy_on_response_body(id: i32, size: i32, isEnd: i32): i32 {
  copy(RESPONSE_BODY, size);
  return 0;
}

function copy(type: i32, size: i32): void {
  if (size == 0) return;
  if (proxy_get_buffer_bytes(type, 0, size, out, out + 8) != 0) return;
  proxy_set_buffer_bytes(type, 0, size, load<u32>(out) as usize, load<i32>(out + 8));
}
