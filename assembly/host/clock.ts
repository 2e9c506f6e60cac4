import { Status, proxy_get_current_time_nanoseconds, proxy_set_tick_period_milliseconds } from "./abi";
import { numberOut } from "./memory";

/** Wall-clock time in milliseconds since 1970; 0 where the host has no clock. */
export function now(): i64 {
  const status = proxy_get_current_time_nanoseconds(numberOut());
  return status == Status.Ok ? ((load<u64>(numberOut()) / 1000000) as i64) : 0;
}

/** Asks for `proxy_on_tick` each `period` milliseconds on the current root context; 0 stops it. */
export function setTickPeriod(period: i32): bool {
  return proxy_set_tick_period_milliseconds(period) == Status.Ok;
}
