import { Slice, lengthOf, pointerOf, slice } from "./slice";
import { Writer } from "./writer";

/** Length of a SHA-256 digest. */
export const SHA256_BYTES: i32 = 32;

/** Length of the blocks that SHA-256 takes its input in. */
export const SHA256_BLOCK_BYTES: i32 = 64;

/** Where in the last block the length of the message in bits stands. */
const LENGTH_OFFSET: i32 = 56;

/**
 * FIPS 180-4 section 4.2.2: the first 32 bits of the fractional parts of the cube roots of the first 64
 * primes.
 */
const CONSTANTS: usize = memory.data<u32>([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
]);

/**
 * The message schedule of the block at hand: 64 words. One for all, since nothing is kept in it between
 * blocks.
 */
const SCHEDULE: usize = memory.data(4 * 64, 4);

/** A digest on its way to becoming text. */
const HEX_DIGEST: usize = memory.data(32);

/**
 * SHA-256 (FIPS 180-4) of bytes that come in any pieces: `reset`, `update` as often as needed, `digest`.
 * Allocates only when it is made; reuse one.
 */
export class Sha256 {
  private state: StaticArray<u32> = new StaticArray<u32>(8);
  /** Input that does not fill a block yet. */
  private block: StaticArray<u8> = new StaticArray<u8>(SHA256_BLOCK_BYTES);
  private filled: i32 = 0;
  private total: u64 = 0;

  constructor() {
    this.reset();
  }

  /** Begins a new message. */
  reset(): void {
    const state = changetype<usize>(this.state);
    // FIPS 180-4 section 5.3.3.
    store<u32>(state, 0x6a09e667, 0);
    store<u32>(state, 0xbb67ae85, 4);
    store<u32>(state, 0x3c6ef372, 8);
    store<u32>(state, 0xa54ff53a, 12);
    store<u32>(state, 0x510e527f, 16);
    store<u32>(state, 0x9b05688c, 20);
    store<u32>(state, 0x1f83d9ab, 24);
    store<u32>(state, 0x5be0cd19, 28);
    this.filled = 0;
    this.total = 0;
  }

  /** Adds borrowed bytes to the message. */
  update(bytes: Slice): void {
    let from = pointerOf(bytes);
    let left = lengthOf(bytes);
    const block = changetype<usize>(this.block);
    this.total += left;
    if (this.filled > 0) {
      const taken = min(left, SHA256_BLOCK_BYTES - this.filled);
      memory.copy(block + this.filled, from, taken);
      this.filled += taken;
      from += taken;
      left -= taken;
      if (this.filled < SHA256_BLOCK_BYTES) return;
      this.compress(block);
    }
    while (left >= SHA256_BLOCK_BYTES) {
      this.compress(from);
      from += SHA256_BLOCK_BYTES;
      left -= SHA256_BLOCK_BYTES;
    }
    memory.copy(block, from, left);
    this.filled = left;
  }

  /** Writes the 32 bytes of the digest and begins a new message. */
  digest(writer: Writer): void {
    this.finishAt(writer.reserve(SHA256_BYTES));
    writer.advance(SHA256_BYTES);
  }

  /** Stores the digest at an address with room for 32 bytes and begins a new message. */
  finishAt(target: usize): void {
    const block = changetype<usize>(this.block);
    let filled = this.filled;
    store<u8>(block + filled++, 0x80);
    if (filled > LENGTH_OFFSET) {
      memory.fill(block + filled, 0, SHA256_BLOCK_BYTES - filled);
      this.compress(block);
      filled = 0;
    }
    memory.fill(block + filled, 0, LENGTH_OFFSET - filled);
    store<u64>(block + LENGTH_OFFSET, bswap<u64>(this.total << 3));
    this.compress(block);
    const state = changetype<usize>(this.state);
    for (let i: usize = 0; i < (SHA256_BYTES as usize); i += 4) {
      store<u32>(target + i, bswap<u32>(load<u32>(state + i)));
    }
    this.reset();
  }

  /** FIPS 180-4 section 6.2.2. */
  private compress(block: usize): void {
    expandSchedule(block);
    const state = changetype<usize>(this.state);
    let a = load<u32>(state, 0);
    let b = load<u32>(state, 4);
    let c = load<u32>(state, 8);
    let d = load<u32>(state, 12);
    let e = load<u32>(state, 16);
    let f = load<u32>(state, 20);
    let g = load<u32>(state, 24);
    let h = load<u32>(state, 28);
    for (let i: usize = 0; i < 256; i += 4) {
      const sum1 = rotr<u32>(e, 6) ^ rotr<u32>(e, 11) ^ rotr<u32>(e, 25);
      const choice = (e & f) ^ (~e & g);
      const first = h + sum1 + choice + load<u32>(CONSTANTS + i) + load<u32>(SCHEDULE + i);
      const sum0 = rotr<u32>(a, 2) ^ rotr<u32>(a, 13) ^ rotr<u32>(a, 22);
      const majority = (a & b) ^ (a & c) ^ (b & c);
      h = g;
      g = f;
      f = e;
      e = d + first;
      d = c;
      c = b;
      b = a;
      a = first + sum0 + majority;
    }
    store<u32>(state, load<u32>(state, 0) + a, 0);
    store<u32>(state, load<u32>(state, 4) + b, 4);
    store<u32>(state, load<u32>(state, 8) + c, 8);
    store<u32>(state, load<u32>(state, 12) + d, 12);
    store<u32>(state, load<u32>(state, 16) + e, 16);
    store<u32>(state, load<u32>(state, 20) + f, 20);
    store<u32>(state, load<u32>(state, 24) + g, 24);
    store<u32>(state, load<u32>(state, 28) + h, 28);
  }
}

/** One hash for whoever needs a digest at once. */
const shared = new Sha256();

/** Writes the 32 bytes of the SHA-256 digest of `bytes`. They may lie in the writer. */
export function sha256(writer: Writer, bytes: Slice): void {
  shared.reset();
  shared.update(bytes);
  shared.digest(writer);
}

/**
 * Writes the digest of `bytes` as 64 lower-case hexadecimal digits, as AWS and Tencent signatures want it.
 */
export function sha256Hex(writer: Writer, bytes: Slice): void {
  shared.reset();
  shared.update(bytes);
  shared.finishAt(HEX_DIGEST);
  writer.hex(slice(HEX_DIGEST, SHA256_BYTES));
}

function expandSchedule(block: usize): void {
  for (let i: usize = 0; i < 64; i += 4) store<u32>(SCHEDULE + i, bswap<u32>(load<u32>(block + i)));
  for (let at = SCHEDULE + 64; at < SCHEDULE + 256; at += 4) {
    const early = load<u32>(at - 60);
    const late = load<u32>(at - 8);
    const sigma0 = rotr<u32>(early, 7) ^ rotr<u32>(early, 18) ^ (early >>> 3);
    const sigma1 = rotr<u32>(late, 17) ^ rotr<u32>(late, 19) ^ (late >>> 10);
    store<u32>(at, sigma1 + load<u32>(at - 28) + sigma0 + load<u32>(at - 64));
  }
}
