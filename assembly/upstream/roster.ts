import { ApplicationView } from "../discovery/view";

/** What this worker thinks of an instance, whatever Eureka says. */
export enum Standing {
  Healthy,
  /** It failed too often, and is left alone for a while. */
  Ejected,
  /** The while is over: it is being asked whether it is there. */
  Asked,
  /** One request may try it. */
  Probation,
  /** That request is under way. */
  Trial,
}

/** Layout of a row: 64 bytes. Times in milliseconds since 1970. */
const ROW_BYTES: i32 = 64;
const KEY: usize = 0;
/** Since when the instance takes a growing share; 0: it takes all of it. */
const NEW_SINCE: usize = 8;
/** When the ejection ends. */
const EJECTED_UNTIL: usize = 16;
/** When the last ejection ended well. */
const RECOVERED_AT: usize = 24;
const OUTSTANDING: usize = 32;
/** Failures in a row. */
const STREAK: usize = 36;
/** Ejections in a row, which makes each longer than the one before. */
const EJECTIONS: usize = 40;
/** How often it was chosen since the last `takeChoices`. */
const CHOICES: usize = 44;
const WEIGHT: usize = 48;
const STANDING: usize = 50;
const OPEN: usize = 51;

/** A new instance begins with this share. */
const FIRST_SHARE: f64 = 0.1;

/**
 * What this worker knows of each candidate of a view: open requests, failures, standing. One row a candidate, in the
 * view's order, in one raw block; candidates that stay keep their row when Eureka's news change the view. Numbers of
 * candidates are not checked: they come from the view, or from a loop up to `count`. All counts are this worker's own:
 * workers share no memory.
 */
@final
export class Roster {
  count: i32 = 0;
  /** How many candidates, at the front, are in the own zone. */
  localCount: i32 = 0;
  /** How many are neither ejected nor on trial: all of them, and those in the own zone. */
  openCount: i32 = 0;
  openLocalCount: i32 = 0;
  /** How many are not healthy. */
  ejectedCount: i32 = 0;
  /** Open requests, of all, and of those in the own zone. */
  outstandingTotal: i32 = 0;
  outstandingLocal: i32 = 0;
  /** Grows with every `sync`. */
  generation: i32 = 0;
  /** The time that the last `sync` or `tick` said. */
  now: i64 = 0;

  private rows: usize = 0;
  private revision: i32 = -1;
  /** Until when some instance may be new. */
  private newUntil: i64 = 0;

  /** @param slowStartMs how long an instance is new; 0: never */
  constructor(
    private view: ApplicationView,
    private slowStartMs: i32,
  ) {}

  /** Whether the view's candidates are those of the rows. */
  get isCurrent(): bool {
    return this.revision == this.view.revision;
  }

  /** Takes over the view's candidates. Those that were not there before are new, but for the first ones of all. */
  sync(now: i64): void {
    const view = this.view;
    const old = this.rows;
    const oldCount = this.count;
    const isFirst = this.revision < 0 || oldCount == 0;
    const size = (view.count as usize) * ROW_BYTES;
    const rows = size == 0 ? (0 as usize) : heap.alloc(size);
    memory.fill(rows, 0, size);
    this.now = now;
    this.rows = rows;
    this.count = view.count;
    this.localCount = view.localCount;
    this.revision = view.revision;
    this.generation++;
    for (let i = 0; i < this.count; i++) {
      store<u64>(this.row(i), view.key(i), KEY);
      if (!isFirst) this.enroll(i);
    }
    for (let i = 0; i < oldCount; i++) {
      const from = old + (i as usize) * ROW_BYTES;
      const to = view.indexOf(load<u64>(from, KEY));
      if (to >= 0) memory.copy(this.row(to), from, ROW_BYTES);
    }
    if (old != 0) heap.free(old);
    this.recount();
  }

  /** Frees the memory. */
  dispose(): void {
    if (this.rows != 0) heap.free(this.rows);
    this.rows = 0;
    this.count = this.localCount = this.openCount = this.openLocalCount = 0;
  }

  /** Candidates that may be chosen from now: those of the own zone while one of them is open, else all. */
  get end(): i32 {
    return this.openLocalCount > 0 ? this.localCount : this.count;
  }

  /** How many of the first `end` candidates are open. */
  @inline
  openOf(end: i32): i32 {
    return end == this.count ? this.openCount : this.openLocalCount;
  }

  /** Open requests of the first `end` candidates. */
  @inline
  outstandingOf(end: i32): i32 {
    return end == this.count ? this.outstandingTotal : this.outstandingLocal;
  }


  @inline
  key(candidate: i32): u64 {
    return load<u64>(this.row(candidate), KEY);
  }

  /** Whether it may be chosen. */
  @inline
  isOpen(candidate: i32): bool {
    return load<u8>(this.row(candidate), OPEN) != 0;
  }


  @inline
  outstanding(candidate: i32): i32 {
    return load<i32>(this.row(candidate), OUTSTANDING);
  }

