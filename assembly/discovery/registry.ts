import { Slice, Utf8, borrow } from "../bytes/slice";
import { SnapshotBuilder } from "./builder";
import { Counters, Entry } from "./catalog";
import { Lease, shareSnapshot, takeSnapshot } from "./lease";
import { Lookup, LookupKind } from "./lookup";
import { NewsSink, Refresh } from "./refresh";
import { Settings, readsWholeRegistry, sourceHash, taskHash } from "./settings";
import { Snapshot } from "./snapshot";
import { ApplicationView, Selection } from "./view";

/** Ticks are this frequent until the first one came, milliseconds: Eureka is to be asked at once. */
const FIRST_TICK_MS: i32 = 10;

/** And this frequent while requests may have to wait for the first answer ... */
const WAITING_TICK_MS: i32 = 50;

/** ... but not for longer than this. */
const WAITING_MS: i64 = 10000;

/** Then a tenth of the poll interval, within these bounds. */
const LEAST_TICK_MS: i32 = 100;
const MOST_TICK_MS: i32 = 500;

/**
 * What a root context knows of Eureka: the instances of the applications it needs, and the work of keeping them
 * current. Of all workers one asks; the others look at its ledger on each tick. A request only reads: nothing here
 * waits, and what was known stays in use until there is better.
 *
 * Use: make it with the settings and the application names, get a view for each service (`viewOf`, or `find` for the
 * default selection), call `tick` every `tickPeriodMs` milliseconds (which changes) and `onCallout` for every answered
 * callout, and `dispose` in the end.
 */
@final
export class Registry extends NewsSink {
  readonly counters: Counters = new Counters();
  /** Grows whenever some application became known or changed. */
  revision: i32 = 0;

  private entries: Entry[] = [];
  private source: u64 = 0;
  private lease: Lease | null = null;
  private refresh: Refresh | null = null;
  private startedAt: i64 = 0;
  private now: i64 = 0;

  /** @param applications names of applications, in any case; `viewOf` adds further names */
  constructor(
    private settings: Settings,
    applications: Utf8[],
  ) {
    super();
    for (let i = 0; i < applications.length; i++) this.entryOf(LookupKind.Application, applications[i]);
  }

  /** Milliseconds between two ticks from now on. */
  get tickPeriodMs(): i32 {
    if (this.startedAt == 0) return FIRST_TICK_MS;
    if (!this.ready && this.now - this.startedAt < WAITING_MS) return WAITING_TICK_MS;
    return min(max(this.settings.pollIntervalMs / 10, LEAST_TICK_MS), MOST_TICK_MS);
  }

  /** Whether the instances of every name are known (or its fall-back list is in use). */
  get ready(): bool {
    for (let i = 0; i < this.entries.length; i++) {
      if (!this.entries[i].isKnown) return false;
    }
    return true;
  }

  /** Number of names that are asked for. */
  get count(): i32 {
    return this.entries.length;
  }

  /** What is known of name `index`: its snapshot with all statuses, its age, its last failure. */
  entry(index: i32): Entry {
    return this.entries[index];
  }

  /** Whether this worker is the one that asks Eureka. */
  get asks(): bool {
    const lease = this.lease;
    return lease !== null && lease.isHeld;
  }

  /** The view of an application with the default selection; null where the name was not given. Any case will do. */
  find(application: Utf8): ApplicationView | null {
    for (let i = 0; i < this.entries.length; i++) {
      if (!this.entries[i].lookup.asks(LookupKind.Application, borrow(application))) continue;
      const views = this.entries[i].views;
      if (views.length > 0) return views[0];
    }
    return null;
  }

  /** A view for one service. A name that is new is asked for from the next tick on. */
  viewOf(kind: LookupKind, name: Utf8, selection: Selection): ApplicationView {
    const entry = this.entryOf(kind, name);
    const view = new ApplicationView(entry.lookup, selection);
    entry.views.push(view);
    const snapshot = entry.snapshot;
    if (snapshot !== null) view.update(snapshot);
    return view;
  }

  /** Adds `host:port` to what is used of an application until Eureka answers for the first time. False: it is none. */
  addFallback(kind: LookupKind, name: Utf8, endpoint: Slice): bool {
    return this.entryOf(kind, name).addFallback(endpoint);
  }

