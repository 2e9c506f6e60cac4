import { Utf8, borrow, hash, toOwned, toText } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { Service } from "../config/model";
import { KeyPolicy } from "../config/policies";
import { LogLevel } from "../host/abi";
import { log } from "../host/log";
import { mix, randomBelow } from "./balance/random";
import { KeyState } from "./key-state";

/** A longer `retry-after` is not believed. Milliseconds. */
const MAX_RETRY_AFTER: i64 = 86400000;

/** So often an answer is told to the other workers where one of them is always faster. */
const MAX_TRIES: i32 = 10;

const FIRST_FAILURE: i32 = 400;

/** No key. */
const NONE: i32 = -1;

const name: Writer = new Writer();

/**
 * The keys of a service that has several: which one a request takes, and which are left alone for a while because the
 * service refused them. What is known of a key lies in the shared data under a hash of it, so that all workers know it,
 * and a new VM or configuration as well. A request reads this worker's copy, which `refresh` brings up to date.
 */
@final
export class KeyRing {
  private readonly states: KeyState[] = [];
  private readonly hashes: u64[] = [];
  private next: i32 = 0;
  /** The key that was refused last: the next request, which may be the same once more, takes another one. */
  private refused: i32 = NONE;

  constructor(readonly service: Service) {
    const keys = service.auth.keys;
    for (let i = 0; i < keys.length; i++) {
      name.reset();
      name.ascii("eureka-ai-proxy.1.key.");
      name.owned(keys[i].id);
      this.states.push(new KeyState(toOwned(name.view())));
      this.hashes.push(hash(borrow(keys[i].id)));
    }
    if (keys.length > 0) this.next = randomBelow(keys.length);
    this.refresh();
  }

  /**
   * Index of the key that a request takes: one that does not cool down, or where all of them do the one that is due
   * first. A key whose cool-down is over is taken by one request at a time, until it has proved good.
   * @param consumer whose request it is, where what it is about is known to one key only; 0: any key will do
   */
  choose(consumer: u64, now: i64): i32 {
    if (consumer != 0) return this.keyOf(consumer);
    const count = this.states.length;
    const isRandom = this.service.keys.policy == KeyPolicy.Random;
    const start = isRandom ? randomBelow(count) : this.next;
    const refused = this.refused;
    this.refused = NONE;
    let earliest = start % count;
    for (let i = 0; i < count; i++) {
      const index = (start + i) % count;
      if (index != refused && this.takes(index, now)) return this.taken(index);
      if (this.states[index].dueAt < this.states[earliest].dueAt) earliest = index;
    }
    return refused != NONE && this.takes(refused, now) ? this.taken(refused) : earliest;
  }

  /** Whether there is a key that does not cool down, beside one that was refused. */
  hasOther(refused: i32, now: i64): bool {
    for (let i = 0; i < this.states.length; i++) {
      if (i != refused && this.states[i].dueAt <= now) return true;
    }
    return false;
  }

  /** Value of a key for its header or parameter. */
  valueOf(index: i32): Utf8 {
    return this.service.auth.keys[index].value;
  }

  /** Whether an answer with this status may change what is known of a key. */
  isNews(index: i32, status: i32): bool {
    return this.states[index].isWatched || this.service.keys.cools(status);
  }

  /**
   * Takes notice of an answer to a request with a key.
   * @param retryAfter milliseconds after which the service said a retry may succeed; 0: it said nothing
   */
  judge(index: i32, status: i32, retryAfter: i64, now: i64): void {
    const state = this.states[index];
    const settings = this.service.keys;
    const cools = settings.cools(status);
    if (cools) this.refused = index;
    for (let i = 0; i < MAX_TRIES; i++) {
      state.read();
      const strikes = state.strikes;
      const isNew = cools
        ? state.fail(settings, min(retryAfter, MAX_RETRY_AFTER), now)
        : status < FIRST_FAILURE
          ? state.succeed(settings, now)
          : state.pass(now);
      if (!isNew) return;
      if (!state.write()) continue;
      const key = `key ${index + 1} of ${this.states.length}`;
      if (state.strikes > strikes) {
        this.tell(LogLevel.Warn, `${key} cools down for ${state.dueAt - now} ms after status ${status}`);
      } else if (state.strikes < strikes) {
        this.tell(LogLevel.Info, `${key} is good again`);
      }
      return;
    }
  }

  /** Reads what the other workers know. */
  refresh(): void {
    for (let i = 0; i < this.states.length; i++) this.states[i].read();
  }

  /** Whether a request may take a key now. */
  private takes(index: i32, now: i64): bool {
    const state = this.states[index];
    if (state.dueAt > now) return false;
    if (state.strikes == 0) return true;
    state.read();
    return state.probe(this.service.keys, now);
  }

  private taken(index: i32): i32 {
    this.next = (index + 1) % this.states.length;
    return index;
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

  private tell(level: LogLevel, what: string): void {
    log(level, `eureka-ai-proxy: service ${toText(borrow(this.service.name))}: ${what}`);
  }
}
