import { Failure } from "../chat/failure";
import { Usage } from "../chat/usage";
import { Config, Service } from "../config/model";
import { Observe } from "../config/policies";
import { ApiCall } from "../formats/api";
import { Deployment } from "../upstream/deployment";
import { writeAccessLog } from "./access-log";
import { DeploymentMetrics } from "./deployment-metrics";
import { Journal, UNOBSERVED } from "./journal";
import { setLogAttributes } from "./log-attributes";
import { outcomeOf } from "./outcome";
import { Traffic } from "./traffic";
import { publishMemory } from "./vm-metrics";

/** Milliseconds between two publications. */
const INTERVAL_MS: i32 = 1000;

/** Journals wait for the next exchanges, up to this many. */
const MAX_IDLE: i32 = 256;
const idle: Array<Journal> = [];

/** For requests whose rule is broken: only metrics. */
const DEFAULTS: Observe = new Observe();

/** What is seen of one configuration's work. It hangs on a root context, as the deployment does. */
@final
export class Observer {
  private traffic: Traffic = new Traffic();
  private metrics: DeploymentMetrics;
  /** Whether some rule wants metrics. */
  private isMeasured: bool = false;
  /** Whether a request came: the VM of Envoy's main thread ticks, too, but never gets one. */
  private hasServed: bool = false;

  constructor(deployment: Deployment) {
    this.metrics = new DeploymentMetrics(deployment);
    const rules = deployment.rules;
    const fallback = rules.fallback;
    if (fallback !== null) this.look(fallback.config);
    for (let i = 0; i < rules.rules.length; i++) this.look(unchecked(rules.rules[i]).config);
  }

  /** Milliseconds between ticks; 0 where there is nothing to publish. */
  get tickPeriodMs(): i32 {
    return this.isMeasured ? INTERVAL_MS : 0;
  }

  /**
   * A request has come: what it is noted in until `close`.
   * @param config what serves it; null where that is broken
   */
  open(config: Config | null, call: ApiCall, usage: Usage): Journal {
    const observe = config === null ? DEFAULTS : config.observe;
    if (!observe.isAny) return UNOBSERVED;
    this.hasServed = true;
    const journal = idle.length > 0 ? idle.pop() : new Journal();
    journal.open(observe, call, usage);
    return journal;
  }

  /** A service is asked. To be called for each attempt. */
  ask(journal: Journal, service: Service): void {
    if (journal.isOpen) journal.ask(this.traffic.bookOf(service, journal.observe.metrics));
  }

  /** An attempt at a service failed, and another follows. */
  retry(journal: Journal, service: Service | null, failure: Failure): void {
    if (!journal.isOpen || service === null) return;
    this.traffic.bookOf(service, journal.observe.metrics).retry(outcomeOf(failure.kind));
  }

  /** The last byte of the answer is here: what traces say is set now, since later it is too late. */
  complete(journal: Journal): void {
    if (journal.isOpen && journal.observe.logAttributes) setLogAttributes(journal);
  }

  /** The exchange is over. @param isComplete whether the client's answer came to its end */
  close(journal: Journal, isComplete: bool): void {
    if (!journal.isOpen) return;
    journal.end(isComplete);
    const observe = journal.observe;
    if (observe.logAttributes) setLogAttributes(journal);
    if (observe.metrics) this.traffic.add(journal);
    if (observe.accessLog) writeAccessLog(journal);
    journal.close();
    if (idle.length < MAX_IDLE) idle.push(journal);
  }

  /** Time passes. @param now milliseconds since 1970 */
  tick(now: i64): void {
    if (!this.metrics.tick(now) || !this.isMeasured) return;
    this.traffic.publish();
    if (this.hasServed) publishMemory(now);
  }

  /** The configuration goes: what is added up over workers no longer has its part. */
  withdraw(): void {
    this.metrics.withdraw();
    this.traffic.withdraw();
  }

  private look(config: Config | null): void {
    if (config !== null && config.services.length > 0 && config.observe.metrics) this.isMeasured = true;
  }
}
