/**
 * Static data is mostly texts, two bytes a character, of which one is nearly always 0: a third of the module before it
 * is packed. The build (tools/pack.ts) packs it as two planes, the bytes at even and those at odd places, and this puts
 * it where the compiler had it. It is the first thing that a VM does, since everything else reads that data, so it uses
 * none of it itself. See docs/decisions/0010-packed-data.md.
 */

/** Where the build leaves word of what it packed, as five numbers; all 0 in a module that is not packed. */
const EVEN: usize = 16;
const ODD: usize = 20;
const END: usize = 24;
const TARGET: usize = 28;

/** Bytes from one byte of a plane to the next. */
const STRIDE: usize = 2;

/** A count of so much goes on in the next byte. */
const OPEN_LENGTH: usize = 15;
const OPEN_BYTE: usize = 255;

/** Bytes that a repetition has at least. */
const LEAST_REPEAT: usize = 4;

/** Where reading goes on. */
let source: usize = 0;

unpack();

/** Puts static data into its place; nothing where the module is not packed. */
export function unpack(): void {
  const even = load<u32>(EVEN) as usize;
  if (even == 0) return;
  const odd = load<u32>(ODD) as usize;
  const target = load<u32>(TARGET) as usize;
  unpackPlane(even, odd, target);
  unpackPlane(odd, load<u32>(END), target + 1);
}

/**
 * Unpacks one LZ4 block (LZ4 Block Format Description, lz4.org) between two addresses. What comes out has a gap of one
 * byte behind each. The data is the build's own, so that it is trusted.
 */
export function unpackPlane(from: usize, end: usize, to: usize): void {
  source = from;
  while (source < end) {
    const token = load<u8>(source++) as usize;
    for (let i = readLength(token >> 4); i > 0; i--) {
      store<u8>(to, load<u8>(source++));
      to += STRIDE;
    }
    if (source >= end) return;
    const distance = (load<u16>(source) as usize) * STRIDE;
    source += 2;
    for (let i = readLength(token & OPEN_LENGTH) + LEAST_REPEAT; i > 0; i--) {
      store<u8>(to, load<u8>(to - distance));
      to += STRIDE;
    }
  }
}

function readLength(length: usize): usize {
  if (length < OPEN_LENGTH) return length;
  let more: usize = OPEN_BYTE;
  while (more == OPEN_BYTE) {
    more = load<u8>(source++);
    length += more;
  }
  return length;
}
