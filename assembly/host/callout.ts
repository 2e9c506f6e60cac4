import { Slice, Utf8, borrow, lengthOf, pointerOf } from "../bytes/slice";
import { Status, proxy_http_call, proxy_set_effective_context } from "./abi";
import { numberOut } from "./memory";
import { PairsWriter } from "./pairs";

/** An empty header map, for trailers that we do not send. */
const noTrailers: PairsWriter = new PairsWriter();

/** Headers of the call being built; `:method`, `:path` and `:authority` are required by the host. */
export const calloutHeaders: PairsWriter = new PairsWriter();

/**
 * Sends `calloutHeaders` and `body` to a cluster. The answer comes to the **root** context by token
 * (`proxy_on_http_call_response`): no headers at all mean that there was no answer (refused, reset, timed out).
 * @param timeout milliseconds until the host gives up with a 504.
 * @returns the token, or -1 where the host refused (unknown cluster, mostly).
 */
export function httpCall(cluster: Utf8, body: Slice, timeout: i32): i32 {
  noTrailers.reset();
  const target = borrow(cluster);
  const headers = calloutHeaders.view();
  const trailers = noTrailers.view();
  const status = proxy_http_call(
    pointerOf(target),
    lengthOf(target),
    pointerOf(headers),
    lengthOf(headers),
    pointerOf(body),
    lengthOf(body),
    pointerOf(trailers),
    lengthOf(trailers),
    timeout,
    numberOut(),
  );
  return status == Status.Ok ? load<i32>(numberOut()) : -1;
}

/** Makes host calls act on this stream or root; false where it is gone. */
export function enterContext(context: i32): bool {
  return proxy_set_effective_context(context) == Status.Ok;
}
