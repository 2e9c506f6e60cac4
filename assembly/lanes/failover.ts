import { EMPTY, NONE, Slice, Utf8, borrow, same } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { Failure, kindOf } from "../chat/failure";
import { Config, Service } from "../config/model";
import { Attempts, LastResort } from "../config/policies";
import { selectService } from "../config/models";
import { ApiCall, Operation } from "../formats/api";
import { DraftMessage, Message } from "../host/message";
import { randomBelow, randomShare } from "../upstream/balance/random";
import { Choice, Verdict } from "../upstream/choice";
import { Deployment } from "../upstream/deployment";
import { Evidence } from "../upstream/health";
import { writeCannedAnswer } from "./canned-answer";
import { Permit } from "../upstream/limits/permit";
import { askRouter } from "../upstream/router-retries";
import { KeptRequest } from "./kept-request";
import { limitTokens } from "./limit-tokens";

/** Nobody waits for longer, in seconds. */
const MAX_RETRY_AFTER: i32 = 3600;

/** A back-off is at most 2^10 times the first one. */
const MAX_DOUBLINGS: i32 = 10;

/**
 * One request's attempts: what was tried, what comes next, and when. The first attempt goes through the gateway's
 * router and streams; later ones are callouts of the plugin's own, whose answers come whole. The exchange makes them;
 * here is decided whether and where to.
 */
@final
export class Failover {
  readonly kept: KeptRequest = new KeptRequest();
  /** The model that the body names, UTF-8. */
  model: Utf8 = EMPTY;
  /** Token of the callout that is under way; 0: none. */
  token: i32 = 0;
  /** When time runs out for what is under way, in milliseconds since 1970; 0: never. */
  dueAt: i64 = 0;
  /** Attempts that were begun. */
  count: i32 = 1;
  /** Whether a target is being tried out: what refuses the request then only passes the target over. */
  isTrying: bool = false;
  /** Whether that was the fault of the service's key, and the service has another one that is free. */
  hasOtherKey: bool = false;
  /** Whose request it is, as for `KeyRing.choose`. */
  private consumer: u64 = 0;
  /** What went wrong last. */
  failure: Failure | null = null;
  /** What the client is told of the last resort: its parts, with commas between them; empty: it was not needed. */
  degraded: string = "";
  /** Names of the services and keys of the instances that were tried. */
  private services: Array<i32> = [];
  private instances: Array<u64> = [];
  /** Index of the service that was asked last. */
  private index: i32 = -1;
  /** How often a target was tried a second time. */
  private repeats: i32 = 0;
  private isCounted: bool = true;
  private startedAt: i64 = 0;

  constructor(
    readonly attempts: Attempts,
    readonly resort: LastResort | null,
    private deployment: Deployment,
    private config: Config,
  ) {
    this.startedAt = deployment.time;
    deployment.budget.begin(deployment.time);
  }

  /** Whether a body that is complete may be kept. */
  keep(model: Utf8): void {
    this.model = model;
    this.kept.keepBody(this.attempts.maxBodyBytes);
  }

  /** A service for the first attempt: one that may be expected to answer, if there is any; -1: none is left. */
  first(model: Slice): i32 {
    const config = this.config;
    const skip = this.services.slice();
    for (let i = 0; i < config.services.length; i++) {
      if (!this.deployment.isWell(unchecked(config.services[i]), config.eureka)) skip.push(i);
    }
    const well = skip.length > 0 ? selectService(config, model, randomShare(), skip) : -1;
    return well >= 0 ? well : selectService(config, model, randomShare(), this.services);
  }

  /** The first attempt goes out. @param stream what is told when time has run out */
  start(index: i32, choice: Choice, stream: i32, consumer: u64): void {
    this.consumer = consumer;
    this.note(index, choice.pool === null ? 0 : choice.instance);
    if (this.attempts.firstByteMs == 0) return;
    this.dueAt = this.deployment.time + (this.attempts.firstByteMs as i64);
    this.deployment.watch(stream);
  }

  /** A service, and the instance that was chosen of it, is tried. @param instance 0 where it has none */
  note(index: i32, instance: u64): void {
    this.index = index;
    if (!this.services.includes(index)) this.services.push(index);
    if (instance != 0) this.instances.push(instance);
  }

