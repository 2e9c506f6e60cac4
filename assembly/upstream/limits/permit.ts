import { borrow } from "../../bytes/slice";
import { Usage } from "../../chat/usage";
import { Config, Service } from "../../config/model";
import { Limits } from "../../config/policies";
import { RuleSet } from "../../config/rules";
import { MapType } from "../../host/abi";
import { now } from "../../host/clock";
import { getHeaderNamed } from "../../host/headers";
import { Gate, Limit } from "./gate";
import { Limiter } from "./limiter";
import { addTokens, subjectOf, takeRequest } from "./minute";

/** What a request may do. */
export enum Admission {
  Granted,
  /** It keeps its place in the queue, and asks again when it is woken. */
  Waits,
  /** `limit` and `retryAfter` say why. */
  Refused,
}

/** Seconds to wait where a queue is full: nobody knows when it will not be. */
const QUEUE_RETRY_SECONDS: i32 = 1;

/** How long an overdue answer may take to end after its error was written, or until a part of it comes. */
const GRACE_MS: i64 = 1000;

/** What one exchange has been granted, for as long as it runs. There is one only where limits are configured. */
@final
export class Permit {
  limit: Limit = Limit.None;
  /** Seconds after which a refused request may be tried again. */
  retryAfter: i32 = 0;
  /** Whether the answer has taken too long: what still comes is left out. */
  isOverdue: bool = false;
  /** Whether it was the silence that was too long. */
  isIdle: bool = false;
  private overdueAt: i64 = 0;
  /** Place among the watched ones; -1: it is not watched. */
  place: i32 = -1;
  /** When the answer began, and when its last part came; by the clock of the ticks. */
  begunAt: i64 = 0;
  touchedAt: i64 = 0;
  gate: Gate | null = null;
  private isIn: bool = false;
  private isQueued: bool = false;
  private queuedUntil: i64 = 0;
  /** Who is counted for the minute; 0: nobody. */
  private consumer: u64 = 0;
  private serviceSubject: u64 = 0;
  /** The service whose minute has counted the request. */
  private counted: Limits | null = null;

  constructor(
    /** Context id of the stream. */
    readonly id: i32,
    private limiter: Limiter,
  ) {}

  /**
   * May it be sent to this service? Asked again when it was woken, or another service is tried.
   * @param mayWait whether it may wait for a place; else one that is full is simply no choice
   */
  ask(config: Config, service: Service, mayWait: bool = true): Admission {
    const limiter = this.limiter;
    const gate = limiter.gateOf(service);
    if (gate !== this.gate) this.leave();
    this.gate = gate;
    if (!this.takeConsumer(config) || !this.takeService(service)) return this.refuse(gate);
    if (this.isIn || gate === null) return Admission.Granted;
    if (!gate.enter(this.isQueued)) return mayWait ? this.queue() : this.passOver();
    if (this.isQueued) gate.queued--;
    this.isQueued = false;
    this.isIn = true;
    return Admission.Granted;
  }

  /** There was no room after all: it gives its place back, and waits, if it may. */
  queue(): Admission {
    const gate = this.gate;
    if (gate === null) return Admission.Waits;
    if (this.isIn) gate.active--;
    this.isIn = false;
    this.retryAfter = QUEUE_RETRY_SECONDS;
    this.limit = this.isQueued ? Limit.Queue : Limit.Concurrency;
    if (!this.isQueued) {
      if (gate.queued >= gate.limits.queue) return this.refuse(gate);
      gate.queued++;
      this.isQueued = true;
      this.queuedUntil = this.limiter.time + gate.limits.queueMs;
      return Admission.Waits;
    }
    return this.limiter.time < this.queuedUntil ? Admission.Waits : this.refuse(gate);
  }

  /** The answer begins. @param isStream whether it is a stream, which may take too long */
  begin(isStream: bool): void {
    const gate = this.gate;
    if (gate === null || !isStream || !gate.limits.watches) return;
    this.begunAt = this.touchedAt = this.limiter.time;
    this.limiter.watch(this);
  }

  /**
   * The answer is overdue. Where parts of it still come, the next one makes room for an error; where none comes for a
   * while, or silence was what is wrong, there is no place for one.
   * @returns whether the answer must be broken off now
   */
  mustBreakOff(): bool {
    const time = this.limiter.time;
    if (!this.isOverdue) this.overdueAt = time;
    this.isOverdue = true;
    return this.isIdle || time - this.overdueAt >= GRACE_MS;
  }

  /** A part of the answer has come. */
  touch(): void {
    this.touchedAt = this.limiter.time;
  }

  /** The exchange is over: its place is free, and its tokens count. */
  close(usage: Usage): void {
    this.leave();
    this.limiter.unwatch(this);
    if (!usage.isKnown || (this.consumer == 0 && this.serviceSubject == 0)) return;
    const time = now();
    if (this.consumer != 0) addTokens(this.consumer, usage.sum, time);
    if (this.serviceSubject != 0) addTokens(this.serviceSubject, usage.sum, time);
    this.consumer = this.serviceSubject = 0;
  }

  private passOver(): Admission {
    this.leave();
    return Admission.Refused;
  }

  private leave(): void {
    const gate = this.gate;
    if (gate === null) return;
    if (this.isIn) gate.active--;
    if (this.isQueued) gate.queued--;
    if (gate.queued > 0 || this.isIn) this.limiter.isFreed = true;
    this.isIn = this.isQueued = false;
    this.gate = null;
  }

  private refuse(gate: Gate | null): Admission {
    if (gate !== null) gate.refuse(this.limit);
    this.leave();
    return Admission.Refused;
  }

  /** Counts the request for its consumer, once. False: a limit is reached. */
  private takeConsumer(config: Config): bool {
    const limits = config.limits;
    if (!limits.isAny || this.consumer != 0) return true;
    const name = getHeaderNamed(MapType.RequestHeaders, borrow(limits.consumerHeader));
    const subject = subjectOf("consumer", name, limits.seed);
    this.retryAfter = takeRequest(subject, limits.requestsPerMinute, limits.tokensPerMinute, now());
    this.limit = Limit.Consumer;
    if (this.retryAfter > 0) return false;
    this.consumer = subject;
    return true;
  }

  /** Counts the request for a service, once for each. False: a limit is reached. */
  private takeService(service: Service): bool {
    const limits = service.limits;
    if (this.counted === limits || !limits.hasMinute) return true;
    const subject = subjectOf("service", borrow(service.name), 0);
    this.retryAfter = takeRequest(subject, limits.requestsPerMinute, limits.tokensPerMinute, now());
    this.limit = Limit.Minute;
    if (this.retryAfter > 0) return false;
    this.counted = limits;
    this.serviceSubject = limits.tokensPerMinute > 0 ? subject : 0;
    return true;
  }
}

/** The one of exchanges that nothing limits. */
export const UNLIMITED: Permit = new Permit(-1, new Limiter(RuleSet.empty()));
