import { NONE, Slice, lengthOf, pointerOf, same, slice } from "../bytes/slice";
import { STATUSES, Status } from "./status";

/**
 * The instances of one application as one block of bytes that holds no address, so that the same bytes serve every
 * worker through the host's shared data. All numbers are little-endian.
 *
 * header (32 bytes): u32 magic, u32 size of the block, u64 hash of everything behind the header, i64 time the reply
 * was asked for (ms since 1970), u32 number of instances, u32 zero.
 * records (32 bytes each, ascending by key), then the texts of each record, in the order of the records: id, address,
 * host name, zone, and the metadata as (u8 size, u16 size, key, value) entries.
 */
export const MAGIC: u32 = 0x31534b45; // "EKS1": a change of the layout changes the digit
export const HEADER_BYTES: i32 = 32;
export const RECORD_BYTES: i32 = 32;
export const SIZE: usize = 4;
export const HASH: usize = 8;
export const TAKEN_AT: usize = 16;
export const COUNT: usize = 24;

/** Offsets in a record. */
export const KEY: usize = 0;
export const TEXTS: usize = 8;
export const UP_SINCE: usize = 12;
export const PORT: usize = 16;
export const SECURE_PORT: usize = 18;
export const METADATA_SIZE: usize = 20;
export const STATUS: usize = 22;
export const FLAGS: usize = 23;
export const ID_SIZE: usize = 24;
export const ADDRESS_SIZE: usize = 25;
export const HOST_SIZE: usize = 26;
export const ZONE_SIZE: usize = 27;
/** Zero in a block; while a block is built, how many instances came before this one. */
export const SEQUENCE: usize = 28;

/** Bits of a record's flags. */
export const PORT_ENABLED: u8 = 1;
export const SECURE_PORT_ENABLED: u8 = 2;

/** Bytes in front of the key of a metadata entry. */
export const ENTRY_BYTES: i32 = 3;

/** Most instances of one application; a block that says more is not one of ours. */
export const MAX_INSTANCES: i32 = 1 << 18;

/**
 * Reads a block. It owns the block, which is raw memory: whoever drops a snapshot calls `dispose`. Indices are not
 * checked: they come from `count` or `indexOf`. Slices are borrowed until `dispose`.
 */
@final
export class Snapshot {
  private constructor(private block: usize) {}

  /** Takes over a raw block whose bytes `isSnapshot` accepted. */
  static own(block: usize): Snapshot {
    return new Snapshot(block);
  }

  /** Copies borrowed bytes, if they are a snapshot; else null. */
  static copy(bytes: Slice): Snapshot | null {
    if (!isSnapshot(bytes)) return null;
    const block = heap.alloc(lengthOf(bytes));
    memory.copy(block, pointerOf(bytes), lengthOf(bytes));
    return new Snapshot(block);
  }

  /** Frees the block; the snapshot must not be used any more. */
  dispose(): void {
    if (this.block != 0) heap.free(this.block);
    this.block = 0;
  }

  /** All bytes, to be shared. */
  get bytes(): Slice {
    return slice(this.block, load<u32>(this.block, SIZE));
  }

  /** Equal for equal instances, whatever order and time they came in. */
  get hash(): u64 {
    return load<u64>(this.block, HASH);
  }

  /** When the reply was asked for, in milliseconds since 1970. */
  get takenAt(): i64 {
    return load<i64>(this.block, TAKEN_AT);
  }

  /** How many instances there are, of any status. */
  get count(): i32 {
    return load<i32>(this.block, COUNT);
  }

  /** What identifies the instance from one snapshot to the next. */
  @inline
  key(index: i32): u64 {
    return load<u64>(this.record(index), KEY);
  }

