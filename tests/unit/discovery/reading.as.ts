/** Harness: one reply is read into one snapshot, which a view selects from. */
import { Slice, slice, toOwned } from "../../../assembly/bytes/slice";
import { Writer } from "../../../assembly/bytes/writer";
import { isHost, isIp } from "../../../assembly/discovery/address";
import { SnapshotBuilder } from "../../../assembly/discovery/builder";
import { Instance } from "../../../assembly/discovery/instance";
import { Lookup, LookupKind } from "../../../assembly/discovery/lookup";
import { InstanceSink, ReplyReader } from "../../../assembly/discovery/reply";
import { Snapshot, isSnapshot } from "../../../assembly/discovery/snapshot";
import { Status, writeHashCode } from "../../../assembly/discovery/status";
import { ApplicationView, PortChoice, Selection } from "../../../assembly/discovery/view";

/** Puts every instance that the lookup accepts, or every one without a lookup, into the builder. */
class Collector extends InstanceSink {
  builder: SnapshotBuilder = new SnapshotBuilder();
  lookup: Lookup | null = null;

  accept(instance: Instance): bool {
    const lookup = this.lookup;
    const isWanted =
      lookup === null ||
      lookup.accepts(instance.application, instance.applicationHash, instance.vip, instance.secureVip);
    if (!isWanted) return true;
    if (instance.isDeleted) return this.builder.remove(instance.key);
    return this.builder.add(instance.record, instance.texts);
  }
}

const reader = new ReplyReader();
const collector = new Collector();
let snapshot: Snapshot = collector.builder.finish(0);
let selection = new Selection();
let view = new ApplicationView(new Lookup(LookupKind.Application, new ArrayBuffer(0)), selection);
const writer = new Writer();

export function allocate(size: usize): usize {
  return heap.alloc(size);
}

export function release(pointer: usize): void {
  heap.free(pointer);
}

export function look(kind: i32, pointer: usize, length: i32): void {
  collector.lookup = length == 0 ? null : new Lookup(kind as LookupKind, toOwned(slice(pointer, length)));
}

export function begin(): void {
  collector.builder.reset();
  reader.begin(collector);
}

/** Begins with what the last reply said, as a delta does. */
export function beginDelta(): void {
  begin();
  collector.builder.addAll(snapshot);
}

export function reserve(bytes: i32): void {
  collector.builder.reserve(bytes);
}

export function feed(pointer: usize, length: i32): bool {
  return reader.feed(slice(pointer, length));
}

export function end(time: i64): bool {
  if (!reader.end()) return false;
  const next = collector.builder.finish(time);
  snapshot.dispose();
  snapshot = next;
  return true;
}

export function freeBuilder(): void {
  collector.builder.dispose();
}

export function failure(): i32 {
  return reader.failure;
}

export function instances(): i32 {
  return reader.instances;
}

export function skipped(): i32 {
  return reader.skipped;
}

export function hashCode(): Slice {
  return reader.hashCode;
}

/** The hash code that the instances of the snapshot have. */
export function computedHashCode(): Slice {
  const counts = new StaticArray<i32>(5);
  for (let i = 0; i < snapshot.count; i++) counts[snapshot.status(i)] += 1;
  writer.reset();
  writeHashCode(writer, counts);
  return writer.view();
}

export function snapshotBytes(): Slice {
  return snapshot.bytes;
}

export function accepts(pointer: usize, length: i32): bool {
  return isSnapshot(slice(pointer, length));
}

/** Takes a copy of bytes for the snapshot; false where they are none. */
export function adopt(pointer: usize, length: i32): bool {
  const copy = Snapshot.copy(slice(pointer, length));
  if (copy === null) return false;
  snapshot.dispose();
  snapshot = copy;
  return true;
}

export function count(): i32 {
  return snapshot.count;
}

export function takenAt(): i64 {
  return snapshot.takenAt;
}

export function contentHash(): u64 {
  return snapshot.hash;
}

export function keyOf(index: i32): u64 {
  return snapshot.key(index);
}

export function indexOf(key: u64): i32 {
  return snapshot.indexOf(key);
}

export function id(index: i32): Slice {
  return snapshot.id(index);
}

export function address(index: i32): Slice {
  return snapshot.address(index);
}

export function hostName(index: i32): Slice {
  return snapshot.hostName(index);
}

export function zone(index: i32): Slice {
  return snapshot.zone(index);
}

export function status(index: i32): i32 {
  return snapshot.status(index);
}

/** The enabled ports; 0 for a disabled one. */
export function port(index: i32): i32 {
  return snapshot.isPortEnabled(index) ? snapshot.port(index) : 0;
}

export function securePort(index: i32): i32 {
  return snapshot.isSecurePortEnabled(index) ? snapshot.securePort(index) : 0;
}

export function upSince(index: i32): u32 {
  return snapshot.upSince(index);
}

/** NONE where the key is absent. */
export function metadata(index: i32, pointer: usize, length: i32): Slice {
  return snapshot.metadata(index, slice(pointer, length));
}

/** A new selection: all statuses or UP only, which ports, and by address or name. */
export function select(allStatuses: bool, ports: i32, preferIp: bool): void {
  selection = new Selection();
  if (allStatuses) selection.statuses = 0x1f;
  selection.ports = ports as PortChoice;
  selection.preferIp = preferIp;
}

export function selectZone(pointer: usize, length: i32): void {
  selection.zone = toOwned(slice(pointer, length));
}

export function selectMetadata(key: usize, keyLength: i32, value: usize, valueLength: i32): void {
  selection.metadataKeys.push(toOwned(slice(key, keyLength)));
  selection.metadataValues.push(toOwned(slice(value, valueLength)));
}

/** Applies the selection to the snapshot. */
export function apply(): void {
  view.dispose();
  view = new ApplicationView(view.lookup, selection);
  view.update(snapshot);
}

/** Applies it again and again, for counting what that allocates. */
export function applyOften(times: i32): void {
  for (let i = 0; i < times; i++) view.update(snapshot);
}

export function candidates(): i32 {
  return view.count;
}

export function localCandidates(): i32 {
  return view.localCount;
}

export function countOf(status: i32): i32 {
  return view.countOf(status as Status);
}

export function endpoint(candidate: i32): Slice {
  return view.endpoint(candidate);
}

export function weight(candidate: i32): i32 {
  return view.weight(candidate);
}

export function isSecure(candidate: i32): bool {
  return view.isSecure(candidate);
}

export function candidateKey(candidate: i32): u64 {
  return view.key(candidate);
}

export function candidateOf(key: u64): i32 {
  return view.indexOf(key);
}

export function acceptsHost(pointer: usize, length: i32): bool {
  return isHost(slice(pointer, length));
}

export function acceptsIp(pointer: usize, length: i32): bool {
  return isIp(slice(pointer, length));
}

export function pages(): i32 {
  return memory.size();
}
