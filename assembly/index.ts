/**
 * What the host may call: exports only. The order of the first two matters: Higress takes the first ABI version it
 * knows in export order (0.2.100, its own), plain Envoy skips that one and takes 0.2.1.
 */
import "./host/unpack"; // first: all else needs what it unpacks
export { proxy_abi_version_0_2_100, proxy_abi_version_0_2_1 } from "./host/version";
export { allocateForHost as proxy_on_memory_allocate } from "./host/memory";
export {
  onContextCreate as proxy_on_context_create,
  onVmStart as proxy_on_vm_start,
  onConfigure as proxy_on_configure,
  onTick as proxy_on_tick,
  onCalloutResponse as proxy_on_http_call_response,
  onRequestHeaders as proxy_on_request_headers,
  onRequestBody as proxy_on_request_body,
  onRequestTrailers as proxy_on_request_trailers,
  onResponseHeaders as proxy_on_response_headers,
  onResponseBody as proxy_on_response_body,
  onResponseTrailers as proxy_on_response_trailers,
  onDone as proxy_on_done,
  onLog as proxy_on_log,
  onDelete as proxy_on_delete,
} from "./plugin";
import "./host/abort";
