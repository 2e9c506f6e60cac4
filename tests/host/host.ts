/** One VM of the plugin on one worker of a gateway. */

import { type AbiVersion, type HostKind, KNOWN_ABI_VERSIONS, LogLevel } from "./abi.ts";
import { toBytes } from "./buffers.ts";
import type { Context } from "./context.ts";
import { hostImports } from "./imports.ts";
import { type Counters, Memory, newCounters } from "./memory.ts";
import { MetricStore } from "./metrics.ts";
import type { Properties } from "./properties.ts";
import { Root, type RootOptions } from "./root.ts";
import { SharedStore } from "./shared.ts";

export interface HostOptions {
  /** Default "envoy". */
  kind?: HostKind;
  /** Plain Envoy's filter option of the same name; Higress always behaves as if it were true. Default false. */
  allowOnHeadersStopIteration?: boolean;
  /** Most bytes of a held body, per direction. Default: 1 MiB on Envoy; 32 KiB on Higress, which lowers it. */
  bufferLimit?: number;
  /** Clusters that callouts may go to. Default none. */
  clusters?: readonly string[];
  /** Further clusters, which have no endpoint: a callout to them fails at once with InternalFailure. */
  emptyClusters?: readonly string[];
  /** Lines below this level are not written; also what proxy_get_log_level answers. Default trace. */
  logLevel?: LogLevel;
  /** Wall clock in milliseconds since 1970. Default Date.now. */
  now?: () => number;
  /** Shared data; give the same one to several hosts to have several workers. */
  shared?: SharedStore;
  /** Metrics; give the same one to several hosts to have several workers. */
  metrics?: MetricStore;
  /** Environment variables of the VM. */
  environment?: Readonly<Record<string, string>>;
  vmConfiguration?: string | Uint8Array;
  vmId?: string;
  /** Properties that every context has, by dotted path. */
  properties?: Properties;
  /** Source of random bytes. Default crypto.getRandomValues. */
  random?: (bytes: Uint8Array) => void;
  /** Keeps the flat call log in `host.log`. Default false. */
  trace?: boolean;
}

/** One line written by the plugin. */
export interface LogLine {
  level: LogLevel;
  message: string;
}

/** Parameters of every callback a plugin may export. An export with another signature is refused. */
const CALLBACKS: Readonly<Record<string, number>> = {
  proxy_on_context_create: 2,
  proxy_on_vm_start: 2,
  proxy_on_configure: 2,
  proxy_on_tick: 1,
  proxy_on_request_headers: 3,
  proxy_on_request_body: 3,
  proxy_on_request_trailers: 2,
  proxy_on_response_headers: 3,
  proxy_on_response_body: 3,
  proxy_on_response_trailers: 2,
  proxy_on_http_call_response: 5,
  proxy_on_queue_ready: 2,
  proxy_on_foreign_function: 3,
  proxy_on_done: 1,
  proxy_on_log: 1,
  proxy_on_delete: 1,
};

const DEFAULT_BUFFER_LIMIT: Readonly<Record<HostKind, number>> = { envoy: 1024 * 1024, higress: 32 * 1024 };

type Export = (...parameters: number[]) => number | undefined;

export class Host {
  readonly kind: HostKind;
  readonly abiVersion: AbiVersion;
  readonly bufferLimit: number;
  readonly logLevel: LogLevel;
  readonly shared: SharedStore;
  readonly metrics: MetricStore;
  readonly environment: Readonly<Record<string, string>>;
  readonly vmConfiguration: Uint8Array;
  readonly vmId: string;
  readonly properties: Properties;
  readonly random: (bytes: Uint8Array) => void;
  /** Roots that are alive. */
  readonly roots: Root[] = [];
  /** What the plugin wrote with proxy_log. */
  readonly logs: LogLine[] = [];
  /** Callbacks (at the margin) and host calls (indented) in order, with their results; filled while `tracing`. */
  readonly log: string[] = [];
  tracing: boolean;
  counters: Counters = newCounters();
  /** The VM trapped: it is never called again. */
  failed = false;
  /** What it said when it trapped. */
  trap: Error | undefined;
  /** A local reply was asked for in the callback that runs. */
  localReplySent = false;
  memory: Memory;
  private readonly exports: WebAssembly.Exports;
  private readonly clock: () => number;
  private readonly clusters: ReadonlySet<string>;
  private readonly contexts = new Map<number, Context>();
  private readonly stopsHeadersAlone: boolean;
  private lastContextId = 0;
  private lastCalloutToken = 0;
  private current: Context | undefined;
  private effectiveId = 0;
  private actions: (() => void)[] = [];
  private starting = true;

