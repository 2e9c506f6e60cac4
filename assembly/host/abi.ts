/**
 * The proxy-wasm ABI 0.2.1 as Envoy and Higress link it: raw imports and their enumerations. Nothing else in the
 * plugin declares an import; every name here exists on plain Envoy 1.40 and on Higress, but for the last one.
 * Source: proxy-wasm specification, abi-versions/v0.2.1.
 */

/** What a host call answers. */
export const enum Status {
  Ok = 0,
  NotFound = 1,
  BadArgument = 2,
  SerializationFailure = 3,
  ParseFailure = 4,
  BadExpression = 5,
  InvalidMemoryAccess = 6,
  Empty = 7,
  CasMismatch = 8,
  ResultMismatch = 9,
  InternalFailure = 10,
  BrokenConnection = 11,
  Unimplemented = 12,
}

/** What a headers callback answers. */
export const enum HeadersAction {
  Continue = 0,
  /** Hold the headers, let body callbacks run. Plain Envoy honours it only with allow_on_headers_stop_iteration. */
  StopIteration = 1,
  /** Hold everything until continueStream; data is read from the peer only up to the buffer's high-water mark. */
  StopAllAndWatermark = 4,
}

/** What a body or trailers callback answers. */
export const enum DataAction {
  Continue = 0,
  /** Keep what came so far; the next callback sees all of it. */
  StopAndBuffer = 1,
}

export const enum BufferType {
  RequestBody = 0,
  ResponseBody = 1,
  CalloutBody = 4,
  VmConfiguration = 6,
  PluginConfiguration = 7,
}

export const enum MapType {
  RequestHeaders = 0,
  RequestTrailers = 1,
  ResponseHeaders = 2,
  ResponseTrailers = 3,
  CalloutHeaders = 6,
  CalloutTrailers = 7,
}

export const enum StreamType {
  Request = 0,
  Response = 1,
}

export const enum LogLevel {
  Trace = 0,
  Debug = 1,
  Info = 2,
  Warn = 3,
  Error = 4,
  Critical = 5,
}

export const enum MetricType {
  Counter = 0,
  Gauge = 1,
  Histogram = 2,
}


@external("env", "proxy_log")
export declare function proxy_log(level: i32, message: usize, size: i32): i32;


@external("env", "proxy_get_log_level")
export declare function proxy_get_log_level(level: usize): i32;


@external("env", "proxy_get_status")
export declare function proxy_get_status(code: usize, message: usize, size: usize): i32;


@external("env", "proxy_get_current_time_nanoseconds")
export declare function proxy_get_current_time_nanoseconds(time: usize): i32;


@external("env", "proxy_set_tick_period_milliseconds")
export declare function proxy_set_tick_period_milliseconds(period: i32): i32;


@external("env", "proxy_set_effective_context")
export declare function proxy_set_effective_context(context: i32): i32;


@external("env", "proxy_get_property")
export declare function proxy_get_property(path: usize, pathSize: i32, value: usize, size: usize): i32;


@external("env", "proxy_set_property")
export declare function proxy_set_property(path: usize, pathSize: i32, value: usize, size: i32): i32;


@external("env", "proxy_get_header_map_value")
export declare function proxy_get_header_map_value(
  map: i32,
  name: usize,
  nameSize: i32,
  value: usize,
  size: usize,
): i32;


@external("env", "proxy_get_header_map_pairs")
export declare function proxy_get_header_map_pairs(map: i32, pairs: usize, size: usize): i32;


@external("env", "proxy_replace_header_map_value")
export declare function proxy_replace_header_map_value(
  map: i32,
  name: usize,
  nameSize: i32,
  value: usize,
  size: i32,
): i32;


@external("env", "proxy_add_header_map_value")
export declare function proxy_add_header_map_value(
  map: i32,
  name: usize,
  nameSize: i32,
  value: usize,
  size: i32,
): i32;


@external("env", "proxy_remove_header_map_value")
export declare function proxy_remove_header_map_value(map: i32, name: usize, nameSize: i32): i32;


@external("env", "proxy_get_buffer_status")
export declare function proxy_get_buffer_status(type: i32, size: usize, flags: usize): i32;


@external("env", "proxy_get_buffer_bytes")
export declare function proxy_get_buffer_bytes(
  type: i32,
  start: i32,
  length: i32,
  bytes: usize,
  size: usize,
): i32;


@external("env", "proxy_set_buffer_bytes")
export declare function proxy_set_buffer_bytes(
  type: i32,
  start: i32,
  length: i32,
  bytes: usize,
  size: i32,
): i32;


@external("env", "proxy_continue_stream")
export declare function proxy_continue_stream(type: i32): i32;


@external("env", "proxy_close_stream")
export declare function proxy_close_stream(type: i32): i32;


@external("env", "proxy_send_local_response")
export declare function proxy_send_local_response(
  status: i32,
  details: usize,
  detailsSize: i32,
  body: usize,
  bodySize: i32,
  headers: usize,
  headersSize: i32,
  grpcStatus: i32,
): i32;


@external("env", "proxy_http_call")
export declare function proxy_http_call(
  cluster: usize,
  clusterSize: i32,
  headers: usize,
  headersSize: i32,
  body: usize,
  bodySize: i32,
  trailers: usize,
  trailersSize: i32,
  timeout: i32,
  token: usize,
): i32;


@external("env", "proxy_get_shared_data")
export declare function proxy_get_shared_data(
  key: usize,
  keySize: i32,
  value: usize,
  size: usize,
  cas: usize,
): i32;


@external("env", "proxy_set_shared_data")
export declare function proxy_set_shared_data(
  key: usize,
  keySize: i32,
  value: usize,
  size: i32,
  cas: i32,
): i32;


@external("env", "proxy_define_metric")
export declare function proxy_define_metric(type: i32, name: usize, nameSize: i32, metric: usize): i32;


@external("env", "proxy_increment_metric")
export declare function proxy_increment_metric(metric: i32, offset: i64): i32;


@external("env", "proxy_record_metric")
export declare function proxy_record_metric(metric: i32, value: i64): i32;


@external("env", "proxy_call_foreign_function")
export declare function proxy_call_foreign_function(
  name: usize,
  nameSize: i32,
  argument: usize,
  argumentSize: i32,
  result: usize,
  resultSize: usize,
): i32;

/** Higress only: linked into the build for Higress alone, see override-host.ts. */
@external("env", "proxy_set_upstream_override_host")
export declare function proxy_set_upstream_override_host(address: usize, size: i32): i32;
