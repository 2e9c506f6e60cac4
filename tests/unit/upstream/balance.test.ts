/** How each policy spreads requests. */
import { beforeAll, describe, expect, it } from "vitest";
import { seededRandom } from "../../support/random";
import { members, POLICIES, PoolHarness } from "./pool";

let pool: PoolHarness;
beforeAll(async () => {
  pool = await PoolHarness.open();
});

/** A key that is as good as a hash. */
function keyOf(index: number): bigint {
  return BigInt.asUintN(64, BigInt(index + 1) * 0x9e3779b97f4a7c15n);
}

function least(counts: Map<number, number>): number {
  return Math.min(...counts.values());
}

function most(counts: Map<number, number>): number {
  return Math.max(...counts.values());
}

describe.each(POLICIES)("%s", (policy) => {
  it("finds nothing where there is nothing, and the one where there is one", () => {
    pool.start(policy, []);
    expect(pool.send(7n)).toBe(0n);
    pool.news(members(1));
    expect([...pool.spread(10, keyOf).keys()]).toEqual([1]);
  });

  it("uses every instance", () => {
    pool.start(policy, members(10));
    expect(pool.spread(1000, keyOf).size).toBe(10);
  });

  it("keeps to the own zone while an instance of it is open, else uses all", () => {
    const list = members(6).map((member) => ({ ...member, isLocal: member.number <= 2 }));
    pool.start(policy, list, { outlier: { failures: 1, percent: 100 } });
    expect(new Set(pool.spread(200, keyOf).keys())).toEqual(new Set([1, 2]));
    for (let failed = 0; failed < 2; failed++) pool.finish(pool.send(keyOf(failed)), "failure");
    const spread = pool.spread(400, keyOf);
    expect(spread.has(1) || spread.has(2)).toBe(false);
    expect(spread.size).toBe(4);
  });

  it("leaves out ejected instances", () => {
    pool.start(policy, members(4), { outlier: { failures: 1 } });
    const first = pool.send(keyOf(1));
    const ejected = pool.numberOf(first);
    pool.finish(first, "failure");
    const spread = pool.spread(300, keyOf);
    expect(spread.has(ejected)).toBe(false);
    expect(spread.size).toBe(3);
  });

  it("uses ejected instances rather than none", () => {
    pool.start(policy, members(3), { outlier: { failures: 1, percent: 100 } });
    for (let index = 0; index < 3; index++) pool.finish(pool.send(keyOf(index)), "failure");
    while (pool.exports.openCount() > 0) pool.finish(pool.send(keyOf(9)), "failure");
    expect(pool.spread(30, keyOf).size).toBe(3);
  });

  it("follows Eureka's news", () => {
    pool.start(policy, members(5));
    pool.spread(50, keyOf);
    pool.news(members(8).slice(3));
    expect(new Set(pool.spread(500, keyOf).keys())).toEqual(new Set([4, 5, 6, 7, 8]));
  });

  it("allocates nothing for a request", () => {
    pool.start(policy, members(1000));
    pool.exports.chooseOften(1000, 1000);
    const pages = pool.exports.pages();
    pool.exports.chooseOften(200_000, 1000);
    expect(pool.exports.pages()).toBe(pages);
  });

  it("gives a new instance a growing share", () => {
    pool.start(policy, members(4), { slowStartMs: 10_000, loadFactor: 100 });
    pool.wait(60_000);
    expect(least(pool.spread(2000, keyOf))).toBeGreaterThan(250);
    pool.news(members(5));
    const shares: number[] = [];
    for (let second = 0; second < 5; second++) {
      pool.wait(2000);
      shares.push(pool.spread(2000, keyOf).get(5) ?? 0);
    }
    if (policy === "leastOutstanding") return; // Without open requests all are equal; see below.
    expect(shares[0]).toBeLessThan(250);
    expect(shares[4]).toBeGreaterThan(250);
    for (let step = 1; step < 5; step++) {
      expect(shares[step]).toBeGreaterThan((shares[step - 1] ?? 0) - 40);
    }
  });
});

describe("roundRobin", () => {
  it("is exactly even, also after news that change nothing", () => {
    pool.start("roundRobin", members(7));
    const counts = pool.spread(700);
    expect([least(counts), most(counts)]).toEqual([100, 100]);
  });
});

describe("weighted", () => {
  it("gives each its weight, smoothly", () => {
    const weights = [5, 1, 3, 0];
    pool.start(
      "weighted",
      weights.map((weight, index) => ({ number: index + 1, weight })),
    );
    const order = Array.from({ length: 900 }, () => {
      const instance = pool.send();
      pool.finish(instance);
      return pool.numberOf(instance);
    });
    const counts = [1, 2, 3, 4].map((number) => order.filter((found) => found === number).length);
    expect(counts).toEqual([500, 100, 300, 0]);
    // Of any nine in a row, the first has five, give or take one.
    for (let start = 0; start + 9 <= order.length; start++) {
      const share = order.slice(start, start + 9).filter((found) => found === 1).length;
      expect(Math.abs(share - 5)).toBeLessThanOrEqual(1);
    }
  });

  it("shares evenly where all weigh nothing", () => {
    pool.start(
      "weighted",
      members(4).map((member) => ({ ...member, weight: 0 })),
    );
    expect(least(pool.spread(400))).toBeGreaterThan(60);
  });
});

