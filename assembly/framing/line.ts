/** Bytes that end a line. */
export const LINE_FEED: u8 = 0x0a;
export const CARRIAGE_RETURN: u8 = 0x0d;

const LINE_FEEDS: u64 = 0x0a0a0a0a0a0a0a0a;
const CARRIAGE_RETURNS: u64 = 0x0d0d0d0d0d0d0d0d;
const ONES: u64 = 0x0101010101010101;
const HIGH_BITS: u64 = 0x8080808080808080;

/** Address of the first LF or CR at or after `from`, or `end` where there is none. Eight bytes at a time. */
export function findLineEnd(from: usize, end: usize): usize {
  while (from + 8 <= end) {
    const word = load<u64>(from);
    const found = zeroBytes(word ^ LINE_FEEDS) | zeroBytes(word ^ CARRIAGE_RETURNS);
    if (found != 0) return from + ((ctz(found) >>> 3) as usize);
    from += 8;
  }
  while (from < end) {
    const byte = load<u8>(from);
    if (byte == LINE_FEED || byte == CARRIAGE_RETURN) return from;
    from++;
  }
  return end;
}

/** Address of the first LF at or after `from`, or `end` where there is none. Eight bytes at a time. */
export function findLineFeed(from: usize, end: usize): usize {
  while (from + 8 <= end) {
    const found = zeroBytes(load<u64>(from) ^ LINE_FEEDS);
    if (found != 0) return from + ((ctz(found) >>> 3) as usize);
    from += 8;
  }
  while (from < end && load<u8>(from) != LINE_FEED) from++;
  return from;
}

/** The high bit of the lowest zero byte, and perhaps of bytes above it; 0 where no byte is zero. */
@inline
function zeroBytes(word: u64): u64 {
  return (word - ONES) & ~word & HIGH_BITS;
}
