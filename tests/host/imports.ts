/** The import functions of the ABI, "env" of the module. Each takes the raw parameters and answers a status. */

import { BufferType, type HostKind, LogLevel, MapType, Status } from "./abi.ts";
import type { ByteQueue } from "./buffers.ts";
import { callForeignFunction } from "./foreign.ts";
import { type HeaderMap, parsePairs, serializePairs } from "./headers.ts";
import type { Host } from "./host.ts";
import { InvalidMemory } from "./memory.ts";
import { dottedPath } from "./properties.ts";
import { wasiImports } from "./wasi.ts";

/** Words for the call log: what the call was about. Called only while tracing. */
type Describe = () => string;

/** Status, and what to write in the call log. */
type Outcome = Status | [Status, Describe];

type HostFunction = (host: Host, ...parameters: number[]) => Outcome;
/** The two functions that have a 64-bit parameter. */
type MetricFunction = (host: Host, id: number, value: bigint) => Outcome;

const MAX_MAP_TYPE = MapType.CalloutTrailers;
const MAX_BUFFER_TYPE = BufferType.CallData;
const NO_GRPC = 0xffffffff;

const show = (value: string): string =>
  JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}...` : value);
const mapName = (type: number): string => MapType[type] ?? String(type);

/** Changes one header map; Envoy clears the route cache when request headers change. */
function changeMap(host: Host, type: number, describe: Describe, change: (map: HeaderMap) => void): Outcome {
  if (type > MAX_MAP_TYPE) return [Status.BadArgument, describe];
  const context = host.context();
  const map = context.writableMap(type);
  if (map === undefined) return [Status.BadArgument, describe];
  change(map);
  if (type === MapType.RequestHeaders) context.onRequestHeadersChanged();
  return [Status.Ok, describe];
}

function setBufferBytes(buffer: ByteQueue, start: number, length: number, bytes: Uint8Array): Status {
  if (buffer.readOnly) return Status.BadArgument;
  if (start === 0) {
    buffer.drain(length);
    buffer.prepend(bytes);
    return Status.Ok;
  }
  if (start < buffer.length) return Status.BadArgument;
  buffer.append(bytes);
  return Status.Ok;
}

/** Functions both hosts have. gRPC is refused: the filters tested here do not use it. */
const FUNCTIONS: Readonly<Record<string, HostFunction>> = {
  log: (host, level, pointer, length) => {
    if (level > LogLevel.Critical) return Status.BadArgument;
    const message = host.memory.readText(pointer, length);
    host.writeLog(level, message);
    return [Status.Ok, () => `${LogLevel[level]} ${show(message)}`];
  },
  get_log_level: (host, out) => {
    host.memory.writeU32(out, host.logLevel);
    return Status.Ok;
  },
  get_status: (host, codeOut, pointerOut, sizeOut) => {
    const { code, message } = host.context().root.status;
    host.memory.writeU32(codeOut, code);
    return host.memory.give(message, pointerOut, sizeOut);
  },
  get_property: (host, path, pathLength, pointerOut, sizeOut) => {
    const name = host.memory.readText(path, pathLength).replace(/\0+$/, "");
    const value = host.context().getProperty(name);
    const status = value === undefined ? Status.NotFound : host.memory.give(value, pointerOut, sizeOut);
    return [status, () => dottedPath(name)];
  },
  set_property: (host, path, pathLength, pointer, length) => {
    const name = host.memory.readText(path, pathLength);
    const value = host.memory.read(pointer, length);
    return [host.context().setProperty(name, value), () => `${dottedPath(name)} (${length} bytes)`];
  },
  send_local_response: (
    host,
    code,
    details,
    detailsLength,
    body,
    bodyLength,
    headers,
    headersLength,
    grpc,
  ) => {
    host.context().sendLocalReply({
      status: code,
      details: host.memory.readText(details, detailsLength).replaceAll(/\s/g, "_"),
      body: host.memory.read(body, bodyLength),
      headers: parsePairs(host.memory.read(headers, headersLength)),
    });
    host.localReplySent = true;
    return [Status.Ok, () => `${code} (${bodyLength} bytes)${grpc >>> 0 === NO_GRPC ? "" : ` grpc=${grpc}`}`];
  },
  continue_stream: (host, type) => [host.context().continueStream(type), () => String(type)],
  close_stream: (host, type) => [host.context().closeStream(type), () => String(type)],
  get_shared_data: (host, key, keyLength, pointerOut, sizeOut, versionOut) => {
    const name = host.memory.readText(key, keyLength);
    const value = host.shared.get(name);
    if (value === undefined) return [Status.NotFound, () => name];
    const status = host.memory.give(value.bytes, pointerOut, sizeOut);
    host.memory.writeU32(versionOut, value.version);
    return [status, () => name];
  },
  set_shared_data: (host, key, keyLength, pointer, length, version) => {
    const name = host.memory.readText(key, keyLength);
    const status = host.shared.set(name, host.memory.read(pointer, length), version >>> 0);
    return [status, () => `${name} (${length} bytes) if ${version}`];
  },
  register_shared_queue: (host, name, nameLength, out) => {
    const { root } = host.context();
    const token = host.shared.registerQueue(host.memory.readText(name, nameLength), () => {
      host.afterCall(() => host.callback(root, "proxy_on_queue_ready", root.id, token));
    });
    host.memory.writeU32(out, token);
    return Status.Ok;
  },
  resolve_shared_queue: (host, _vm, _vmLength, name, nameLength, out) => {
    const token = host.shared.resolveQueue(host.memory.readText(name, nameLength));
    if (token === undefined) return Status.NotFound;
    host.memory.writeU32(out, token);
    return Status.Ok;
  },
  enqueue_shared_queue: (host, token, pointer, length) =>
    host.shared.enqueue(token, host.memory.read(pointer, length)),
  dequeue_shared_queue: (host, token, pointerOut, sizeOut) => {
    const item = host.shared.dequeue(token);
    return item instanceof Uint8Array ? host.memory.give(item, pointerOut, sizeOut) : item;
  },
  get_buffer_bytes: (host, type, start, length, pointerOut, sizeOut) => {
    const describe = () => `${BufferType[type] ?? type} ${start >>> 0}+${length >>> 0}`;
    if (type > MAX_BUFFER_TYPE) return [Status.BadArgument, describe];
    const buffer = host.context().buffer(type);
    if (buffer === undefined) return [Status.NotFound, describe];
    const from = start >>> 0;
    if (from + (length >>> 0) > 0xffffffff) return [Status.BadArgument, describe];
    const count = Math.max(0, Math.min(length >>> 0, buffer.length - from));
    return [host.memory.give(buffer.read(from, count), pointerOut, sizeOut), describe];
  },
  get_buffer_status: (host, type, lengthOut, flagsOut) => {
    if (type > MAX_BUFFER_TYPE) return Status.BadArgument;
    const buffer = host.context().buffer(type);
    if (buffer === undefined) return [Status.NotFound, () => BufferType[type]];
    host.memory.writeU32(lengthOut, buffer.length);
    host.memory.writeU32(flagsOut, 0);
    return [Status.Ok, () => `${BufferType[type]} = ${buffer.length}`];
  },
  set_buffer_bytes: (host, type, start, length, pointer, size) => {
    const describe = () => `${BufferType[type] ?? type} ${start >>> 0}+${length >>> 0} (${size} bytes)`;
    if (type > MAX_BUFFER_TYPE) return [Status.BadArgument, describe];
    const buffer = host.context().buffer(type);
    if (buffer === undefined) return [Status.NotFound, describe];
    return [setBufferBytes(buffer, start >>> 0, length >>> 0, host.memory.read(pointer, size)), describe];
  },
  add_header_map_value: (host, type, key, keyLength, pointer, length) => {
    const name = host.memory.readText(key, keyLength);
    const value = host.memory.readText(pointer, length);
    return changeMap(
      host,
      type,
      () => `${mapName(type)} ${name} ${show(value)}`,
      (map) => map.add(name, value),
    );
  },
  replace_header_map_value: (host, type, key, keyLength, pointer, length) => {
    const name = host.memory.readText(key, keyLength);
    const value = host.memory.readText(pointer, length);
    return changeMap(
      host,
      type,
      () => `${mapName(type)} ${name} ${show(value)}`,
      (map) => map.replace(name, value),
    );
  },
  remove_header_map_value: (host, type, key, keyLength) => {
    const name = host.memory.readText(key, keyLength);
    return changeMap(
      host,
      type,
      () => `${mapName(type)} ${name}`,
      (map) => map.remove(name),
    );
  },
  set_header_map_pairs: (host, type, pointer, length) => {
    const pairs = parsePairs(host.memory.read(pointer, length));
    return changeMap(
      host,
      type,
      () => `${mapName(type)} (${pairs.length} pairs)`,
      (map) => {
        map.clear();
        for (const [name, value] of pairs) map.add(name, value);
      },
    );
  },
  get_header_map_value: (host, type, key, keyLength, pointerOut, sizeOut) => {
    const name = host.memory.readText(key, keyLength);
    const describe = () => `${mapName(type)} ${name}`;
    const map = type > MAX_MAP_TYPE ? undefined : host.context().readableMap(type);
    if (map === undefined) return [Status.BadArgument, describe];
    const value = map.get(name);
    if (value === undefined) return [Status.NotFound, describe];
    return [host.memory.give(value, pointerOut, sizeOut), describe];
  },
  get_header_map_pairs: (host, type, pointerOut, sizeOut) => {
    if (type > MAX_MAP_TYPE) return [Status.BadArgument, () => mapName(type)];
    const pairs = host.context().readableMap(type)?.pairs() ?? [];
    const bytes = pairs.length === 0 ? "" : serializePairs(pairs);
    return [host.memory.give(bytes, pointerOut, sizeOut), () => mapName(type)];
  },
  get_header_map_size: (host, type, out) => {
    const map = type > MAX_MAP_TYPE ? undefined : host.context().writableMap(type);
    if (map === undefined) return [Status.BadArgument, () => mapName(type)];
    host.memory.writeU32(out, map.byteSize);
    return [Status.Ok, () => mapName(type)];
  },
  http_call: (
    host,
    cluster,
    clusterLength,
    headers,
    headersLength,
    body,
    bodyLength,
    trailers,
    trailersLength,
    timeout,
    out,
  ) => {
    const { memory } = host;
    const name = memory.readText(cluster, clusterLength);
    memory.writeU32(out, 0);
    const root = host.context().root;
    const token = root.call(
      name,
      parsePairs(memory.read(headers, headersLength)),
      memory.read(body, bodyLength),
      parsePairs(memory.read(trailers, trailersLength)),
      timeout,
    );
    if (token === undefined) return [Status.BadArgument, () => name];
    if (token === 0) return [Status.InternalFailure, () => name];
    memory.writeU32(out, token);
    return [Status.Ok, () => `${name} token=${token}`];
  },
  define_metric: (host, type, name, nameLength, out) => {
    const text = host.memory.readText(name, nameLength);
    const id = host.metrics.define(type >>> 0, text);
    if (id === undefined) return [Status.BadArgument, () => text];
    host.memory.writeU32(out, id);
    return [Status.Ok, () => `${text} id=${id}`];
  },
  get_metric: (host, id, out) => {
    const value = host.metrics.read(id);
    if (typeof value !== "bigint") return value;
    host.memory.writeU64(out, value);
    return Status.Ok;
  },
  set_tick_period_milliseconds: (host, period) => {
    host.context().root.tickPeriodMs = period >>> 0;
    return [Status.Ok, () => String(period)];
  },
  get_current_time_nanoseconds: (host, out) => {
    host.memory.writeU64(out, host.nanoseconds());
    return Status.Ok;
  },
  set_effective_context: (host, id) => {
    host.context();
    return [host.setEffectiveContext(id) ? Status.Ok : Status.BadArgument, () => `#${id}`];
  },
  done: (host) => host.context().root.markDone(),
  call_foreign_function: (host, name, nameLength, pointer, length, pointerOut, sizeOut) => {
    const text = host.memory.readText(name, nameLength);
    const answer = callForeignFunction(host, text, host.memory.read(pointer, length));
    if (!(answer instanceof Uint8Array)) return [answer, () => text];
    return [host.memory.give(answer, pointerOut, sizeOut), () => text];
  },
  grpc_call: () => Status.Unimplemented,
  grpc_stream: () => Status.Unimplemented,
  grpc_send: () => Status.NotFound,
  grpc_cancel: () => Status.NotFound,
  grpc_close: () => Status.NotFound,
};

