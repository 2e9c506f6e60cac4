import { Slice, lengthOf, pointerOf } from "../bytes/slice";
import { CASE_BIT, DIGIT_0, LETTER_E, MINUS, PLUS, POINT, isDigit } from "./characters";

// What `split` found: the number is `digitCount` decimal digits, which begin at `firstDigit` (a point between them
// is skipped), times ten to the power of `scale`. The first and the last of the digits are not 0.
let negative: bool = false;
let firstDigit: usize = 0;
let digitCount: i32 = 0;
let scale: i64 = 0;

/** Beyond this an exponent makes every number that fits into memory zero or infinite. */
const EXPONENT_LIMIT: i64 = 1 << 40;

/** The powers of ten that a double holds exactly. */
const EXACT_POWER: i64 = 22;

/** As many digits decide how any double is rounded; further ones only say "and a little more". */
const DECISIVE_DIGITS: i32 = 768;

/** Limbs of 32 bits of the longest intermediate value: 769 digits shifted by 3990 bits. */
const LIMBS: i32 = 224;
const limbs: usize = memory.data(LIMBS * 4, 8);
let limbCount: i32 = 0;

/**
 * Value of the text of a JSON number where it is an integer of 64 bits, however it is written: 100, 1e2 and 100.0
 * are the same. Anything else gives `fallback`.
 */
export function parseInteger(text: Slice, fallback: i64): i64 {
  if (!split(text)) return fallback;
  if (digitCount == 0) return 0;
  if (scale < 0 || scale + digitCount > 19) return fallback;
  let value = leadingDigits(digitCount);
  for (let i: i64 = 0; i < scale; i++) value *= 10;
  if (negative) return value > 1 << 63 ? fallback : 0 - (value as i64);
  return value > (i64.MAX_VALUE as u64) ? fallback : (value as i64);
}

/**
 * Value of the text of a JSON number as the nearest double, ties to even, as `JSON.parse` gives it. What is beyond
 * the largest double gives `fallback`. Up to 15 digits with an exponent of at most 22 cost one multiplication or
 * division (both operands are exact then, so the result is rounded once); the rest is calculated in full.
 */
export function parseDecimal(text: Slice, fallback: f64): f64 {
  if (!split(text)) return fallback;
  let value: f64 = 0;
  if (digitCount != 0) {
    if (scale + digitCount > 310) return fallback;
    if (scale + digitCount < -330) value = 0;
    else if (digitCount <= 15 && scale >= -EXACT_POWER && scale <= EXACT_POWER) value = exactly();
    else value = inFull();
    if (value == Infinity) return fallback;
  }
  return negative ? -value : value;
}

/** Fills the variables above; false where the bytes are no number. */
function split(text: Slice): bool {
  let at = pointerOf(text);
  const end = at + lengthOf(text);
  negative = at < end && load<u8>(at) == MINUS;
  if (negative) at++;
  if (at == end || !isDigit(load<u8>(at))) return false;

  let seen = 0; // digits so far, on both sides of the point
  let beforePoint = -1;
  let first = -1; // places of the first and the last digit that is not 0
  let last = -1;
  let exponent: i64 = 0;
  for (; at < end; at++) {
    const byte = load<u8>(at);
    if (isDigit(byte)) {
      if (byte != DIGIT_0) {
        if (first < 0) {
          first = seen;
          firstDigit = at;
        }
        last = seen;
      }
      seen++;
    } else if (byte == POINT && beforePoint < 0) {
      beforePoint = seen;
    } else if ((byte | CASE_BIT) == LETTER_E) {
      exponent = parseExponent(at + 1, end);
      break;
    } else {
      return false;
    }
  }
  if (beforePoint < 0) beforePoint = seen;
  digitCount = first < 0 ? 0 : last - first + 1;
  scale = (beforePoint as i64) - 1 - last + exponent;
  return true;
}

function parseExponent(at: usize, end: usize): i64 {
  const minus = at < end && load<u8>(at) == MINUS;
  if (at < end && (minus || load<u8>(at) == PLUS)) at++;
  let value: i64 = 0;
  for (; at < end && value < EXPONENT_LIMIT; at++) value = value * 10 + ((load<u8>(at) - DIGIT_0) as i64);
  return minus ? -value : value;
}

