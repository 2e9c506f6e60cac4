import { Slice, lengthOf, pointerOf, slice, subslice, toOwned } from "../../../assembly/bytes/slice";
import { Writer } from "../../../assembly/bytes/writer";
import { FormSource, writeForm } from "../../../assembly/formats/images/form";
import { PartsScanner } from "../../../assembly/framing/multipart-parts";

const out = new Writer();

export function allocate(size: i32): usize {
  return heap.alloc(size);
}

export function release(pointer: usize): void {
  heap.free(pointer);
}

export function pages(): i32 {
  return memory.size();
}

/** A form that lies in memory, of which each piece that is read takes the place of the one before. */
class Lent extends FormSource {
  private last: usize = 0;
  private lastLength: i32 = 0;

  constructor(private form: Slice) {
    super();
  }

  read(start: i32, length: i32): Slice {
    this.free();
    const piece = subslice(this.form, start, start + length);
    this.lastLength = lengthOf(piece);
    this.last = heap.alloc(this.lastLength + 16);
    memory.copy(this.last, pointerOf(piece), lengthOf(piece));
    return slice(this.last, lengthOf(piece));
  }

  free(): void {
    if (this.last == 0) return;
    memory.fill(this.last, 0xa5, this.lastLength);
    heap.free(this.last);
    this.last = 0;
  }
}

/** A form with this boundary as JSON, read in pieces of `size` bytes; else `broken`, `open` or `refused:` and why. */
export function toJson(boundary: usize, boundaryLength: i32, text: usize, length: i32, size: i32): Slice {
  const scanner = new PartsScanner(toOwned(slice(boundary, boundaryLength)), "model");
  let isForm = true;
  for (let at = 0; at < length && isForm; at += size) {
    isForm = scanner.feed(slice(text + at, min(size, length - at)));
  }
  out.reset();
  if (isForm && scanner.isComplete) {
    const source = new Lent(slice(text, length));
    const refused = writeForm(scanner.parts, source, out);
    source.free();
    if (refused !== null) {
      out.reset();
      out.ascii("refused:");
      out.owned(refused.message);
    }
  } else {
    out.ascii(isForm ? "open" : "broken");
  }
  scanner.dispose();
  return out.view();
}

/** Frees what the last form came to. */
export function giveBack(): void {
  out.dispose();
}
