/** Replies of a Eureka server: decoded by the plugin's own reader, and made up for tests. */
import { type HarnessExports, lend, openHarness, place, readSlice, takeBack } from "./harness";

interface ReadingExports extends HarnessExports {
  look(kind: number, pointer: number, length: number): void;
  begin(): void;
  beginDelta(): void;
  reserve(bytes: number): void;
  feed(pointer: number, length: number): number;
  end(time: bigint): number;
  freeBuilder(): void;
  failure(): number;
  instances(): number;
  skipped(): number;
  hashCode(): bigint;
  computedHashCode(): bigint;
  snapshotBytes(): bigint;
  accepts(pointer: number, length: number): number;
  adopt(pointer: number, length: number): number;
  count(): number;
  takenAt(): bigint;
  contentHash(): bigint;
  keyOf(index: number): bigint;
  indexOf(key: bigint): number;
  id(index: number): bigint;
  address(index: number): bigint;
  hostName(index: number): bigint;
  zone(index: number): bigint;
  status(index: number): number;
  port(index: number): number;
  securePort(index: number): number;
  upSince(index: number): number;
  metadata(index: number, pointer: number, length: number): bigint;
  select(allStatuses: number, ports: number, preferIp: number): void;
  selectZone(pointer: number, length: number): void;
  selectMetadata(key: number, keyLength: number, value: number, valueLength: number): void;
  apply(): void;
  applyOften(times: number): void;
  candidates(): number;
  localCandidates(): number;
  countOf(status: number): number;
  endpoint(candidate: number): bigint;
  weight(candidate: number): number;
  isSecure(candidate: number): number;
  candidateKey(candidate: number): bigint;
  candidateOf(key: bigint): number;
  acceptsHost(pointer: number, length: number): number;
  acceptsIp(pointer: number, length: number): number;
  pages(): number;
}

/** The order of `Failure` in the plugin. */
export const FAILURES = [
  "None",
  "Refused",
  "Unreachable",
  "Timeout",
  "Denied",
  "Status",
  "NotJson",
  "Truncated",
  "Shape",
  "TooLarge",
  "HashCode",
] as const;

/** The order of `Status` in the plugin. */
export const STATUSES = ["DOWN", "OUT_OF_SERVICE", "STARTING", "UNKNOWN", "UP"] as const;

/** The order of `LookupKind` in the plugin. */
const KINDS = ["application", "vip", "secureVip"] as const;

/** An instance as a snapshot tells it; ports are 0 where they are disabled. */
export interface ReadInstance {
  id: string;
  address: string;
  hostName: string;
  status: (typeof STATUSES)[number];
  port: number;
  securePort: number;
  zone: string;
  upSince: number;
}

export interface Reading {
  failure: (typeof FAILURES)[number];
  /** Sorted by id. */
  instances: ReadInstance[];
}

export interface Candidate {
  endpoint: string;
  weight: number;
  secure: boolean;
}

/** Reads replies with the plugin's reader. */
export class ReplyHarness {
  private constructor(readonly exports: ReadingExports) {}

  static async open(): Promise<ReplyHarness> {
    return new ReplyHarness(await openHarness<ReadingExports>("tests/unit/discovery/reading.as.ts"));
  }

  /** From now on only these instances are taken; without a name all of them. */
  look(kind: (typeof KINDS)[number], name = ""): void {
    lend(this.exports, [name], (pointer, length) => this.exports.look(KINDS.indexOf(kind), pointer, length));
  }

  /** Reads a reply that comes in these pieces; what each one pointed to is overwritten before the next. */
  feed(pieces: readonly Uint8Array[], delta = false): boolean {
    const { exports } = this;
    if (delta) exports.beginDelta();
    else exports.begin();
    for (const piece of pieces) {
      const pointer = place(exports, piece);
      exports.feed(pointer, piece.length);
      takeBack(exports, pointer, piece.length);
    }
    return exports.end(1000n) !== 0;
  }

  read(reply: string | Uint8Array, delta = false): Reading {
    const isNews = this.feed([typeof reply === "string" ? Buffer.from(reply) : reply], delta);
    const failure = FAILURES[this.exports.failure()] ?? "None";
    return { failure, instances: isNews ? this.instances() : [] };
  }

