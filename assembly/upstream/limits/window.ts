/**
 * A minute that slides: what was used in the last sixty seconds is taken to be all of this minute and, of the minute
 * before, the share that is not over yet. So nobody gets twice his limit at the turn of a minute, and two numbers are enough.
 */
const MINUTE_MS: i64 = 60_000;

/** What counts as used. @param elapsed milliseconds of this minute that have passed */
export function used(now: i64, before: i64, elapsed: i64): i64 {
  return now + (before * (MINUTE_MS - elapsed)) / MINUTE_MS;
}

/** Seconds, at least one, until less than `limit` is used if nothing is added. */
export function secondsUntilFree(now: i64, before: i64, limit: i32, elapsed: i64): i32 {
  const wait = now < limit ? freeAt(before, limit - now) - elapsed : MINUTE_MS - elapsed + freeAt(now, limit);
  return max<i64>(1, (wait + 999) / 1000) as i32;
}

/** Milliseconds of a minute after which less than `room` (at least 1) of what the minute before used still counts. */
function freeAt(before: i64, room: i64): i64 {
  if (before < room) return 0;
  const share = MINUTE_MS * room;
  return MINUTE_MS - (share + before - 1) / before + 1;
}
