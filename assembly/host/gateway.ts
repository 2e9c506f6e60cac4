import { NONE, Slice, borrow, utf8 } from "../bytes/slice";
import { Status } from "./abi";
import { callForeign } from "./foreign";
import { getProperty, setProperty, setPropertyText } from "./property";

/**
 * The gateway that the plugin runs in: which one it is, and what may be asked of it. Higress and plain Envoy differ in
 * ways that no ABI function tells; see docs/host-facts.md.
 */
let higress: bool = false;
let probed: bool = false;

/**
 * Whether the host is Higress. It has a foreign function `get_log_level` (wasm-go reads its level there); plain Envoy
 * answers NotFound. Probed once.
 */
export function isHigress(): bool {
  if (!probed) {
    higress = callForeign("get_log_level") == Status.Ok;
    probed = true;
  }
  return higress;
}

/**
 * Whether headers that a callback holds with StopIteration are really held while the body comes. Higress always does
 * so. Plain Envoy does where its filter configuration has `allow_on_headers_stop_iteration`, which only the user can
 * tell; without it the body would never come and the request hang.
 * @param isAllowed what the plugin's configuration says.
 */
export function holdsHeaders(isAllowed: bool): bool {
  return isAllowed || isHigress();
}

/** Higress: header edits must not choose another route. Plain Envoy has no such switch, and ignores this. */
export function keepRoute(): void {
  if (isHigress()) setPropertyText("clear_route_cache", "off");
}

/** Higress: bodies of this size may be buffered; its default is 32 KiB. Before the first byte of body. */
export function raiseBufferLimits(bytes: i32): void {
  if (!isHigress()) return;
  const limit = utf8(bytes.toString());
  setProperty("set_decoder_buffer_limit", borrow(limit));
  setProperty("set_encoder_buffer_limit", borrow(limit));
}

/** Name of the route, borrowed. Plain Envoy has it in the request-headers phase only below `xds`. */
export function routeName(): Slice {
  const name = getProperty("route_name");
  return name != NONE ? name : getProperty("xds.route_name");
}

/** Name of the cluster the route leads to, borrowed. */
export function clusterName(): Slice {
  const name = getProperty("cluster_name");
  return name != NONE ? name : getProperty("xds.cluster_name");
}
