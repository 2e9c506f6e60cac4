import { Slice, lengthOf, pointerOf } from "../bytes/slice";
import { Status, proxy_set_upstream_override_host } from "./abi";

/**
 * Higress's way to send a request to one endpoint of its cluster. Plain Envoy does not link the import, so it is in a
 * build of its own: `HIGRESS` is defined there by the compiler's option `--use HIGRESS=1` (asconfig.json, target
 * `higress`), and what does not compile into the other build does not import anything either.
 */

/** Whether this is the build for Higress. */
@inline
export function canOverrideHost(): bool {
  return isDefined(HIGRESS);
}

/**
 * Asks for an endpoint, `ip:port`. Where the cluster does not have it, its own load balancing chooses. False: the host
 * refused, or this is the build for plain Envoy.
 */
export function overrideHost(endpoint: Slice): bool {
  if (!isDefined(HIGRESS)) return false;
  return proxy_set_upstream_override_host(pointerOf(endpoint), lengthOf(endpoint)) == Status.Ok;
}
