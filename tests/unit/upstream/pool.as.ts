/** Harness: one pool over instances that a reply of Eureka names. */
import { Slice, slice, utf8 } from "../../../assembly/bytes/slice";
import { Service } from "../../../assembly/config/model";
import { Policy } from "../../../assembly/config/policies";
import { SnapshotBuilder } from "../../../assembly/discovery/builder";
import { Instance } from "../../../assembly/discovery/instance";
import { Lookup, LookupKind } from "../../../assembly/discovery/lookup";
import { InstanceSink, ReplyReader } from "../../../assembly/discovery/reply";
import { Snapshot } from "../../../assembly/discovery/snapshot";
import { ApplicationView, Selection } from "../../../assembly/discovery/view";
import { boundOf } from "../../../assembly/upstream/balance/affinity";
import { seedRandom } from "../../../assembly/upstream/balance/random";
import { Evidence } from "../../../assembly/upstream/health";
import { Pool } from "../../../assembly/upstream/pool";

class Collector extends InstanceSink {
  builder: SnapshotBuilder = new SnapshotBuilder();

  accept(instance: Instance): bool {
    return this.builder.add(instance.record, instance.texts);
  }
}

const collector = new Collector();
const reader = new ReplyReader();
let snapshot: Snapshot = collector.builder.finish(0);
let service = new Service();
let view = new ApplicationView(new Lookup(LookupKind.Application, utf8("A")), new Selection());
let pool = new Pool(service, view);

export function allocate(size: usize): usize {
  return heap.alloc(size);
}

export function release(pointer: usize): void {
  heap.free(pointer);
}

/** A new pool without instances. */
export function open(policy: i32, loadFactor: f64, slowStartMs: i32, seed: i32): void {
  pool.dispose();
  seedRandom(seed);
  service = new Service();
  service.balance.policy = policy as Policy;
  service.balance.loadFactor = loadFactor;
  service.balance.slowStartMs = slowStartMs;
  view = new ApplicationView(view.lookup, new Selection());
  view.selection.zone = utf8("here");
  pool = new Pool(service, view);
}

export function setOutlier(failures: i32, baseMs: i32, maxMs: i32, percent: i32): void {
  service.outlier.consecutiveFailures = failures;
  service.outlier.baseEjectionMs = baseMs;
  service.outlier.maxEjectionMs = maxMs;
  service.outlier.maxEjectedPercent = percent;
}

/** Eureka's news begin. */
export function begin(): void {
  collector.builder.reset();
  reader.begin(collector);
}

/** A piece of the reply. */
export function feed(pointer: usize, length: i32): void {
  reader.feed(slice(pointer, length));
}

/** The reply is complete. False: it was refused. */
export function complete(): bool {
  if (!reader.end()) return false;
  const old = snapshot;
  snapshot = collector.builder.finish(1);
  view.update(snapshot);
  old.dispose();
  return true;
}

/** Chooses an instance and sends it a request: its key, or 0. */
export function choose(key: u64, now: i64): u64 {
  return pool.choose(key, now) ? pool.instance : 0;
}

/** Chooses and ends as often, for a bench; the sum of all candidates, so that nothing is left out. */
export function chooseOften(times: i32, spread: i32): u64 {
  let sum: u64 = 0;
  for (let i = 0; i < times; i++) {
    pool.choose(((i % spread) as u64) * 0x9e3779b97f4a7c15 + 1, 1000);
    sum += pool.instance;
    pool.roster.add(view.indexOf(pool.instance), -1);
  }
  return sum;
}

export function judge(instance: u64, evidence: i32, now: i64): void {
  pool.judge(instance, evidence as Evidence, now);
}

export function end(instance: u64, isJudged: bool, now: i64): void {
  pool.end(instance, isJudged, now);
}

/** Time passes; whoever is asked is there. */
export function tick(now: i64): void {
  for (let due = pool.takeDue(now); due != 0; due = pool.takeDue(now)) pool.answer(due, true, now);
}

/** Time passes: an instance that is to be asked whether it is there, or 0. */
export function takeDue(now: i64): u64 {
  return pool.takeDue(now);
}

export function answer(instance: u64, isThere: bool, now: i64): void {
  pool.answer(instance, isThere, now);
}

export function endpointOf(instance: u64): Slice {
  return view.endpoint(view.indexOf(instance));
}

/** Standing of an instance, or -1 where it has gone. */
export function standingOf(instance: u64): i32 {
  const candidate = view.indexOf(instance);
  return candidate < 0 ? -1 : pool.roster.standing(candidate);
}

export function outstandingOf(instance: u64): i32 {
  const candidate = view.indexOf(instance);
  return candidate < 0 ? -1 : pool.roster.outstanding(candidate);
}

/** Most open requests that an instance may have now, the next one included. */
export function bound(): i32 {
  return boundOf(pool.roster, pool.roster.end, service.balance.loadFactor);
}

export function count(): i32 {
  return view.count;
}

export function openCount(): i32 {
  return pool.roster.openCount;
}

export function ejections(): i64 {
  return pool.health.ejections;
}

export function spared(): i64 {
  return pool.health.spared;
}

export function pages(): i32 {
  return memory.size();
}
