import { Slice, lengthOf, pointerOf } from "./slice";

/** The polynomial of IEEE 802.3, bits reversed. */
const POLYNOMIAL: u32 = 0xedb88320;

/** Eight tables of 256 words: table k holds what a byte does that k more bytes follow ("slicing by 8"). */
const TABLES: usize = memory.data(8 * 1024, 8);
const TABLE_SIZE: usize = 1024;
let ready: bool = false;

/**
 * CRC-32 as in IEEE 802.3, gzip and AWS event streams. To go on over a second piece, pass what the first gave
 * as `previous`: `crc32(b, crc32(a))` is the checksum of a and b in a row.
 */
export function crc32(bytes: Slice, previous: u32 = 0): u32 {
  if (!ready) fillTables();
  let from = pointerOf(bytes);
  const end = from + lengthOf(bytes);
  let crc = ~previous;
  while (from + 8 <= end) {
    const low = load<u32>(from) ^ crc;
    const high = load<u32>(from, 4);
    crc =
      entry(7, low) ^
      entry(6, low >>> 8) ^
      entry(5, low >>> 16) ^
      entry(4, low >>> 24) ^
      entry(3, high) ^
      entry(2, high >>> 8) ^
      entry(1, high >>> 16) ^
      entry(0, high >>> 24);
    from += 8;
  }
  while (from < end) crc = entry(0, crc ^ load<u8>(from++)) ^ (crc >>> 8);
  return ~crc;
}


@inline
function entry(table: usize, byte: u32): u32 {
  return load<u32>(TABLES + table * TABLE_SIZE + (((byte & 0xff) as usize) << 2));
}

function fillTables(): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    store<u32>(TABLES + ((byte as usize) << 2), crc);
  }
  for (let table: usize = 1; table < 8; table++) {
    for (let byte: u32 = 0; byte < 256; byte++) {
      const crc = entry(table - 1, byte);
      store<u32>(TABLES + table * TABLE_SIZE + ((byte as usize) << 2), entry(0, crc) ^ (crc >>> 8));
    }
  }
  ready = true;
}