/** The first `count` digits as an integer; at most 19. */
function leadingDigits(count: i32): u64 {
  let value: u64 = 0;
  let at = firstDigit;
  for (let i = 0; i < count; at++) {
    const byte = load<u8>(at);
    if (byte == POINT) continue;
    value = value * 10 + ((byte - DIGIT_0) as u64);
    i++;
  }
  return value;
}

function exactly(): f64 {
  let power: f64 = 1;
  for (let i = abs(scale); i > 0; i--) power *= 10;
  const value = leadingDigits(digitCount) as f64;
  return scale < 0 ? value / power : value * power;
}

/** The value as a long integer times a power of two, rounded once. */
function inFull(): f64 {
  let power = scale as i32;
  let sticky = false; // whether something that is not 0 was cut off
  limbCount = 0;
  let at = firstDigit;
  const count = min(digitCount, DECISIVE_DIGITS);
  for (let i = 0; i < count; at++) {
    const byte = load<u8>(at);
    if (byte == POINT) continue;
    multiplyAndAdd(10, (byte - DIGIT_0) as u32);
    i++;
  }
  if (count < digitCount) {
    sticky = true;
    power += digitCount - count;
  }
  for (; power > 0; power--) multiplyAndAdd(10, 0);
  // Below the point: make room for 64 bits and more, then divide.
  const shift = power < 0 ? (-power * 10) / 3 / 32 + 3 : 0;
  shiftLeft(shift);
  for (; power < 0; power++) sticky = divideByTen() != 0 || sticky;
  return round(-32 * shift, sticky);
}

/** The long integer times two to the power of `exponent` as the nearest double. */
function round(exponent: i32, sticky: bool): f64 {
  const top = limbCount - 1;
  const head = limb(top);
  const zeros = clz(head) as i32;
  let mantissa = ((head as u64) << 32) | (limb(top - 1) as u64);
  if (zeros != 0) mantissa = (mantissa << zeros) | ((limb(top - 2) >>> (32 - zeros)) as u64);
  sticky = sticky || (zeros == 0 ? limb(top - 2) != 0 : limb(top - 2) << zeros != 0);
  for (let i = top - 3; i >= 0 && !sticky; i--) sticky = limb(i) != 0;

  const magnitude = limbCount * 32 - zeros - 1 + exponent; // the value is 1.xxx times two to this power
  if (magnitude > 1023) return Infinity;
  const drop = magnitude >= -1022 ? 11 : 11 + (-1022 - magnitude); // fewer bits where the value is subnormal
  if (drop > 64) return 0;
  const kept = drop == 64 ? 0 : mantissa >>> drop;
  const half = (1 as u64) << (drop - 1);
  const rest = drop == 64 ? mantissa : mantissa & ((half << 1) - 1);
  const up = rest > half || (rest == half && (sticky || (kept & 1) != 0));
  // The leading one of a normal value adds one to the exponent, and so does a carry out of the mantissa.
  const bits = (magnitude >= -1022 ? ((magnitude + 1022) as u64) << 52 : 0) + kept + (up ? 1 : 0);
  return reinterpret<f64>(bits);
}


@inline
function limb(index: i32): u32 {
  return index < 0 ? 0 : load<u32>(limbs + ((index as usize) << 2));
}

function multiplyAndAdd(factor: u32, addend: u32): void {
  let carry: u64 = addend;
  for (let i = 0; i < limbCount; i++) {
    carry += (limb(i) as u64) * factor;
    store<u32>(limbs + ((i as usize) << 2), carry as u32);
    carry >>>= 32;
  }
  if (carry != 0 && limbCount < LIMBS) store<u32>(limbs + ((limbCount++ as usize) << 2), carry as u32);
}

/** Divides the long integer by ten; gives the remainder. */
function divideByTen(): u64 {
  let rest: u64 = 0;
  for (let i = limbCount - 1; i >= 0; i--) {
    const value = (rest << 32) | (limb(i) as u64);
    store<u32>(limbs + ((i as usize) << 2), (value / 10) as u32);
    rest = value % 10;
  }
  if (limbCount > 0 && limb(limbCount - 1) == 0) limbCount--;
  return rest;
}

function shiftLeft(count: i32): void {
  if (count == 0 || limbCount + count > LIMBS) return;
  memory.copy(limbs + ((count as usize) << 2), limbs, (limbCount as usize) << 2);
  memory.fill(limbs, 0, (count as usize) << 2);
  limbCount += count;
}
