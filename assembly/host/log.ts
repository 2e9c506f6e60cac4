import { Slice, lengthOf, pointerOf } from "../bytes/slice";
import { LogLevel, Status, proxy_get_log_level, proxy_log } from "./abi";
import { numberOut } from "./memory";

/**
 * Log lines. Ask `isLogged` before a text is built: on the traffic path nothing is formatted for a level that is off.
 * The level is read once a callback at most (`refreshLogLevel`), because each read is a host call.
 */
let level: i32 = LogLevel.Info;

/** Reads the host's level; called when a root context is created or ticks. */
export function refreshLogLevel(): void {
  if (proxy_get_log_level(numberOut()) == Status.Ok) level = load<i32>(numberOut());
}

/** Whether a line of this level would be written. */
@inline
export function isLogged(severity: LogLevel): bool {
  return severity >= level;
}

/** Writes a line of UTF-8 text, borrowed. The same rule as for `log`. */
export function logBytes(severity: LogLevel, message: Slice): void {
  if (isLogged(severity)) proxy_log(severity, pointerOf(message), lengthOf(message));
}

/** Writes a line. Never hand it a token, a body or a client's credential. */
export function log(severity: LogLevel, message: string): void {
  if (!isLogged(severity)) return;
  const bytes = String.UTF8.encode(message);
  proxy_log(severity, changetype<usize>(bytes), bytes.byteLength);
}
