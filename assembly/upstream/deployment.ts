import { EMPTY, NONE, Slice, borrow, toOwned } from "../bytes/slice";
import { ContextFile } from "../config/manners";
import { Config, EurekaSettings, Service, Steering } from "../config/model";
import { Rule, RuleSet } from "../config/rules";
import { Registry } from "../discovery/registry";
import { settingsOf } from "../discovery/settings";
import { now } from "../host/clock";
import { clusterName, routeName } from "../host/gateway";
import { seedRandom } from "./balance/random";
import { Choice, Verdict } from "./choice";
import { ContextFiles, FileState } from "./context-files";
import { Credentials } from "./credentials";
import { Evidence } from "./health";
import { RetryBudget } from "./budget";
import { KeyRing } from "./key-ring";
import { Limiter } from "./limits/limiter";
import { Admission, Permit, UNLIMITED } from "./limits/permit";
import { Pool } from "./pool";
import { Probes } from "./probes";
import { RequestHead } from "./request-head";
import { lookupKindOf, selectionOf } from "./selection";
import { ServiceHealth } from "./service-health";

/** Milliseconds between ticks where requests are tried again: how exactly their times are kept. */
const ATTEMPTS_TICK_MS: i32 = 50;

/** A registry and the settings it was made from: configurations that share settings share what Eureka said. */
export class Source {
  constructor(
    readonly settings: EurekaSettings,
    readonly registry: Registry,
  ) {}
}

/**
 * One configuration at work: its rules, what is known from Eureka, and the requests that wait for it. It hangs on a
 * root context, so that two configurations in one VM do not mix.
 */
export class Deployment {
  /** Everything that is known from Eureka, for who publishes it. */
  readonly sources: Array<Source> = [];
  readonly pools: Array<Pool> = [];
  readonly limits: Limiter;
  readonly budget: RetryBudget = new RetryBudget();
  private waiting: Array<i32> = [];
  /** Streams for which something is to be done at some time. */
  private timed: Array<i32> = [];
  /** Streams by the token of the callout that they wait for. */
  private callers: Map<i32, i32> = new Map<i32, i32>();
  private services: Array<ServiceHealth> = [];
  /** Whether some rule tries requests again. */
  private hasAttempts: bool = false;
  private startedAt: i64 = now();
  /** The time of the last tick: good enough for ejections and slow starts, and no host call for a request. */
  time: i64 = this.startedAt;
  private choice: Choice = new Choice();
  private probes: Probes = new Probes();
  private credentials: Credentials = new Credentials(this.startedAt);
  private files: ContextFiles = new ContextFiles();

  constructor(readonly rules: RuleSet) {
    this.limits = new Limiter(rules);
    seedRandom(this.startedAt as u64);
    this.limits.time = this.startedAt;
    this.open(rules.fallback);
    for (let i = 0; i < rules.rules.length; i++) this.open(unchecked(rules.rules[i]));
  }

  /** Whether any request can be ours at all. */
  get hasRules(): bool {
    return this.rules.fallback !== null || this.rules.rules.length > 0;
  }

  /** Reads the head of the current request, and finds what serves it; null where nothing does. */
  ruleFor(head: RequestHead): Rule | null {
    if (!this.hasRules) return null;
    const isSplit = this.rules.rules.length > 0;
    const route = isSplit ? toOwned(routeName()) : EMPTY;
    const cluster = isSplit ? toOwned(clusterName()) : EMPTY;
    head.read();
    return this.rules.match(borrow(route), head.authority, borrow(cluster));
  }

  /** Milliseconds between ticks; 0 where nothing is to be done. */
  get tickPeriodMs(): i32 {
    let period = shorter(this.limits.tickPeriodMs, this.hasAttempts ? ATTEMPTS_TICK_MS : 0);
    period = shorter(period, this.credentials.tickPeriodMs);
    for (let i = 0; i < this.sources.length; i++) {
      const wanted = unchecked(this.sources[i]).registry.tickPeriodMs;
      period = shorter(period, wanted);
    }
    return period;
  }

  /**
   * Chooses an instance of a service; who was given one reports its outcome with `judge`, and once `end`. The result is
   * valid until the next call.
   * @param config what serves the request: rules may name another Eureka for the services they share
   * @param key what requests that belong together have in common; 0: nothing is known
   * @param permit what the limits have granted so far
   * @param consumer whose request it is, where the service must be called with one and the same key; 0: it need not
   */
  choose(service: Service, config: Config, key: u64, permit: Permit, consumer: u64 = 0): Choice {
    const eureka = config.eureka;
    const choice = this.choice;
    if (permit !== UNLIMITED && !this.obey(permit.ask(config, service))) return choice;
    if (!this.begin(service, consumer) || !service.isInEureka) return choice;
    const pool = this.poolOf(service, eureka);
    if (pool === null) return this.none("Eureka is not configured (eureka.servers)");
    if (!pool.view.isKnown) return this.notYet(eureka);
    if (!pool.choose(key, this.time)) {
      if (pool.isFull && !this.obey(permit.queue())) return choice;
      return this.none("Eureka knows none that is UP and has an enabled port");
    }
    return this.chosen(pool);
  }

