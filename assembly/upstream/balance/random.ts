/** Golden ratio of 2^64: multiples of it are spread evenly. */
export const GOLDEN: u64 = 0x9e3779b97f4a7c15;

let state: u64 = GOLDEN;

/** Begins the sequence at a place; workers begin at different ones. */
export function seedRandom(seed: u64): void {
  state = seed;
}

/** The next 64 random bits (SplitMix64): for spreading load, not for secrets. */
@inline
export function random(): u64 {
  state += GOLDEN;
  return mix(state);
}

/** A random number below `limit`, which is positive. */
@inline
export function randomBelow(limit: i32): i32 {
  return (((random() >>> 32) * (limit as u64)) >>> 32) as i32;
}

/** A random number from 0 on and below 1. */
@inline
export function randomShare(): f64 {
  return ((random() >>> 11) as f64) * 1.1102230246251565e-16;
}

/** Every bit of the result depends on every bit of the value (the finalizer of SplitMix64). */
@inline
export function mix(value: u64): u64 {
  value = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >>> 27)) * 0x94d049bb133111eb;
  return value ^ (value >>> 31);
}