const METRIC_FUNCTIONS: Readonly<Record<string, MetricFunction>> = {
  increment_metric: (host, id, offset) => [host.metrics.increment(id, offset), () => `id=${id} by ${offset}`],
  record_metric: (host, id, value) => {
    return [host.metrics.record(id, BigInt.asUintN(64, value)), () => `id=${id} ${value}`];
  },
};

/** Imports that only the fork of Higress has. A filter for both hosts must not import them. */
const HIGRESS_FUNCTIONS: Readonly<Record<string, HostFunction>> = {
  inject_encoded_data_to_filter_chain: () => Status.Unimplemented,
  set_upstream_override_host: (host, pointer, length) => {
    const address = host.memory.readText(pointer, length);
    return [host.context().setOverrideHost(address), () => address];
  },
  get_upstream_hosts: () => Status.Unimplemented,
  redis_init: () => Status.Unimplemented,
  redis_call: () => Status.Unimplemented,
};

/** Versions before 0_2_1 lack the log level. */
const LATER_FUNCTIONS: ReadonlySet<string> = new Set(["get_log_level"]);

/** Counts, traces, and turns an access outside of the memory into its status. */
function wrap(host: Host, name: string, run: (...parameters: never[]) => Outcome): WebAssembly.ExportValue {
  return (...parameters: never[]): number => {
    const { counters } = host;
    counters.hostCalls++;
    counters.byName[name] = (counters.byName[name] ?? 0) + 1;
    let outcome: Outcome;
    try {
      if (name !== "log") host.context();
      outcome = run(...parameters);
    } catch (error) {
      if (!(error instanceof InvalidMemory)) throw error;
      outcome = Status.InvalidMemoryAccess;
    }
    const [status, describe] = typeof outcome === "number" ? [outcome, undefined] : outcome;
    if (host.tracing) {
      const about = describe === undefined ? "" : ` ${describe()}`;
      host.log.push(`  ${name}${about} -> ${Status[status]}`);
    }
    return status;
  };
}

/** Everything a module may import from this host; linking fails for any other name, as in the real one. */
export function hostImports(host: Host): WebAssembly.Imports {
  const env: Record<string, WebAssembly.ExportValue> = {
    pthread_equal: (left: number, right: number) => (left === right ? 1 : 0),
    emscripten_notify_memory_growth: () => {},
  };
  const extras: Readonly<Record<HostKind, Readonly<Record<string, HostFunction>>>> = {
    envoy: {},
    higress: HIGRESS_FUNCTIONS,
  };
  const early = host.abiVersion === "0_2_0" || host.abiVersion === "0_1_0";
  for (const [name, run] of Object.entries({ ...FUNCTIONS, ...extras[host.kind] })) {
    if (early && LATER_FUNCTIONS.has(name)) continue;
    env[`proxy_${name}`] = wrap(host, name, (...parameters: number[]) => run(host, ...parameters));
  }
  for (const [name, run] of Object.entries(METRIC_FUNCTIONS)) {
    env[`proxy_${name}`] = wrap(host, name, (id: number, value: bigint) => run(host, id, value));
  }
  return { env, wasi_snapshot_preview1: wasiImports(host), wasi_unstable: wasiImports(host) };
}
