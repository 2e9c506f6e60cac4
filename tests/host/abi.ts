/**
 * Numbers of the proxy-wasm ABI 0_2_1 as the host sees them.
 * Source: proxy-wasm/spec, "abi-versions/v0.2.1". Plain numeric enums, so that a name can be printed from a number.
 */

/** Result of every host call. */
export enum Status {
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

/** What a headers callback asks for. 2 (continue and end stream) is treated as Continue by Envoy. */
export enum HeadersAction {
  Continue = 0,
  StopIteration = 1,
  ContinueAndEndStream = 2,
  StopAllIterationAndBuffer = 3,
  StopAllIterationAndWatermark = 4,
}

/** What a body callback asks for. */
export enum DataAction {
  Continue = 0,
  StopIterationAndBuffer = 1,
  StopIterationAndWatermark = 2,
  StopIterationNoBuffer = 3,
}

/** What a trailers callback asks for. */
export enum TrailersAction {
  Continue = 0,
  StopIteration = 1,
}

export enum MapType {
  RequestHeaders = 0,
  RequestTrailers = 1,
  ResponseHeaders = 2,
  ResponseTrailers = 3,
  GrpcInitialMetadata = 4,
  GrpcTrailingMetadata = 5,
  CalloutHeaders = 6,
  CalloutTrailers = 7,
}

export enum BufferType {
  RequestBody = 0,
  ResponseBody = 1,
  DownstreamData = 2,
  UpstreamData = 3,
  CalloutBody = 4,
  GrpcMessage = 5,
  VmConfiguration = 6,
  PluginConfiguration = 7,
  CallData = 8,
}

export enum StreamType {
  Request = 0,
  Response = 1,
  Downstream = 2,
  Upstream = 3,
}

export enum LogLevel {
  Trace = 0,
  Debug = 1,
  Info = 2,
  Warn = 3,
  Error = 4,
  Critical = 5,
}

export enum MetricType {
  Counter = 0,
  Gauge = 1,
  Histogram = 2,
}

/** ABI versions in the form of the export that announces them. */
export type AbiVersion = "0_1_0" | "0_2_0" | "0_2_1" | "0_2_100";

/** Which of the two hosts is emulated. */
export type HostKind = "envoy" | "higress";

/** Versions a host knows; an announced version that is not here is skipped. */
export const KNOWN_ABI_VERSIONS: Record<HostKind, readonly AbiVersion[]> = {
  envoy: ["0_1_0", "0_2_0", "0_2_1"],
  higress: ["0_1_0", "0_2_0", "0_2_1", "0_2_100"],
};

/** Most bytes and entries of a list of pairs that the host accepts from a plugin; beyond, the list counts as empty. */
export const MAX_PAIRS_BYTES = 1024 * 1024;
export const MAX_PAIRS_COUNT = 1024;

/** Most bytes of one random_get. */
export const MAX_RANDOM_BYTES = 64 * 1024;