  /** Its weight by Eureka's metadata, 0 to 1000. */
  @inline
  weight(candidate: i32): i32 {
    return load<u16>(this.row(candidate), WEIGHT);
  }


  @inline
  standing(candidate: i32): Standing {
    return load<u8>(this.row(candidate), STANDING) as Standing;
  }

  /** Whether some instance is new, so that `share` has to be asked. */
  @inline
  get hasNew(): bool {
    return this.now < this.newUntil;
  }

  /** Which part of its share it takes, from 0.1 to 1: it grows with its age. */
  share(candidate: i32): f64 {
    const since = load<i64>(this.row(candidate), NEW_SINCE);
    if (since == 0) return 1;
    const age = ((this.now - since) as f64) / (this.slowStartMs as f64);
    return max(FIRST_SHARE, min(1, age));
  }

  /** From now on its share grows from the beginning. */
  enroll(candidate: i32): void {
    if (this.slowStartMs == 0) return;
    store<i64>(this.row(candidate), this.now, NEW_SINCE);
    this.newUntil = this.now + (this.slowStartMs as i64);
  }

  /** A request is sent to it, or one of its requests is over. */
  add(candidate: i32, requests: i32): void {
    const row = this.row(candidate);
    const before = load<i32>(row, OUTSTANDING);
    // A candidate that was away has lost its count, and the ends of its old requests still come.
    const after = max(0, before + requests);
    store<i32>(row, after, OUTSTANDING);
    if (requests > 0) store<u32>(row, load<u32>(row, CHOICES) + 1, CHOICES);
    this.outstandingTotal += after - before;
    if (candidate < this.localCount) this.outstandingLocal += after - before;
  }

  /** How often it was chosen since the last call. */
  takeChoices(candidate: i32): u32 {
    const choices = load<u32>(this.row(candidate), CHOICES);
    store<u32>(this.row(candidate), 0, CHOICES);
    return choices;
  }
  /** Changes its standing, and the counts that follow from it. */
  stand(candidate: i32, standing: Standing): void {
    const row = this.row(candidate);
    const wasOpen = load<u8>(row, OPEN) as i32;
    const isOpen = standing == Standing.Healthy || standing == Standing.Probation ? 1 : 0;
    const wasHealthy = load<u8>(row, STANDING) == Standing.Healthy;
    store<u8>(row, standing as u8, STANDING);
    store<u8>(row, isOpen as u8, OPEN);
    this.openCount += isOpen - wasOpen;
    if (candidate < this.localCount) this.openLocalCount += isOpen - wasOpen;
    this.ejectedCount += (wasHealthy ? 1 : 0) - (standing == Standing.Healthy ? 1 : 0);
  }
  /** Failures in a row. */
  streak(candidate: i32): i32 {
    return load<i32>(this.row(candidate), STREAK);
  }

  setStreak(candidate: i32, failures: i32): void {
    store<i32>(this.row(candidate), failures, STREAK);
  }
  /** Ejections in a row. */
  ejections(candidate: i32): i32 {
    return load<i32>(this.row(candidate), EJECTIONS);
  }

  setEjections(candidate: i32, ejections: i32): void {
    store<i32>(this.row(candidate), ejections, EJECTIONS);
  }
  /** When its ejection ends, in milliseconds since 1970. */
  ejectedUntil(candidate: i32): i64 {
    return load<i64>(this.row(candidate), EJECTED_UNTIL);
  }

  setEjectedUntil(candidate: i32, time: i64): void {
    store<i64>(this.row(candidate), time, EJECTED_UNTIL);
  }
  /** When its last ejection ended well; 0: it had none. */
  recoveredAt(candidate: i32): i64 {
    return load<i64>(this.row(candidate), RECOVERED_AT);
  }

  setRecoveredAt(candidate: i32, time: i64): void {
    store<i64>(this.row(candidate), time, RECOVERED_AT);
  }

  private recount(): void {
    this.openCount = this.openLocalCount = this.ejectedCount = 0;
    this.outstandingTotal = this.outstandingLocal = 0;
    for (let i = 0; i < this.count; i++) {
      const row = this.row(i);
      const standing = load<u8>(row, STANDING) as Standing;
      const isOpen = standing == Standing.Healthy || standing == Standing.Probation ? 1 : 0;
      const outstanding = load<i32>(row, OUTSTANDING);
      store<u16>(row, this.view.weight(i) as u16, WEIGHT);
      store<u8>(row, isOpen as u8, OPEN);
      this.openCount += isOpen;
      this.outstandingTotal += outstanding;
      if (standing != Standing.Healthy) this.ejectedCount++;
      if (i >= this.localCount) continue;
      this.openLocalCount += isOpen;
      this.outstandingLocal += outstanding;
    }
  }


  @inline
  private row(candidate: i32): usize {
    return this.rows + (candidate as usize) * ROW_BYTES;
  }
}
