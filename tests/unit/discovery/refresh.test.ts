/** What is asked when, of which server, and what becomes of the answers. */
import { beforeAll, describe, expect, it } from "vitest";
import { applicationReply, FAILURES, instance, registryReply } from "../../support/eureka-reply";
import { seededRandom } from "../../support/random";
import { type Answer, type Report, type Worker, World } from "../../support/registry-world";

const INTERVAL = 30_000;
const MINUTE = 60_000;

beforeAll(() => World.prepare());

function chat(...numbers: number[]): object[] {
  return numbers.map((number) => instance(`c-${number}`, "CHAT"));
}

/** One worker that asks one server for CHAT; what the server answers can be changed. */
async function single(
  answer: Answer,
  more = "",
): Promise<{ world: World; worker: Worker; set(next: Answer): void }> {
  const world = new World();
  let current = answer;
  world.servers.eureka = () => current;
  const worker = await world.start("w", `server eureka /eureka h\napplication chat\n${more}`);
  const set = (next: Answer): void => {
    current = next;
  };
  return { world, worker, set };
}

function failuresOf(report: Report): Record<string, number> {
  return Object.fromEntries(
    report.failures.flatMap((count, index) => (count > 0 ? [[FAILURES[index] as string, count]] : [])),
  );
}

describe("an answer without news", () => {
  it.each<[string, Answer, string]>([
    ["no answer", "unreachable", "Unreachable"],
    ["no answer in time", "timeout", "Timeout"],
    ["401", { status: 401 }, "Denied"],
    ["403 with JSON", { status: 403, body: '{"status":403}' }, "Denied"],
    ["302", { status: 302 }, "Status"],
    ["500", { status: 500, body: "<html>" }, "Status"],
    ["503", { status: 503 }, "Status"],
    ["204", { status: 204 }, "Status"],
    ["HTML", "<!doctype html><title>login</title>", "NotJson"],
    ["nothing", "", "Truncated"],
    ["half", applicationReply("CHAT", chat(1)).slice(0, 500), "Truncated"],
    ["other JSON", '{"status":"UP"}', "Shape"],
  ])("leaves what was known: %s", async (_, answer, failure) => {
    const { world, worker, set } = await single(applicationReply("CHAT", chat(1, 2)));
    world.run(1000);
    set(answer);
    world.run(10 * MINUTE);
    const report = world.report(worker);
    expect(world.endpoints(worker, "CHAT")).toEqual(["10.0.0.1:8080", "10.0.0.2:8080"]);
    expect(Object.keys(failuresOf(report))).toEqual([failure]);
    expect(world.now - (report.names.CHAT?.at ?? 0)).toBeGreaterThan(9 * MINUTE);
    set(applicationReply("CHAT", chat(3)));
    expect(
      world.until(() => world.endpoints(worker, "CHAT").includes("10.0.0.3:8080"), 2 * MINUTE),
    ).toBeLessThan(1.2 * MINUTE);
    expect(world.report(worker).names.CHAT?.failure).toBe("no failure");
  });

  it("is followed by a pause that doubles, up to a minute", async () => {
    const { world } = await single("unreachable");
    world.run(10 * MINUTE);
    const times = world.calls.map(({ at }) => at);
    const gaps = times.slice(1).map((at, index) => (at - (times[index] as number)) / 1000);
    const expected = [1, 2, 4, 8, 16, 32, 60, 60, 60];
    for (const [index, gap] of expected.entries()) {
      expect(gaps[index]).toBeGreaterThanOrEqual(gap * 0.9 - 0.6);
      expect(gaps[index]).toBeLessThanOrEqual(gap * 1.1 + 0.1);
    }
    expect(times.length).toBeLessThan(20);
  });

  it("may be a cluster that the gateway does not know", async () => {
    const world = new World();
    const worker = await world.start("w", "server unknown /eureka h\napplication chat");
    world.run(MINUTE);
    const failures = failuresOf(world.report(worker));
    expect(Object.keys(failures)).toEqual(["Refused"]);
    expect(failures.Refused).toBeLessThan(10);
  });

  it("may never come: the call is taken for lost, and another one sent", async () => {
    const { world, worker } = await single(applicationReply("CHAT", chat(1)));
    world.latency = 10 * MINUTE;
    world.run(10_000);
    expect(world.calls).toHaveLength(1);
    world.latency = 20;
    world.run(5000);
    expect(world.endpoints(worker, "CHAT")).toEqual(["10.0.0.1:8080"]);
  });
});

