/**
 * The configuration as the traffic uses it: defaults filled in, patterns compiled, texts as owned bytes. Where a
 * text may be absent and cannot be empty, an empty buffer means "absent".
 */
import { Pattern } from "../bytes/pattern";
import { Replacement } from "../bytes/replacement";
import { Utf8, borrow, utf8 } from "../bytes/slice";
import { ALL_APIS } from "../formats/api";
import { DeclaredFormat } from "../formats/declared/format";
import { NO_SETTINGS, Settings } from "../formats/settings";
import { ApiPath } from "../vendors/paths";
import { NO_QUIRKS, Quirks } from "../vendors/quirks";
import { Auth } from "./credentials";
import { Manners } from "./manners";
import {
  Attempts,
  Balance,
  ConsumerLimits,
  KeySettings,
  LastResort,
  Limits,
  Observe,
  Outlier,
  Select,
} from "./policies";

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