  /**
   * The same for a request that failed: another instance, without regard to the service's policy, and without waiting
   * for a place.
   * @param tried instances that are not wanted
   * @param mayBeEjected whether one will do that is left alone
   * @param consumer as for `choose`
   */
  chooseOther(
    service: Service,
    config: Config,
    permit: Permit,
    tried: Array<u64>,
    mayBeEjected: bool,
    consumer: u64,
  ): Choice {
    const choice = this.choice;
    if (permit !== UNLIMITED && permit.ask(config, service, false) != Admission.Granted)
      return this.none("a limit is reached");
    if (!this.begin(service, consumer) || !service.isInEureka) return choice;
    const pool = this.poolOf(service, config.eureka);
    if (pool === null || !pool.chooseOther(tried, mayBeEjected, this.time))
      return this.none("all were tried");
    return this.chosen(pool);
  }

  /** Whether a service may be expected to answer. */
  isWell(service: Service, eureka: EurekaSettings | null): bool {
    if (!service.isInEureka) {
      const health = this.healthOf(service, false);
      return health === null || !health.isPaused(this.time);
    }
    const pool = this.poolOf(service, eureka);
    // While Eureka has not answered, nothing speaks against it: a request waits for that rather than go elsewhere.
    return pool !== null && (!pool.view.isKnown || pool.isWell(this.time));
  }

  /** A request to a service whose instances are not known was answered, or failed. */
  judgeService(service: Service, evidence: Evidence): void {
    const health = this.healthOf(service, evidence >= Evidence.Failure);
    if (health !== null) health.judge(evidence, this.time);
  }

  /** An instance, or a service whose instances are not known, wants no requests for so many seconds. */
  pause(service: Service, pool: Pool | null, instance: u64, seconds: i32): void {
    const until = this.time + (seconds as i64) * 1000;
    if (pool !== null) pool.pause(instance, until, this.time);
    else {
      const health = this.healthOf(service, true);
      if (health !== null) health.pause(until);
    }
  }

  /** A stream waits for the answer of a callout. */
  expect(token: i32, stream: i32): void {
    this.callers.set(token, stream);
  }

  /** The stream that waits for this callout; 0: none does. */
  takeCaller(token: i32): i32 {
    if (!this.callers.has(token)) return 0;
    const stream = this.callers.get(token);
    this.callers.delete(token);
    return stream;
  }

  /** Remembers a stream for which something is to be done at some time. */
  watch(stream: i32): void {
    this.timed.push(stream);
  }

  /** Takes the streams that are watched; those that are still to be watched say so again. */
  takeWatched(): Array<i32> {
    const timed = this.timed;
    if (timed.length > 0) this.timed = [];
    return timed;
  }

  /** How far a file is known that a service puts into requests; asks for it where it is not. */
  fileState(file: ContextFile): FileState {
    return this.files.state(file, now());
  }

  /** Its text, borrowed; NONE where it is not known. */
  fileText(file: ContextFile): Slice {
    return this.files.text(file);
  }

  /** A request to an instance was answered, or failed. */
  judge(pool: Pool, instance: u64, evidence: Evidence): void {
    pool.judge(instance, evidence, this.time);
  }

  /**
   * A request with one of several keys was answered.
   * @param retryAfter seconds after which the service said a retry may succeed; 0: it said nothing
   * @returns whether it was refused because of the key, and another one is free
   */
  judgeKey(ring: KeyRing, key: i32, status: i32, retryAfter: i32): bool {
    const time = now();
    ring.judge(key, status, (retryAfter as i64) * 1000, time);
    return ring.service.keys.cools(status) && ring.hasOther(key, time);
  }

  /** A request to an instance is over. */
  end(pool: Pool, instance: u64, isJudged: bool): void {
    pool.end(instance, isJudged, this.time);
  }

  /** Remembers a request that waits for Eureka's first answer. */
  wait(stream: i32): void {
    this.waiting.push(stream);
  }

  /** Takes the requests that wait; those that must wait on say so again. */
  takeWaiting(): Array<i32> {
    const waiting = this.waiting;
    if (waiting.length > 0) this.waiting = [];
    return waiting;
  }

  /** Time passes. */
  onTick(): void {
    const time = now();
    this.time = time;
    this.limits.time = time;
    this.credentials.tick(time);
    for (let i = 0; i < this.sources.length; i++) unchecked(this.sources[i]).registry.tick(time);
    for (let i = 0; i < this.pools.length; i++) this.probes.ask(unchecked(this.pools[i]), time);
  }