describe("an application", () => {
  it("that Eureka does not know has no instances, and is known", async () => {
    const { world, worker } = await single({ status: 404 });
    world.run(100);
    expect(world.report(worker).names.CHAT).toMatchObject({ known: true, count: 0 });
  });

  it("whose instances all go is believed to be gone after a while, not at once", async () => {
    const { world, worker, set } = await single(applicationReply("CHAT", chat(1)));
    world.run(1000);
    for (const empty of [{ status: 404 }, applicationReply("CHAT", [])]) {
      set(empty);
      world.run(MINUTE);
      expect(world.endpoints(worker, "CHAT")).toHaveLength(1);
      set(applicationReply("CHAT", chat(1)));
      world.run(MINUTE);
    }
    expect(world.report(worker).held).toBeGreaterThan(1);
    set({ status: 404 });
    world.run(2.5 * MINUTE);
    expect(world.report(worker).names.CHAT).toMatchObject({ known: true, count: 0 });
    set(applicationReply("CHAT", chat(2)));
    world.run(INTERVAL);
    expect(world.endpoints(worker, "CHAT")).toEqual(["10.0.0.2:8080"]);
  });

  it("goes at once where no grace is given", async () => {
    const { world, worker, set } = await single(applicationReply("CHAT", chat(1)), "grace 0");
    world.run(1000);
    set({ status: 404 });
    world.run(INTERVAL);
    expect(world.report(worker).names.CHAT).toMatchObject({ known: true, count: 0 });
  });

  it("is not mixed with another one that a proxy answers for", async () => {
    const { world, worker } = await single(applicationReply("OTHER", [instance("o-1", "OTHER")]));
    world.run(1000);
    expect(world.report(worker).names.CHAT).toMatchObject({ count: 0 });
  });
});

describe("a list of fall-back instances", () => {
  const LIST =
    "server eureka /eureka h\napplication chat 192.0.2.1:8000 [2001:db8::1]:8001 model.test:8002 nonsense a:b";

  it("is used once Eureka cannot be asked, until it answers", async () => {
    const world = new World();
    let answer: Answer = "unreachable";
    world.servers.eureka = () => answer;
    const worker = await world.start("w", LIST);
    world.run(10);
    expect(world.report(worker).names.CHAT?.known).toBe(false);
    world.run(50);
    expect(world.report(worker).names.CHAT).toMatchObject({ known: true, answered: false });
    expect(world.report(worker).ready).toBe(true);
    expect(world.endpoints(worker, "CHAT")).toEqual([
      "192.0.2.1:8000",
      "[2001:db8::1]:8001",
      "model.test:8002",
    ]);
    answer = applicationReply("CHAT", chat(1));
    world.run(5000);
    expect(world.endpoints(worker, "CHAT")).toEqual(["10.0.0.1:8080"]);
    answer = "unreachable";
    world.run(10 * MINUTE);
    expect(world.endpoints(worker, "CHAT")).toEqual(["10.0.0.1:8080"]);
  });

  it("is used by the workers that only follow, too", async () => {
    const world = new World();
    world.servers.eureka = () => "timeout";
    const workers = [await world.start("a", LIST), await world.start("b", LIST)];
    world.run(5100);
    for (const worker of workers) expect(world.endpoints(worker, "CHAT")).toHaveLength(3);
  });

  it("is not used while Eureka takes its time", async () => {
    const world = new World();
    world.servers.eureka = () => applicationReply("CHAT", chat(1));
    world.latency = 3000;
    const worker = await world.start("w", LIST);
    for (let round = 0; round < 60; round++) {
      world.run(100);
      for (const endpoint of world.endpoints(worker, "CHAT")) expect(endpoint).toBe("10.0.0.1:8080");
    }
    expect(world.endpoints(worker, "CHAT")).toHaveLength(1);
  });
});

