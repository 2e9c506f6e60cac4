/** A pool as tests see it: instances go in, endpoints come out. */
import { applicationReply, instance } from "../../support/eureka-reply.ts";
import { type HarnessExports, lend, openHarness, readSlice } from "../../support/harness.ts";

export const POLICIES = [
  "roundRobin",
  "weighted",
  "random",
  "leastOutstanding",
  "sessionAffinity",
  "prefixAffinity",
] as const;

export type Policy = (typeof POLICIES)[number];

/** What an answer says of the instance; the order is that of `Evidence`. */
const EVIDENCE = ["none", "begun", "success", "failure", "refused"] as const;

/** What a worker thinks of an instance; the order is that of `Standing`. */
const STANDINGS = ["healthy", "ejected", "asked", "probation", "trial"] as const;

/** As a worker reads replies. */
const WINDOW_BYTES = 65_536;

interface PoolExports extends HarnessExports {
  open(policy: number, loadFactor: number, slowStartMs: number, seed: number): void;
  setOutlier(failures: number, baseMs: number, maxMs: number, percent: number): void;
  begin(): void;
  feed(pointer: number, length: number): void;
  complete(): number;
  choose(key: bigint, now: bigint): bigint;
  chooseOften(times: number, spread: number): bigint;
  judge(instance: bigint, evidence: number, now: bigint): void;
  end(instance: bigint, isJudged: number, now: bigint): void;
  tick(now: bigint): void;
  takeDue(now: bigint): bigint;
  answer(instance: bigint, isThere: number, now: bigint): void;
  endpointOf(instance: bigint): bigint;
  standingOf(instance: bigint): number;
  outstandingOf(instance: bigint): number;
  bound(): number;
  count(): number;
  openCount(): number;
  ejections(): bigint;
  spared(): bigint;
  pages(): number;
}

export interface PoolOptions {
  loadFactor?: number;
  slowStartMs?: number;
  seed?: number;
  /** Default: never ejects. */
  outlier?: { failures?: number; baseMs?: number; maxMs?: number; percent?: number };
}

/** One instance: its number is part of its address. */
export interface Member {
  number: number;
  weight?: number;
  /** In the pool's own zone. */
  isLocal?: boolean;
}

/** `count` members from 1 on. */
export function members(count: number): Member[] {
  return Array.from({ length: count }, (_, index) => ({ number: index + 1 }));
}

export class PoolHarness {
  /** Milliseconds since 1970. */
  now = 1_000_000;

  private constructor(readonly exports: PoolExports) {}

  static async open(): Promise<PoolHarness> {
    return new PoolHarness(await openHarness<PoolExports>("tests/unit/upstream/pool.as.ts"));
  }

  /** Begins anew. */
  start(policy: Policy, list: Member[], options: PoolOptions = {}): void {
    const { loadFactor = 1.25, slowStartMs = 0, seed = 1, outlier = { failures: 0 } } = options;
    this.now = 1_000_000;
    this.exports.open(POLICIES.indexOf(policy), loadFactor, slowStartMs, seed);
    const { failures = 5, baseMs = 1000, maxMs = 8000, percent = 50 } = outlier;
    this.exports.setOutlier(failures, baseMs, maxMs, percent);
    this.news(list);
  }

  /** Eureka's news. */
  news(list: Member[]): void {
    const reply = applicationReply(
      "A",
      list.map(({ number, weight, isLocal }) =>
        instance(`a-${number}`, "A", {
          ipAddr: `10.0.${number >> 8}.${number & 255}`,
          metadata: { ...(weight === undefined ? {} : { weight }), zone: isLocal ? "here" : "there" },
        }),
      ),
    );
    const { exports } = this;
    exports.begin();
    const bytes = Buffer.from(reply);
    for (let from = 0; from < bytes.length; from += WINDOW_BYTES) {
      const window = bytes.subarray(from, from + WINDOW_BYTES);
      lend(exports, [window], (pointer, length) => exports.feed(pointer, length));
    }
    if (exports.complete() === 0) throw new Error("the reply was refused");
    this.exports.tick(BigInt(this.now));
  }

  /** Sends a request; the instance's key. */
  send(key = 0n): bigint {
    return this.exports.choose(key, BigInt(this.now));
  }

  /** Sends `count` requests that are over at once; how many each member got, by number. */
  spread(count: number, key: (index: number) => bigint = () => 0n): Map<number, number> {
    const found = new Map<number, number>();
    for (let index = 0; index < count; index++) {
      const instance = this.send(key(index));
      const member = this.numberOf(instance);
      found.set(member, (found.get(member) ?? 0) + 1);
      this.finish(instance);
    }
    return found;
  }

  /** A request is answered, and over. */
  finish(instance: bigint, evidence: (typeof EVIDENCE)[number] = "success"): void {
    this.exports.judge(instance, EVIDENCE.indexOf(evidence), BigInt(this.now));
    this.exports.end(instance, evidence === "none" ? 0 : 1, BigInt(this.now));
  }

  /** Time passes. */
  wait(milliseconds: number): void {
    this.now += milliseconds;
    this.exports.tick(BigInt(this.now));
  }

  standing(instance: bigint): string {
    return STANDINGS[this.exports.standingOf(instance)] ?? "gone";
  }

  /** Number of the member with this key; 0 for no instance. */
  numberOf(instance: bigint): number {
    if (instance === 0n) return 0;
    const text = Buffer.from(readSlice(this.exports, this.exports.endpointOf(instance))).toString();
    const [, , high, low] = text.split(":")[0]?.split(".") ?? [];
    return (Number(high) << 8) | Number(low);
  }
}
