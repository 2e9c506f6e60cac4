import { Slice, slice, toOwned } from "../../../assembly/bytes/slice";
import { Writer } from "../../../assembly/bytes/writer";
import { MultipartScanner, boundaryOf } from "../../../assembly/framing/multipart";

const out = new Writer();

export function allocate(size: i32): usize {
  return heap.alloc(size);
}

export function release(pointer: usize): void {
  heap.free(pointer);
}

/** The boundary of a media type. */
export function boundary(text: usize, length: i32): Slice {
  out.reset();
  out.owned(boundaryOf(slice(text, length)));
  return out.view();
}

/**
 * What is found of the field `model` in a form with the boundary `b`, read in pieces of `size` bytes: `ok`, `open` or
 * `broken`, where the first delimiter is, and where the values are.
 */
export function scan(text: usize, length: i32, size: i32): Slice {
  const name = slice(text, 1);
  const scanner = new MultipartScanner(toOwned(name), "model");
  let isForm = true;
  for (let at = 1; at < length && isForm; at += size) {
    isForm = scanner.feed(slice(text + at, min(size, length - at)));
  }
  out.reset();
  out.ascii(!isForm ? "broken" : scanner.isComplete ? "ok" : "open");
  out.byte(0x20);
  out.number(scanner.first);
  if (scanner.isBare) out.ascii(" bare");
  for (let i = 0; i < scanner.values.length; i++) {
    out.byte(0x20);
    out.number(scanner.values[i]);
  }
  scanner.dispose();
  return out.view();
}