describe("several servers", () => {
  const THREE = "server a /eureka a z1\nserver b /eureka b z2\nserver c /eureka c z2\napplication chat";

  function three(): { world: World; down: Set<string> } {
    const world = new World();
    const down = new Set<string>();
    for (const name of ["a", "b", "c"]) {
      world.servers[name] = () => (down.has(name) ? "unreachable" : applicationReply("CHAT", chat(1)));
    }
    return { world, down };
  }

  function askedSince(world: World, from: number): string[] {
    return world.calls.slice(from).map(({ cluster }) => cluster);
  }

  it("are asked in order, the next one at once when one fails, and the good one again", async () => {
    const { world, down } = three();
    down.add("a");
    const worker = await world.start("w", THREE);
    world.run(100);
    expect(askedSince(world, 0)).toEqual(["a", "b"]);
    expect(world.endpoints(worker, "CHAT")).toHaveLength(1);
    world.run(4 * MINUTE);
    expect(new Set(askedSince(world, 1))).toEqual(new Set(["b"]));
  });

  it("begin with those of the own zone", async () => {
    const { world } = three();
    await world.start("w", `${THREE}\nzone z2`);
    world.run(2 * MINUTE);
    expect(new Set(askedSince(world, 0))).toEqual(new Set(["b"]));
  });

  it("are left for the preferred one when it is back", async () => {
    const { world, down } = three();
    down.add("a");
    await world.start("w", THREE);
    world.run(MINUTE);
    down.clear();
    world.run(5 * MINUTE);
    expect(world.calls.at(-1)?.cluster).toBe("a");
  });

  it("are all tried in one round, then after a pause all again", async () => {
    const { world, down } = three();
    for (const name of ["a", "b", "c"]) down.add(name);
    await world.start("w", THREE);
    world.run(500);
    expect(askedSince(world, 0)).toHaveLength(3);
    world.run(1500);
    expect(askedSince(world, 0).length).toBeGreaterThan(3);
    down.delete("c");
    world.run(MINUTE);
    const from = world.calls.length;
    world.run(2 * MINUTE);
    expect(new Set(askedSince(world, from))).toEqual(new Set(["c"]));
  });

  it("of which one is left are found in one round", async () => {
    for (const alive of ["a", "b", "c"]) {
      const { world, down } = three();
      for (const name of ["a", "b", "c"]) if (name !== alive) down.add(name);
      const worker = await world.start("w", THREE);
      world.run(200);
      expect(world.endpoints(worker, "CHAT")).toEqual(["10.0.0.1:8080"]);
    }
  });
});

