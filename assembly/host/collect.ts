/**
 * Garbage. The runtime is `minimal`: managed objects are freed only by `__collect`, which must run where no managed
 * reference lives on the stack, that is at the very end of the outermost callback. The host may call back while a host
 * call of ours is running: an edit that overflows a held answer ends the stream inside of `set_buffer_bytes`, with
 * on_log and on_delete. So callbacks are counted on their way in and out.
 *
 * A collection costs about 50 ns for each live object, so it runs when many callbacks have made garbage.
 */
const CALLBACKS_BETWEEN: i32 = 2048;

let depth: i32 = 0;
let callbacks: i32 = 0;

/** To be called first in every callback. */
export function beginCallback(): void {
  depth++;
}

/** Whether no other callback is under way, so that memory that callbacks share is free. */
export function isOutermost(): bool {
  return depth == 1;
}

/**
 * To be called last in every callback.
 * @param streams how many are open: what they keep is live, so with many of them each collection costs more and is
 * worth more.
 */
export function endCallback(streams: i32): void {
  depth--;
  if (++callbacks < CALLBACKS_BETWEEN + streams * 2 || depth > 0) return;
  callbacks = 0;
  __collect();
}

/** The same for a callback that made much garbage (a configuration, a reply of Eureka): collects at once. */
export function endLargeCallback(): void {
  depth--;
  if (depth > 0) return;
  callbacks = 0;
  __collect();
}
