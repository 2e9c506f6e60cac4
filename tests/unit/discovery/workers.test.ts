/** Who asks Eureka, and how everybody learns of it: whole workers in emulated hosts, and a clock that the test moves. */
import { beforeAll, describe, expect, it } from "vitest";
import { applicationReply, instance } from "../../support/eureka-reply";
import { type Server, type Worker, World } from "../../support/registry-world";

const INTERVAL = 30_000;
const CONFIGURATION = `server eureka /eureka eureka.local
application llm-chat`;

beforeAll(() => World.prepare());

/** A server whose registry the test changes. */
class Registry {
  applications: Record<string, object[]> = {};

  readonly answer: Server = (path) => {
    const name = decodeURIComponent(path.replace(/^.*\/apps\//, ""));
    const instances = this.applications[name];
    return instances === undefined ? { status: 404, body: "{}" } : applicationReply(name, instances);
  };
}

function worldWith(registry: Registry): World {
  const world = new World();
  world.servers.eureka = registry.answer;
  return world;
}

function chat(...numbers: number[]): object[] {
  return numbers.map((number) => instance(`c-${number}`, "LLM-CHAT"));
}

async function startAll(world: World, count: number, configuration = CONFIGURATION): Promise<Worker[]> {
  const workers: Worker[] = [];
  for (let index = 0; index < count; index++) {
    workers.push(await world.start(`w${index}`, configuration));
    workers[index].nextTick += 3 * index;
  }
  return workers;
}

describe("the first poll", () => {
  it("comes at once, with the headers that Eureka needs", async () => {
    const registry = new Registry();
    registry.applications["LLM-CHAT"] = chat(1);
    const world = worldWith(registry);
    const worker = await world.start("w0", CONFIGURATION);
    expect(worker.root.callouts).toHaveLength(0);
    world.run(50);
    expect(world.calls).toMatchObject([{ at: 10, cluster: "eureka", path: "/eureka/apps/LLM-CHAT" }]);
    expect(world.calls[0]?.headers).toEqual({
      ":method": "GET",
      ":path": "/eureka/apps/LLM-CHAT",
      ":authority": "eureka.local",
      accept: "application/json",
      "accept-encoding": "identity",
    });
    expect(world.endpoints(worker, "LLM-CHAT")).toEqual(["10.0.0.1:8080"]);
    expect(world.report(worker)).toMatchObject({ ready: true, asks: true });
  });

  it("encodes the name, and sends credentials where there are some", async () => {
    const world = worldWith(new Registry());
    await world.start("w0", "server eureka /eureka/v2 h:8761 z1 üser p:w\napplication a/b?c#d%é");
    world.run(50);
    expect(world.calls[0]?.path).toBe(`/eureka/v2/apps/${encodeURIComponent("A/B?C#D%é")}`);
    expect(world.calls[0]?.headers.authorization).toBe(`Basic ${Buffer.from("üser:p:w").toString("base64")}`);
  });

  it("is one for each application, none twice at a time", async () => {
    const registry = new Registry();
    const world = worldWith(registry);
    world.latency = 4000;
    await world.start(
      "w0",
      "server eureka /eureka h\napplication A\napplication b\napplication B\napplication C",
    );
    world.run(3000);
    expect(world.calls.map(({ path }) => path).sort()).toEqual(
      ["A", "B", "C"].map((name) => `/eureka/apps/${name}`),
    );
  });
});

describe.each([1, 2, 8])("%i workers", (count) => {
  it("ask once an interval together, and all know what one learned", async () => {
    const registry = new Registry();
    registry.applications["LLM-CHAT"] = chat(1, 2);
    const world = worldWith(registry);
    const workers = await startAll(world, count);
    world.run(1000);
    for (const worker of workers) {
      expect(world.endpoints(worker, "LLM-CHAT")).toEqual(["10.0.0.1:8080", "10.0.0.2:8080"]);
    }
    world.run(10 * INTERVAL);
    // Up to a tenth early each time.
    expect(world.calls.length).toBeGreaterThanOrEqual(11);
    expect(world.calls.length).toBeLessThanOrEqual(13);
    expect(new Set(world.calls.map(({ worker }) => worker)).size).toBe(1);
    expect(workers.filter((worker) => world.report(worker).asks)).toHaveLength(1);
  });

  it("see a change within one interval and a second", async () => {
    const registry = new Registry();
    registry.applications["LLM-CHAT"] = chat(1);
    const world = worldWith(registry);
    const workers = await startAll(world, count);
    world.run(1000);
    for (let number = 2; number < 12; number++) {
      world.run(7777);
      registry.applications["LLM-CHAT"] = chat(1, number);
      const took = world.until(() =>
        workers.every((worker) => world.endpoints(worker, "LLM-CHAT").includes(`10.0.0.${number}:8080`)),
      );
      expect(took).toBeLessThanOrEqual(INTERVAL + 1000);
    }
  });

  it("go on when the one that asks dies, and when it leaves", async () => {
    const registry = new Registry();
    registry.applications["LLM-CHAT"] = chat(1);
    const world = worldWith(registry);
    await startAll(world, count);
    world.run(2000);
    for (let round = 0; round < 6; round++) {
      const holder = world.workers.find((worker) => world.report(worker).asks) as Worker;
      if (round % 2 === 0) world.kill(holder);
      else world.close(holder);
      await world.start(`n${round}`, CONFIGURATION);
      const took = world.until(() => world.workers.some((worker) => world.report(worker).asks));
      expect(took).toBeLessThanOrEqual(round % 2 === 0 ? 5500 : 600);
      for (const worker of world.workers)
        expect(world.endpoints(worker, "LLM-CHAT")).toEqual(["10.0.0.1:8080"]);
      world.run(3 * INTERVAL);
      expect(world.workers.filter((worker) => world.report(worker).asks)).toHaveLength(1);
    }
    // The schedule outlives the one that keeps it: no burst, no gap.
    const times = world.calls.map(({ at }) => at);
    const gaps = times.slice(1).map((at, index) => at - (times[index] as number));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0.9 * INTERVAL - 600);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(INTERVAL + 6000);
  });
});

describe("what workers share", () => {
  it("is there at once for a VM that starts while Eureka is down", async () => {
    const registry = new Registry();
    registry.applications["LLM-CHAT"] = chat(1, 2);
    const world = worldWith(registry);
    const [first] = await startAll(world, 1);
    world.run(1000);
    world.servers.eureka = () => "unreachable";
    world.kill(first as Worker);
    world.run(60_000);
    const second = await world.start("again", CONFIGURATION);
    world.until(() => world.report(second).ready, 50);
    expect(world.endpoints(second, "LLM-CHAT")).toHaveLength(2);
    const { at } = world.report(second).names["LLM-CHAT"] as { at: number };
    expect(world.now - at).toBeGreaterThan(60_000);
  });

  it("outlives a change of the configuration", async () => {
    const registry = new Registry();
    registry.applications["LLM-CHAT"] = chat(1);
    registry.applications.EMBED = [instance("e-9", "EMBED")];
    const world = worldWith(registry);
    const [old] = await startAll(world, 1);
    world.run(1000);
    world.servers.eureka = () => "unreachable";
    const changed = world.add(
      "changed",
      (old as Worker).host,
      `${CONFIGURATION}\napplication embed\ninterval 5000`,
    );
    world.run(100);
    const report = (): ReturnType<World["report"]> => world.report(changed);
    expect(report().names["LLM-CHAT"]).toMatchObject({ known: true, endpoints: ["10.0.0.1:8080"] });
    expect(report().names.EMBED).toMatchObject({ known: false });
    world.close(old as Worker);
    world.servers.eureka = registry.answer;
    world.until(() => report().names.EMBED?.known === true);
    expect(world.endpoints(changed, "EMBED")).toEqual(["10.0.0.9:8080"]);
  });

  it("does not mix two settings, in one VM or in two", async () => {
    const mine = new Registry();
    const yours = new Registry();
    mine.applications["LLM-CHAT"] = chat(1);
    yours.applications["LLM-CHAT"] = chat(2);
    const world = new World();
    world.servers.mine = mine.answer;
    world.servers.yours = yours.answer;
    const workers: { worker: Worker; expected: string }[] = [];
    for (let vm = 0; vm < 3; vm++) {
      const first = await world.start(`a${vm}`, CONFIGURATION.replace("eureka", "mine"));
      const second = world.add(`b${vm}`, first.host, CONFIGURATION.replace("eureka", "yours"));
      // A shared VM logs for both roots: each is looked at right after its own tick.
      workers.push(
        { worker: first, expected: "10.0.0.1:8080" },
        { worker: second, expected: "10.0.0.2:8080" },
      );
    }
    for (let round = 0; round < 20; round++) {
      world.run(10_000);
      if (round < 1) continue;
      for (const { worker, expected } of workers) {
        worker.root.tick();
        expect(world.endpoints(worker, "LLM-CHAT")).toEqual([expected]);
      }
    }
    for (const cluster of ["mine", "yours"]) {
      const calls = world.calls.filter((call) => call.cluster === cluster);
      expect(new Set(calls.map(({ worker }) => worker)).size).toBe(1);
      expect(calls.length).toBeLessThanOrEqual(9);
    }
  });

  it("does not hang on a clock that is set back", async () => {
    const registry = new Registry();
    registry.applications["LLM-CHAT"] = chat(1);
    const world = worldWith(registry);
    const workers = await startAll(world, 2);
    world.run(5000);
    world.now -= 3_600_000;
    for (const worker of workers) worker.nextTick = world.now;
    world.kill(workers.find((worker) => world.report(worker).asks) as Worker);
    world.until(() => world.report(world.workers[0] as Worker).asks, 6000);
  });

  it("is not needed: where the host has none, a worker asks for itself", async () => {
    const registry = new Registry();
    registry.applications["LLM-CHAT"] = chat(1);
    const world = worldWith(registry);
    world.shared.set = () => 10;
    world.shared.get = () => undefined;
    const workers = await startAll(world, 2);
    world.run(2 * INTERVAL);
    for (const worker of workers) {
      expect(world.report(worker).asks).toBe(true);
      expect(world.endpoints(worker, "LLM-CHAT")).toEqual(["10.0.0.1:8080"]);
    }
  });

  it("may be anything: bytes of another version do no harm", async () => {
    const registry = new Registry();
    registry.applications["LLM-CHAT"] = chat(1);
    const world = worldWith(registry);
    const keys: string[] = [];
    const set = world.shared.set.bind(world.shared);
    world.shared.set = (key, bytes, version) => {
      keys.push(key);
      return set(key, bytes, version);
    };
    await startAll(world, 1);
    world.run(1000);
    for (const key of new Set(keys)) {
      for (const bytes of [
        Buffer.alloc(0),
        Buffer.from("x"),
        Buffer.alloc(40, 0xff),
        Buffer.alloc(100_000, 1),
      ]) {
        set(key, bytes);
        const fresh = await world.start("fresh", CONFIGURATION);
        world.run(7000);
        world.close(fresh);
      }
    }
    const last = await world.start("last", CONFIGURATION);
    world.run(40_000);
    expect(world.endpoints(last, "LLM-CHAT")).toEqual(["10.0.0.1:8080"]);
  });

  it("costs a tick without news two host calls and no memory", async () => {
    const registry = new Registry();
    registry.applications["LLM-CHAT"] = chat(1);
    const world = worldWith(registry);
    const workers = await startAll(world, 2);
    world.run(2000);
    const follower = workers.find((worker) => !world.report(worker).asks) as Worker;
    const memory = follower.host.memoryBytes;
    follower.host.resetCounters();
    follower.root.tick();
    expect(follower.host.counters.byName.get_shared_data).toBe(1);
    expect(follower.host.counters.byName.set_shared_data).toBeUndefined();
    for (let round = 0; round < 2000; round++) follower.root.tick();
    expect(follower.host.memoryBytes).toBe(memory);
  });
});

describe("size", () => {
  it("10,000 instances leave less than 16 MiB in the VM that asks and in the one that follows", async () => {
    const registry = new Registry();
    const all = Array.from({ length: 10_000 }, (_, index) => instance(`c-${index}`, "LLM-CHAT"));
    registry.applications["LLM-CHAT"] = all;
    const world = worldWith(registry);
    const workers = await startAll(world, 2);
    for (let round = 0; round < 4; round++) {
      world.run(INTERVAL + 1000);
      registry.applications["LLM-CHAT"] = all.slice(round);
    }
    for (const worker of workers) {
      expect(world.report(worker).names["LLM-CHAT"]?.count).toBeGreaterThan(9990);
      expect(worker.host.memoryBytes).toBeLessThan(16 * 1024 * 1024);
    }
  });
});
