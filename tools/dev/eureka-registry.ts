/** The state of the development Eureka registry: instances, leases, overrides, recent changes. No HTTP. */

/** A JSON object. */
export type Json = Record<string, unknown>;

/** The answer of a call: nothing to say (`undefined` body) or a JSON body. */
export interface Outcome {
  status: number;
  body?: Json | string;
}

interface Lease {
  info: Json;
  durationMs: number;
  /** Milliseconds since the epoch. */
  expiresAt: number;
  /** Set by a status override; wins over the status an instance reports. */
  override?: string;
}

interface Change {
  at: number;
  info: Json;
}

const STATUSES = ["UP", "DOWN", "STARTING", "OUT_OF_SERVICE", "UNKNOWN"];
/** How long a change stays in the delta, as in Netflix's server. */
const DELTA_MS = 180_000;
const DEFAULT_LEASE_SECONDS = 90;
/** What `X-Eureka-Accept: compact` leaves of an instance. */
const COMPACT_KEYS =
  "instanceId hostName app ipAddr status port securePort dataCenterInfo vipAddress secureVipAddress lastUpdatedTimestamp actionType".split(
    " ",
  );

const ok: Outcome = { status: 200 };
const notFound: Outcome = { status: 404 };

/** One registry. Times are milliseconds since the epoch and come from `clock`. */
export class EurekaRegistry {
  /** Leases by application, then by instance id. */
  private readonly applications = new Map<string, Map<string, Lease>>();
  private changes: Change[] = [];
  private version = 1;

  constructor(private readonly clock: () => number = Date.now) {}

  /** `POST /apps/{application}` with `{"instance": {...}}`. */
  register(application: string, body: unknown): Outcome {
    const instance = (body as { instance?: Json } | undefined)?.instance;
    if (typeof instance !== "object" || instance === null) {
      return { status: 400, body: { error: "cannot parse request body" } };
    }
    for (const key of ["hostName", "ipAddr", "app", "dataCenterInfo"]) {
      if (!instance[key]) return { status: 400, body: `Missing ${key}` };
    }
    const name = application.toUpperCase();
    const given = String(instance.app).toUpperCase();
    if (given !== name) {
      return { status: 400, body: `Mismatched appName, expecting ${name} but was ${given}` };
    }
    const id = idOf(instance);
    this.store(name, id, instance);
    return { status: 204 };
  }

  /** `PUT /apps/{application}/{id}`: a heartbeat. */
  renew(application: string, id: string): Outcome {
    const lease = this.lease(application, id);
    if (!lease) return notFound;
    this.extend(lease);
    return ok;
  }

  /** `DELETE /apps/{application}/{id}`. */
  cancel(application: string, id: string): Outcome {
    const name = application.toUpperCase();
    const lease = this.lease(name, id);
    if (!lease) return notFound;
    const instances = this.applications.get(name);
    instances?.delete(id);
    if (instances?.size === 0) this.applications.delete(name);
    leaseInfoOf(lease.info).evictionTimestamp = this.clock();
    this.touch(lease.info, "DELETED");
    return ok;
  }

  /** `PUT /apps/{application}/{id}/status?value=`: an operator's override. */
  override(application: string, id: string, status: string | null): Outcome {
    const lease = this.lease(application, id);
    if (!lease) return notFound;
    this.extend(lease);
    const known = knownStatus(status ?? "UNKNOWN");
    lease.override = known;
    Object.assign(lease.info, { status: known, overriddenStatus: known });
    this.touch(lease.info, "MODIFIED");
    return ok;
  }

  /** `DELETE /apps/{application}/{id}/status?value=`: without a value the status becomes UNKNOWN. */
  removeOverride(application: string, id: string, status: string | null): Outcome {
    const lease = this.lease(application, id);
    if (!lease) return notFound;
    this.extend(lease);
    lease.override = undefined;
    Object.assign(lease.info, { status: knownStatus(status ?? "UNKNOWN"), overriddenStatus: "UNKNOWN" });
    this.touch(lease.info, "MODIFIED");
    return ok;
  }

