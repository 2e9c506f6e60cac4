
@external("env", "proxy_log")
declare function proxy_log(level: i32, message: usize, length: i32): i32;

const CRITICAL = 5;

/**
 * Replaces `env.abort` in modules that a real host loads, because no host links that name. Says where it was reached,
 * then traps.
 */
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  const text = `abort: ${message ? message : ""} at ${file ? file : "?"}:${line}:${column}`;
  const bytes = String.UTF8.encode(text);
  proxy_log(CRITICAL, changetype<usize>(bytes), bytes.byteLength);
  unreachable();
}
