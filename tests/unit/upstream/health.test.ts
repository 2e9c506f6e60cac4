/** When an instance is ejected because of what it answers, for how long, and how it comes back. */
import { beforeAll, describe, expect, it } from "vitest";
import { members, PoolHarness } from "./pool";

let pool: PoolHarness;
beforeAll(async () => {
  pool = await PoolHarness.open();
});

/** Sends until the instance is hit, and answers the others. */
function sendTo(wanted: bigint): void {
  for (let index = 0; index < 50; index++) {
    const instance = pool.send();
    if (instance === wanted) return;
    pool.finish(instance);
  }
  throw new Error("the instance is not chosen");
}

/** An instance that has failed so often. */
function failing(times: number, evidence: "failure" | "refused" = "failure"): bigint {
  const instance = pool.send();
  pool.finish(instance, evidence);
  for (let index = 1; index < times; index++) {
    sendTo(instance);
    pool.finish(instance, evidence);
  }
  return instance;
}

function isChosen(instance: bigint, requests = 20): boolean {
  let found = false;
  for (let index = 0; index < requests; index++) {
    const chosen = pool.send();
    found ||= chosen === instance;
    pool.finish(chosen);
  }
  return found;
}

describe("ejection", () => {
  it("follows a streak of failures, and a success begins a new one", () => {
    pool.start("roundRobin", members(4), { outlier: { failures: 3 } });
    const instance = failing(2);
    expect(pool.standing(instance)).toBe("healthy");
    sendTo(instance);
    pool.finish(instance, "success");
    sendTo(instance);
    pool.finish(instance, "failure");
    sendTo(instance);
    pool.finish(instance, "failure");
    expect(pool.standing(instance)).toBe("healthy");
    sendTo(instance);
    pool.finish(instance, "failure");
    expect(pool.standing(instance)).toBe("ejected");
    expect(isChosen(instance)).toBe(false);
  });

  it("follows a streak of answers that begin well and break off", () => {
    pool.start("roundRobin", members(4), { outlier: { failures: 3 } });
    const instance = pool.send();
    const breakOff = () => {
      pool.exports.judge(instance, 1, BigInt(pool.now));
      pool.finish(instance, "failure");
    };
    breakOff();
    for (let index = 1; index < 3; index++) {
      expect(pool.standing(instance)).toBe("healthy");
      sendTo(instance);
      breakOff();
    }
    expect(pool.standing(instance)).toBe("ejected");
  });

  it("follows one refused connection", () => {
    pool.start("roundRobin", members(4), { outlier: { failures: 5 } });
    expect(pool.standing(failing(1, "refused"))).toBe("ejected");
  });

  it("never happens where it is switched off", () => {
    pool.start("roundRobin", members(4), { outlier: { failures: 0 } });
    expect(pool.standing(failing(9, "refused"))).toBe("healthy");
  });

  it("does not follow what proves nothing", () => {
    pool.start("roundRobin", members(4), { outlier: { failures: 1 } });
    const instance = pool.send();
    pool.finish(instance, "none");
    expect(pool.standing(instance)).toBe("healthy");
  });

  it.each([
    [4, 50, 2],
    [4, 0, 0],
    [4, 100, 4],
    [10, 33, 3],
    [1, 50, 0],
  ])("of %d instances at %d percent takes at most %d", (count, percent, most) => {
    pool.start("roundRobin", members(count), { outlier: { failures: 1, percent } });
    for (let index = 0; index < 3 * count; index++) pool.finish(pool.send(), "failure");
    expect(count - pool.exports.openCount()).toBe(most);
    expect(Number(pool.exports.ejections())).toBe(most);
    if (percent < 100) expect(pool.exports.spared()).toBeGreaterThan(0n);
  });

  it("stays with the instance when Eureka's news change the others", () => {
    pool.start("roundRobin", members(4), { outlier: { failures: 1 } });
    const instance = failing(1);
    const number = pool.numberOf(instance);
    pool.news([...members(9).slice(4), { number }]);
    expect(pool.standing(instance)).toBe("ejected");
    expect(isChosen(instance)).toBe(false);
    pool.news(members(9).slice(4));
    expect(pool.standing(instance)).toBe("gone");
    pool.news([...members(9).slice(4), { number }]);
    expect(pool.standing(instance)).toBe("healthy");
  });
});

