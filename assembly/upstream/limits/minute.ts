import { Slice, hash, lengthOf, pointerOf, slice } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { getShared, setShared, sharedVersion } from "../../host/shared";
import { secondsUntilFree, used } from "./window";

/**
 * What was used in a minute, counted by all workers together in the host's shared data. One record for each subject (a
 * service, a consumer):
 *     u64 subject, i64 minute since 1970, then i64 requests of it and of the minute before, and the same for tokens.
 */
const SUBJECT: usize = 0;
const MINUTE: usize = 8;
const REQUESTS: usize = 16;
const TOKENS: usize = 32;
const RECORD_BYTES: i32 = 48;

const MINUTE_MS: i64 = 60_000;

/**
 * Records lie in as many places: hosts never forget a key, and clients may make names up. Two subjects that meet in one
 * place are counted together while both are used.
 */
const PLACES: u64 = 1 << 16;

/** Tries against other workers before a request passes uncounted: a counter must not stop traffic. */
const MAX_TRIES: i32 = 8;

/** A version that no value has: the host then writes only where there is none yet. */
const ABSENT_VERSION: u32 = u32.MAX_VALUE;

const key: Writer = new Writer();
const current: usize = memory.data(RECORD_BYTES, 8);

/**
 * Counts a request of a subject, unless one of its limits is reached.
 * @param requests, tokens limits for a minute; 0: none
 * @param now milliseconds since 1970
 * @returns 0: it was counted; else the seconds after which it may be tried again
 */
export function takeRequest(subject: u64, requests: i32, tokens: i32, now: i64): i32 {
  for (let i = 0; i < MAX_TRIES; i++) {
    const version = read(subject, now);
    const elapsed = now % MINUTE_MS;
    const wait = max(secondsFor(REQUESTS, requests, elapsed), secondsFor(TOKENS, tokens, elapsed));
    if (wait > 0) return wait;
    if (requests == 0) return 0;
    store<i64>(current, load<i64>(current, REQUESTS) + 1, REQUESTS);
    if (write(subject, version)) return 0;
  }
  return 0;
}

/** Counts tokens of a subject, which are known when its answer has come. */
export function addTokens(subject: u64, tokens: i64, now: i64): void {
  for (let i = 0; i < MAX_TRIES && tokens > 0; i++) {
    const version = read(subject, now);
    store<i64>(current, load<i64>(current, TOKENS) + tokens, TOKENS);
    if (write(subject, version)) return;
  }
}

/** What a subject is known by. @param kind what it is; @param seed tells equal names apart */
export function subjectOf(kind: string, name: Slice, seed: u64): u64 {
  key.reset();
  key.ascii(kind);
  key.byte(0);
  key.bytes(name);
  return hash(key.view(), seed);
}

/** Reads a subject's record as it stands at this time. @returns the version to name when it is written */
function read(subject: u64, now: i64): u32 {
  const value = getShared(keyOf(subject));
  const version = sharedVersion;
  const minute = now / MINUTE_MS;
  memory.fill(current, 0, RECORD_BYTES);
  if (lengthOf(value) == RECORD_BYTES) memory.copy(current, pointerOf(value), RECORD_BYTES);
  const passed = minute - load<i64>(current, MINUTE);
  if (passed != 0) {
    for (let counter = REQUESTS; counter <= TOKENS; counter += 16) {
      store<i64>(current + counter, passed == 1 ? load<i64>(current + counter) : 0, 8);
      store<i64>(current + counter, 0);
    }
  }
  store<u64>(current, subject, SUBJECT);
  store<i64>(current, minute, MINUTE);
  return version == 0 ? ABSENT_VERSION : version;
}

function write(subject: u64, version: u32): bool {
  return setShared(keyOf(subject), slice(current, RECORD_BYTES), version);
}

function secondsFor(counter: usize, limit: i32, elapsed: i64): i32 {
  if (limit == 0) return 0;
  const now = load<i64>(current + counter);
  const before = load<i64>(current + counter, 8);
  return used(now, before, elapsed) < limit ? 0 : secondsUntilFree(now, before, limit, elapsed);
}

function keyOf(subject: u64): Slice {
  key.reset();
  key.ascii("ai-proxy.minute.");
  key.number((subject % PLACES) as i64);
  return key.view();
}
