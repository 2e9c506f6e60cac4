import { Utf8, toOwned } from "../bytes/slice";
import { Usage } from "../chat/usage";
import { EurekaSettings, Service } from "../config/model";
import { Rule, RuleSet } from "../config/rules";
import { LookupKind } from "../discovery/lookup";
import { Registry } from "../discovery/registry";
import { settingsOf } from "../discovery/settings";
import { ApplicationView, Selection } from "../discovery/view";
import { now } from "../host/clock";

/** How long a request may wait for Eureka's first answer after the plugin was configured. */
const COLD_START_MS: i64 = 5000;

const NOTHING: Utf8 = new ArrayBuffer(0);

/** What became of choosing an instance. */
export enum Verdict {
  /** `endpoint` was chosen, or the cluster's own load balancing chooses (then it is empty). */
  Chosen,
  /** Eureka has not answered yet: ask again. */
  NotYet,
  /** There is none, see `reason`. */
  None,
}

/** The outcome of `Deployment.choose`: one object, filled anew by each call. */
export class Choice {
  verdict: Verdict = Verdict.None;
  /** `ip:port`, owned; empty where the cluster chooses. */
  endpoint: Utf8 = NOTHING;
  /** Why there is none, for the client. */
  reason: string = "";
}

/** The instances of one service, and whose turn it is. */
class Pool {
  private turn: u32;

  constructor(
    readonly service: Service,
    readonly view: ApplicationView,
    start: u32,
  ) {
    this.turn = start;
  }

  /** Round robin. Workers start at different places, so that they do not all begin with the same instance. */
  next(): Utf8 {
    const count = this.view.count;
    if (count == 0) return NOTHING;
    return toOwned(this.view.endpoint((this.turn++ % (count as u32)) as i32));
  }
}

/** A registry and the settings it was made from: configurations that share settings share what Eureka said. */
class Source {
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
  private sources: Array<Source> = [];
  private pools: Array<Pool> = [];
  private waiting: Array<i32> = [];
  private startedAt: i64 = now();
  private choice: Choice = new Choice();

  constructor(readonly rules: RuleSet) {
    this.open(rules.fallback);
    for (let i = 0; i < rules.rules.length; i++) this.open(unchecked(rules.rules[i]));
  }

  /** Whether any request can be ours at all. */
  get hasRules(): bool {
    return this.rules.fallback !== null || this.rules.rules.length > 0;
  }

  /** Whether it depends on route, domain or service what serves a request. */
  get isSplit(): bool {
    return this.rules.rules.length > 0;
  }

  /** Milliseconds between ticks; 0 where nothing is to be done. */
  get tickPeriodMs(): i32 {
    let period = 0;
    for (let i = 0; i < this.sources.length; i++) {
      const wanted = unchecked(this.sources[i]).registry.tickPeriodMs;
      period = period == 0 ? wanted : min(period, wanted);
    }
    return period;
  }

  /** Chooses an instance of a service. The result is valid until the next call. */
  choose(service: Service): Choice {
    const choice = this.choice;
    choice.verdict = Verdict.Chosen;
    choice.endpoint = NOTHING;
    if (!service.isInEureka) return choice;
    const pool = this.poolOf(service);
    if (pool === null) return this.none("Eureka is not configured (eureka.servers)");
    if (!pool.view.isKnown) {
      if (now() - this.startedAt > COLD_START_MS) return this.none("Eureka has not answered yet");
      choice.verdict = Verdict.NotYet;
      return choice;
    }
    choice.endpoint = pool.next();
    if (choice.endpoint.byteLength > 0) return choice;
    return this.none("Eureka knows none that is UP and has an enabled port");
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
    for (let i = 0; i < this.sources.length; i++) unchecked(this.sources[i]).registry.tick(time);
  }

  /** A callout was answered; `headers` is 0 where it failed. */
  onCallout(token: i32, headers: i32, size: i32): void {
    const time = now();
    for (let i = 0; i < this.sources.length; i++) {
      if (unchecked(this.sources[i]).registry.onCallout(token, headers, size, time)) return;
    }
  }

  /** An exchange is over. */
  observe(usage: Usage): void {}

  /** Frees what is known from Eureka and gives up the lease. */
  dispose(): void {
    for (let i = 0; i < this.sources.length; i++) unchecked(this.sources[i]).registry.dispose();
    this.sources = [];
    this.pools = [];
  }

  private open(rule: Rule | null): void {
    if (rule === null) return;
    const config = rule.config;
    if (config === null) return;
    const eureka = config.eureka;
    if (eureka === null) return;
    for (let i = 0; i < config.services.length; i++) {
      const service = unchecked(config.services[i]);
      if (!service.isInEureka || this.poolOf(service) !== null) continue;
      const view = this.registryOf(eureka).viewOf(
        LookupKind.Application,
        service.application,
        new Selection(),
      );
      this.pools.push(new Pool(service, view, (this.startedAt as u32) + (this.pools.length as u32)));
    }
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

  private poolOf(service: Service): Pool | null {
    for (let i = 0; i < this.pools.length; i++) {
      const pool = unchecked(this.pools[i]);
      if (pool.service === service) return pool;
    }
    return null;
  }

  private none(reason: string): Choice {
    this.choice.verdict = Verdict.None;
    this.choice.reason = reason;
    return this.choice;
  }
}