  private constructor(
    readonly module: WebAssembly.Module,
    readonly options: HostOptions,
  ) {
    this.kind = options.kind ?? "envoy";
    this.abiVersion = chooseAbiVersion(module, this.kind);
    this.stopsHeadersAlone = this.abiVersion === "0_2_100" || options.allowOnHeadersStopIteration === true;
    this.bufferLimit = options.bufferLimit ?? DEFAULT_BUFFER_LIMIT[this.kind];
    this.logLevel = options.logLevel ?? LogLevel.Trace;
    this.clock = options.now ?? Date.now;
    this.shared = options.shared ?? new SharedStore();
    this.metrics = options.metrics ?? new MetricStore();
    this.environment = options.environment ?? {};
    this.vmConfiguration = toBytes(options.vmConfiguration);
    this.vmId = options.vmId ?? "";
    this.properties = options.properties ?? {};
    this.random = options.random ?? ((bytes) => void crypto.getRandomValues(bytes));
    this.tracing = options.trace ?? false;
    this.clusters = new Set(options.clusters);
    // Instantiating needs the imports, and the imports need the memory: a start function gets an empty one.
    this.memory = new Memory(new WebAssembly.Memory({ initial: 0 }), () => 0, this.counters);
    const instance = new WebAssembly.Instance(module, hostImports(this));
    this.exports = instance.exports;
    this.memory = this.connectMemory();
    this.start();
  }

  /** Makes a VM of a compiled module. Rejects when the real host would refuse to load it. */
  static async load(module: WebAssembly.Module, options: HostOptions = {}): Promise<Host> {
    return new Host(module, options);
  }

  /** The throw-away VM in which a gateway tries a configuration on its main thread first. */
  static async canary(
    module: WebAssembly.Module,
    configuration: string | undefined,
    options: HostOptions & RootOptions = {},
  ): Promise<boolean> {
    const host = await Host.load(module, options);
    return host.root(configuration, options).accepted;
  }

  /** A root context with its configuration; the first one of a VM also gets proxy_on_vm_start. */
  root(configuration?: string | Uint8Array, options: RootOptions = {}): Root {
    const root = new Root(this, configuration, options, this.roots.length === 0);
    this.roots.push(root);
    return root;
  }

  get memoryBytes(): number {
    return this.memory.byteLength;
  }

  /** Headers can be held while the filter still sees the body. */
  get holdsHeadersAlone(): boolean {
    return this.stopsHeadersAlone;
  }

  /** Nanoseconds since 1970. */
  nanoseconds(): bigint {
    const milliseconds = this.clock();
    const whole = Math.floor(milliseconds);
    return BigInt(whole) * 1_000_000n + BigInt(Math.round((milliseconds - whole) * 1e6));
  }

  /** The messages of the log at a level or above. */
  messages(level = LogLevel.Trace): string[] {
    return this.logs.filter((line) => line.level >= level).map((line) => line.message);
  }

  resetCounters(): void {
    Object.assign(this.counters, newCounters());
  }

  // ---- for the contexts -------------------------------------------------------------------------------------------

  register(context: Context): number {
    this.contexts.set(++this.lastContextId, context);
    return this.lastContextId;
  }

  unregister(context: Context): void {
    this.contexts.delete(context.id);
    const index = this.roots.indexOf(context as Root);
    if (index >= 0) this.roots.splice(index, 1);
  }

  hasCluster(name: string): boolean {
    return this.clusters.has(name) || this.isEmptyCluster(name);
  }

  isEmptyCluster(name: string): boolean {
    return this.options.emptyClusters?.includes(name) === true;
  }

  nextCalloutToken(): number {
    return ++this.lastCalloutToken;
  }

