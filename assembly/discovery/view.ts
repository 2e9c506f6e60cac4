import {
  NONE,
  Slice,
  Utf8,
  borrow,
  lengthOf,
  parseDecimal,
  pointerOf,
  same,
  slice,
  utf8,
} from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { writeEndpoint } from "./address";
import { Lookup } from "./lookup";
import { Snapshot } from "./snapshot";
import { Status } from "./status";

/** Which of an instance's two ports is used; disabled ports never are. */
export enum PortChoice {
  /** The plain port; where it is disabled, the secure one. */
  PlainFirst,
  /** The secure port; where it is disabled, the plain one. */
  SecureFirst,
  PlainOnly,
  SecureOnly,
}

/** A weight that nobody set, and the largest one. */
const DEFAULT_WEIGHT: i32 = 1;
const MAX_WEIGHT: i32 = 1000;

/** Which instances a service may be sent to, and how they are addressed. */
export class Selection {
  /** Bit (1 << status) for each usable status. */
  statuses: u32 = 1 << Status.Up;
  ports: PortChoice = PortChoice.PlainFirst;
  /** Addressed by `ipAddr`; else by `hostName`. The other one takes its place where it is missing. */
  preferIp: bool = true;
  /** Own zone, whose instances come first; empty: none. */
  zone: Utf8 = new ArrayBuffer(0);
  /** Metadata key that holds the weight. */
  weightKey: Utf8 = utf8("weight");
  /** Metadata that an instance must have: keys, and the value of each. */
  metadataKeys: Utf8[] = [];
  metadataValues: Utf8[] = [];
}

/** Layout of a candidate: 16 bytes. */
const CANDIDATE_BYTES: i32 = 16;
const INDEX: usize = 0;
const ENDPOINT: usize = 4;
const ENDPOINT_SIZE: usize = 8;
const WEIGHT: usize = 10;
const SECURE: usize = 12;

/**
 * The instances of one application that one service may be sent to: the selection applied to the snapshot once, when
 * it changes, not for every request. Candidates are counted from 0 and ordered: own zone first, then by key, so that
 * the order is the same on every worker. Numbers of candidates and slices are valid during one callback. Asking beyond
 * `count` gives zeros and NONE.
 */
@final
export class ApplicationView {
  /** Grows whenever the candidates may have changed. */
  revision: i32 = 0;
  /** How many candidates there are. */
  count: i32 = 0;
  /** How many of them, at the front, are in the own zone; 0 where no zone is set. */
  localCount: i32 = 0;
  /** Whether the application's instances were ever told, or the fall-back list is in use: false means "wait". */
  isKnown: bool = false;

  private snapshot: Snapshot | null = null;
  private table: Writer = new Writer();
  private endpoints: Writer = new Writer();

  constructor(
    public readonly lookup: Lookup,
    public readonly selection: Selection,
  ) {}

  /** Applies the selection to a snapshot, which must live as long as it is not replaced by another. */
  update(snapshot: Snapshot): void {
    this.snapshot = snapshot;
    this.isKnown = true;
    this.revision++;
    this.table.reset();
    this.endpoints.reset();
    if (this.selection.zone.byteLength == 0) {
      this.collect(snapshot, false, false);
      this.localCount = 0;
      return;
    }
    this.collect(snapshot, true, true);
    this.localCount = this.count;
    this.collect(snapshot, true, false);
  }

  /** Frees the memory. The view must not be used any more. */
  dispose(): void {
    this.table.dispose();
    this.endpoints.dispose();
    this.snapshot = null;
    this.count = 0;
    this.localCount = 0;
  }

  /** What identifies the candidate's instance from one snapshot to the next. */
  key(candidate: i32): u64 {
    const snapshot = this.snapshot;
    return this.has(candidate) && snapshot !== null ? snapshot.key(this.index(candidate)) : 0;
  }

  /** Number of the candidate with this key, or -1. */
  indexOf(key: u64): i32 {
    const local = this.search(key, 0, this.localCount);
    return local >= 0 ? local : this.search(key, this.localCount, this.count);
  }

  /** `host:port` of the chosen address and port, as a header value. */
  endpoint(candidate: i32): Slice {
    if (!this.has(candidate)) return NONE;
    const row = this.row(candidate);
    return slice(pointerOf(this.endpoints.view()) + load<u32>(row, ENDPOINT), load<u16>(row, ENDPOINT_SIZE));
  }

  /** Whether `endpoint` is the secure port. */
  isSecure(candidate: i32): bool {
    return this.has(candidate) && load<u8>(this.row(candidate), SECURE) != 0;
  }

  /** Weight from the metadata, 0 to 1000; 1 where it says none. */
  weight(candidate: i32): i32 {
    return this.has(candidate) ? load<u16>(this.row(candidate), WEIGHT) : 0;
  }

