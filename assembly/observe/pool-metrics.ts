import { Slice, borrow, utf8 } from "../bytes/slice";
import { STATUSES, Status, statusName } from "../discovery/status";
import { increment, record } from "../host/metrics";
import { Pool } from "../upstream/pool";
import { Metric, define } from "./metrics";

/** So many instances of a service are told apart; the choices of all others are counted as one. */
const MOST_INSTANCES: i32 = 64;

/** The metrics of one service's instances. */
export class PoolMetrics {
  private age: i32;
  private usable: i32;
  private ejected: i32;
  private ejections: i32;
  private spared: i32;
  private statuses: StaticArray<i32> = new StaticArray<i32>(STATUSES);
  /** Metric of each instance's choices, by key. */
  private choices: Map<u64, i32> = new Map<u64, i32>();
  private others: i32 = -1;
  /** What was published. */
  private ejectedBefore: i32 = 0;
  private ejectionsBefore: i64 = 0;
  private sparedBefore: i64 = 0;

  constructor(private pool: Pool) {
    const service = borrow(pool.service.name);
    this.age = define(Metric.SnapshotAge, service);
    this.usable = define(Metric.Usable, service);
    this.ejected = define(Metric.Ejected, service);
    this.ejections = define(Metric.Ejections, service);
    this.spared = define(Metric.Spared, service);
    for (let i = 0; i < STATUSES; i++) {
      const status = utf8(statusName(i as Status));
      this.statuses[i] = define(Metric.Instances, service, borrow(status));
    }
  }

  /** Publishes what has changed. */
  publish(now: i64): void {
    const pool = this.pool;
    const view = pool.view;
    const registry = pool.registry;
    const answeredAt = registry === null ? (0 as i64) : registry.answeredAt(view.lookup);
    if (answeredAt > 0) record(this.age, max(0, now - answeredAt));
    for (let i = 0; i < STATUSES; i++) record(this.statuses[i], view.countOf(i as Status));
    record(this.usable, view.count);
    this.publishHealth(pool.roster.ejectedCount);
    for (let i = 0; i < pool.roster.count; i++) {
      const choices = pool.roster.takeChoices(i);
      if (choices > 0) increment(this.choicesOf(view.key(i), view.endpoint(i)), choices);
    }
  }

  /** This worker's part of the sums goes with it. */
  withdraw(): void {
    this.publishHealth(0);
  }

  private publishHealth(ejected: i32): void {
    const health = this.pool.health;
    increment(this.ejected, ejected - this.ejectedBefore);
    increment(this.ejections, health.ejections - this.ejectionsBefore);
    increment(this.spared, health.spared - this.sparedBefore);
    this.ejectedBefore = ejected;
    this.ejectionsBefore = health.ejections;
    this.sparedBefore = health.spared;
  }

  private choicesOf(key: u64, endpoint: Slice): i32 {
    if (this.choices.has(key)) return this.choices.get(key);
    const service = borrow(this.pool.service.name);
    if (this.choices.size < MOST_INSTANCES) {
      const metric = define(Metric.Choices, service, endpoint);
      this.choices.set(key, metric);
      return metric;
    }
    if (this.others < 0) {
      const other = utf8("other");
      this.others = define(Metric.Choices, service, borrow(other));
    }
    return this.others;
  }
}