  instances(): ReadInstance[] {
    const { exports } = this;
    const found = Array.from({ length: exports.count() }, (_, index) => ({
      id: this.text(exports.id(index)),
      address: this.text(exports.address(index)),
      hostName: this.text(exports.hostName(index)),
      status: STATUSES[exports.status(index)] ?? "UNKNOWN",
      port: exports.port(index),
      securePort: exports.securePort(index),
      zone: this.text(exports.zone(index)),
      upSince: exports.upSince(index) >>> 0,
    }));
    return found.sort((left, right) => (left.id < right.id ? -1 : 1));
  }

  /** Value of a metadata key, undefined where it is absent. */
  metadata(id: string, key: string): string | undefined {
    const { exports } = this;
    for (let index = 0; index < exports.count(); index++) {
      if (this.text(exports.id(index)) !== id) continue;
      const value = lend(exports, [key], (pointer, length) => exports.metadata(index, pointer, length));
      return value === 0n ? undefined : this.text(value);
    }
    return undefined;
  }

  /** The instances that a selection leaves, in their order. */
  candidates(): Candidate[] {
    const { exports } = this;
    exports.apply();
    return Array.from({ length: exports.candidates() }, (_, candidate) => ({
      endpoint: this.text(exports.endpoint(candidate)),
      weight: exports.weight(candidate),
      secure: exports.isSecure(candidate) !== 0,
    }));
  }

  snapshot(): Uint8Array {
    return readSlice(this.exports, this.exports.snapshotBytes());
  }

  text(slice: bigint): string {
    return Buffer.from(readSlice(this.exports, slice)).toString("utf8");
  }
}

/** An instance as a server writes it; what is given replaces what is usual. */
export function instance(id: string, application: string, fields: Record<string, unknown> = {}): object {
  const number = Number(id.replace(/\D/g, "")) || 1;
  return {
    instanceId: id,
    hostName: `host-${number}.example.test`,
    app: application,
    ipAddr: `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`,
    status: "UP",
    overriddenStatus: "UNKNOWN",
    port: { $: 8080, "@enabled": "true" },
    securePort: { $: 443, "@enabled": "false" },
    countryId: 1,
    dataCenterInfo: {
      "@class": "com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo",
      name: "MyOwn",
    },
    leaseInfo: {
      renewalIntervalInSecs: 30,
      durationInSecs: 90,
      registrationTimestamp: 1795492924265,
      lastRenewalTimestamp: 1795492924265,
      evictionTimestamp: 0,
      serviceUpTimestamp: 1795492924265,
    },
    metadata: { zone: `zone-${number % 3}`, weight: "10", model: "qwen-max", version: "1.2.3" },
    homePageUrl: `http://host-${number}.example.test:8080/`,
    statusPageUrl: `http://host-${number}.example.test:8080/actuator/info`,
    healthCheckUrl: `http://host-${number}.example.test:8080/actuator/health`,
    vipAddress: application.toLowerCase(),
    secureVipAddress: application.toLowerCase(),
    isCoordinatingDiscoveryServer: "false",
    lastUpdatedTimestamp: "1795492924265",
    lastDirtyTimestamp: "1795492924265",
    actionType: "ADDED",
    ...fields,
  };
}

/** The answer to `/apps/{APP}`. */
export function applicationReply(name: string, instances: readonly object[]): string {
  return JSON.stringify({ application: { name, instance: instances } });
}

/** The answer to `/apps` or `/apps/delta`; the hash code is that of these applications unless given. */
export function registryReply(
  applications: Readonly<Record<string, readonly object[]>>,
  hashCode = hashCodeOf(Object.values(applications).flat()),
): string {
  const application = Object.entries(applications).map(([name, instances]) => ({
    name,
    instance: instances,
  }));
  return JSON.stringify({
    applications: { versions__delta: "1", apps__hashcode: hashCode, application },
  });
}

/** Eureka's hash code of a registry. */
export function hashCodeOf(instances: readonly object[]): string {
  const counts = new Map<string, number>();
  for (const { status } of instances as { status: string }[])
    counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([status, count]) => `${status}_${count}_`)
    .join("");
}
