import { Slice, startsWith } from "../bytes/slice";
import { FailureKind } from "../chat/failure";

/**
 * How an exchange ended, for the label `kind`: the kinds of failures in their order, then the ends that are nobody's
 * answer.
 */
const NAMES: StaticArray<string> = [
  "invalid_request",
  "authentication",
  "billing",
  "permission",
  "not_found",
  "too_large",
  "rate_limit",
  "timeout",
  "overloaded",
  "internal",
  "bad_gateway",
  "client_closed",
  "upstream_reset",
  "closed",
];

/** Number of the ways to end badly. */
export const OUTCOMES: i32 = 14;

/** It ended well, or has not ended. */
export const GOOD: i32 = -1;

/** The client left before the answer was complete. */
export const CLIENT_CLOSED: i32 = 11;
/** The upstream broke off. */
export const UPSTREAM_RESET: i32 = 12;
/** The gateway ended it, by a time-out or a limit of its own. */
export const CLOSED: i32 = 13;

/** The outcome that a failure is. */
export function outcomeOf(kind: FailureKind): i32 {
  return kind as i32;
}

/** The outcome of an exchange that was cut short. @param details Envoy's response code details, borrowed */
export function outcomeOfBreak(details: Slice): i32 {
  if (startsWith(details, "upstream_")) return UPSTREAM_RESET;
  return startsWith(details, "downstream_") ? CLIENT_CLOSED : CLOSED;
}

/** The label's value. */
export function outcomeName(outcome: i32): string {
  return outcome >= 0 && outcome < OUTCOMES ? unchecked(NAMES[outcome]) : "";
}