  /** A service has no instance, before anything was sent. True: others are left. */
  passOver(index: i32, model: Slice): bool {
    if (!this.services.includes(index)) this.services.push(index);
    return selectService(this.config, model, 0, this.services) >= 0;
  }

  /** Has the router try further instances, where it can. False: the host refused. */
  askRouter(out: Message, choice: Choice, operation: Operation): bool {
    const pool = choice.pool;
    const steering = this.config.steering;
    if (pool === null || !steering.routerRetries || !out.isHeld || this.attempts.max < 2) return true;
    const isRepeatable = operation < Operation.Images;
    return askRouter(out, pool, choice.endpoint, steering, this.attempts, isRepeatable, this.instances);
  }

  /** The first byte leaves, or all is over: nothing is tried again. */
  settle(): void {
    this.dueAt = 0;
    this.kept.release();
  }

  /** The exchange is over. */
  end(): void {
    this.settle();
    if (this.isCounted) this.deployment.budget.end();
    this.isCounted = false;
  }

  /**
   * Whether a failure is one that another attempt may cure.
   * @param evidence a refused connection has done nothing yet, whatever the call
   */
  isCurable(operation: Operation, status: i32, evidence: Evidence): bool {
    if (!this.kept.isWhole) return false;
    // What was refused because of its key has done nothing either. Whose request needs this very key gets no other.
    if (this.hasOtherKey && this.consumer == 0) return true;
    if (!this.attempts.isRetriable(status)) return false;
    return operation < Operation.Images || evidence == Evidence.Refused;
  }

  /** Whether number, time and budget allow one more attempt. */
  get mayTry(): bool {
    const now = this.deployment.time;
    if (this.degraded.length > 0) return false;
    if (this.count >= this.attempts.max || this.timeLeft <= 0) return false;
    return this.deployment.budget.allows(this.attempts.budgetPercent, now);
  }

  /** Milliseconds until no attempt begins any more. */
  get timeLeft(): i32 {
    return max<i64>(0, this.startedAt + (this.attempts.totalMs as i64) - this.deployment.time) as i32;
  }

  /**
   * The next target: the same service with another key, another instance of it, then the next service that may be expected to answer, then
   * whatever was not tried yet. `service` says which; null: everything was tried.
   */
  next(model: Slice, permit: Permit): Choice | null {
    const config = this.config;
    let choice = this.hasOtherKey && this.consumer == 0 ? this.repeat(permit) : null;
    this.hasOtherKey = false;
    if (choice !== null) return choice;
    choice = this.otherInstance(this.index, permit, false);
    if (choice !== null) return choice;
    const skip = this.services.slice();
    const unwell: Array<i32> = [];
    for (;;) {
      const index = selectService(config, model, randomShare(), skip);
      if (index < 0) break;
      skip.push(index);
      if (!this.deployment.isWell(unchecked(config.services[index]), config.eureka)) unwell.push(index);
      else {
        choice = this.choose(index, permit, false);
        if (choice !== null) return choice;
      }
    }
    for (let i = 0; i < unwell.length; i++) {
      choice = this.choose(unwell[i], permit, true);
      if (choice !== null) return choice;
    }
    for (let i = 0; i < this.services.length; i++) {
      choice = this.otherInstance(this.services[i], permit, true);
      if (choice !== null) return choice;
    }
    return null;
  }

  /**
   * When a target that failed may be tried again, since no other is left: the back-off, half of it at random, or when
   * the target has asked for it. False: that would be too late.
   */
  waitToRepeat(stream: i32): bool {
    const attempts = this.attempts;
    const failure = this.failure;
    const retryAfter = failure === null ? 0 : min(failure.retryAfter, MAX_RETRY_AFTER);
    const most = attempts.maxBackoffMs;
    const doubled = min((attempts.backoffMs as i64) << min(this.repeats, MAX_DOUBLINGS), most as i64) as i32;
    const wait = max(retryAfter * 1000, (doubled >> 1) + randomBelow((doubled >> 1) + 1));
    if (wait > max(most, attempts.backoffMs) || wait >= this.timeLeft) return false;
    this.repeats++;
    this.dueAt = this.deployment.time + (max(1, wait) as i64);
    this.deployment.watch(stream);
    return true;
  }

