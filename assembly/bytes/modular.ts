/**
 * Arithmetic modulo an odd number of up to `MAX_LIMBS` words, as RSA needs it: Montgomery's multiplication (P.
 * Montgomery, "Modular Multiplication Without Trial Division", 1985), word by word, and powers by windows of four bits.
 *
 * Numbers are addresses of 32-bit words, the least first. Memory belongs to the caller. Every loop is bounded by the
 * number of words, whatever the numbers are, and each bit of an exponent costs the same work.
 */
import { Slice, lengthOf, pointerOf } from "./slice";

/** 4096 bits. */
export const MAX_LIMBS: i32 = 128;

/** Bytes of a number of `limbs` words. */
@inline
export function bytesOf(limbs: i32): usize {
  return (limbs as usize) << 2;
}

/** One product that is being summed up, of one word more than its factors, and another for the carry. */
const PRODUCT: usize = memory.data(4 * 130, 8);

/** Powers 0 to 15 of a base. */
const POWERS: usize = memory.data(4 * 128 * 16, 8);

/** Reads big-endian bytes into a number of `limbs` words. False where they do not fit. */
export function loadNumber(target: usize, limbs: i32, bytes: Slice): bool {
  const size = bytesOf(limbs) as i32;
  const length = lengthOf(bytes);
  memory.fill(target, 0, size);
  for (let i = 0; i < length; i++) {
    const byte = load<u8>(pointerOf(bytes) + length - 1 - i);
    if (i < size) store<u8>(target + i, byte);
    else if (byte != 0) return false;
  }
  return true;
}

/** Stores the lowest `length` bytes of a number, big-endian. */
export function storeNumber(target: usize, length: i32, number: usize): void {
  for (let i = 0; i < length; i++) store<u8>(target + i, load<u8>(number + length - 1 - i));
}

/** Whether the numbers are the same. */
export function isSame(left: usize, right: usize, limbs: i32): bool {
  return memory.compare(left, right, bytesOf(limbs)) == 0;
}

/** A modulus and what is needed to reckon with it. */
export class Modulus {
  /** -1 / modulus modulo 2^32. */
  private inverse: u32 = 0;

  /**
   * @param number the modulus; its lowest bit must be 1, and its memory must stay
   * @param square room for `limbs` words; filled with the square of 2^(32 limbs), reduced
   */
  constructor(
    private readonly number: usize,
    private readonly limbs: i32,
    private readonly square: usize,
  ) {
    // Newton's iteration doubles the number of right bits, of which an odd number has three to begin with.
    const low = load<u32>(number);
    let inverse = low;
    for (let i = 0; i < 4; i++) inverse *= 2 - low * inverse;
    this.inverse = 0 - inverse;
    this.fillSquare();
  }

  /** target = left * right / 2^(32 limbs). One factor must be below the modulus; the target may be a factor. */
  multiply(target: usize, left: usize, right: usize): void {
    const modulus = this.number;
    const size = bytesOf(this.limbs);
    memory.fill(PRODUCT, 0, size + 8);
    for (let i: usize = 0; i < size; i += 4) {
      const word = load<u32>(left + i) as u64;
      let carry: u64 = 0;
      for (let j: usize = 0; j < size; j += 4) {
        const sum = (load<u32>(PRODUCT + j) as u64) + word * (load<u32>(right + j) as u64) + carry;
        store<u32>(PRODUCT + j, sum as u32);
        carry = sum >>> 32;
      }
      let top = (load<u32>(PRODUCT + size) as u64) + carry;
      store<u32>(PRODUCT + size, top as u32);
      store<u32>(PRODUCT + size + 4, (top >>> 32) as u32);
      // Annotated, since a load takes the type that is expected of it, and this product is one of 32 bits.
      const least: u32 = load<u32>(PRODUCT);
      const quotient: u32 = least * this.inverse;
      const factor = quotient as u64;
      carry = ((least as u64) + factor * (load<u32>(modulus) as u64)) >>> 32;
      for (let j: usize = 4; j < size; j += 4) {
        const sum = (load<u32>(PRODUCT + j) as u64) + factor * (load<u32>(modulus + j) as u64) + carry;
        store<u32>(PRODUCT + j - 4, sum as u32);
        carry = sum >>> 32;
      }
      top = (load<u32>(PRODUCT + size) as u64) + carry;
      store<u32>(PRODUCT + size - 4, top as u32);
      store<u32>(PRODUCT + size, load<u32>(PRODUCT + size + 4) + ((top >>> 32) as u32));
    }
    reduce(target, PRODUCT, load<u32>(PRODUCT + size), modulus, this.limbs);
  }

