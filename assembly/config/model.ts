/**
 * The configuration as the traffic uses it: defaults filled in, patterns compiled, texts as owned bytes. Where a
 * text may be absent and cannot be empty, an empty buffer means "absent".
 */
import { Pattern } from "../bytes/pattern";
import { Replacement } from "../bytes/replacement";
import { Utf8, borrow, utf8 } from "../bytes/slice";
import { DeclaredFormat } from "../formats/declared/format";
import { ServiceAccount } from "../vendors/auth/service-account";
import { Signer } from "../vendors/auth/signer";
import { NO_SETTINGS, Settings } from "../formats/settings";
import { ALL_APIS } from "../formats/api";
import { ApiPath } from "../vendors/paths";
import { NO_QUIRKS, Quirks } from "../vendors/quirks";

import { ReasoningMode } from "../chat/reasoning";
import { RequestEdits } from "../formats/edits/edits";

/** Where the instances of a service are found. */
export enum Where {
  /** In Eureka, by the name of the application. */
  Application,
  /** In Eureka, by a virtual address (`vipAddress`). */
  Vip,
  /** In Eureka, by a virtual address for the secure port (`secureVipAddress`). */
  SecureVip,
  /** In the gateway's service registry: Higress's `outbound|PORT||NAME` clusters. */
  Registry,
  /** In a cluster of Envoy. */
  Cluster,
  /** Wherever the gateway's route leads. */
  Route,
}

/** How the gateway authenticates at a service; the order is that of AUTH_TYPES. */
export enum AuthType {
  Bearer,
  Header,
  Query,
  None,
  /** A signature over the request: AWS Signature Version 4. */
  SigV4,
  /** The same of Tencent Cloud: TC3-HMAC-SHA256. */
  Tc3,
  /** An access token that Google gives for a service account. */
  GoogleServiceAccount,
}

/** One of several keys. */
export class Key {
  constructor(
    /** As `Auth.value`. Secret. */
    readonly value: Utf8,
    /** 32 hexadecimal digits that say nothing of the key: what it is known by to all workers. */
    readonly id: Utf8,
  ) {}
}

/** What proves to a service who calls. */
export class Auth {
  type: AuthType = AuthType.None;
  /** Lower-case name of the header (bearer: `authorization`), or name of the query parameter, percent-encoded. */
  name: Utf8 = new ArrayBuffer(0);
  /**
   * Value of the header (bearer: with `Bearer ` in front) or of the query parameter (percent-encoded), ready to be
   * written. Secret.
   */
  value: Utf8 = new ArrayBuffer(0);
  /** Where there are several keys: all of them, `value` being that of the first; else none. */
  keys: Key[] = [];
  /** Signs every request; null where the type wants no signature. */
  signer: Signer | null = null;
  /** Whose access token is sent, and how it is got; null for the other types. */
  account: TokenSource | null = null;
}

/** How access tokens are got for a Google service account. */
export class TokenSource {
  account: ServiceAccount = new ServiceAccount();
  /** What tokens are good for. */
  scope: Utf8 = new ArrayBuffer(0);
  /** Envoy's cluster of the host that gives tokens out. */
  cluster: Utf8 = new ArrayBuffer(0);
  /** Milliseconds before its end at which a token is replaced. */
  refreshAheadMs: i32 = 0;
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

/** One line of a model mapping. */
export class Mapping {
  /** Lines are tried from the least rank on, among equals from the least place on. */
  rank: i32 = 0;
  place: i32 = 0;

  constructor(
    public from: Pattern,
    /** Name of the model at the service; empty: the client's name is kept. */
    public to: Utf8,
    /** `to` as what takes the place of a match of a regular expression. */
    public replacement: Replacement,
  ) {}
}

/** A text file that is put behind the system messages of every chat. */
export class ContextFile {
  /** Names of the fields that say where it is, for people. */
  fields: string = "";
  /** Envoy's name of the cluster that has it; empty: the one that the gateway's route leads to. */
  cluster: Utf8 = new ArrayBuffer(0);
  authority: Utf8 = new ArrayBuffer(0);
  /** Path and query. */
  path: Utf8 = new ArrayBuffer(0);
  /** Lower-case name of the header that proves who asks, and its value, which is secret; empty: there is none. */
  keyName: Utf8 = new ArrayBuffer(0);
  key: Utf8 = new ArrayBuffer(0);
  /** Milliseconds that the answer may take. */
  timeoutMs: i32 = 0;
}

/** How requests and answers of chat differ from what client and service say, beyond their languages. */
export class Manners {
  /** Changes of requests in the client's language. */
  edits: RequestEdits = new RequestEdits();
  /** Changes of requests in the service's language; null: none. */
  upstream: RequestEdits | null = null;
  /** Changes of requests for images; null: none. */
  images: RequestEdits | null = null;
  /** null: none. */
  context: ContextFile | null = null;
  reasoning: ReasoningMode = ReasoningMode.Passthrough;
  /** Whether the reasoning of an answer that has nothing else becomes its text. */
  promotesReasoning: bool = false;
  /** Whether streams are asked for usage where the client does not say. */
  asksForUsage: bool = false;
  /** Milliseconds until a stream has to begin; 0: no limit. */
  firstByteMs: i32 = 0;