describe("random", () => {
  it("is about even", () => {
    pool.start("random", members(10));
    const counts = pool.spread(10_000);
    expect(least(counts)).toBeGreaterThan(850);
    expect(most(counts)).toBeLessThan(1150);
  });
});

describe("leastOutstanding", () => {
  it("chooses the instance with the fewest open requests", () => {
    pool.start("leastOutstanding", members(5));
    const open = Array.from({ length: 25 }, () => pool.send());
    const counts = new Map<bigint, number>();
    for (const instance of open) counts.set(instance, (counts.get(instance) ?? 0) + 1);
    expect([...counts.values()]).toEqual([5, 5, 5, 5, 5]);
    const idle = open[7] ?? 0n;
    for (let index = 0; index < 3; index++) pool.finish(idle);
    for (let index = 0; index < 3; index++) expect(pool.send()).toBe(idle);
  });

  it("takes the weight for strength", () => {
    pool.start("leastOutstanding", [{ number: 1, weight: 3 }, { number: 2 }]);
    for (let index = 0; index < 40; index++) pool.send();
    const open = [...pool.spread(0).keys()];
    expect(open).toEqual([]);
    const first = pool.send();
    const second =
      [first, pool.send(), pool.send(), pool.send()].find((one) => pool.numberOf(one) === 2) ?? 0n;
    expect(pool.exports.outstandingOf(second)).toBe(11);
  });

  it("gives a new instance less, in proportion to its age", () => {
    pool.start("leastOutstanding", members(2), { slowStartMs: 10_000 });
    pool.wait(60_000);
    pool.news(members(3));
    pool.wait(2500);
    const open = Array.from({ length: 90 }, () => pool.numberOf(pool.send()));
    expect(open.filter((number) => number === 3).length).toBe(10);
  });

  it("compares two of many: the fullest is not far above the average", () => {
    pool.start("leastOutstanding", members(200));
    const counts = new Map<bigint, number>();
    for (let index = 0; index < 2000; index++) {
      const instance = pool.send();
      counts.set(instance, (counts.get(instance) ?? 0) + 1);
    }
    expect(Math.max(...counts.values())).toBeLessThanOrEqual(14);
  });
});

describe("affinity", () => {
  it("sends a key to the same instance, and keys about evenly to all", () => {
    pool.start("sessionAffinity", members(20), { loadFactor: 100 });
    const homes = new Map<number, bigint>();
    const counts = new Map<bigint, number>();
    for (let index = 0; index < 20_000; index++) {
      const instance = pool.send(keyOf(index));
      pool.finish(instance);
      homes.set(index, instance);
      counts.set(instance, (counts.get(instance) ?? 0) + 1);
    }
    for (let index = 0; index < 20_000; index += 7) {
      const instance = pool.send(keyOf(index));
      pool.finish(instance);
      expect(instance).toBe(homes.get(index));
    }
    // A fair share is 1,000 keys.
    expect(Math.max(...counts.values())).toBeLessThan(1250);
    expect(Math.min(...counts.values())).toBeGreaterThan(700);
  });

  it("moves only the keys of an instance that goes, and brings them back", () => {
    const list = members(20);
    pool.start("prefixAffinity", list, { loadFactor: 100 });
    const home = (index: number) => {
      const instance = pool.send(keyOf(index));
      pool.finish(instance);
      return instance;
    };
    const before = Array.from({ length: 2000 }, (_, index) => home(index));
    const gone = before[3];
    pool.news(list.filter(({ number }) => number !== pool.numberOf(gone ?? 0n)));
    const without = before.map((_, index) => home(index));
    for (const [index, instance] of before.entries()) {
      if (instance !== gone) expect(without[index]).toBe(instance);
      else expect(without[index]).not.toBe(gone);
    }
    pool.news(list);
    expect(before.map((_, index) => home(index))).toEqual(before);
  });

  it.each([1, 1.25, 2])("never sends more than %d times the average to one instance", (loadFactor) => {
    const random = seededRandom(11);
    pool.start("sessionAffinity", members(10), { loadFactor });
    const open: bigint[] = [];
    let fullest = 0;
    for (let step = 0; step < 20_000; step++) {
      if (open.length > 100 && random() < 0.5) {
        const [instance] = open.splice(Math.floor(random() * open.length), 1);
        pool.finish(instance ?? 0n);
        continue;
      }
      if (open.length > 200) continue;
      const bound = pool.exports.bound();
      // Nine of ten requests are for one key.
      const instance = pool.send(random() < 0.9 ? keyOf(1) : keyOf(Math.floor(random() * 1000)));
      const outstanding = pool.exports.outstandingOf(instance);
      expect(outstanding).toBeLessThanOrEqual(bound);
      fullest = Math.max(fullest, outstanding);
      open.push(instance);
    }
    expect(fullest).toBeGreaterThan(10);
  });

  it("sends requests without a key to the idlest", () => {
    pool.start("sessionAffinity", members(4));
    const busy = pool.send(keyOf(5));
    const others = new Set([pool.send(), pool.send(), pool.send()]);
    expect(others.size).toBe(3);
    expect(others.has(busy)).toBe(false);
  });
});