  /** number = number * 2^(32 limbs), reduced. The number may have any value of its length. */
  enter(number: usize): void {
    this.multiply(number, number, this.square);
  }

  /** number = number / 2^(32 limbs), reduced. */
  leave(number: usize): void {
    const one = POWERS;
    memory.fill(one, 0, bytesOf(this.limbs));
    store<u32>(one, 1);
    this.multiply(number, number, one);
  }

  /** target = (target + other), reduced; both are below the modulus. */
  add(target: usize, other: usize): void {
    const size = bytesOf(this.limbs);
    let carry: u64 = 0;
    for (let i: usize = 0; i < size; i += 4) {
      const sum = (load<u32>(target + i) as u64) + (load<u32>(other + i) as u64) + carry;
      store<u32>(target + i, sum as u32);
      carry = sum >>> 32;
    }
    reduce(target, target, carry as u32, this.number, this.limbs);
  }

  /** target = (target - other), reduced; both are below the modulus. */
  subtract(target: usize, other: usize): void {
    const size = bytesOf(this.limbs);
    const mask = (0 - difference(target, target, other, this.limbs)) as u32;
    let carry: u64 = 0;
    for (let i: usize = 0; i < size; i += 4) {
      const sum = (load<u32>(target + i) as u64) + ((load<u32>(this.number + i) & mask) as u64) + carry;
      store<u32>(target + i, sum as u32);
      carry = sum >>> 32;
    }
  }

  /**
   * number = number ^ exponent, where the number was `enter`ed and stays so.
   * @param exponent big-endian bytes
   */
  power(number: usize, exponent: Slice): void {
    const size = bytesOf(this.limbs);
    memory.fill(POWERS, 0, size);
    store<u32>(POWERS, 1);
    this.enter(POWERS);
    for (let i: usize = 1; i < 16; i++) this.multiply(POWERS + i * size, POWERS + (i - 1) * size, number);
    memory.copy(number, POWERS, size);
    for (let i = 0; i < lengthOf(exponent); i++) {
      const byte = load<u8>(pointerOf(exponent) + i) as usize;
      this.step(number, byte >>> 4);
      this.step(number, byte & 15);
    }
    memory.fill(POWERS, 0, size * 16);
  }

  private step(number: usize, digit: usize): void {
    for (let i = 0; i < 4; i++) this.multiply(number, number, number);
    this.multiply(number, number, POWERS + digit * bytesOf(this.limbs));
  }

  /** Doubles 1 as often as the square of 2^(32 limbs) has bits. */
  private fillSquare(): void {
    memory.fill(this.square, 0, bytesOf(this.limbs));
    store<u32>(this.square, 1);
    // A modulus of 1 would make 1 no number below it.
    reduce(this.square, this.square, 0, this.number, this.limbs);
    for (let i = this.limbs << 6; i > 0; i--) this.add(this.square, this.square);
  }
}

/** target = number - modulus where that is not below 0, else number. @param top the number's word above the others */
function reduce(target: usize, number: usize, top: u32, modulus: usize, limbs: i32): void {
  const size = bytesOf(limbs);
  const isBelow = difference(SPARE, number, modulus, limbs) > (top as u64);
  memory.copy(target, isBelow ? number : SPARE, size);
}

/** What `reduce` does not know yet whether it is needed. */
const SPARE: usize = memory.data(4 * 128, 8);

/** target = left - right modulo 2^(32 limbs); gives 1 where that is below 0. */
function difference(target: usize, left: usize, right: usize, limbs: i32): u64 {
  const size = bytesOf(limbs);
  let borrow: u64 = 0;
  for (let i: usize = 0; i < size; i += 4) {
    const word = (load<u32>(left + i) as u64) - (load<u32>(right + i) as u64) - borrow;
    store<u32>(target + i, word as u32);
    borrow = word >>> 63;
  }
  return borrow;
}

/** target = left * right + addend, a number of twice as many words. The target must be neither of them. */
export function multiplyAdd(target: usize, left: usize, right: usize, addend: usize, limbs: i32): void {
  const size = bytesOf(limbs);
  memory.copy(target, addend, size);
  memory.fill(target + size, 0, size);
  for (let i: usize = 0; i < size; i += 4) {
    const word = load<u32>(left + i) as u64;
    let carry: u64 = 0;
    for (let j: usize = 0; j < size; j += 4) {
      const sum = (load<u32>(target + i + j) as u64) + word * (load<u32>(right + j) as u64) + carry;
      store<u32>(target + i + j, sum as u32);
      carry = sum >>> 32;
    }
    store<u32>(target + i + size, carry as u32);
  }
}