  /** The same once more, to be changed. The objects that it refers to are shared. */
  copy(): Manners {
    const copy = new Manners();
    memory.copy(changetype<usize>(copy), changetype<usize>(this), offsetof<Manners>());
    return copy;
  }

  /** Whether answers are to be read event by event. */
  get changesAnswers(): bool {
    return this.reasoning != ReasoningMode.Passthrough || this.promotesReasoning;
  }
}

/** Models of a service that are called in another way than its others: in another language, at other paths. */
export class Family {
  constructor(
    /** Beginning of the service's names of these models, ASCII. */
    readonly prefix: string,
    /** The service as it is called for them; it has no families itself. */
    readonly service: Service,
  ) {}
}

/** One model service. */
export class Service {
  /** For people and metrics; by default the application, service or cluster. */
  name: Utf8 = new ArrayBuffer(0);
  where: Where = Where.Cluster;
  /** What Eureka is asked for: the application in upper case, as Eureka keeps it, or the VIP; else empty. */
  application: Utf8 = new ArrayBuffer(0);
  /** Envoy's name of the cluster; empty for what is found in Eureka. */
  cluster: Utf8 = new ArrayBuffer(0);
  /** Index in FORMATS; means nothing where `declared` is given. See format-of.ts. */
  format: i32 = 0;
  /** The format that the configuration declares; null: a built-in one. */
  declared: DeclaredFormat | null = null;
  /** Replaces the `/v1` of the client's path; without "/" at its end, so empty is the root. */
  basePath: Utf8 = new ArrayBuffer(0);
  /** Paths that are not below the base path; the first that matches counts. */
  paths: ApiPath[] = [];
  /** Set of the APIs that the service has in its own languages, by `Api.bit`. */
  apis: u64 = ALL_APIS;
  quirks: Quirks = NO_QUIRKS;
  /** Path and body go to the service as they came, whatever they are. */
  isOriginal: bool = false;
  /** Host to name upstream; empty: the instance's, or the client's. */
  authority: Utf8 = new ArrayBuffer(0);
  auth: Auth = new Auth();
  keys: KeySettings = new KeySettings();
  /** Names of further formats that the service answers itself, without conversion. */
  alsoSpeaks: Utf8[] = [];
  /** Refuse a request of which something would be lost on the way to the service's format. */
  strict: bool = false;
  /** Client models that the service answers; none: all. */
  models: Pattern[] = [];
  /** In the order in which they are tried: exact, longest prefix, expressions as written, "*". */
  mappings: Mapping[] = [];
  /** What the format wants to know of the service beyond all this. */
  settings: Settings = NO_SETTINGS;
  /** Whether reasoning of earlier turns goes back to the service. */
  thinkingHistory: bool = true;
  /** `host:port` of instances that are used until Eureka answers for the first time. */
  instances: Utf8[] = [];
  select: Select = new Select();
  balance: Balance = new Balance();
  outlier: Outlier = new Outlier();
  /** Further headers of requests: names in lower case, and values, in turn. */
  headers: Utf8[] = [];
  /** Beginning that is taken off the client's path where `isOriginal`; empty: nothing. */
  stripPath: Utf8 = new ArrayBuffer(0);
  /** What is put before it instead. */
  prefixPath: Utf8 = new ArrayBuffer(0);
  /** Whether the client's own key goes on to the service. */
  passesKey: bool = false;
  /** Share of the requests, beside that of other services with a weight; 0: only the order counts. */
  weight: i32 = 0;
  limits: Limits = new Limits();

  /** Type of the official plugin's provider that it was read from; "": it is a service of the plugin's own. */
  official: string = "";
  /** null: requests and answers are not touched. */
  manners: Manners | null = null;
  /** Models that are called in another way than the others; null: none are. */
  families: Family[] | null = null;

  /**
   * The same service once more, to be changed in some of its fields. It has the limits, the keys and the `outlier` of
   * this one, by which services are told apart.
   */
  copy(): Service {
    const copy = new Service();
    // Field by field, whichever fields there are: the objects that they refer to are shared.
    memory.copy(changetype<usize>(copy), changetype<usize>(this), offsetof<Service>());
    return copy;
  }

