import { Slice, borrow, slice, toOwned, toText, utf8 } from "../../../assembly/bytes/slice";
import { Writer } from "../../../assembly/bytes/writer";
import { ApiCall, apisAt, findApi } from "../../../assembly/formats/api";
import { ApiPath, pathNeedsModel, sortPaths, writePath } from "../../../assembly/vendors/paths";

const out = new Writer();
let paths: ApiPath[] = [];

export function allocate(size: i32): usize {
  return heap.alloc(size);
}

export function release(pointer: usize): void {
  heap.free(pointer);
}

export function clear(): void {
  paths = [];
}

/** Adds a path. */
export function add(from: usize, fromLength: i32, to: usize, toLength: i32): void {
  paths.push(new ApiPath(toOwned(slice(from, fromLength)), toOwned(slice(to, toLength))));
  sortPaths(paths);
}

/** The path upstream of a client's path below the base path `/base`, with the model `m/1`. */
export function write(text: usize, length: i32, isStream: bool): Slice {
  out.reset();
  const model = utf8("m/1");
  writePath(paths, utf8("/base"), slice(text, length), borrow(model), isStream, out);
  return out.view();
}

export function needs(text: usize, length: i32): bool {
  return pathNeedsModel(paths, slice(text, length));
}

/** Name and path of the API that a client's path calls, and what is behind its version prefix. */
export function find(text: usize, length: i32): Slice {
  const call = new ApiCall();
  out.reset();
  if (!findApi(slice(text, length), call)) return out.view();
  out.ascii(call.api.name);
  out.byte(0x20);
  out.ascii(call.api.path);
  out.byte(0x20);
  out.bytes(call.rest);
  return out.view();
}

/** Number of APIs with a path. */
export function count(text: usize, length: i32): i32 {
  return popcnt<u64>(apisAt(toText(slice(text, length)))) as i32;
}
