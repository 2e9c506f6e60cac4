import { Roster } from "../roster";
import { Balancer } from "./balancer";
import { LeastOutstanding } from "./least-outstanding";
import { GOLDEN, mix } from "./random";

/** Layout of a point of the ring: its place, and the candidate. */
const POINT_SHIFT: usize = 4;
const CANDIDATE: usize = 8;

/** Places that a key looks from, and points of an instance: measured, no instance gets 1.25 times its share of the keys. */
const PROBES: i32 = 9;
const POINTS: i32 = 8;

/** Gaps of the sort, each about 2.25 times the next (Ciura, 2001). */
const GAPS: StaticArray<i32> = [46750, 20777, 9234, 4104, 1750, 701, 301, 132, 57, 23, 10, 4, 1];

/**
 * Requests with the same key go to the same instance, as long as it is there and has not more than its bounded load.
 *
 * Multi-probe consistent hashing (Appleton and O'Reilly, 2015): every instance has a few points on a ring, a key looks
 * from several places and takes the point that is nearest behind one of them. That needs 128 bytes an instance, where a
 * ring that is searched from one place only needs kilobytes to be as even. An instance that comes or goes moves only its
 * own keys.
 *
 * Bounded loads (Mirrokni, Thorup and Zadimoghaddam, 2018): an instance with more open requests than `loadFactor` times
 * the average is passed over for the next one on the ring, so that a key that everybody uses does not overload it.
 * Requests without a key go to the instance with the fewest open requests.
 */
@final
export class Affinity extends Balancer {
  private ring: usize = 0;
  /** Behind the points: for each part of the ring, the first point in it or behind it. */
  private parts: usize = 0;
  /** A place shifted right by this is its part. */
  private shift: u64 = 0;
  private size: i32 = 0;
  private end: i32 = 0;
  private generation: i32 = -1;
  private least: LeastOutstanding = new LeastOutstanding();

  constructor(private loadFactor: f64) {
    super();
  }

  choose(roster: Roster, end: i32, key: u64): i32 {
    if (key == 0 || end == 0) return this.least.choose(roster, end, key);
    if (this.generation != roster.generation || this.end != end) this.prepare(roster, end);
    const bound = boundOf(roster, end, this.loadFactor);
    const start = this.find(key);
    for (let i = 0; i < this.size; i++) {
      const index = start + i < this.size ? start + i : start + i - this.size;
      const candidate = load<i32>(this.point(index), CANDIDATE);
      if (!roster.isOpen(candidate) || roster.outstanding(candidate) >= bound) continue;
      if (!roster.hasNew || isAdmitted(roster, candidate, key)) return candidate;
    }
    return this.least.choose(roster, end, key);
  }

  dispose(): void {
    if (this.ring != 0) heap.free(this.ring);
    this.ring = 0;
    this.size = 0;
    this.generation = -1;
  }

  /** Index of the point that is nearest behind one of the key's places. */
  private find(key: u64): i32 {
    const origin = mix(key);
    let best = 0;
    let least: u64 = u64.MAX_VALUE;
    for (let probe = 0; probe < PROBES; probe++) {
      const place = mix(origin + (probe as u64) * GOLDEN);
      const index = this.successor(place);
      const distance = load<u64>(this.point(index)) - place;
      if (distance >= least) continue;
      best = index;
      least = distance;
    }
    return best;
  }

  /**
   * Index of the first point at or behind a place; behind the last one comes the first. There are about as many parts
   * as points, so that few points lie between the beginning of a part and a place in it.
   */
  private successor(place: u64): i32 {
    let index = load<i32>((this.parts + ((place >>> this.shift) << 2)) as usize);
    while (index < this.size && load<u64>(this.point(index)) < place) index++;
    return index < this.size ? index : 0;
  }

  private prepare(roster: Roster, end: i32): void {
    this.dispose();
    this.size = end * POINTS;
    const bits = 32 - clz(this.size);
    this.ring = heap.alloc(((this.size as usize) << POINT_SHIFT) + ((1 as usize) << (bits + 2)));
    this.parts = this.ring + ((this.size as usize) << POINT_SHIFT);
    this.shift = 64 - bits;
    this.end = end;
    this.generation = roster.generation;
    for (let i = 0; i < this.size; i++) {
      const origin = mix(roster.key(i / POINTS));
      this.put(i, mix(origin + ((i % POINTS) as u64) * GOLDEN), i / POINTS);
    }
    for (let i = 0; i < GAPS.length; i++) this.sort(unchecked(GAPS[i]));
    for (let part = 0, index = 0; part < 1 << bits; part++) {
      while (index < this.size && load<u64>(this.point(index)) < (part as u64) << this.shift) index++;
      store<i32>(this.parts + ((part as usize) << 2), index);
    }
  }

  /** One pass of Shell's sort. */
  private sort(gap: i32): void {
    for (let i = gap; i < this.size; i++) {
      const place = load<u64>(this.point(i));
      const candidate = load<i32>(this.point(i), CANDIDATE);
      let to = i;
      while (to >= gap && load<u64>(this.point(to - gap)) > place) {
        memory.copy(this.point(to), this.point(to - gap), 1 << POINT_SHIFT);
        to -= gap;
      }
      this.put(to, place, candidate);
    }
  }


  @inline
  private put(index: i32, place: u64, candidate: i32): void {
    store<u64>(this.point(index), place);
    store<i32>(this.point(index), candidate, CANDIDATE);
  }


  @inline
  private point(index: i32): usize {
    return this.ring + ((index as usize) << POINT_SHIFT);
  }
}

/** Most open requests that an instance may have, the one that is about to be sent included. */
export function boundOf(roster: Roster, end: i32, loadFactor: f64): i32 {
  const open = max(1, roster.openOf(end));
  return Math.ceil((loadFactor * ((roster.outstandingOf(end) + 1) as f64)) / (open as f64)) as i32;
}

/** A new instance is given its keys one after the other, not requests at random: a key that has moved stays. */
function isAdmitted(roster: Roster, candidate: i32, key: u64): bool {
  const place = (mix(key ^ roster.key(candidate)) >>> 11) as f64;
  return place * 1.1102230246251565e-16 < roster.share(candidate);
}
