/** What the tests of the JSON room call: bytes go in by address and length, results come out as numbers and slices. */
import { Slice, lengthOf, pointerOf, slice } from "../../../assembly/bytes/slice";
import { Writer } from "../../../assembly/bytes/writer";
import { ABSENT, Document } from "../../../assembly/json/document";
import { MemberEdits } from "../../../assembly/json/members";
import { Patches } from "../../../assembly/json/patch";
import { Scanner } from "../../../assembly/json/scanner";
import { escape, unescape } from "../../../assembly/json/text";
import { describeJsonError } from "../../../assembly/json/error";

const scanner = new Scanner();
const document = new Document();
const patches = new Patches();
const edits = new MemberEdits(document, patches);
const out = new Writer();
const scratch = new Writer();

export function allocate(size: i32): usize {
  return heap.alloc(size);
}

export function release(pointer: usize): void {
  heap.free(pointer);
}

/** Bytes that the managed heap has handed out so far; grows with every allocation, managed or raw. */
export function memoryPages(): i32 {
  return memory.size();
}

// Scanner

export function scannerReset(recordDepth: i32, tokens: i32): void {
  scanner.recordDepth = recordDepth;
  scanner.stopDepth = -1;
  scanner.tape.limit = tokens;
  scanner.reset();
}

export function scannerFeed(pointer: usize, length: i32): bool {
  return scanner.feed(slice(pointer, length));
}

export function scannerEnd(): bool {
  return scanner.end();
}

export function scannerDispose(): void {
  scanner.dispose();
}

export function scannerError(): i32 {
  return scanner.error;
}

export function scannerOffset(): i32 {
  return scanner.offset;
}

export function scannerComplete(): bool {
  return scanner.complete;
}

export function tapeCount(): i32 {
  return scanner.tape.count;
}

/** The fields of a token, one after the other. */
export function tapeField(index: i32, field: i32): i32 {
  const tape = scanner.tape;
  switch (field) {
    case 0:
      return tape.start(index);
    case 1:
      return tape.end(index);
    case 2:
      return tape.next(index);
    case 3:
      return tape.kind(index);
    case 4:
      return tape.depth(index);
    default:
      return tape.has(index, field);
  }
}

/** Whether the text is JSON, fed whole when `cut` is negative, else in two pieces. */
export function isJson(pointer: usize, length: i32, cut: i32): bool {
  scanner.reset();
  if (cut < 0) {
    scanner.feed(slice(pointer, length));
  } else {
    scanner.feed(slice(pointer, cut));
    scanner.feed(slice(pointer + cut, length - cut));
  }
  return scanner.end();
}