describe("the way back", () => {
  it("is one request after the ejection: its success brings the instance back", () => {
    pool.start("roundRobin", members(4), { outlier: { failures: 1, baseMs: 1000 } });
    const instance = failing(1);
    pool.wait(999);
    expect(pool.standing(instance)).toBe("ejected");
    pool.wait(1);
    expect(pool.standing(instance)).toBe("probation");
    sendTo(instance);
    expect(pool.standing(instance)).toBe("trial");
    expect(isChosen(instance)).toBe(false);
    pool.exports.judge(instance, 1, BigInt(pool.now));
    expect(pool.standing(instance)).toBe("healthy");
    expect(isChosen(instance)).toBe(true);
  });

  it("begins with the question whether the instance is there; while it is not, no request tries it", () => {
    pool.start("roundRobin", members(4), { outlier: { failures: 5, baseMs: 1000, maxMs: 60_000 } });
    const instance = failing(1, "refused");
    for (const duration of [1000, 2000, 4000]) {
      const due = (time: number) => pool.exports.takeDue(BigInt(time));
      expect(due(pool.now + duration - 1)).toBe(0n);
      pool.now += duration;
      expect(due(pool.now)).toBe(instance);
      expect(due(pool.now)).toBe(0n);
      expect(pool.standing(instance)).toBe("asked");
      expect(isChosen(instance)).toBe(false);
      pool.exports.answer(instance, 0, BigInt(pool.now));
      expect(pool.standing(instance)).toBe("ejected");
    }
    pool.now += 8000;
    expect(pool.exports.takeDue(BigInt(pool.now))).toBe(instance);
    pool.exports.answer(instance, 1, BigInt(pool.now));
    expect(pool.standing(instance)).toBe("probation");
  });

  it("is tried again when the trial proved nothing", () => {
    pool.start("roundRobin", members(4), { outlier: { failures: 1 } });
    const instance = failing(1);
    pool.wait(1000);
    sendTo(instance);
    pool.finish(instance, "none");
    expect(pool.standing(instance)).toBe("probation");
  });

  it("takes twice as long after each failed trial, up to the longest ejection", () => {
    pool.start("roundRobin", members(4), { outlier: { failures: 3, baseMs: 1000, maxMs: 5000 } });
    const instance = failing(3);
    for (const duration of [1000, 2000, 4000, 5000, 5000]) {
      pool.wait(duration - 1);
      expect(pool.standing(instance)).toBe("ejected");
      pool.wait(1);
      sendTo(instance);
      pool.finish(instance, "failure");
      expect(pool.standing(instance)).toBe("ejected");
    }
  });

  it("forgets old ejections after a long time of health", () => {
    pool.start("roundRobin", members(4), { outlier: { failures: 1, baseMs: 1000, maxMs: 5000 } });
    const instance = failing(1);
    const recover = (duration: number) => {
      pool.wait(duration);
      sendTo(instance);
      pool.finish(instance, "success");
    };
    recover(1000);
    sendTo(instance);
    pool.finish(instance, "failure");
    pool.wait(1000);
    expect(pool.standing(instance)).toBe("ejected");
    recover(1000);
    pool.wait(5000);
    sendTo(instance);
    pool.finish(instance, "failure");
    pool.wait(1000);
    expect(pool.standing(instance)).toBe("probation");
  });

  it("does not follow from a request that was sent before the ejection", () => {
    pool.start("roundRobin", members(4), { outlier: { failures: 1 } });
    const instance = pool.send();
    sendTo(instance);
    pool.finish(instance, "failure");
    pool.finish(instance, "success");
    expect(pool.standing(instance)).toBe("ejected");
  });
});

describe("open requests", () => {
  it("are counted through news, and never below zero", () => {
    pool.start("roundRobin", members(2));
    const instance = pool.send();
    expect(pool.exports.outstandingOf(instance)).toBe(1);
    pool.news(members(3));
    expect(pool.exports.outstandingOf(instance)).toBe(1);
    pool.news(members(3).filter(({ number }) => number !== pool.numberOf(instance)));
    pool.finish(instance);
    pool.news(members(3));
    pool.finish(instance);
    expect(pool.exports.outstandingOf(instance)).toBe(0);
  });
});