  /** The service that was asked last, once more: whichever instance. */
  repeat(permit: Permit): Choice | null {
    this.instances.length = 0;
    return this.index < 0 ? null : this.choose(this.index, permit, true);
  }

  /**
   * The last resort's service, once: the one that it names, else the one that was asked last. null: it asks none.
   */
  lastChoice(permit: Permit): Choice | null {
    const resort = this.resort;
    const services = this.config.services;
    if (resort === null || !resort.asks || this.degraded.length > 0) return null;
    let index = this.index;
    for (let i = 0; resort.service.byteLength > 0 && i < services.length; i++) {
      if (same(borrow(resort.service), borrow(unchecked(services[i]).name))) index = i;
    }
    if (index < 0) return null;
    this.instances.length = 0;
    this.degraded = partsOf(resort);
    return this.choose(index, permit, true);
  }

  /** The service of the target. */
  get service(): Service | null {
    return this.index < 0 ? null : unchecked(this.config.services[this.index]);
  }

  /** The service as the request is to be made for it: with the last resort's model, when it has come to that. */
  degrade(service: Service): Service {
    const resort = this.resort;
    if (resort === null || this.degraded.length == 0 || resort.model.byteLength == 0) return service;
    return service.withModel(resort.model);
  }

  /** Keeps the client's limit of the answer's length below the last resort's. */
  limitTokens(client: string): void {
    const resort = this.resort;
    if (resort === null || resort.maxTokens == 0) return;
    const written = new Writer();
    const limited = limitTokens(client, this.kept.text, resort.maxTokens, written);
    if (limited != NONE) this.kept.replaceBody(limited);
    written.dispose();
  }

  /** An attempt beyond the first one is under way. */
  begin(token: i32, stream: i32): void {
    this.token = token;
    this.count++;
    this.deployment.budget.spend(this.deployment.time);
    this.deployment.expect(token, stream);
  }

  /** Writes the last resort's fixed answer. False: there is none, or the call is no chat. */
  writeAnswer(call: ApiCall, stream: i32, answer: DraftMessage): bool {
    const resort = this.resort;
    if (resort === null || resort.answer.byteLength == 0) return false;
    if (!writeCannedAnswer(call, this.kept.text, resort.answer, stream, answer)) return false;
    this.degraded += this.degraded.length > 0 ? ",answer" : "answer";
    return true;
  }

  private otherInstance(index: i32, permit: Permit, mayBeEjected: bool): Choice | null {
    if (index < 0 || !unchecked(this.config.services[index]).isInEureka) return null;
    return this.choose(index, permit, mayBeEjected);
  }

  private choose(index: i32, permit: Permit, mayBeEjected: bool): Choice | null {
    const service = unchecked(this.config.services[index]);
    const choice = this.deployment.chooseOther(
      service,
      this.config,
      permit,
      this.instances,
      mayBeEjected,
      this.consumer,
    );
    if (choice.verdict != Verdict.Chosen) return null;
    this.note(index, choice.pool === null ? 0 : choice.instance);
    return choice;
  }
}

/** What a request's further attempts need, as its headers come; null where there is to be but one attempt. */
export function openFailover(deployment: Deployment, config: Config, isEnd: bool): Failover | null {
  const attempts = config.attempts;
  if (attempts === null) return null;
  const failover = new Failover(attempts, config.lastResort, deployment, config);
  failover.kept.keepHead();
  failover.kept.isWhole = isEnd;
  return failover;
}

/** An attempt that was answered with an error. */
export function failed(status: i32, retryAfter: i32): Failure {
  const failure = new Failure(kindOf(status), status, EMPTY, EMPTY);
  failure.retryAfter = retryAfter;
  return failure;
}

/** What of a request a last resort changes, for the client. */
function partsOf(resort: LastResort): string {
  const parts: string[] = [];
  if (resort.service.byteLength > 0) parts.push("service");
  if (resort.model.byteLength > 0) parts.push("model");
  if (resort.maxTokens > 0) parts.push("maxTokens");
  return parts.join(",");
}
