import { LogLevel, proxy_log } from "./abi";

/**
 * Replaces AssemblyScript's `env.abort`, which Envoy does not link. Reached only through a bug: it says where, then
 * traps, because there is no way back from here.
 */
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  const text = `eureka-ai-proxy: bug: ${message ? message : "abort"} at ${file ? file : "?"}:${line}:${column}`;
  const bytes = String.UTF8.encode(text);
  proxy_log(LogLevel.Critical, changetype<usize>(bytes), bytes.byteLength);
  unreachable();
}