  /** The same service with one name for all models. */
  withModel(model: Utf8): Service {
    const copy = this.copy();
    const all = Pattern.parse(borrow(utf8("*")));
    copy.mappings = [new Mapping(all, model, all.replacement(borrow(model)))];
    const families = this.families;
    if (families === null) return copy;
    const renamed: Family[] = [];
    for (let i = 0; i < families.length; i++) {
      renamed.push(new Family(families[i].prefix, families[i].service.withModel(model)));
    }
    copy.families = renamed;
    return copy;
  }

  /** Whether it has an API in its own languages. @param bit see `Api.bit` */
  has(bit: u64): bool {
    return this.isOriginal || (this.apis & bit) != 0;
  }

  /** Whether its instances are found in Eureka. */
  get isInEureka(): bool {
    return this.where <= Where.SecureVip;
  }
}

/** One Eureka server. */
export class EurekaServer {
  /** Envoy's name of the cluster. */
  cluster: Utf8 = new ArrayBuffer(0);
  /** Path of the server's API, without "/" at its end. */
  path: Utf8 = new ArrayBuffer(0);
  /** Host to name in requests to the server. */
  authority: Utf8 = new ArrayBuffer(0);
  /** Zone that the server stands in; empty: none. */
  zone: Utf8 = new ArrayBuffer(0);
  /** Empty: the server asks for no password. */
  username: Utf8 = new ArrayBuffer(0);
  /** Secret. */
  password: Utf8 = new ArrayBuffer(0);
}

/** How Eureka is asked. */
export class EurekaSettings {
  /** At least one. */
  servers: EurekaServer[] = [];
  /** Milliseconds between two polls. */
  pollIntervalMs: i32 = 0;
  /** Milliseconds that a reply may take. */
  timeoutMs: i32 = 0;
  /** Milliseconds that a request may wait for the first reply after the plugin was configured. */
  coldStartMs: i32 = 0;
  /** Own zone; empty: none. */
  zone: Utf8 = new ArrayBuffer(0);
  /** Index in READ_MODES. */
  mode: i32 = 0;
  /** Most milliseconds between two full replies where deltas are read. */
  fullIntervalMs: i32 = 0;
  /** Longest wait after failures, in milliseconds. */
  maxBackoffMs: i32 = 0;
  /** Milliseconds for which an application that had instances is not believed to have none. */
  emptyGraceMs: i32 = 0;
}

/** How plain Envoy's router is told the chosen endpoint. */
export class Steering {
  /** Lower-case name of the request header that carries "ip:port". */
  endpointHeader: Utf8 = new ArrayBuffer(0);
  /** Lower-case name of the request header that carries the cluster; empty: none. */
  clusterHeader: Utf8 = new ArrayBuffer(0);
  /** Value of `clusterHeader` for a service found in Eureka; empty: none. */
  cluster: Utf8 = new ArrayBuffer(0);
  /** The same for instances that are called by their secure port; empty: `cluster`. */
  secureCluster: Utf8 = new ArrayBuffer(0);
  /** Whether the endpoint header may list several endpoints, which the router tries in turn (`override_host`). */
  routerRetries: bool = false;
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

/** What one request is served by: the global configuration, or a rule with what it inherits. */
export class Config {
  /** In the order of preference. None: the plugin does nothing. */
  services: Service[] = [];
  /** Whether a service has a weight. */
  hasWeights: bool = false;

  /** Those of `services` that rules inherit: all but an official provider. */
  listed: Service[] = [];
  /** null: Eureka is not asked. */
  eureka: EurekaSettings | null = null;
  steering: Steering = new Steering();
  /** null: a request is tried once, and nothing is kept of it. */
  attempts: Attempts | null = null;
  lastResort: LastResort | null = null;
  /** Bytes that a body may have that has to be kept whole. */
  maxBodyBytes: i32 = 0;
  /** Plain Envoy: the filter has `allow_on_headers_stop_iteration`. */
  allowOnHeadersStopIteration: bool = false;
  limits: ConsumerLimits = new ConsumerLimits();
  observe: Observe = new Observe();

  /** A configuration that shares everything with this one, as a rule does until it sets fields of its own. */
  copy(): Config {
    const copy = new Config();
    copy.services = this.listed;
    copy.listed = this.listed;
    copy.eureka = this.eureka;
    copy.steering = this.steering;
    copy.attempts = this.attempts;
    copy.lastResort = this.lastResort;
    copy.maxBodyBytes = this.maxBodyBytes;
    copy.allowOnHeadersStopIteration = this.allowOnHeadersStopIteration;
    copy.limits = this.limits;
    copy.observe = this.observe;
    return copy;
  }
}
