/** Byte queues as the host keeps bodies in them: cheap to append, to drain from the front, and to read in windows. */

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Text or bytes, wherever a test gives a body. Text is encoded as UTF-8. */
export type Content = string | Uint8Array;

/** Bytes of a text (UTF-8) or the bytes themselves. */
export function toBytes(content: Content | undefined): Uint8Array {
  if (content === undefined) return new Uint8Array(0);
  return typeof content === "string" ? encoder.encode(content) : content;
}

/** Text of UTF-8 bytes; malformed bytes become U+FFFD. */
export function toText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** One array of all parts in order. */
export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/**
 * A queue of bytes. Parts are kept by reference and never written to, so whoever hands a part over must not change
 * it afterwards.
 */
export class ByteQueue {
  private parts: Uint8Array[] = [];
  length = 0;
  /** Told after every growth; the filter manager watches the bodies it holds. */
  onGrowth: (() => void) | undefined;

  constructor(
    content?: Uint8Array,
    /** Configuration and callout bodies cannot be written by the plugin. */
    readonly readOnly = false,
  ) {
    if (content !== undefined) this.append(content);
  }

  append(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.parts.push(bytes);
    this.length += bytes.length;
    this.onGrowth?.();
  }

  prepend(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.parts.unshift(bytes);
    this.length += bytes.length;
    this.onGrowth?.();
  }

  /** Drops up to `count` bytes from the front. */
  drain(count: number): void {
    let left = Math.min(count, this.length);
    this.length -= left;
    let whole = 0;
    while (left > 0 && left >= this.parts[whole].length) left -= this.parts[whole++].length;
    this.parts.splice(0, whole);
    if (left > 0) this.parts[0] = this.parts[0].subarray(left);
  }

  /** A copy of `length` bytes from `start`; the range must lie inside the queue. */
  read(start: number, length: number): Uint8Array {
    const window = new Uint8Array(length);
    let partStart = 0;
    for (const part of this.parts) {
      const from = Math.max(start, partStart);
      const to = Math.min(start + length, partStart + part.length);
      if (from < to) window.set(part.subarray(from - partStart, to - partStart), from - start);
      partStart += part.length;
      if (partStart >= start + length) break;
    }
    return window;
  }

  /** Takes everything out of `other`. */
  moveFrom(other: ByteQueue): void {
    if (other === this) return;
    const { parts } = other;
    other.parts = [];
    other.length = 0;
    for (const part of parts) this.append(part);
  }

  /** Takes everything out as one array. */
  takeAll(): Uint8Array {
    const whole = this.parts.length === 1 ? this.parts[0] : concatenate(this.parts);
    this.parts = [];
    this.length = 0;
    return whole;
  }
}
