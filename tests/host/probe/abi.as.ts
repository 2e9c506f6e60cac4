/** The import functions of the ABI as the probe declares them: raw, all statuses i32. */

@external("env", "proxy_log")
export declare function log(level: i32, p: usize, l: i32): i32;


@external("env", "proxy_get_log_level")
export declare function getLogLevel(out: usize): i32;


@external("env", "proxy_get_status")
export declare function getStatus(code: usize, p: usize, l: usize): i32;


@external("env", "proxy_get_property")
export declare function getProperty(k: usize, kl: i32, p: usize, l: usize): i32;


@external("env", "proxy_set_property")
export declare function setProperty(k: usize, kl: i32, p: usize, l: i32): i32;


@external("env", "proxy_send_local_response")
export declare function reply(
  code: i32,
  d: usize,
  dl: i32,
  b: usize,
  bl: i32,
  h: usize,
  hl: i32,
  grpc: i32,
): i32;


@external("env", "proxy_continue_stream")
export declare function continueStream(type: i32): i32;


@external("env", "proxy_close_stream")
export declare function closeStream(type: i32): i32;


@external("env", "proxy_get_buffer_bytes")
export declare function getBuffer(type: i32, start: i32, length: i32, p: usize, l: usize): i32;


@external("env", "proxy_get_buffer_status")
export declare function bufferStatus(type: i32, l: usize, f: usize): i32;


@external("env", "proxy_set_buffer_bytes")
export declare function setBuffer(type: i32, start: i32, length: i32, p: usize, l: i32): i32;


@external("env", "proxy_add_header_map_value")
export declare function addHeader(type: i32, k: usize, kl: i32, p: usize, l: i32): i32;


@external("env", "proxy_replace_header_map_value")
export declare function replaceHeader(type: i32, k: usize, kl: i32, p: usize, l: i32): i32;


@external("env", "proxy_remove_header_map_value")
export declare function removeHeader(type: i32, k: usize, kl: i32): i32;


@external("env", "proxy_get_header_map_value")
export declare function getHeader(type: i32, k: usize, kl: i32, p: usize, l: usize): i32;


@external("env", "proxy_get_header_map_pairs")
export declare function getPairs(type: i32, p: usize, l: usize): i32;


@external("env", "proxy_set_header_map_pairs")
export declare function setPairs(type: i32, p: usize, l: i32): i32;


@external("env", "proxy_get_header_map_size")
export declare function mapSize(type: i32, out: usize): i32;


@external("env", "proxy_http_call")
export declare function httpCall(
  c: usize,
  cl: i32,
  h: usize,
  hl: i32,
  b: usize,
  bl: i32,
  t: usize,
  tl: i32,
  timeout: i32,
  token: usize,
): i32;


@external("env", "proxy_set_effective_context")
export declare function setContext(id: i32): i32;


@external("env", "proxy_define_metric")
export declare function defineMetric(type: i32, p: usize, l: i32, out: usize): i32;


@external("env", "proxy_increment_metric")
export declare function incrementMetric(id: i32, offset: i64): i32;


@external("env", "proxy_record_metric")
export declare function recordMetric(id: i32, value: i64): i32;


@external("env", "proxy_get_metric")
export declare function getMetric(id: i32, out: usize): i32;


@external("env", "proxy_get_shared_data")
export declare function getShared(k: usize, kl: i32, p: usize, l: usize, cas: usize): i32;


@external("env", "proxy_set_shared_data")
export declare function setShared(k: usize, kl: i32, p: usize, l: i32, cas: i32): i32;


@external("env", "proxy_register_shared_queue")
export declare function registerQueue(k: usize, kl: i32, out: usize): i32;


@external("env", "proxy_enqueue_shared_queue")
export declare function enqueue(token: i32, p: usize, l: i32): i32;


@external("env", "proxy_dequeue_shared_queue")
export declare function dequeue(token: i32, p: usize, l: usize): i32;


@external("env", "proxy_set_tick_period_milliseconds")
export declare function setTick(ms: i32): i32;


@external("env", "proxy_get_current_time_nanoseconds")
export declare function now(out: usize): i32;


@external("env", "proxy_call_foreign_function")
export declare function foreign(n: usize, nl: i32, a: usize, al: i32, p: usize, l: usize): i32;


@external("env", "proxy_done")
export declare function done(): i32;
