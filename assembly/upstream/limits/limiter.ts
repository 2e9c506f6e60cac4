import { Service } from "../../config/model";
import { Rule, RuleSet } from "../../config/rules";
import { Gate, QUEUE_TICK_MS, WATCH_TICK_MS } from "./gate";
import { Permit, UNLIMITED } from "./permit";

/** The limits of one configuration, as far as this worker keeps them. */
@final
export class Limiter {
  /** Whether anything is limited: else nothing here is asked. */
  isOn: bool = false;
  /** Whether a place has become free since the last `takeFreed`. */
  isFreed: bool = false;
  /** Milliseconds since 1970 at the last tick. */
  time: i64 = 0;
  /** Milliseconds between ticks; 0 where none is needed. */
  tickPeriodMs: i32 = 0;
  readonly gates: Array<Gate> = [];
  private watched: Array<Permit> = [];

  constructor(rules: RuleSet) {
    this.look(rules.fallback);
    for (let i = 0; i < rules.rules.length; i++) this.look(unchecked(rules.rules[i]));
  }

  /** What an exchange has been granted: `permit`, or a new one where it has none and something is limited. */
  permitFor(permit: Permit, stream: i32): Permit {
    return this.isOn && permit === UNLIMITED ? new Permit(stream, this) : permit;
  }

  /** The gate of a service; null where it has no limits. */
  gateOf(service: Service): Gate | null {
    for (let i = 0; i < this.gates.length; i++) {
      const gate = unchecked(this.gates[i]);
      // A copy of a service with another model has the same limits.
      if (gate.limits === service.limits) return gate;
    }
    return null;
  }

  /** From now on the answer may become overdue. */
  watch(permit: Permit): void {
    permit.place = this.watched.length;
    this.watched.push(permit);
  }

  /** The exchange is over. */
  unwatch(permit: Permit): void {
    const place = permit.place;
    if (place < 0 || place >= this.watched.length) return;
    const last = this.watched.pop();
    last.place = place;
    if (last !== permit) unchecked((this.watched[place] = last));
    permit.place = -1;
  }

  /** Whether a place has become free since the last call. */
  takeFreed(): bool {
    const isFreed = this.isFreed;
    this.isFreed = false;
    return isFreed;
  }

  /** Ids of the streams whose answers have been silent, or have gone on, for too long. They are named until they end. */
  overdue(): Array<i32> {
    const ids: Array<i32> = [];
    for (let i = 0; i < this.watched.length; i++) {
      const permit = unchecked(this.watched[i]);
      if (this.isOverdue(permit)) ids.push(permit.id);
    }
    return ids;
  }

  private isOverdue(permit: Permit): bool {
    const gate = permit.gate;
    if (gate === null) return false;
    const limits = gate.limits;
    // The clock is that of the last tick, which may be a period behind.
    const idle = this.time - permit.touchedAt - WATCH_TICK_MS;
    permit.isIdle = limits.idleMs > 0 && idle >= limits.idleMs;
    return permit.isIdle || (limits.maxStreamMs > 0 && this.time - permit.begunAt >= limits.maxStreamMs);
  }

  private look(rule: Rule | null): void {
    if (rule === null) return;
    const config = rule.config;
    if (config === null) return;
    if (config.limits.isAny) this.isOn = true;
    for (let i = 0; i < config.services.length; i++) {
      const service = unchecked(config.services[i]);
      const limits = service.limits;
      if (!limits.isAny || this.gateOf(service) !== null) continue;
      this.isOn = true;
      this.gates.push(new Gate(service, limits));
      if (limits.watches) this.tickAtLeast(WATCH_TICK_MS);
      if (limits.queue > 0) this.tickAtLeast(QUEUE_TICK_MS);
    }
  }

  private tickAtLeast(period: i32): void {
    this.tickPeriodMs = this.tickPeriodMs == 0 ? period : min(this.tickPeriodMs, period);
  }
}