  /** Milliseconds since Eureka last answered for an application; -1: never, or the name was not given. */
  ageMs(application: Utf8, now: i64): i64 {
    for (let i = 0; i < this.entries.length; i++) {
      const entry = this.entries[i];
      if (entry.lookup.asks(LookupKind.Application, borrow(application)) && entry.answeredAt > 0) {
        return max(0, now - entry.answeredAt);
      }
    }
    return -1;
  }

  /** When Eureka last answered a question, in milliseconds since 1970; 0: never, or it is not asked. */
  answeredAt(lookup: Lookup): i64 {
    for (let i = 0; i < this.entries.length; i++) {
      if (this.entries[i].lookup === lookup) return this.entries[i].answeredAt;
    }
    return 0;
  }

  /** Time passes. @param now milliseconds since 1970; 0 (a host without a clock) does nothing */
  tick(now: i64): void {
    if (now <= 0 || this.entries.length == 0) return;
    this.now = now;
    if (this.startedAt == 0) this.start(now);
    const lease = this.lease;
    const refresh = this.refresh;
    if (lease === null || refresh === null) return;
    const isNew = lease.tick(now);
    if (!lease.isHeld || isNew) this.follow(lease);
    if (isNew) {
      this.counters.takeovers++;
      for (let i = 0; i < this.entries.length; i++) this.entries[i].emptySince = 0;
      refresh.start(now);
    }
    if (lease.isHeld) {
      this.repair(lease);
      refresh.tick(now, this.tickPeriodMs);
    }
    this.fallBack(refresh, now);
  }

  /** A callout was answered: `headers` is its number of headers, 0 for none. False: it is not one of these. */
  onCallout(token: i32, headers: i32, size: i32, now: i64): bool {
    const refresh = this.refresh;
    if (refresh === null || !refresh.onCallout(token, headers, size, now)) return false;
    this.now = now;
    this.fallBack(refresh, now);
    return true;
  }

  /** Gives the lease back and frees the memory. The registry and its views must not be used any more. */
  dispose(): void {
    this.stop();
    for (let i = 0; i < this.entries.length; i++) this.entries[i].dispose();
    this.entries = [];
  }

  /** For `Refresh`. */
  onNews(index: i32, snapshot: Snapshot, time: i64, now: i64): void {
    const entry = this.entries[index];
    const lease = this.lease;
    entry.answeredAt = max(entry.answeredAt, time);
    if (this.isDoubted(entry, snapshot, now)) {
      this.counters.heldEmpty++;
      snapshot.dispose();
      if (lease !== null) lease.publish(index, lease.hash(index), entry.answeredAt);
      return;
    }
    this.accept(entry, snapshot);
    if (lease !== null) this.share(lease, index);
  }

  /** For `Refresh`. */
  onNoChange(index: i32, time: i64, now: i64): void {
    const entry = this.entries[index];
    const lease = this.lease;
    if (entry.emptySince != 0) {
      // Nothing has changed since an empty answer: it is given once more, and in the end believed.
      this.onNews(index, new SnapshotBuilder().finish(time), time, now);
      return;
    }
    entry.answeredAt = max(entry.answeredAt, time);
    if (lease !== null) lease.publish(index, lease.hash(index), entry.answeredAt);
  }

  private entryOf(kind: LookupKind, name: Utf8): Entry {
    for (let i = 0; i < this.entries.length; i++) {
      if (this.entries[i].lookup.asks(kind, borrow(name))) return this.entries[i];
    }
    const entry = new Entry(new Lookup(kind, name));
    if (kind == LookupKind.Application) entry.views.push(new ApplicationView(entry.lookup, new Selection()));
    this.entries.push(entry);
    // The ledger has one row a name: with another name it is another ledger.
    if (this.startedAt != 0) this.stop();
    return entry;
  }

