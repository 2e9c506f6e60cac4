import { Slice, Utf8, borrow, hash, lengthOf, pointerOf, slice } from "../bytes/slice";

/** What a name that a service is found by names in Eureka. */
export enum LookupKind {
  /** An application: what `/apps/{APP}` answers. */
  Application,
  /** A virtual address: one word of an instance's comma-separated `vipAddress`. */
  Vip,
  /** The same for the secure port: `secureVipAddress`. */
  SecureVip,
}

const LETTER_A_LOWER: u8 = 0x61;
const LETTER_Z_LOWER: u8 = 0x7a;
const CASE_BIT: u8 = 0x20;
const COMMA: u8 = 0x2c;
const SPACE: u8 = 0x20;

/**
 * One question that Eureka has to answer. Names are compared without case, as Eureka's own clients do, and a VIP is
 * resolved here from the instances, never by `/vips`: the server's cache of a comma-separated VIP is up to three
 * minutes behind.
 */
@final
export class Lookup {
  /** The name in upper case (ASCII). */
  readonly name: Utf8;
  /** Hash of the name alone, see `foldedHash`. */
  readonly nameHash: u64;
  /** Hash of kind and name; also part of the key under which workers share the snapshot. */
  readonly key: u64;

  constructor(
    public readonly kind: LookupKind,
    name: Utf8,
  ) {
    const folded = new ArrayBuffer(name.byteLength);
    upperCaseInto(changetype<usize>(folded), borrow(name));
    this.name = folded;
    this.nameHash = hash(borrow(folded));
    this.key = this.nameHash * 3 + (kind as u64);
  }

  get isApplication(): bool {
    return this.kind == LookupKind.Application;
  }

  /** Whether this is the question of that kind with that name, in any case. */
  asks(kind: LookupKind, name: Slice): bool {
    return this.kind == kind && equalsFolded(name, borrow(this.name));
  }

  /** Whether an instance with these names (in any case; the VIPs comma-separated) is part of the answer. */
  accepts(application: Slice, applicationHash: u64, vip: Slice, secureVip: Slice): bool {
    if (this.kind == LookupKind.Application) {
      return applicationHash == this.nameHash && equalsFolded(application, borrow(this.name));
    }
    return listHolds(this.kind == LookupKind.Vip ? vip : secureVip, borrow(this.name));
  }
}

/** Hash of the bytes as if ASCII letters were upper case. */
export function foldedHash(bytes: Slice, seed: u64 = 0xcbf29ce484222325): u64 {
  const pointer = pointerOf(bytes);
  const length = lengthOf(bytes);
  let value = seed;
  for (let i = 0; i < length; i++)
    value = (value ^ (upperCase(load<u8>(pointer + i)) as u64)) * 0x100000001b3;
  return value;
}

/** Whether `bytes` in upper case are `upper`. */
export function equalsFolded(bytes: Slice, upper: Slice): bool {
  const length = lengthOf(bytes);
  if (length != lengthOf(upper)) return false;
  const left = pointerOf(bytes);
  const right = pointerOf(upper);
  for (let i = 0; i < length; i++) {
    if (upperCase(load<u8>(left + i)) != load<u8>(right + i)) return false;
  }
  return true;
}

/** Stores the bytes in upper case (ASCII) at `target`. */
export function upperCaseInto(target: usize, bytes: Slice): void {
  const pointer = pointerOf(bytes);
  const length = lengthOf(bytes);
  for (let i = 0; i < length; i++) store<u8>(target + i, upperCase(load<u8>(pointer + i)));
}

/** Whether a comma-separated list holds the word, which is in upper case; blanks around words do not count. */
function listHolds(list: Slice, upper: Slice): bool {
  const pointer = pointerOf(list);
  const length = lengthOf(list);
  let from = 0;
  for (let i = 0; i <= length; i++) {
    if (i < length && load<u8>(pointer + i) != COMMA) continue;
    let to = i;
    while (from < to && load<u8>(pointer + from) == SPACE) from++;
    while (to > from && load<u8>(pointer + to - 1) == SPACE) to--;
    if (to > from && equalsFolded(slice(pointer + from, to - from), upper)) return true;
    from = i + 1;
  }
  return false;
}


@inline
function upperCase(byte: u8): u8 {
  return byte >= LETTER_A_LOWER && byte <= LETTER_Z_LOWER ? byte ^ CASE_BIT : byte;
}