  /** `PUT /apps/{application}/{id}/metadata?key=value`: merges, as a re-registration underneath. */
  addMetadata(application: string, id: string, metadata: Json): Outcome {
    const lease = this.lease(application, id);
    if (!lease) return notFound;
    const merged = { ...(lease.info.metadata as Json), ...metadata };
    this.store(application.toUpperCase(), id, { ...lease.info, metadata: merged });
    return ok;
  }

  /** `GET /apps`. */
  all(): Json {
    const leases = [...this.applications.values()].flatMap((instances) => [...instances.values()]);
    return this.group(leases.map((lease) => lease.info));
  }

  /** `GET /apps/delta`: what changed in the last three minutes, and the hash of the whole registry. */
  delta(): Json {
    this.changes = this.changes.filter((change) => change.at > this.clock() - DELTA_MS);
    const newest = new Map(this.changes.map(({ info }) => [`${info.app}/${idOf(info)}`, info]));
    const { apps__hashcode } = this.all().applications as Json;
    const { applications } = this.group([...newest.values()]) as { applications: Json };
    return { applications: { ...applications, apps__hashcode } };
  }

  /** `GET /apps/{application}`. */
  application(application: string): Outcome {
    const instances = this.applications.get(application.toUpperCase());
    if (!instances) return notFound;
    const instance = [...instances.values()].map((lease) => lease.info);
    return { status: 200, body: { application: { name: application.toUpperCase(), instance } } };
  }

  /** `GET /apps/{application}/{id}`, or `GET /instances/{id}` when no application is given. */
  instance(application: string | undefined, id: string): Outcome {
    const names = application ? [application] : [...this.applications.keys()];
    const lease = names.map((name) => this.lease(name, id)).find(Boolean);
    return lease ? { status: 200, body: { instance: lease.info } } : notFound;
  }

  /** `GET /vips/{address}` and `/svips/{address}`: an unknown address has an empty list. */
  byAddress(key: "vipAddress" | "secureVipAddress", address: string): Json {
    const leases = [...this.applications.values()].flatMap((instances) => [...instances.values()]);
    const found = leases.filter((lease) =>
      String(lease.info[key] ?? "")
        .split(",")
        .includes(address),
    );
    return this.group(
      found.map((lease) => lease.info),
      "-1",
    );
  }

  /** Drops the instances whose lease has run out. */
  evict(): void {
    for (const [name, instances] of [...this.applications]) {
      for (const [id, lease] of [...instances]) {
        if (lease.expiresAt < this.clock()) this.cancel(name, id);
      }
    }
  }

  private lease(application: string, id: string): Lease | undefined {
    return this.applications.get(application.toUpperCase())?.get(id);
  }

  private extend(lease: Lease): void {
    const now = this.clock();
    lease.expiresAt = now + lease.durationMs;
    // Netflix's server writes the end of the lease here.
    leaseInfoOf(lease.info).lastRenewalTimestamp = lease.expiresAt;
  }

  private store(name: string, id: string, instance: Json): void {
    const now = this.clock();
    const instances = this.applications.get(name) ?? new Map<string, Lease>();
    const existing = instances.get(id);
    const override = existing?.override;
    const info = normalise(name, instance, now, override);
    const lease = leaseInfoOf(info);
    if (existing) lease.serviceUpTimestamp = leaseInfoOf(existing.info).serviceUpTimestamp;
    if (info.status === "UP") lease.serviceUpTimestamp ||= now;
    const durationMs = Number(lease.durationInSecs) * 1000;
    this.applications.set(name, instances);
    instances.set(id, { info, durationMs, expiresAt: now + durationMs, override });
    this.touch(info, "ADDED");
  }

  private touch(info: Json, actionType: string): void {
    Object.assign(info, { lastUpdatedTimestamp: String(this.clock()), actionType });
    this.changes.push({ at: this.clock(), info });
    this.version += 1;
  }