  /** A callout was answered; `headers` is 0 where it failed. */
  onCallout(token: i32, headers: i32, size: i32): void {
    const time = now();
    this.time = time;
    if (this.credentials.onCallout(token, headers, size, time)) return;
    for (let i = 0; i < this.sources.length; i++) {
      if (unchecked(this.sources[i]).registry.onCallout(token, headers, size, time)) return;
    }
    if (this.files.onCallout(token, headers, size, time)) return;
    this.probes.onCallout(token, headers, time);
  }

  /** Frees what is known from Eureka and gives up the lease. */
  dispose(): void {
    for (let i = 0; i < this.pools.length; i++) unchecked(this.pools[i]).dispose();
    for (let i = 0; i < this.sources.length; i++) unchecked(this.sources[i]).registry.dispose();
    this.pools.length = 0;
    this.sources.length = 0;
  }

  private open(rule: Rule | null): void {
    if (rule === null) return;
    const config = rule.config;
    if (config === null) return;
    if (config.attempts !== null) this.hasAttempts = true;
    for (let i = 0; i < config.services.length; i++) this.credentials.open(unchecked(config.services[i]));
    const eureka = config.eureka;
    if (eureka === null) return;
    for (let i = 0; i < config.services.length; i++) {
      const service = unchecked(config.services[i]);
      if (!service.isInEureka || this.poolOf(service, eureka) !== null) continue;
      this.pools.push(this.poolFor(service, eureka, config.steering));
    }
  }

  private poolFor(service: Service, eureka: EurekaSettings, steering: Steering): Pool {
    const registry = this.registryOf(eureka);
    const kind = lookupKindOf(service);
    const view = registry.viewOf(kind, service.application, selectionOf(service, eureka));
    for (let i = 0; i < service.instances.length; i++) {
      registry.addFallback(kind, service.application, borrow(service.instances[i]));
    }
    return new Pool(service, view, registry, steering, eureka);
  }

  private registryOf(settings: EurekaSettings): Registry {
    for (let i = 0; i < this.sources.length; i++) {
      const source = unchecked(this.sources[i]);
      if (source.settings === settings) return source.registry;
    }
    const registry = new Registry(settingsOf(settings), []);
    this.sources.push(new Source(settings, registry));
    return registry;
  }

  private poolOf(service: Service, eureka: EurekaSettings | null): Pool | null {
    for (let i = 0; i < this.pools.length; i++) {
      const pool = unchecked(this.pools[i]);
      if (pool.service === service && pool.eureka === eureka) return pool;
    }
    return null;
  }

  /** What is known of a service. @param isNeeded whether to begin with it where nothing is known */
  private healthOf(service: Service, isNeeded: bool): ServiceHealth | null {
    for (let i = 0; i < this.services.length; i++) {
      const health = unchecked(this.services[i]);
      // A copy of a service has the same settings.
      if (health.outlier === service.outlier) return health;
    }
    if (!isNeeded) return null;
    const health = new ServiceHealth(service.outlier);
    this.services.push(health);
    return health;
  }

  /** Eureka has not answered: the request waits, but not for ever. */
  private notYet(eureka: EurekaSettings | null): Choice {
    const patience = eureka === null ? 0 : eureka.coldStartMs;
    if (now() - this.startedAt > (patience as i64)) return this.none("Eureka has not answered yet");
    this.choice.verdict = Verdict.NotYet;
    return this.choice;
  }

  /** Whether the request may go on; else the choice says what becomes of it. */
  private obey(admission: Admission): bool {
    this.choice.verdict = admission == Admission.Refused ? Verdict.Limited : Verdict.NotYet;
    return admission == Admission.Granted;
  }

  /** A choice of a service, as yet without an instance. False: the service's credentials are not there. */
  private begin(service: Service, consumer: u64): bool {
    const choice = this.choice;
    choice.verdict = Verdict.Chosen;
    choice.endpoint = NONE;
    choice.pool = null;
    return this.credentials.choose(service, consumer, this.time, choice);
  }

  /** The choice, with the instance that the pool has chosen. */
  private chosen(pool: Pool): Choice {
    const choice = this.choice;
    choice.endpoint = pool.endpoint;
    choice.isSecure = pool.isSecure;
    choice.instance = pool.instance;
    choice.pool = pool;
    return choice;
  }

  private none(reason: string): Choice {
    this.choice.verdict = Verdict.None;
    this.choice.reason = reason;
    return this.choice;
  }
}

/** The shorter of two periods, of which 0 is none. */
function shorter(one: i32, other: i32): i32 {
  return one == 0 || (other > 0 && other < one) ? other : one;
}