  /** The plugin is running: a callback has not returned yet. */
  get running(): boolean {
    return this.current !== undefined;
  }

  /** Runs something once the callback that runs has returned; at once when none runs. */
  afterCall(action: () => void): void {
    if (this.current === undefined) action();
    else this.actions.push(action);
  }

  /**
   * Calls an export of the plugin for a context. Undefined when the plugin has no such export or the VM is dead; a
   * trap makes it dead.
   */
  callback(context: Context, name: string, ...parameters: number[]): number | undefined {
    const target = this.exports[name] as Export | undefined;
    if (this.failed || typeof target !== "function") return undefined;
    const line = this.tracing ? this.log.push("") - 1 : -1;
    this.counters.callbacks++;
    // A callback may come inside of a host call of another one: the end of a stream that the host call cut off.
    const { current, effectiveId } = this;
    this.current = context;
    this.effectiveId = 0;
    this.localReplySent = false;
    let result: number | undefined;
    try {
      result = target(...parameters);
    } catch (error) {
      this.fail(error);
    }
    if (line >= 0) this.log[line] = describeCallback(name, parameters, this.failed ? "trap" : result);
    this.current = current;
    this.effectiveId = effectiveId;
    const stopped = this.localReplySent;
    for (const action of this.actions.splice(0)) action();
    this.localReplySent = stopped;
    return result;
  }

  // ---- for the import functions -----------------------------------------------------------------------------------

  /** The context that a host call is about. */
  context(): Context {
    const context = this.contexts.get(this.effectiveId) ?? this.current;
    if (this.starting || context === undefined) throw new Error("host call outside of a callback");
    return context;
  }

  setEffectiveContext(id: number): boolean {
    if (!this.contexts.has(id)) return false;
    this.effectiveId = id;
    return true;
  }

  writeLog(level: LogLevel, message: string): void {
    if (level >= this.logLevel) this.logs.push({ level, message });
  }

  private fail(error: unknown): void {
    this.failed = true;
    this.trap = error instanceof Error ? error : new Error(String(error));
  }

  private connectMemory(): Memory {
    const memory = this.exports.memory;
    const allocate = (this.exports.malloc ?? this.exports.proxy_on_memory_allocate) as Export | undefined;
    if (!(memory instanceof WebAssembly.Memory)) throw new Error("Wasm module exports no memory");
    if (allocate === undefined) throw new Error("Wasm module is missing malloc function.");
    return new Memory(memory, (size) => allocate(size) ?? 0, this.counters);
  }

  /** Checks the signatures and runs _initialize (and main) or _start. */
  private start(): void {
    for (const [name, parameters] of Object.entries(CALLBACKS)) {
      const target = this.exports[name];
      if (typeof target === "function" && target.length !== parameters) {
        throw new Error(`Bad function signature for: ${name}`);
      }
    }
    const { _initialize, main, _start } = this.exports as Record<string, Export | undefined>;
    if (_initialize !== undefined) {
      _initialize();
      main?.(0, 0);
    } else {
      _start?.();
    }
    this.starting = false;
  }
}

/** The first version, in the order of the exports, that the host knows. */
function chooseAbiVersion(module: WebAssembly.Module, kind: HostKind): AbiVersion {
  const prefix = "proxy_abi_version_";
  for (const { name } of WebAssembly.Module.exports(module)) {
    if (!name.startsWith(prefix)) continue;
    const version = KNOWN_ABI_VERSIONS[kind].find((known) => name === prefix + known);
    if (version !== undefined) return version;
  }
  throw new Error("Missing or unknown Proxy-Wasm ABI version");
}

/** E.g. `on_request_headers #2 n=6 eos=false -> 1`. */
function describeCallback(
  name: string,
  parameters: readonly number[],
  result: number | string | undefined,
): string {
  const [id, ...rest] = parameters;
  const isMessage = /_(request|response)_(headers|body)$/.test(name);
  const words = isMessage
    ? [`${name.endsWith("body") ? "size" : "n"}=${rest[0]}`, `eos=${rest[1] !== 0}`]
    : rest;
  const outcome = result === undefined ? "" : ` -> ${result}`;
  return `${[name.replace("proxy_", ""), `#${id}`, ...words].join(" ")}${outcome}`;
}
