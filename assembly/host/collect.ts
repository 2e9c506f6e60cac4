/**
 * Garbage. The runtime is `minimal`: managed objects are freed only by `__collect`, which must run where no managed
 * reference lives on the stack, that is at the very end of a callback. It costs about 50 ns for each live object, so
 * it runs when enough callbacks have made garbage, not each time.
 */

/** Callbacks that leave objects behind (headers, configuration, callouts) between two collections. */
const CALLBACKS_BETWEEN: i32 = 256;

let callbacks: i32 = 0;

/**
 * To be called last in every callback.
 * @param streams how many are open: what they keep is live, so with many of them each collection costs more and is
 * worth more.
 */
export function endCallback(streams: i32): void {
  if (++callbacks < CALLBACKS_BETWEEN + streams * 2) return;
  callbacks = 0;
  __collect();
}

/** Collects at once: after work that made much garbage (a configuration, a large request). */
export function endLargeCallback(): void {
  callbacks = 0;
  __collect();
}
