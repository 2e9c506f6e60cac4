import { Slice, Utf8, borrow, lengthOf, pointerOf, slice } from "../bytes/slice";
import { KeySettings } from "../config/policies";
import { getShared, setShared, sharedVersion } from "../host/shared";

/** A key does not cool down longer because it was refused more often than this. */
const MAX_STRIKES: i32 = 20;

/**
 * What all workers know of a key: i64 time at which it may be used again (ms since 1970), i32 cool-downs in a row, u16
 * answers in a row that count towards the next change, u8 whether a request is finding out how it is.
 */
const RECORD: usize = memory.data(16, 8);
const RECORD_BYTES: i32 = 16;
const STRIKES: usize = 8;
const COUNT: usize = 12;
const PROBED: usize = 14;

/** A version that no value has: the host then writes only where there is none yet. */
const ABSENT_VERSION: u32 = u32.MAX_VALUE;

/**
 * What is known of one key: this worker's copy of what lies in the shared data, and how answers change it.
 *
 *     good     failures in a row         -> cooling
 *     cooling  its time is over          -> due
 *     due      a request takes it        -> probed
 *     probed   a failure                 -> cooling, for twice as long
 *              successes in a row        -> good
 *              any other answer, or none -> due
 */
@final
export class KeyState {
  /** When the key may be used again, milliseconds since 1970; 0: it did not fail. */
  dueAt: i64 = 0;
  /** Cool-downs in a row; 0: it is good. */
  strikes: i32 = 0;
  /** Failures in a row while it is good, successes in a row once its cool-down is over. */
  private count: i32 = 0;
  /** Whether `dueAt` only keeps others away from it while one request finds out how it is. */
  private isProbed: bool = false;
  private version: u32 = 0;

  /** @param name of the record in the shared data */
  constructor(private readonly name: Utf8) {}

  /** Whether any answer with the key may change what is known of it. */
  get isWatched(): bool {
    return this.strikes > 0 || this.count > 0;
  }

  /** Reads what the other workers know. */
  read(): void {
    const value = getShared(borrow(this.name));
    this.version = sharedVersion == 0 ? ABSENT_VERSION : sharedVersion;
    if (lengthOf(value) != RECORD_BYTES) return;
    const pointer = pointerOf(value);
    this.dueAt = load<i64>(pointer);
    this.strikes = load<i32>(pointer, STRIKES);
    this.count = load<u16>(pointer, COUNT) as i32;
    this.isProbed = load<u8>(pointer, PROBED) != 0;
  }

  /** Tells the other workers. False: one of them was faster, so that what was read is out of date. */
  write(): bool {
    store<i64>(RECORD, this.dueAt);
    store<i32>(RECORD, this.strikes, STRIKES);
    store<u16>(RECORD, this.count as u16, COUNT);
    store<u8>(RECORD, this.isProbed ? 1 : 0, PROBED);
    const record: Slice = slice(RECORD, RECORD_BYTES);
    return setShared(borrow(this.name), record, this.version);
  }

  /** One request is to find out how a key is whose cool-down is over. False: another one does already. */
  probe(settings: KeySettings, now: i64): bool {
    if (this.dueAt > now) return false;
    if (this.strikes == 0) return true;
    this.isProbed = true;
    // Should nothing be heard of that request, the next one may try.
    this.dueAt = now + (settings.coolDownMs as i64);
    return this.write();
  }

  /**
   * An answer says that the key is wrong, blocked or used up.
   * @param retryAfter milliseconds after which the service said a retry may succeed
   * @returns whether that changes anything
   */
  fail(settings: KeySettings, retryAfter: i64, now: i64): bool {
    if (this.dueAt > now && !this.isProbed) {
      // Of the requests that were under way with this key only the first one counts.
      if (now + retryAfter <= this.dueAt) return false;
      this.dueAt = now + retryAfter;
      return true;
    }
    if (this.strikes == 0 && ++this.count < settings.consecutiveFailures) return true;
    this.strikes = min(this.strikes + 1, MAX_STRIKES);
    this.count = 0;
    this.isProbed = false;
    const wait = min((settings.coolDownMs as i64) << (this.strikes - 1), settings.maxCoolDownMs as i64);
    this.dueAt = now + max(wait, retryAfter);
    return true;
  }

  /** An answer says that the key is good. @returns whether that changes anything */
  succeed(settings: KeySettings, now: i64): bool {
    // A key that cools down is not forgiven by an answer to an earlier request.
    if (!this.isWatched || (this.dueAt > now && !this.isProbed)) return false;
    this.isProbed = false;
    this.dueAt = this.strikes == 0 ? 0 : now;
    if (this.strikes > 0 && ++this.count < settings.consecutiveSuccesses) return true;
    this.strikes = 0;
    this.count = 0;
    this.dueAt = 0;
    return true;
  }

  /** An answer says nothing of the key. @returns whether that changes anything: the next request finds out */
  pass(now: i64): bool {
    if (!this.isProbed) return false;
    this.isProbed = false;
    this.dueAt = now;
    return true;
  }
}