  id(candidate: i32): Slice {
    const snapshot = this.snapshot;
    return this.has(candidate) && snapshot !== null ? snapshot.id(this.index(candidate)) : NONE;
  }

  hostName(candidate: i32): Slice {
    const snapshot = this.snapshot;
    return this.has(candidate) && snapshot !== null ? snapshot.hostName(this.index(candidate)) : NONE;
  }

  zone(candidate: i32): Slice {
    const snapshot = this.snapshot;
    return this.has(candidate) && snapshot !== null ? snapshot.zone(this.index(candidate)) : NONE;
  }

  metadata(candidate: i32, key: Slice): Slice {
    const snapshot = this.snapshot;
    return this.has(candidate) && snapshot !== null ? snapshot.metadata(this.index(candidate), key) : NONE;
  }

  /** Seconds since 1970, by Eureka's clock, since when the instance is up; 0 where it did not say. */
  upSince(candidate: i32): u32 {
    const snapshot = this.snapshot;
    return this.has(candidate) && snapshot !== null ? snapshot.upSince(this.index(candidate)) : 0;
  }

  /** How many instances Eureka lists with this status, usable or not. */
  countOf(status: Status): i32 {
    const snapshot = this.snapshot;
    if (snapshot === null) return 0;
    let found = 0;
    for (let index = 0; index < snapshot.count; index++) {
      if (snapshot.status(index) == status) found++;
    }
    return found;
  }

  /** Both parts of the list, own zone and the rest, ascend by key. */
  private search(key: u64, from: i32, to: i32): i32 {
    const end = to;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.key(middle) < key) from = middle + 1;
      else to = middle;
    }
    return from < end && this.key(from) == key ? from : -1;
  }

  /** Appends the usable instances; with `byZone` only those that are in the own zone, or only those that are not. */
  private collect(snapshot: Snapshot, byZone: bool, local: bool): void {
    const zone = borrow(this.selection.zone);
    for (let index = 0; index < snapshot.count; index++) {
      if (byZone && same(snapshot.zone(index), zone) != local) continue;
      if (this.isUsable(snapshot, index)) this.append(snapshot, index);
    }
    this.count = this.table.length / CANDIDATE_BYTES;
  }

  private isUsable(snapshot: Snapshot, index: i32): bool {
    const selection = this.selection;
    if ((selection.statuses & (1 << snapshot.status(index))) == 0) return false;
    for (let i = 0; i < selection.metadataKeys.length; i++) {
      const value = snapshot.metadata(index, borrow(selection.metadataKeys[i]));
      if (value == NONE || !same(value, borrow(selection.metadataValues[i]))) return false;
    }
    return true;
  }

  private append(snapshot: Snapshot, index: i32): void {
    const secure = usesSecurePort(snapshot, index, this.selection.ports);
    const port = secure ? snapshot.securePort(index) : snapshot.port(index);
    if (!(secure ? snapshot.isSecurePortEnabled(index) : snapshot.isPortEnabled(index))) return;
    const address = snapshot.address(index);
    const hostName = snapshot.hostName(index);
    const byAddress = lengthOf(hostName) == 0 || (this.selection.preferIp && lengthOf(address) > 0);

    const start = this.endpoints.length;
    writeEndpoint(this.endpoints, byAddress ? address : hostName, port);
    const row = this.table.reserve(CANDIDATE_BYTES);
    store<u32>(row, index, INDEX);
    store<u32>(row, start, ENDPOINT);
    store<u16>(row, (this.endpoints.length - start) as u16, ENDPOINT_SIZE);
    store<u16>(row, weightOf(snapshot.metadata(index, borrow(this.selection.weightKey))) as u16, WEIGHT);
    store<u32>(row, secure ? 1 : 0, SECURE);
    this.table.advance(CANDIDATE_BYTES);
  }


  @inline
  private has(candidate: i32): bool {
    return (candidate as u32) < (this.count as u32);
  }


  @inline
  private row(candidate: i32): usize {
    return pointerOf(this.table.view()) + (candidate as usize) * CANDIDATE_BYTES;
  }


  @inline
  private index(candidate: i32): i32 {
    return load<i32>(this.row(candidate), INDEX);
  }
}

/** Whether the secure port is the one to use; it may still be disabled where only it would do. */
function usesSecurePort(snapshot: Snapshot, index: i32, choice: PortChoice): bool {
  switch (choice) {
    case PortChoice.PlainOnly:
      return false;
    case PortChoice.SecureOnly:
      return true;
    case PortChoice.SecureFirst:
      return snapshot.isSecurePortEnabled(index);
    default:
      return !snapshot.isPortEnabled(index);
  }
}

function weightOf(text: Slice): i32 {
  const weight = parseDecimal(text);
  return weight < 0 ? DEFAULT_WEIGHT : min(weight, MAX_WEIGHT);
}
