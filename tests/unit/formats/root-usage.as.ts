/** What the tests of a stream whose usage moves call. */
import { Slice, slice } from "../../../assembly/bytes/slice";
import { Writer } from "../../../assembly/bytes/writer";
import { UsageToRoot } from "../../../assembly/formats/openai/root-usage";

let stream: UsageToRoot = new UsageToRoot();
const out = new Writer();
let isChanged: bool = false;

export function allocate(size: i32): usize {
  return heap.alloc(size);
}

export function release(pointer: usize): void {
  heap.free(pointer);
}

/** Begins with a new stream. */
export function begin(): void {
  stream.dispose();
  stream = new UsageToRoot();
}

/** What may go on of the bytes of one callback, borrowed until the next call. */
export function write(pointer: usize, length: i32): Slice {
  out.reset();
  isChanged = stream.write(slice(pointer, length), out);
  return out.view();
}

/** What was held at the end. */
export function end(): Slice {
  out.reset();
  isChanged = stream.end(out);
  return out.view();
}

/** Whether the last call changed a record. */
export function changed(): bool {
  return isChanged;
}

export function held(): i32 {
  return stream.held;
}

/** 64 KiB pages. Nothing here ever collects, so whatever was allocated on the managed heap stays. */
export function pages(): i32 {
  return memory.size();
}
