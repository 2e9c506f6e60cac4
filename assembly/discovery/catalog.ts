import { Slice } from "../bytes/slice";
import { SnapshotBuilder } from "./builder";
import { FAILURES, Failure } from "./failure";
import { Instance } from "./instance";
import { Lookup } from "./lookup";
import { Snapshot } from "./snapshot";
import { ApplicationView } from "./view";

/** What happened so far in this worker; the observe room publishes it. */
@final
export class Counters {
  /** Calls to Eureka that were sent, and those of them that asked for everything or for a delta. */
  calls: i64 = 0;
  fullCalls: i64 = 0;
  deltaCalls: i64 = 0;
  /** Replies that brought news, or that nothing changed. */
  replies: i64 = 0;
  /** Calls without news, by `Failure`. */
  failures: StaticArray<i64> = new StaticArray<i64>(FAILURES);
  /** Instances in replies that name no place to send a request to. */
  skipped: i64 = 0;
  /** Snapshots taken over from another worker. */
  adopted: i64 = 0;
  /** Times that this worker became the one that asks. */
  takeovers: i64 = 0;
  /** Empty answers that were not believed yet. */
  heldEmpty: i64 = 0;
}

/** What is known of one name. */
@final
export class Entry {
  snapshot: Snapshot | null = null;
  /** Milliseconds since 1970 of the last answer, whichever worker asked; 0: none yet. */
  answeredAt: i64 = 0;
  /** Why the last call of this worker brought no news; `None` after one that did. */
  failure: Failure = Failure.None;
  /** Since when Eureka says that there are no instances, while the old ones are still in use; 0: it does not. */
  emptySince: i64 = 0;
  /** What the others' ledger said when the shared snapshot was last looked at. */
  seenHash: u64 = 0;
  /** Time of the answer whose shared snapshot could not be read; the holder is told once. */
  unreadableAt: i64 = 0;
  views: ApplicationView[] = [];
  private fallback: SnapshotBuilder | null = null;
  private isFallback: bool = false;

  constructor(public readonly lookup: Lookup) {}

  /** Whether Eureka has answered, to this worker or another. */
  get isAnswered(): bool {
    return this.snapshot !== null && !this.isFallback;
  }

  /** Whether requests need not wait: Eureka has answered, or the fall-back list is in use. */
  get isKnown(): bool {
    return this.snapshot !== null;
  }

  /** The snapshot that a delta changes: what Eureka said last, believed or not. Null: an empty one. */
  get base(): Snapshot | null {
    return this.emptySince == 0 && !this.isFallback ? this.snapshot : null;
  }

  /** Adds `host:port` to the instances that are used until Eureka answers for the first time. False: it is none. */
  addFallback(endpoint: Slice): bool {
    const instance = new Instance();
    const isEndpoint = instance.readEndpoint(endpoint);
    let builder = this.fallback;
    if (builder === null && isEndpoint) {
      builder = new SnapshotBuilder();
      this.fallback = builder;
    }
    if (builder !== null && isEndpoint) builder.add(instance.record, instance.texts);
    instance.dispose();
    return isEndpoint;
  }

  /** Puts the fall-back list into use, if there is one and nothing better. True where that changed something. */
  useFallback(now: i64): bool {
    const builder = this.fallback;
    if (builder === null || this.snapshot !== null) return false;
    this.isFallback = true;
    this.show(builder.finish(now));
    this.dropFallback();
    return true;
  }

  /** Replaces the snapshot, which the entry owns from now on. */
  replace(snapshot: Snapshot): void {
    this.isFallback = false;
    this.show(snapshot);
    this.dropFallback();
  }

  /** Frees the memory. */
  dispose(): void {
    const snapshot = this.snapshot;
    if (snapshot !== null) snapshot.dispose();
    this.snapshot = null;
    this.dropFallback();
    for (let i = 0; i < this.views.length; i++) this.views[i].dispose();
  }

  private dropFallback(): void {
    const builder = this.fallback;
    if (builder !== null) builder.dispose();
    this.fallback = null;
  }

  private show(snapshot: Snapshot): void {
    const old = this.snapshot;
    this.snapshot = snapshot;
    for (let i = 0; i < this.views.length; i++) this.views[i].update(snapshot);
    if (old !== null) old.dispose();
  }
}
