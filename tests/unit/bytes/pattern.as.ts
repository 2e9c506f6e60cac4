/** Harness: one pattern and its replacement at a time. */
import { Pattern } from "../../../assembly/bytes/pattern";
import { Replacement } from "../../../assembly/bytes/replacement";
import { NONE, Slice, slice } from "../../../assembly/bytes/slice";
import { Writer } from "../../../assembly/bytes/writer";

const writer = new Writer();
let pattern: Pattern = Pattern.parse(NONE);
let replacement: Replacement = pattern.replacement(NONE);

export function allocate(size: usize): usize {
  return heap.alloc(size);
}

export function release(pointer: usize): void {
  heap.free(pointer);
}

export function collect(): void {
  __collect();
}

/** Reads a pattern; what is wrong with it is written. */
export function parse(pointer: usize, length: i32): bool {
  pattern = Pattern.parse(slice(pointer, length));
  writer.reset();
  writer.ascii(pattern.error);
  return pattern.error == "";
}

export function kind(): i32 {
  return pattern.kind;
}

export function matches(pointer: usize, length: i32): bool {
  return pattern.matches(slice(pointer, length));
}

export function matchesOften(pointer: usize, length: i32, times: i32): i32 {
  let count = 0;
  for (let i = 0; i < times; i++) {
    writer.reset();
    pattern.rewrite(writer, slice(pointer, length), replacement);
    if (pattern.matches(slice(pointer, length))) count++;
  }
  return count;
}

/** Reads a replacement; what is wrong with it is written. */
export function setReplacement(pointer: usize, length: i32): bool {
  replacement = pattern.replacement(slice(pointer, length));
  writer.reset();
  writer.ascii(replacement.error);
  return replacement.error == "";
}

export function rewrite(pointer: usize, length: i32): void {
  writer.reset();
  pattern.rewrite(writer, slice(pointer, length), replacement);
}

export function written(): Slice {
  return writer.view();
}