  /** The first tick: what another VM or an earlier configuration left behind is used at once. */
  private start(now: i64): void {
    this.startedAt = now;
    const lookups: Lookup[] = [];
    for (let i = 0; i < this.entries.length; i++) lookups.push(this.entries[i].lookup);
    const task = taskHash(this.settings, lookups);
    const isWhole = readsWholeRegistry(this.settings, lookups);
    this.source = sourceHash(this.settings);
    this.lease = new Lease(task, this.entries.length);
    this.refresh = new Refresh(
      this.settings,
      this.entries,
      this,
      this.counters,
      isWhole,
      task ^ (now as u64),
    );
    for (let i = 0; i < this.entries.length; i++) this.restore(this.entries[i]);
  }

  /** Leaves the asking to the others. The next tick starts anew. */
  private stop(): void {
    const lease = this.lease;
    if (lease !== null) {
      lease.release();
      lease.dispose();
    }
    const refresh = this.refresh;
    if (refresh !== null) refresh.dispose();
    this.lease = null;
    this.refresh = null;
    this.startedAt = 0;
  }

  private restore(entry: Entry): bool {
    const snapshot = takeSnapshot(this.source, entry.lookup.key);
    if (snapshot === null) return false;
    const current = entry.snapshot;
    if (current !== null && entry.isAnswered && snapshot.takenAt < current.takenAt) {
      snapshot.dispose();
      return true;
    }
    this.counters.adopted++;
    entry.answeredAt = max(entry.answeredAt, snapshot.takenAt);
    this.accept(entry, snapshot);
    return true;
  }

  /** Takes over what the worker that asks has written. */
  private follow(lease: Lease): void {
    for (let i = 0; i < this.entries.length; i++) {
      const entry = this.entries[i];
      entry.answeredAt = max(entry.answeredAt, lease.answeredAt(i));
      const hash = lease.hash(i);
      if (hash == 0 || hash == entry.seenHash) continue;
      const current = entry.snapshot;
      if ((current !== null && entry.isAnswered && current.hash == hash) || this.restore(entry)) {
        entry.seenHash = hash;
      } else if (entry.unreadableAt != lease.answeredAt(i)) {
        entry.unreadableAt = lease.answeredAt(i);
        lease.complain(i);
      }
    }
  }

  /** Shares again what another worker could not read. */
  private repair(lease: Lease): void {
    for (let i = 0; i < this.entries.length; i++) {
      if (this.entries[i].isAnswered && lease.hash(i) == 0) this.share(lease, i);
    }
  }

  /** Writes the instances of a name for the other workers, unless they have them, and says so in the ledger. */
  private share(lease: Lease, index: i32): void {
    const entry = this.entries[index];
    const snapshot = entry.snapshot;
    if (snapshot === null || !lease.isHeld) return;
    if (lease.hash(index) != snapshot.hash) shareSnapshot(this.source, entry.lookup.key, snapshot);
    entry.seenHash = snapshot.hash;
    lease.publish(index, snapshot.hash, entry.answeredAt);
  }

  /** Equal instances keep their snapshot, so that nothing is built anew. */
  private accept(entry: Entry, snapshot: Snapshot): void {
    const current = entry.snapshot;
    if (current !== null && entry.isAnswered && current.hash == snapshot.hash) {
      snapshot.dispose();
      entry.emptySince = 0;
      return;
    }
    entry.replace(snapshot);
    entry.emptySince = 0;
    this.revision++;
  }

  /** Whether an answer says that an application has no instances any more, and it is too early to believe that. */
  private isDoubted(entry: Entry, snapshot: Snapshot, now: i64): bool {
    const current = entry.snapshot;
    if (snapshot.count > 0 || current === null || !entry.isAnswered || current.count == 0) return false;
    if (entry.emptySince == 0) entry.emptySince = now;
    return now - entry.emptySince < (this.settings.emptyGraceMs as i64);
  }

  /** Eureka could not be asked, or does not answer in time: what the configuration lists is better than nothing. */
  private fallBack(refresh: Refresh, now: i64): void {
    const isLate = now - this.startedAt >= (this.settings.timeoutMs as i64);
    for (let i = 0; i < this.entries.length; i++) {
      const entry = this.entries[i];
      if (entry.isKnown || !(isLate || refresh.hasFailed(i))) continue;
      if (entry.useFallback(now)) this.revision++;
    }
  }
}
