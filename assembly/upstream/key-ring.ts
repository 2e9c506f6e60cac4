import { Slice, Utf8, borrow, hash, lengthOf, pointerOf, slice, toOwned, toText } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { KeyPolicy, Service } from "../config/model";
import { LogLevel } from "../host/abi";
import { log } from "../host/log";
import { getShared, setShared, sharedVersion } from "../host/shared";
import { mix, randomBelow } from "./balance/random";

/** A longer `retry-after` is not believed. Milliseconds. */
const MAX_RETRY_AFTER: i64 = 86400000;

/** A key does not cool down longer because it was refused more often than this. */
const MAX_STRIKES: i32 = 20;

/** What all workers know of a key: i64 time at which it may be used again (ms since 1970), i32 refusals in a row. */
const RECORD: usize = memory.data(16, 8);
const RECORD_BYTES: i32 = 16;
const STRIKES: usize = 8;

/** A version that no value has: the host then writes only where there is none yet. */
const ABSENT_VERSION: u32 = u32.MAX_VALUE;

const FIRST_FAILURE: i32 = 400;

const name: Writer = new Writer();

/**
 * The keys of a service that has several: which one a request takes, and which are left alone for a while because the
 * service refused them. What is known of a key lies in the shared data under a hash of it, so that all workers know it,
 * and a new VM or configuration as well. A request reads this worker's copy, which `refresh` brings up to date.
 */
@final
export class KeyRing {
  /** Names of the records in the shared data. */
  private readonly records: Utf8[] = [];
  private readonly hashes: u64[] = [];
  /** When each key may be used again, milliseconds since 1970; 0: it was never refused. */
  private readonly dueAt: i64[] = [];
  private readonly strikes: i32[] = [];
  private next: i32 = 0;

  constructor(readonly service: Service) {
    const keys = service.auth.keys;
    for (let i = 0; i < keys.length; i++) {
      name.reset();
      name.ascii("eureka-ai-proxy.1.key.");
      name.owned(keys[i].id);
      this.records.push(toOwned(name.view()));
      this.hashes.push(hash(borrow(keys[i].id)));
      this.dueAt.push(0);
      this.strikes.push(0);
    }
    if (keys.length > 0) this.next = randomBelow(keys.length);
    this.refresh();
  }

  /**
   * Index of the key that a request takes: one that does not cool down, or where all of them do the one that is due
   * first.
   * @param consumer whose request it is, where what it is about is known to one key only; 0: any key will do
   */
  choose(consumer: u64, now: i64): i32 {
    if (consumer != 0) return this.keyOf(consumer);
    const count = this.dueAt.length;
    const isRandom = this.service.keys.policy == KeyPolicy.Random;
    const start = isRandom ? randomBelow(count) : this.next;
    let earliest = start % count;
    for (let i = 0; i < count; i++) {
      const index = (start + i) % count;
      if (this.dueAt[index] <= now) {
        this.next = (index + 1) % count;
        return index;
      }
      if (this.dueAt[index] < this.dueAt[earliest]) earliest = index;
    }
    return earliest;
  }

  /** Whether there is a key that does not cool down. */
  hasFree(now: i64): bool {
    for (let i = 0; i < this.dueAt.length; i++) if (this.dueAt[i] <= now) return true;
    return false;
  }

  /** Value of a key for its header or parameter. */
  valueOf(index: i32): Utf8 {
    return this.service.auth.keys[index].value;
  }

  /** Whether an answer with this status changes what is known of a key. */
  isNews(index: i32, status: i32): bool {
    return this.strikes[index] > 0 || this.service.keys.cools(status);
  }

  /**
   * Takes notice of an answer to a request with a key.
   * @param retryAfter milliseconds after which the service said a retry may succeed; 0: it said nothing
   */
  judge(index: i32, status: i32, retryAfter: i64, now: i64): void {
    if (this.service.keys.cools(status)) this.cool(index, status, min(retryAfter, MAX_RETRY_AFTER), now);
    else if (status < FIRST_FAILURE && this.strikes[index] > 0) this.forgive(index, now);
  }

  /** Reads what the other workers know. */
  refresh(): void {
    for (let i = 0; i < this.records.length; i++) this.read(i);
  }

  /** With several hashes a consumer moves only where its key is gone, or a new one suits it better. */
  private keyOf(consumer: u64): i32 {
    let best = 0;
    let most: u64 = 0;
    for (let i = 0; i < this.hashes.length; i++) {
      const value = mix(this.hashes[i] ^ consumer);
      if (value < most) continue;
      most = value;
      best = i;
    }
    return best;
  }

  private cool(index: i32, status: i32, retryAfter: i64, now: i64): void {
    const version = this.read(index);
    const settings = this.service.keys;
    let due = this.dueAt[index];
    if (due <= now) {
      // Of the requests that were under way with this key only the first one counts.
      const strikes = min(this.strikes[index] + 1, MAX_STRIKES);
      const wait = min((settings.coolDownMs as i64) << (strikes - 1), settings.maxCoolDownMs as i64);
      this.strikes[index] = strikes;
      due = now + max(wait, retryAfter);
      log(
        LogLevel.Warn,
        `eureka-ai-proxy: service ${toText(borrow(this.service.name))}: key ${index + 1} of ${this.dueAt.length} cools down for ${due - now} ms after status ${status}`,
      );
    } else if (now + retryAfter > due) {
      due = now + retryAfter;
    } else {
      return;
    }
    this.dueAt[index] = due;
    this.write(index, version);
  }

  /** A key that cools down is not forgiven by an answer to an earlier request. */
  private forgive(index: i32, now: i64): void {
    const version = this.read(index);
    if (this.strikes[index] == 0 || this.dueAt[index] > now) return;
    this.strikes[index] = 0;
    this.dueAt[index] = 0;
    this.write(index, version);
  }

  /** @returns the version of what was read, for `write` */
  private read(index: i32): u32 {
    const value = getShared(borrow(this.records[index]));
    if (lengthOf(value) != RECORD_BYTES) return sharedVersion == 0 ? ABSENT_VERSION : sharedVersion;
    this.dueAt[index] = load<i64>(pointerOf(value));
    this.strikes[index] = load<i32>(pointerOf(value), STRIKES);
    return sharedVersion;
  }

  /** Where another worker was faster, what it wrote is as good. */
  private write(index: i32, version: u32): void {
    store<i64>(RECORD, this.dueAt[index]);
    store<i32>(RECORD, this.strikes[index], STRIKES);
    const record: Slice = slice(RECORD, RECORD_BYTES);
    setShared(borrow(this.records[index]), record, version);
  }
}