describe("the whole registry", () => {
  /** A server that tells everything, or what changed in the last three minutes. */
  class FullServer {
    readonly instances = new Map<string, { application: string; fields: Record<string, unknown> }>();
    readonly changes: { at: number; key: string; item: object }[] = [];
    deltaStatus = 200;

    constructor(private readonly world: World) {}

    put(id: string, application: string, fields: Record<string, unknown> = {}): void {
      // An instance of another application is another instance.
      if ((this.instances.get(id)?.application ?? application) !== application) this.remove(id);
      this.instances.set(id, { application, fields });
      this.changes.push({
        at: this.world.now,
        key: `${application} ${id}`,
        item: instance(id, application, { ...fields, actionType: "ADDED" }),
      });
    }

    remove(id: string): void {
      const gone = this.instances.get(id);
      if (gone === undefined) return;
      this.instances.delete(id);
      const item = instance(id, gone.application, { ...gone.fields, actionType: "DELETED" });
      this.changes.push({ at: this.world.now, key: `${gone.application} ${id}`, item });
    }

    readonly answer = (path: string): Answer => {
      if (path === "/eureka/apps") return registryReply(group([...this.all().values()]), this.hashCode());
      if (path !== "/eureka/apps/delta") return { status: 500 };
      if (this.deltaStatus !== 200) return { status: this.deltaStatus };
      const recent = new Map<string, object>();
      for (const { at, key, item } of this.changes) if (this.world.now - at < 180_000) recent.set(key, item);
      return registryReply(group([...recent.values()]), this.hashCode());
    };

    all(): Map<string, object> {
      return new Map(
        [...this.instances].map(([id, { application, fields }]) => [id, instance(id, application, fields)]),
      );
    }

    private hashCode(): string {
      const reply = registryReply(group([...this.all().values()]));
      return (JSON.parse(reply) as { applications: { apps__hashcode: string } }).applications.apps__hashcode;
    }
  }

  function group(items: object[]): Record<string, object[]> {
    const groups: Record<string, object[]> = {};
    for (const item of items as { app: string }[]) {
      groups[item.app] ??= [];
      groups[item.app]?.push(item);
    }
    return groups;
  }

  const CONFIGURATION = "server eureka /eureka h\nmode 2\napplication chat\nvip x-vip\nsvip s-vip";

  async function full(more = ""): Promise<{ world: World; server: FullServer; worker: Worker }> {
    const world = new World();
    const server = new FullServer(world);
    world.servers.eureka = server.answer;
    server.put("c-1", "CHAT");
    server.put("c-2", "CHAT", { vipAddress: "other,X-Vip" });
    server.put("e-3", "EMBED", { vipAddress: "x-vip", secureVipAddress: "S-VIP" });
    server.put("n-4", "NOISE");
    const worker = await world.start("w", `${CONFIGURATION}\n${more}`);
    world.run(1000);
    return { world, server, worker };
  }

  function paths(world: World): string[] {
    return world.calls.map(({ path }) => path.replace("/eureka/apps", ""));
  }

  function ids(world: World, worker: Worker, name: string): string[] {
    return (world.report(worker).names[name]?.instances ?? [])
      .map((text) => text.split(" ")[0] as string)
      .sort();
  }

  it("is read once, then its changes", async () => {
    const { world, server, worker } = await full();
    expect(ids(world, worker, "CHAT")).toEqual(["c-1", "c-2"]);
    expect(ids(world, worker, "X-VIP")).toEqual(["c-2", "e-3"]);
    expect(ids(world, worker, "S-VIP")).toEqual(["e-3"]);
    server.put("c-5", "CHAT");
    server.put("c-2", "CHAT", { vipAddress: "other", status: "DOWN" });
    server.remove("c-1");
    world.run(INTERVAL);
    expect(paths(world)).toEqual(["", "/delta"]);
    expect(ids(world, worker, "CHAT")).toEqual(["c-2", "c-5"]);
    expect(ids(world, worker, "X-VIP")).toEqual(["e-3"]);
    expect(world.endpoints(worker, "CHAT")).toEqual(["10.0.0.5:8080"]);
    expect(failuresOf(world.report(worker))).toEqual({});
  });

  it("is read whole again when the hash code says that something was missed", async () => {
    const { world, server, worker } = await full();
    server.instances.set("c-7", { application: "CHAT", fields: {} });
    world.run(INTERVAL);
    expect(paths(world)).toEqual(["", "/delta", ""]);
    expect(ids(world, worker, "CHAT")).toEqual(["c-1", "c-2", "c-7"]);
    expect(failuresOf(world.report(worker))).toEqual({ HashCode: 1 });
  });

  it.each([403, 404])("is read whole where deltas are refused with %i", async (status) => {
    const { world, server, worker } = await full();
    server.deltaStatus = status;
    server.put("c-8", "CHAT");
    world.run(3 * INTERVAL);
    expect(paths(world).slice(0, 5)).toEqual(["", "/delta", "", "", ""]);
    expect(ids(world, worker, "CHAT")).toContain("c-8");
  });

  it("is read whole after a silence, in which changes may have been missed", async () => {
    const { world, server, worker } = await full();
    const { answer } = server;
    world.servers.eureka = () => "unreachable";
    world.run(INTERVAL);
    // One instance replaced by another, long ago: the hash code is blind for that.
    server.remove("c-1");
    server.put("c-9", "CHAT");
    world.run(4 * MINUTE);
    world.servers.eureka = answer;
    const from = world.calls.length;
    world.run(1.5 * MINUTE);
    expect(paths(world)[from]).toBe("");
    expect(ids(world, worker, "CHAT")).toEqual(["c-2", "c-9"]);
  });

  it("is read whole now and then", async () => {
    const { world } = await full("full 120000");
    world.run(10 * MINUTE);
    const whole = paths(world).filter((path) => path === "").length;
    expect(whole).toBeGreaterThanOrEqual(5);
    expect(whole).toBeLessThanOrEqual(7);
  });

  it("is chosen by the number of names, or where a VIP is asked for", async () => {
    const names = (count: number): string =>
      Array.from({ length: count }, (_, index) => `application a${index}`).join("\n");
    for (const [configuration, expected] of [
      [names(15), "/eureka/apps/A0"],
      [names(16), "/eureka/apps"],
      ["vip a", "/eureka/apps"],
      [`mode 1\n${names(40)}`, "/eureka/apps/A0"],
    ] as const) {
      const world = new World();
      world.servers.eureka = () => registryReply({});
      await world.start("w", `server eureka /eureka h\n${configuration}`);
      world.run(20);
      expect(world.calls[0]?.path).toBe(expected);
    }
  });

  it("that comes back empty is not believed at once", async () => {
    const { world, server, worker } = await full();
    const { answer } = server;
    world.servers.eureka = () => registryReply({});
    world.run(MINUTE);
    expect(ids(world, worker, "CHAT")).toEqual(["c-1", "c-2"]);
    world.servers.eureka = answer;
    world.run(MINUTE);
    expect(ids(world, worker, "CHAT")).toEqual(["c-1", "c-2"]);
    world.servers.eureka = () => registryReply({});
    world.run(3 * MINUTE);
    expect(world.report(worker).names.CHAT).toMatchObject({ known: true, count: 0 });
  });

  it("is told by every worker in turn as it is, over 150 polls and random changes", {
    timeout: 60_000,
  }, async () => {
    const { world, server } = await full("interval 10000");
    await world.start("v", `${CONFIGURATION}\ninterval 10000`);
    const random = seededRandom(4);
    const pick = (count: number): number => Math.floor(random() * count);
    for (let round = 0; round < 150; round++) {
      for (let writes = pick(5); writes > 0; writes--) {
        const id = `c-${pick(30)}`;
        if (random() < 0.3) server.remove(id);
        else
          server.put(id, pick(3) === 0 ? "OTHER" : "CHAT", { status: ["UP", "DOWN", "STARTING"][pick(3)] });
        world.run(pick(3000));
      }
      if (round % 40 === 39) world.kill(world.workers[0] as Worker);
      if (round % 40 === 39) await world.start(`n${round}`, `${CONFIGURATION}\ninterval 10000`);
      world.run(16_500);
      const truth = [...server.instances]
        .filter(([, { application }]) => application === "CHAT")
        .map(([id, { fields }]) => `${id} ${fields.status ?? "UP"}`)
        .sort();
      for (const worker of world.workers) {
        const { instances = [], count } = world.report(worker).names.CHAT ?? { count: -1 };
        expect(count).toBe(truth.length);
        if (count <= 20) expect([...instances].sort()).toEqual(truth);
      }
    }
    for (const worker of world.workers) expect(failuresOf(world.report(worker))).toEqual({});
    const deltas = paths(world).filter((path) => path === "/delta").length;
    expect(deltas).toBeGreaterThan(200);
    expect(world.calls.length - deltas).toBeLessThan(30);
  });
});
