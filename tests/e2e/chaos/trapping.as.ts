/**
 * The plugin with one difference: a request with the header `x-trap` crashes its VM, as a defect would. Nothing that a
 * client sends does that to the real one.
 */
import { onRequestHeaders } from "../../../assembly/plugin";
import { MapType } from "../../../assembly/host/abi";
import { lengthOf } from "../../../assembly/bytes/slice";
import { getHeader } from "../../../assembly/host/headers";

export { proxy_abi_version_0_2_100, proxy_abi_version_0_2_1 } from "../../../assembly/host/version";
export { allocateForHost as proxy_on_memory_allocate } from "../../../assembly/host/memory";
export {
  onContextCreate as proxy_on_context_create,
  onVmStart as proxy_on_vm_start,
  onConfigure as proxy_on_configure,
  onTick as proxy_on_tick,
  onCalloutResponse as proxy_on_http_call_response,
  onRequestBody as proxy_on_request_body,
  onRequestTrailers as proxy_on_request_trailers,
  onResponseHeaders as proxy_on_response_headers,
  onResponseBody as proxy_on_response_body,
  onResponseTrailers as proxy_on_response_trailers,
  onDone as proxy_on_done,
  onLog as proxy_on_log,
  onDelete as proxy_on_delete,
} from "../../../assembly/plugin";

export function proxy_on_request_headers(id: i32, count: i32, isEnd: i32): i32 {
  if (lengthOf(getHeader(MapType.RequestHeaders, "x-trap")) > 0) unreachable();
  return onRequestHeaders(id, count, isEnd);
}
