/** A set of small numbers as bits of 64-bit words. The index must be below 64 times the number of words. */

@inline
export function hasBit(words: StaticArray<u64>, index: i32): bool {
  return ((load<u64>(wordOf(words, index)) >>> (index & 63)) & 1) != 0;
}


@inline
export function putBit(words: StaticArray<u64>, index: i32, value: bool): void {
  const word = wordOf(words, index);
  const bit = (1 as u64) << (index & 63);
  store<u64>(word, value ? load<u64>(word) | bit : load<u64>(word) & ~bit);
}


@inline
function wordOf(words: StaticArray<u64>, index: i32): usize {
  return changetype<usize>(words) + (((index as usize) >>> 6) << 3);
}
