import { Slice, Utf8, borrow, lengthOf, pointerOf, slice, toOwned } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { releaseInbox } from "../host/memory";
import { getShared, setShared, sharedVersion } from "../host/shared";
import { Snapshot } from "./snapshot";

/**
 * What the workers of a gateway share, in the host's shared data.
 *
 * The ledger says which worker asks Eureka, until when it may, and for each name the hash of its instances and when
 * Eureka last answered:
 *     u32 magic, u32 number of names, u64 holder, i64 expiry (ms), then u64 hash and i64 time (ms) for each name.
 * Whoever writes it names the version it read, so of two workers that want the lease one gets it. Snapshots lie beside
 * it, under a key that says nothing of who asks: they outlive a configuration and the VM that wrote them.
 */
const MAGIC: u32 = 0x314c4b45; // "EKL1"
const HOLDER: usize = 8;
const EXPIRY: usize = 16;
const ROWS: usize = 24;
const ROW_BYTES: i32 = 16;
const ANSWERED_AT: usize = 8;

/**
 * How long a lease is good without a renewal. A worker that is gone is replaced after this time at the latest; a
 * poll that was due meanwhile is made up for at once.
 */
export const LEASE_MS: i64 = 5000;

/**
 * A version that no value has: the host then writes only where there is none yet, because it compares versions only
 * of keys that exist.
 */
const ABSENT_VERSION: u32 = u32.MAX_VALUE;

/** Tries to draw a number before the worker goes on without the others. */
const MAX_DRAWS: i32 = 64;

const key: Writer = new Writer();
const counter: usize = memory.data(8, 8);

/** The right to ask Eureka for a set of names, and the ledger of what was answered. */
@final
export class Lease {
  /** Whether this worker is the one that asks. */
  isHeld: bool = false;
  private readonly key: Utf8;
  private readonly size: i32;
  /** The ledger as it was read or written last. */
  private readonly ledger: usize;
  private version: u32 = 0;
  /** Unique among the workers; 0 until it was drawn. */
  private worker: u64 = 0;
  /** The host has no shared data: every worker asks for itself. */
  private isAlone: bool = false;

  /**
   * @param task hash of what is asked and how: only workers with the same task share a ledger
   * @param names number of names that are asked for
   */
  constructor(
    task: u64,
    private readonly names: i32,
  ) {
    this.key = makeKey("lease", task, 0);
    this.size = (ROWS as i32) + names * ROW_BYTES;
    this.ledger = heap.alloc(this.size);
    this.clear();
  }

  /** Frees the memory. The lease must not be used any more. */
  dispose(): void {
    heap.free(this.ledger);
  }

  /**
   * Looks at the ledger, renews the lease where this worker has it, and takes it where nobody does. To be called on
   * every tick.
   * @returns whether this worker has just become the one that asks.
   */
  tick(now: i64): bool {
    if (this.isAlone) return false;
    if (this.worker == 0 && !this.enrol(now)) return true;
    const found = this.read();
    const wasHeld = this.isHeld;
    const expiry = load<i64>(this.ledger, EXPIRY);
    // A clock that was set back must not keep a dead worker's lease alive for long.
    const isFree = !found || expiry <= now || expiry > now + 2 * LEASE_MS;
    this.isHeld = found && load<u64>(this.ledger, HOLDER) == this.worker && expiry > 0;
    if (this.isHeld ? isFree || expiry - now < LEASE_MS / 2 : isFree) {
      if (this.version == 0) this.version = ABSENT_VERSION;
      this.isHeld = this.write(now + LEASE_MS);
    }
    return this.isHeld && !wasHeld;
  }

  /** Hash of the instances of a name as the ledger has it; 0 where nothing was told yet. */
  hash(name: i32): u64 {
    return load<u64>(this.row(name));
  }

  /** When Eureka last answered for a name (ms since 1970); 0: never. */
  answeredAt(name: i32): i64 {
    return load<i64>(this.row(name), ANSWERED_AT);
  }

