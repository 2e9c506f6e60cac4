import { Status } from "./abi";
import { callForeign } from "./foreign";

/**
 * Which host this is. Higress has a foreign function `get_log_level` (wasm-go reads its level there); plain Envoy
 * answers NotFound. Higress always holds request headers on StopIteration; plain Envoy only with
 * `allow_on_headers_stop_iteration`, which no host function tells.
 */
let higress: bool = false;
let probed: bool = false;

/** Whether the host is a Higress gateway. Probed once; calls are allowed from the first context on. */
export function isHigress(): bool {
  if (!probed) {
    higress = callForeign("get_log_level") == Status.Ok;
    probed = true;
  }
  return higress;
}
