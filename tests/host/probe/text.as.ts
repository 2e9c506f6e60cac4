/** Text over the border of the VM: what the host handed over, and what it is given. */
import * as abi from "./abi.as";

const INFO = 2;
const MAX_SHOWN = 60;

/** Where host calls write pointer and length, and other results. */
const out = memory.data(32);
export const outPointer = out;
export const outLength = out + 4;
export const outExtra = out + 8;

export function log(text: string): void {
  const bytes = String.UTF8.encode(text);
  abi.log(INFO, changetype<usize>(bytes), bytes.byteLength);
}

/** What the host handed over by pointer and length; the block is freed. */
export function take(): string {
  const pointer = load<u32>(outPointer);
  const text = String.UTF8.decodeUnsafe(pointer, load<u32>(outLength));
  if (pointer != 0) heap.free(pointer);
  return text;
}

export function shorten(text: string): string {
  return text.length > MAX_SHOWN ? `${text.substr(0, MAX_SHOWN)}...(${text.length})` : text;
}

export function clearOut(): void {
  store<u64>(out, 0);
  store<u64>(out + 8, 0);
}

export class Text {
  bytes: ArrayBuffer;

  constructor(text: string) {
    this.bytes = String.UTF8.encode(text);
  }

  get pointer(): usize {
    return changetype<usize>(this.bytes);
  }

  get length(): i32 {
    return this.bytes.byteLength;
  }
}

/** The wire form of header pairs. */
export function pairsOf(fields: string[]): ArrayBuffer {
  const count = fields.length >> 1;
  let size = 4;
  for (let i = 0; i < fields.length; i++) size += 5 + String.UTF8.byteLength(fields[i]);
  const bytes = new ArrayBuffer(size);
  const base = changetype<usize>(bytes);
  store<u32>(base, count);
  let offset = base + 4 + 4 * fields.length;
  for (let i = 0; i < fields.length; i++) {
    const text = new Text(fields[i]);
    store<u32>(base + 4 + 4 * i, text.length);
    memory.copy(offset, text.pointer, text.length);
    offset += text.length + 1;
  }
  return bytes;
}