  /** Tells the others what Eureka answered. Only the holder does; it loses the lease where another has taken it. */
  publish(name: i32, hash: u64, answeredAt: i64): void {
    store<u64>(this.row(name), hash);
    store<i64>(this.row(name), answeredAt, ANSWERED_AT);
    if (!this.isAlone && this.isHeld) this.isHeld = this.write(load<i64>(this.ledger, EXPIRY));
  }

  /** Tells the holder that the shared instances of a name cannot be read, so that it shares them again. */
  complain(name: i32): void {
    if (this.isAlone || this.isHeld) return;
    store<u64>(this.row(name), 0);
    setShared(borrow(this.key), slice(this.ledger, this.size), this.version);
    this.read();
  }

  /** Gives the lease back, so that another worker need not wait for its end. */
  release(): void {
    if (!this.isAlone && this.isHeld) this.write(0);
    this.isHeld = false;
  }


  @inline
  private row(name: i32): usize {
    return this.ledger + ROWS + (name as usize) * ROW_BYTES;
  }

  private clear(): void {
    memory.fill(this.ledger, 0, this.size);
    store<u32>(this.ledger, MAGIC);
    store<u32>(this.ledger, this.names, 4);
  }

  /** False where there is no ledger, or not one of ours. */
  private read(): bool {
    const value = getShared(borrow(this.key));
    this.version = sharedVersion;
    const isLedger =
      lengthOf(value) == this.size &&
      load<u32>(pointerOf(value)) == MAGIC &&
      load<u32>(pointerOf(value), 4) == (this.names as u32);
    if (isLedger) memory.copy(this.ledger, pointerOf(value), this.size);
    else this.clear();
    return isLedger;
  }

  /** False where another worker was faster. */
  private write(expiry: i64): bool {
    store<u64>(this.ledger, this.worker, HOLDER);
    store<i64>(this.ledger, expiry, EXPIRY);
    if (!setShared(borrow(this.key), slice(this.ledger, this.size), this.version)) return false;
    // The host does not say which version it gave; the ledger cannot have changed without the lease being lost.
    return this.read() && load<u64>(this.ledger, HOLDER) == this.worker;
  }

  /** Draws a number that no other worker has. False where the host cannot share: then this worker asks for itself. */
  private enrol(now: i64): bool {
    const name = makeKey("workers", 0, 0);
    for (let i = 0; i < MAX_DRAWS; i++) {
      const value = getShared(borrow(name));
      const last = lengthOf(value) == 8 ? load<u64>(pointerOf(value)) : 0;
      store<u64>(counter, last + 1);
      const version = sharedVersion == 0 ? ABSENT_VERSION : sharedVersion;
      if (!setShared(borrow(name), slice(counter, 8), version)) continue;
      // With the time, no number comes twice even if somebody spoils the counter.
      this.worker = ((now as u64) << 20) ^ (last + 1);
      return true;
    }
    this.isAlone = true;
    this.isHeld = true;
    return false;
  }
}

/** Gives the other workers, and whoever comes after, the instances of a name. False where the host refused. */
export function shareSnapshot(source: u64, lookup: u64, snapshot: Snapshot): bool {
  return setShared(borrow(makeKey("snapshot", source, lookup)), snapshot.bytes);
}

/** The shared instances of a name, owned by the caller; null where there are none that can be read. */
export function takeSnapshot(source: u64, lookup: u64): Snapshot | null {
  const value = getShared(borrow(makeKey("snapshot", source, lookup)));
  const snapshot = Snapshot.copy(value);
  releaseInbox();
  return snapshot;
}

/**
 * Key in the shared data, which the filter shares with whatever else runs in VMs of the same id. The number is that of
 * the layout of ledger and snapshot: it grows with each change, so that versions of the filter do not meet.
 */
function makeKey(kind: string, first: u64, second: u64): Utf8 {
  key.reset();
  key.ascii("eureka-ai-proxy.1.");
  key.ascii(kind);
  key.byte(0x2e);
  writeHash(first);
  key.byte(0x2e);
  writeHash(second);
  return toOwned(key.view());
}

function writeHash(value: u64): void {
  store<u64>(counter, value);
  const bytes: Slice = slice(counter, 8);
  key.hex(bytes);
}
