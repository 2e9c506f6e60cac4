import { Slice, lengthOf, pointerOf, slice } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { getShared, setShared, sharedVersion } from "../host/shared";

/** As many workers are told apart; further ones have no number. */
const MOST_WORKERS: i32 = 256;

/** A number that was not renewed for so long belongs to a VM that is gone, and may be taken. */
const STALE_MS: i64 = 10_000;

/** A version that no value has: the host then writes only where there is none yet. */
const ABSENT_VERSION: u32 = u32.MAX_VALUE;

const key: Writer = new Writer();
const stored: usize = memory.data(8, 8);

/** This VM's number among the workers, -1 where it has none yet, and what it wrote under it last. */
let number: i32 = -1;
let writtenAt: i64 = 0;

/**
 * A small number for this VM, from 0 on, kept as long as it is asked for: hosts do not number their workers. It lies in
 * shared data with the time of its last renewal, so a VM that replaces a dead one takes over its number, and with it
 * gauges that say something of one worker. To be called about once a second.
 * @returns -1 where the host has no shared data, or there are too many workers
 */
export function workerNumber(now: i64): i32 {
  if (now == writtenAt) return number;
  if (number >= 0 && !renew(number, now)) number = -1;
  for (let i = 0; number < 0 && i < MOST_WORKERS; i++) {
    if (claim(i, now)) number = i;
  }
  return number;
}

/** False: another VM has taken the number, because this one was silent for too long. */
function renew(candidate: i32, now: i64): bool {
  const value = getShared(keyOf(candidate));
  return timeOf(value) == writtenAt && write(candidate, now, sharedVersion);
}

function claim(candidate: i32, now: i64): bool {
  const value = getShared(keyOf(candidate));
  const isFree = lengthOf(value) != 8 || now - timeOf(value) > STALE_MS;
  return isFree && write(candidate, now, sharedVersion == 0 ? ABSENT_VERSION : sharedVersion);
}

function write(candidate: i32, now: i64, version: u32): bool {
  store<i64>(stored, now);
  if (!setShared(keyOf(candidate), slice(stored, 8), version)) return false;
  writtenAt = now;
  return true;
}

function timeOf(value: Slice): i64 {
  return lengthOf(value) == 8 ? load<i64>(pointerOf(value)) : 0;
}

function keyOf(candidate: i32): Slice {
  key.reset();
  key.ascii("ai-proxy.worker.");
  key.number(candidate);
  return key.view();
}
