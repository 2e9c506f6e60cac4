import { Slice } from "../bytes/slice";
import { SnapshotBuilder } from "./builder";
import { Entry } from "./catalog";
import { Census } from "./census";
import { Instance } from "./instance";
import { InstanceSink } from "./reply";
import { Snapshot } from "./snapshot";

/** Takes the instances of one application out of a reply. */
@final
export class ApplicationSink extends InstanceSink {
  private builder: SnapshotBuilder = new SnapshotBuilder();
  private entry: Entry | null = null;

  /** @param bytes size of the reply; about an eighth of it is kept */
  begin(entry: Entry, bytes: i32): void {
    this.entry = entry;
    this.builder.reset();
    this.builder.reserve(bytes >> 3);
  }

  accept(instance: Instance): bool {
    const entry = this.entry;
    if (entry === null || !isWanted(entry, instance)) return true;
    return this.builder.add(instance.record, instance.texts);
  }

  /** The instances, owned by the caller. */
  finish(time: i64): Snapshot {
    const snapshot = this.builder.finish(time);
    this.dispose();
    return snapshot;
  }

  /** Forgets a reply that does not count, and frees the memory. */
  dispose(): void {
    this.builder.dispose();
    this.entry = null;
  }
}

/**
 * Takes the instances of every name out of a reply about the whole registry, full or delta, and counts all others for
 * the hash code. A reply that does not count leaves the census wrong: a full one must follow.
 */
@final
export class RegistrySink extends InstanceSink {
  private census: Census = new Census();
  private builders: SnapshotBuilder[] = [];
  private isTouched: StaticArray<bool> = new StaticArray<bool>(0);
  private isDelta: bool = false;

  constructor(private entries: Entry[]) {
    super();
    this.isTouched = new StaticArray<bool>(entries.length);
    for (let i = 0; i < entries.length; i++) this.builders.push(new SnapshotBuilder());
  }

  begin(isDelta: bool): void {
    this.isDelta = isDelta;
    if (!isDelta) this.census.reset();
    for (let i = 0; i < this.entries.length; i++) {
      this.builders[i].reset();
      this.isTouched[i] = !isDelta;
    }
  }

  accept(instance: Instance): bool {
    if (this.isDelta && instance.isDeleted) this.census.remove(instance.key);
    else this.census.put(instance.key, instance.status);
    for (let i = 0; i < this.entries.length; i++) {
      const entry = this.entries[i];
      const isMember = isWanted(entry, instance) && !(this.isDelta && instance.isDeleted);
      if (!isMember && !(this.isDelta && this.holds(i, entry, instance.key))) continue;
      if (!this.touch(i, entry)) return false;
      const builder = this.builders[i];
      if (!(isMember ? builder.add(instance.record, instance.texts) : builder.remove(instance.key)))
        return false;
    }
    return true;
  }

  /** Eureka's hash code of the registry as it is after the reply; borrowed. */
  hashCode(): Slice {
    return this.census.hashCode();
  }

  /** The instances of a name, owned by the caller; null where a delta did not speak of it. */
  finish(index: i32, time: i64): Snapshot | null {
    if (!this.isTouched[index]) return null;
    const snapshot = this.builders[index].finish(time);
    this.builders[index].dispose();
    return snapshot;
  }

  /** Forgets a reply that does not count. */
  abandon(): void {
    for (let i = 0; i < this.builders.length; i++) this.builders[i].dispose();
  }

  /** Frees the memory. The sink must not be used any more. */
  dispose(): void {
    this.abandon();
    this.census.dispose();
  }

  /** Whether an instance that is gone, or has another name now, may be among those of the entry. */
  private holds(index: i32, entry: Entry, key: u64): bool {
    const base = entry.base;
    return this.isTouched[index] || (base !== null && base.indexOf(key) >= 0);
  }

  /** Begins with what is known, because a delta only says what changed. */
  private touch(index: i32, entry: Entry): bool {
    if (this.isTouched[index]) return true;
    this.isTouched[index] = true;
    const base = entry.base;
    return base === null || this.builders[index].addAll(base);
  }
}

function isWanted(entry: Entry, instance: Instance): bool {
  return entry.lookup.accepts(
    instance.application,
    instance.applicationHash,
    instance.vip,
    instance.secureVip,
  );
}
