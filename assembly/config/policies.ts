/** How instances and keys are chosen, how much is let through, when a request is tried again, and what is said of it. */
import { Utf8 } from "../bytes/slice";

/** How an instance is chosen; the order is that of POLICIES. */
export enum Policy {
  RoundRobin,
  Weighted,
  Random,
  LeastOutstanding,
  SessionAffinity,
  PrefixAffinity,
}

/** Where a session's name is found in a request. */
export enum SessionSource {
  Header,
  Cookie,
  /** A member of the JSON body's outermost object. */
  Field,
}

/** Which instances of a service may be called, and by which address. */
export class Select {
  /** Names of statuses; none: UP. */
  statuses: Utf8[] = [];
  /** Index in PORT_CHOICES. */
  ports: i32 = 0;
  /** Called by `ipAddr`; else by `hostName`. */
  preferIp: bool = true;
  /** Metadata that an instance must have: keys, and the value of each. */
  metadataKeys: Utf8[] = [];
  metadataValues: Utf8[] = [];
  /** Zone whose instances come first; empty: that of `EurekaSettings`. */
  zone: Utf8 = new ArrayBuffer(0);
  /** Key of the metadata that holds the weight. */
  weightKey: Utf8 = new ArrayBuffer(0);
}

/** How an instance is chosen of several. */
export class Balance {
  policy: Policy = Policy.RoundRobin;
  session: SessionSource = SessionSource.Header;
  /** Name of the header (lower case), cookie or member that names the session. */
  sessionName: Utf8 = new ArrayBuffer(0);
  /** How many bytes of a prompt have to be equal for requests to go to one instance. */
  prefixBytes: i32 = 0;
  /** How many times the average of outstanding requests an instance may have, with the affinity policies. */
  loadFactor: f64 = 1;
  /** Milliseconds during which a new instance gets more and more of its share; 0: it has it at once. */
  slowStartMs: i32 = 0;
}

/** When an instance is left alone because of what it answers. */
export class Outlier {
  /** Failures in a row; 0: never. */
  consecutiveFailures: i32 = 0;
  /** Milliseconds of the first ejection. Each further one is twice as long as the one before. */
  baseEjectionMs: i32 = 0;
  maxEjectionMs: i32 = 0;
  /** Share of a service's instances that may be ejected at once. */
  maxEjectedPercent: i32 = 0;
}

/** How one of several keys is chosen; the order is that of KEY_POLICIES. */
export enum KeyPolicy {
  RoundRobin,
  Random,
}

/** How several keys are used, and when one is left alone for a while. */
export class KeySettings {
  policy: KeyPolicy = KeyPolicy.RoundRobin;
  /** Statuses after which a key cools down, and hundreds of them as one digit. */
  statuses: i32[] = [];
  /** Milliseconds of the first cool-down. Each further one is twice as long as the one before. */
  coolDownMs: i32 = 0;
  maxCoolDownMs: i32 = 0;
  /** Failures in a row after which a key cools down, and successes in a row after which it is good again. */
  consecutiveFailures: i32 = 1;
  consecutiveSuccesses: i32 = 1;
  /** Lower-case name of the header that says whose request it is. */
  consumerHeader: Utf8 = new ArrayBuffer(0);

  /** Whether a key cools down after an answer with this status. */
  cools(status: i32): bool {
    return this.statuses.includes(status) || this.statuses.includes(status / 100);
  }
}

/** How much a service is asked to do. 0 is no limit. */
export class Limits {
  /** Open requests of a worker, to the service and to each of its instances. */
  concurrent: i32 = 0;
  concurrentPerInstance: i32 = 0;
  /** Requests of a worker that may wait for a place, and milliseconds that each may. */
  queue: i32 = 0;
  queueMs: i32 = 0;
  /** Of all workers together. */
  requestsPerMinute: i32 = 0;
  tokensPerMinute: i32 = 0;
  /** Milliseconds that a stream may take, and that may pass between two parts of it. */
  maxStreamMs: i32 = 0;
  idleMs: i32 = 0;

  get hasMinute(): bool {
    return this.requestsPerMinute > 0 || this.tokensPerMinute > 0;
  }

  /** Whether streams are watched. */
  get watches(): bool {
    return this.maxStreamMs > 0 || this.idleMs > 0;
  }

  get isAny(): bool {
    return this.concurrent > 0 || this.concurrentPerInstance > 0 || this.hasMinute || this.watches;
  }
}

/** How much one consumer may ask for, counted by all workers together. 0 is no limit. */
export class ConsumerLimits {
  requestsPerMinute: i32 = 0;
  tokensPerMinute: i32 = 0;
  /** Lower-case name of the header that names the consumer. */
  consumerHeader: Utf8 = new ArrayBuffer(0);
  /** Tells the consumers of different rules apart. */
  seed: u64 = 0;

  get isAny(): bool {
    return this.requestsPerMinute > 0 || this.tokensPerMinute > 0;
  }
}

/** When and how often a request is tried again. */
export class Attempts {
  /** Attempts of a request, the first one included. */
  max: i32 = 1;
  /** Milliseconds since the request came after which no attempt begins, and every callout ends. */
  totalMs: i32 = 600000;
  /** Milliseconds until an attempt's first byte; 0: any. */
  firstByteMs: i32 = 0;
  /** Milliseconds before the same target is tried a second time; doubled for each further time, up to the next field. */
  backoffMs: i32 = 0;
  maxBackoffMs: i32 = 0;
  /** Statuses that are tried again, and hundreds of them as one digit. */
  statuses: i32[] = [];
  /** Attempts beyond the first ones, as a share of the recent and open requests. */
  budgetPercent: i32 = 100;
  /** A longer request is not kept, and so not tried again. */
  maxBodyBytes: i32 = 1048576;

  /** Whether an answer with this status is tried again. */
  isRetriable(status: i32): bool {
    return this.statuses.includes(status) || this.statuses.includes(status / 100);
  }
}

/** What is done when every attempt failed. Empty and 0: not this. */
export class LastResort {
  /** Name of a service. */
  service: Utf8 = new ArrayBuffer(0);
  /** Name of a model at that service. */
  model: Utf8 = new ArrayBuffer(0);
  maxTokens: i32 = 0;
  /** A text that is answered in the place of the model. */
  answer: Utf8 = new ArrayBuffer(0);

  /** Whether a service is to be asked. */
  get asks(): bool {
    return this.service.byteLength > 0 || this.model.byteLength > 0 || this.maxTokens > 0;
  }
}

/** What is said of requests, and where. */
export class Observe {
  metrics: bool = true;
  /** As many models have series of their own. */
  models: i32 = 20;
  /** Properties for the gateway's access log and traces. */
  logAttributes: bool = false;
  /** One line of JSON for each request in the gateway's log. */
  accessLog: bool = false;

  /** Whether anything is asked for. */
  get isAny(): bool {
    return this.metrics || this.logAttributes || this.accessLog;
  }
}
