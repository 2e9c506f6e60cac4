/** Harness: one framer at a time, driven from outside. */
import { copiedBytes, movedBytes } from "../../../assembly/bytes/carry";
import { NONE, Slice, slice } from "../../../assembly/bytes/slice";
import { Writer } from "../../../assembly/bytes/writer";
import { Framer } from "../../../assembly/framing/framer";
import { SseFramer, writeEvent } from "../../../assembly/framing/sse";
import { findFraming } from "../../../assembly/framing/table";

let framer: Framer = new SseFramer();
const writer = new Writer();

export function allocate(size: usize): usize {
  return heap.alloc(size);
}

export function release(pointer: usize): void {
  heap.free(pointer);
}

/** Frees what framers that were replaced have left to the collector. */
export function collect(): void {
  __collect();
}

/** Makes the framer of this name. False: there is none. */
export function create(namePointer: usize, nameLength: i32, limit: i32): bool {
  const framing = findFraming(slice(namePointer, nameLength));
  if (framing == null) return false;
  framer.dispose();
  framer = framing.create(limit);
  return true;
}

export function feed(pointer: usize, length: i32): void {
  framer.feed(slice(pointer, length));
}

export function next(): bool {
  return framer.next();
}

export function end(): bool {
  return framer.end();
}

export function record(): Slice {
  return framer.record;
}

export function event(): Slice {
  return framer.event;
}

export function unterminated(): bool {
  return framer.unterminated;
}

export function failure(): bool {
  return framer.failure;
}

export function error(): i32 {
  return framer.error;
}

export function held(): i32 {
  return framer.held;
}

export function dispose(): void {
  framer.dispose();
}

/** Feeds the same bytes many times and gives the number of records: for counting what feeding allocates. */
export function feedOften(pointer: usize, length: i32, times: i32): i32 {
  let records = 0;
  for (let i = 0; i < times; i++) {
    framer.feed(slice(pointer, length));
    while (framer.next()) records++;
  }
  return records;
}

export function copied(): u64 {
  return copiedBytes;
}

export function moved(): u64 {
  return movedBytes;
}

export function sseEvent(namePointer: usize, nameLength: i32, pointer: usize, length: i32): Slice {
  writer.reset();
  writeEvent(writer, namePointer == 0 ? NONE : slice(namePointer, nameLength), slice(pointer, length));
  return writer.view();
}
