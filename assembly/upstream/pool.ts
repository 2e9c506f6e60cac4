import { NONE, Slice } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { EurekaSettings, Service, Steering } from "../config/model";
import { Registry } from "../discovery/registry";
import { ApplicationView } from "../discovery/view";
import { Balancer } from "./balance/balancer";
import { balancerOf } from "./balance/table";
import { Evidence, Health } from "./health";
import { Roster } from "./roster";

const COMMA: u8 = 0x2c;

/** The instances of one service, as Eureka and as the traffic of this worker see them, and whose turn it is. */
@final
export class Pool {
  readonly roster: Roster;
  readonly health: Health;
  private balancer: Balancer;
  /** Where the next instance is looked for when none is healthy. */
  private turn: u32 = 0;
  /** Whether `choose` found none because each one has as many open requests as it may have. */
  isFull: bool = false;
  /** The candidate that `choose` found. */
  private chosen: i32 = -1;

  /**
   * @param registry where the view comes from; null in tests of the choice alone
   * @param steering how an instance can be asked; null: it cannot
   * @param eureka the Eureka that was meant
   */
  constructor(
    readonly service: Service,
    readonly view: ApplicationView,
    readonly registry: Registry | null = null,
    readonly steering: Steering | null = null,
    readonly eureka: EurekaSettings | null = null,
  ) {
    const roster = new Roster(view, service.balance.slowStartMs);
    this.roster = roster;
    this.health = new Health(service.outlier, roster);
    this.balancer = balancerOf(service.balance);
  }

  /** Frees the memory. */
  dispose(): void {
    this.roster.dispose();
    this.balancer.dispose();
  }

  /**
   * Chooses an instance for a request: `instance`, `endpoint` and `isSecure` tell which. False: there is none. Where
   * every one is ejected they are all used: a worker's suspicion alone never makes a service unavailable.
   * @param key what requests that belong together have in common; 0: nothing is known
   */
  choose(key: u64, now: i64): bool {
    this.follow(now);
    const roster = this.roster;
    this.chosen = -1;
    this.isFull = false;
    if (roster.count == 0) return false;
    this.chosen = this.balancer.choose(roster, roster.end, key);
    if (this.chosen < 0) this.chosen = (this.turn++ % (roster.count as u32)) as i32;
    this.isFull = !this.makeRoom();
    if (this.isFull) return false;
    roster.add(this.chosen, 1);
    this.health.begin(this.chosen);
    return true;
  }

  /**
   * Chooses another instance for a request that failed: of those that were not tried, the one with the fewest open
   * requests. False: there is none.
   * @param tried instances that are not wanted
   * @param mayBeEjected whether one will do that is left alone
   */
  chooseOther(tried: Array<u64>, mayBeEjected: bool, now: i64): bool {
    this.follow(now);
    const roster = this.roster;
    const most = this.service.limits.concurrentPerInstance;
    let best = -1;
    for (let i = 0; i < roster.count; i++) {
      const candidate = ((this.turn + (i as u32)) % (roster.count as u32)) as i32;
      if (!(mayBeEjected || roster.isOpen(candidate)) || tried.includes(roster.key(candidate))) continue;
      if (most > 0 && roster.outstanding(candidate) >= most) continue;
      if (best < 0 || roster.outstanding(candidate) < roster.outstanding(best)) best = candidate;
    }
    this.turn++;
    if (best < 0) return false;
    this.chosen = best;
    roster.add(best, 1);
    this.health.begin(best);
    return true;
  }

  /**
   * Lists instances beside the chosen one that may be asked.
   * @param most no more than so many
   * @param out gets `,host:port` for each
   * @param keys gets the key of each
   */
  listOthers(most: i32, out: Writer, keys: Array<u64>): void {
    const roster = this.roster;
    let count = 0;
    for (let i = 1; i < roster.count && count < most; i++) {
      const candidate = (this.chosen + i) % roster.count;
      if (!roster.isOpen(candidate)) continue;
      out.byte(COMMA);
      out.bytes(this.view.endpoint(candidate));
      keys.push(roster.key(candidate));
      count++;
    }
  }

  /** Whether an instance is there that is not left alone. */
  isWell(now: i64): bool {
    this.follow(now);
    return this.view.isKnown && this.roster.openCount > 0;
  }

  /** An instance has said itself when to come back. */
  pause(instance: u64, until: i64, now: i64): void {
    this.follow(now);
    const candidate = this.view.indexOf(instance);
    if (candidate >= 0) this.health.pause(candidate, until);
  }

  /** Identifies the chosen instance for `judge` and `end`. */
  get instance(): u64 {
    return this.view.key(this.chosen);
  }

  /** `host:port` of the chosen instance, borrowed until Eureka's next news. */
  get endpoint(): Slice {
    return this.chosen < 0 ? NONE : this.view.endpoint(this.chosen);
  }

  /** Whether the endpoint is the chosen instance's secure port. */
  get isSecure(): bool {
    return this.view.isSecure(this.chosen);
  }

  /** A request to an instance was answered, or failed. An instance that has gone is forgotten. */
  judge(instance: u64, evidence: Evidence, now: i64): void {
    this.follow(now);
    const candidate = this.view.indexOf(instance);
    if (candidate >= 0) this.health.judge(candidate, evidence, now);
  }

  /** A request to an instance is over; to be called once for each `choose`. */
  end(instance: u64, isJudged: bool, now: i64): void {
    this.follow(now);
    const candidate = this.view.indexOf(instance);
    if (candidate < 0) return;
    this.roster.add(candidate, -1);
    this.health.end(candidate, isJudged);
  }

  /** An instance whose ejection is over and that is to be asked whether it is there; 0: none. See `answer`. */
  takeDue(now: i64): u64 {
    this.follow(now);
    const candidate = this.health.takeDue(now);
    return candidate < 0 ? 0 : this.roster.key(candidate);
  }

  /** Whether an instance that `takeDue` gave is there. */
  answer(instance: u64, isThere: bool, now: i64): void {
    this.follow(now);
    const candidate = this.view.indexOf(instance);
    if (candidate >= 0) this.health.answer(candidate, isThere, now);
  }

  /** Where the chosen candidate has no room left, the next open one that has takes its place. False: there is none. */
  private makeRoom(): bool {
    const most = this.service.limits.concurrentPerInstance;
    const roster = this.roster;
    if (most == 0 || roster.outstanding(this.chosen) < most) return true;
    const start = this.chosen;
    for (let i = 1; i < roster.count; i++) {
      const candidate = (start + i) % roster.count;
      if (!roster.isOpen(candidate) || roster.outstanding(candidate) >= most) continue;
      this.chosen = candidate;
      return true;
    }
    return false;
  }

  private follow(now: i64): void {
    if (!this.roster.isCurrent) this.roster.sync(now);
    this.roster.now = now;
  }
}