  private group(infos: Json[], version = String(this.version)): Json {
    const byName = new Map<string, Json[]>();
    for (const info of infos) {
      const name = String(info.app);
      byName.set(name, [...(byName.get(name) ?? []), info]);
    }
    const application = [...byName].map(([name, instance]) => ({ name, instance }));
    const hash = { versions__delta: version, apps__hashcode: hashcode(infos) };
    return { applications: { ...hash, application } };
  }
}

/** Counts per status, in the order of the status names: `DOWN_1_UP_2_`. */
function hashcode(infos: Json[]): string {
  const counts = new Map<string, number>();
  for (const { status } of infos) counts.set(String(status), (counts.get(String(status)) ?? 0) + 1);
  return [...counts]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([status, count]) => `${status}_${count}_`)
    .join("");
}

/** An instance as answers show it, made from what was registered. */
function normalise(name: string, given: Json, now: number, override: string | undefined): Json {
  const reported = knownStatus(String(given.status ?? "UP"));
  // An instance that says it is not ready is believed, whatever an operator said before.
  const status = override && reported !== "DOWN" && reported !== "STARTING" ? override : reported;
  const lease = (given.leaseInfo ?? {}) as Json;
  const info: Json = {
    instanceId: given.instanceId,
    hostName: given.hostName,
    app: name,
    ipAddr: given.ipAddr,
    status,
    overriddenStatus: override ?? knownStatus(String(given.overriddenstatus ?? "UNKNOWN")),
    port: portOf(given.port, 7001, true),
    securePort: portOf(given.securePort, 7002, false),
    countryId: Number(given.countryId ?? 1),
    dataCenterInfo: given.dataCenterInfo,
    leaseInfo: {
      renewalIntervalInSecs: Number(lease.renewalIntervalInSecs ?? 30),
      durationInSecs: Number(lease.durationInSecs ?? DEFAULT_LEASE_SECONDS),
      registrationTimestamp: now,
      lastRenewalTimestamp: now,
      evictionTimestamp: 0,
      serviceUpTimestamp: 0,
    },
    metadata: metadataOf((given.metadata ?? {}) as Json),
    homePageUrl: given.homePageUrl,
    statusPageUrl: given.statusPageUrl,
    healthCheckUrl: given.healthCheckUrl,
    vipAddress: given.vipAddress,
    secureVipAddress: given.secureVipAddress,
    isCoordinatingDiscoveryServer: "false",
    lastUpdatedTimestamp: String(now),
    lastDirtyTimestamp: String(given.lastDirtyTimestamp ?? now),
    actionType: "ADDED",
  };
  return info;
}

/** Ports come as `{"$": 80 | "80", "@enabled": true | "true"}`. */
function portOf(given: unknown, port: number, enabled: boolean): Json {
  const { $ = port, "@enabled": flag = enabled } = (given ?? {}) as Json;
  return { $: Number($), "@enabled": String(flag) };
}

function metadataOf(given: Json): Json {
  const entries = Object.entries(given).filter(([key]) => !key.startsWith("@"));
  if (entries.length === 0) return { "@class": "java.util.Collections$EmptyMap" };
  return Object.fromEntries(entries.map(([key, value]) => [key, String(value)]));
}

function knownStatus(status: string): string {
  return STATUSES.includes(status) ? status : "UNKNOWN";
}

function leaseInfoOf(info: Json): Json {
  return info.leaseInfo as Json;
}

function idOf(instance: Json): string {
  return String(instance.instanceId ?? instance.hostName);
}

/** Any answer with its instances cut down as `X-Eureka-Accept: compact` asks. */
export function compact(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(compact);
  if (typeof answer !== "object" || answer === null) return answer;
  const entries = Object.entries(answer);
  if (!("ipAddr" in answer)) return Object.fromEntries(entries.map(([key, value]) => [key, compact(value)]));
  const kept = entries.filter(([key]) => COMPACT_KEYS.includes(key));
  return Object.fromEntries(
    kept.map(([key, value]) => [key, key === "lastUpdatedTimestamp" ? Number(value) : value]),
  );
}