  /** Index of the instance with this key, or -1. */
  indexOf(key: u64): i32 {
    let from = 0;
    let to = this.count;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.key(middle) < key) from = middle + 1;
      else to = middle;
    }
    return from < this.count && this.key(from) == key ? from : -1;
  }


  @inline
  status(index: i32): Status {
    return load<u8>(this.record(index), STATUS) as Status;
  }

  /** Port for plain HTTP; 0 where Eureka gave none. */
  @inline
  port(index: i32): i32 {
    return load<u16>(this.record(index), PORT);
  }

  /** Port for HTTPS; 0 where Eureka gave none. */
  @inline
  securePort(index: i32): i32 {
    return load<u16>(this.record(index), SECURE_PORT);
  }


  @inline
  isPortEnabled(index: i32): bool {
    return (load<u8>(this.record(index), FLAGS) & PORT_ENABLED) != 0;
  }


  @inline
  isSecurePortEnabled(index: i32): bool {
    return (load<u8>(this.record(index), FLAGS) & SECURE_PORT_ENABLED) != 0;
  }

  /** Seconds since 1970, by Eureka's clock, since when the instance is up; 0 where Eureka did not say. */
  @inline
  upSince(index: i32): u32 {
    return load<u32>(this.record(index), UP_SINCE);
  }

  /** Eureka's `instanceId`, or what takes its place where it is missing. */
  id(index: i32): Slice {
    const record = this.record(index);
    return slice(this.texts(record), load<u8>(record, ID_SIZE));
  }

  /** Eureka's `ipAddr`: an IPv4 or IPv6 address, empty where there is none. */
  address(index: i32): Slice {
    const record = this.record(index);
    return slice(this.texts(record) + load<u8>(record, ID_SIZE), load<u8>(record, ADDRESS_SIZE));
  }

  hostName(index: i32): Slice {
    const record = this.record(index);
    const before = (load<u8>(record, ID_SIZE) as usize) + (load<u8>(record, ADDRESS_SIZE) as usize);
    return slice(this.texts(record) + before, load<u8>(record, HOST_SIZE));
  }

  /** Metadata `zone`, else the availability zone of Amazon's data centre, else empty. */
  zone(index: i32): Slice {
    const record = this.record(index);
    const size = load<u8>(record, ZONE_SIZE);
    return slice(this.metadataStart(record) - size, size);
  }

  /** Value of a metadata key; of several the last, as in JSON; NONE where it is absent. */
  metadata(index: i32, key: Slice): Slice {
    const record = this.record(index);
    let found: Slice = NONE;
    let at = this.metadataStart(record);
    const end = at + load<u16>(record, METADATA_SIZE);
    while (at < end) {
      const keySize = load<u8>(at);
      const valueSize = load<u16>(at, 1);
      const start = at + ENTRY_BYTES;
      if (same(slice(start, keySize), key)) found = slice(start + keySize, valueSize);
      at = start + keySize + valueSize;
    }
    return found;
  }

  /** Address of a record, for the builder, which copies whole records. */
  @inline
  record(index: i32): usize {
    return this.block + HEADER_BYTES + (index as usize) * RECORD_BYTES;
  }

  /** All texts of a record. */
  textsOf(index: i32): Slice {
    const record = this.record(index);
    return slice(this.texts(record), textBytes(record));
  }


  @inline
  private texts(record: usize): usize {
    return this.block + load<u32>(record, TEXTS);
  }


  @inline
  private metadataStart(record: usize): usize {
    return this.texts(record) + textBytes(record) - load<u16>(record, METADATA_SIZE);
  }
}

/** Bytes of all texts of a record. */
@inline
export function textBytes(record: usize): i32 {
  return (
    (load<u8>(record, ID_SIZE) as i32) +
    (load<u8>(record, ADDRESS_SIZE) as i32) +
    (load<u8>(record, HOST_SIZE) as i32) +
    (load<u8>(record, ZONE_SIZE) as i32) +
    (load<u16>(record, METADATA_SIZE) as i32)
  );
}

/**
 * Whether bytes are a snapshot that can be read without a further check. Shared data outlives the plugin that wrote
 * it: a newer or older version may have.
 */
export function isSnapshot(bytes: Slice): bool {
  const size = lengthOf(bytes);
  const start = pointerOf(bytes);
  if (size < HEADER_BYTES || load<u32>(start) != MAGIC || load<u32>(start, SIZE) != (size as u32))
    return false;
  const count = load<u32>(start, COUNT);
  if (count > (MAX_INSTANCES as u32)) return false;
  let texts = HEADER_BYTES + (count as i32) * RECORD_BYTES;
  if (texts > size) return false;
  for (let index: u32 = 0; index < count; index++) {
    const record = start + HEADER_BYTES + (index as usize) * RECORD_BYTES;
    if (load<u32>(record, TEXTS) != (texts as u32) || load<u8>(record, STATUS) >= (STATUSES as u8))
      return false;
    texts += textBytes(record);
    if (texts > size || !hasWholeEntries(start + texts, load<u16>(record, METADATA_SIZE))) return false;
  }
  return texts == size;
}

/** Whether the `size` bytes in front of `end` are metadata entries, none of them cut. */
function hasWholeEntries(end: usize, size: i32): bool {
  let at = end - size;
  while (at < end) {
    if (at + ENTRY_BYTES > end) return false;
    at += ENTRY_BYTES + (load<u8>(at) as i32) + (load<u16>(at, 1) as i32);
  }
  return at == end;
}
