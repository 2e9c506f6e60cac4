import { describe, expect, it } from "vitest";
import { type Exchange, type ExchangeOptions, type Host, type Root, SharedStore } from "../host/index.ts";
import { chat, clusterConfiguration, configured } from "./plugin.ts";

const request = { model: "m", messages: [] };
const TOKENS = ["sk-first", "sk-second", "sk-third"];

/** The key that went upstream; "" where none did. */
function keyOf({ upstream }: Exchange): string {
  return upstream?.headers.get("authorization")?.replace("Bearer ", "") ?? "";
}

/** Answers that depend on the key: a status for some of them, 200 for the others. */
function service(statuses: Record<string, number>, headers: Record<string, string> = {}) {
  return (sent: { headers: { get(name: string): string | undefined } }) => {
    const status = statuses[sent.headers.get("authorization")?.replace("Bearer ", "") ?? ""] ?? 200;
    const more = status === 200 ? {} : headers;
    return {
      headers: { ":status": String(status), "content-type": "application/json", ...more },
      body: "{}",
    };
  };
}

function keysOf(root: Root, count: number, respond: ExchangeOptions["respond"] = service({})): string[] {
  return Array.from({ length: count }, () => keyOf(chat(root, request, { respond })));
}

function configuration(keys: object = {}, rest: object = {}): object {
  return clusterConfiguration({ tokens: TOKENS, keys, ...rest });
}

/** A gateway whose clock stands still until it is told otherwise. */
async function gateway(config: object, shared = new SharedStore(), start = 1_800_000_000_000) {
  const clock = { now: start };
  const root = await configured(config, { now: () => clock.now, shared });
  const pass = (ms: number) => {
    clock.now += ms;
    root.tick();
  };
  return { root, pass, clock };
}

function counts(keys: string[]): number[] {
  return TOKENS.map((token) => keys.filter((key) => key === token).length);
}

describe("several keys", () => {
  it("are used one after the other, wherever they are given", async () => {
    for (const given of [
      { tokens: TOKENS },
      { tokens: TOKENS.join(", ") },
      { auth: { tokens: TOKENS } },
      { auth: { type: "header", name: "authorization", prefix: "Bearer ", tokens: TOKENS } },
    ]) {
      const root = await configured(clusterConfiguration(given));
      const keys = keysOf(root, 9);
      expect(counts(keys)).toEqual([3, 3, 3]);
      expect(keys[0]).not.toBe(keys[1]);
    }
  });

  it("are used at random where that is asked for", async () => {
    const { root } = await gateway(configuration({ policy: "random" }));
    const shares = counts(keysOf(root, 600));
    for (const share of shares) expect(share).toBeGreaterThan(150);
  });

  it("go into the query, and into another header", async () => {
    const inQuery = { auth: { type: "query", name: "key", tokens: ["a+b", "c&d"] } };
    const root = await configured(clusterConfiguration(inQuery));
    const paths = [0, 1].map(() => chat(root, request).upstream?.headers.get(":path"));
    expect(paths.sort()).toEqual(["/v1/chat/completions?key=a%2Bb", "/v1/chat/completions?key=c%26d"]);
  });

  it("cost no host call more than one key does", async () => {
    const calls = async (config: object) => {
      const root = await configured(config);
      chat(root, request);
      const before = root.host.counters.hostCalls;
      chat(root, request);
      return root.host.counters.hostCalls - before;
    };
    expect(await calls(configuration())).toBe(await calls(clusterConfiguration({ token: "sk" })));
  });

  it("are one where one is given twice", async () => {
    const root = await configured(clusterConfiguration({ tokens: ["a", "a"] }));
    expect(keysOf(root, 3)).toEqual(["a", "a", "a"]);
  });
});

describe("a key that is refused", () => {
  it.each([401, 403, 429])("cools down after %i, and comes back", async (status) => {
    const { root, pass } = await gateway(configuration());
    keysOf(root, 3, service({ "sk-second": status }));
    expect(counts(keysOf(root, 6))).toEqual([3, 0, 3]);
    pass(9000);
    expect(counts(keysOf(root, 6))).toEqual([3, 0, 3]);
    pass(1001);
    expect(counts(keysOf(root, 6))).toEqual([2, 2, 2]);
  });

  it.each([200, 400, 404, 500, 503])("does not cool down after %i", async (status) => {
    const { root } = await gateway(configuration());
    keysOf(root, 3, service({ "sk-second": status }));
    expect(counts(keysOf(root, 6))).toEqual([2, 2, 2]);
  });

  it("cools down after the statuses that are configured", async () => {
    const { root } = await gateway(configuration({ statuses: ["402", "5xx"] }));
    keysOf(root, 3, service({ "sk-first": 402, "sk-second": 429, "sk-third": 503 }));
    expect(counts(keysOf(root, 6))).toEqual([0, 6, 0]);
  });

  it("cools down twice as long each time, up to the limit, and is forgiven when it is accepted", async () => {
    const { root, pass } = await gateway(configuration({ coolDownMs: 2000, maxCoolDownMs: 6000 }));
    const bad = service({ "sk-first": 429 });
    const waits = [2000, 4000, 6000, 6000];
    for (const wait of waits) {
      expect(counts(keysOf(root, 3, bad))[0]).toBe(1);
      pass(wait - 1);
      expect(counts(keysOf(root, 4, bad))[0]).toBe(0);
      pass(1);
    }
    expect(counts(keysOf(root, 3))[0]).toBe(1);
    pass(1000);
    expect(counts(keysOf(root, 3, bad))[0]).toBe(1);
    pass(2001);
    expect(counts(keysOf(root, 3))[0]).toBe(1);
  });

  it("waits as long as the service says", async () => {
    const { root, pass } = await gateway(configuration());
    keysOf(root, 3, service({ "sk-third": 429 }, { "retry-after": "120" }));
    pass(119_000);
    expect(counts(keysOf(root, 4))).toEqual([2, 2, 0]);
    pass(1001);
    expect(counts(keysOf(root, 6))).toEqual([2, 2, 2]);
  });

  it("is used all the same where all of them cool down: the one that is due first", async () => {
    const { root, pass } = await gateway(configuration());
    const waits: Record<string, string> = { "sk-first": "300", "sk-second": "60", "sk-third": "200" };
    keysOf(root, 3, (sent) => {
      const key = sent.headers.get("authorization")?.replace("Bearer ", "") ?? "";
      return { headers: { ":status": "429", "retry-after": waits[key] ?? "" }, body: "" };
    });
    expect(keysOf(root, 2)).toEqual(["sk-second", "sk-second"]);
    pass(61_000);
    expect(keysOf(root, 1)).toEqual(["sk-second"]);
  });

  it("counts once for the requests that were under way with it", async () => {
    const config = configuration(
      { coolDownMs: 2000, maxCoolDownMs: 600_000 },
      { tokens: ["sk-first", "sk-second"] },
    );
    const { root, pass } = await gateway(config);
    const bad = service({ "sk-first": 429, "sk-second": 429 });
    keysOf(root, 12, bad);
    pass(2001);
    // Had each of the twelve counted, this would be too early.
    expect(new Set(keysOf(root, 2))).toEqual(new Set(["sk-first", "sk-second"]));
  });
});

describe("a key that fails several times", () => {
  const bad = service({ "sk-first": 429 });

  it("cools down after as many failures in a row as are told", async () => {
    const { root, pass } = await gateway(configuration({ consecutiveFailures: 3 }));
    expect(counts(keysOf(root, 6, bad))).toEqual([2, 2, 2]);
    expect(counts(keysOf(root, 3, bad))).toEqual([1, 1, 1]);
    expect(counts(keysOf(root, 6, bad))).toEqual([0, 3, 3]);
    // One more failure is enough once it has cooled down, and for twice as long.
    pass(10_001);
    expect(counts(keysOf(root, 3, bad))[0]).toBe(1);
    pass(19_999);
    expect(counts(keysOf(root, 4, bad))).toEqual([0, 2, 2]);
    pass(2);
    expect(counts(keysOf(root, 3, bad))[0]).toBe(1);
  });

  it("does not where one succeeds in between", async () => {
    const { root } = await gateway(configuration({ consecutiveFailures: 3 }));
    for (let round = 0; round < 3; round++) {
      expect(counts(keysOf(root, 6, bad))).toEqual([2, 2, 2]);
      expect(counts(keysOf(root, 3))).toEqual([1, 1, 1]);
    }
    keysOf(root, 9, bad);
    expect(counts(keysOf(root, 6, bad))).toEqual([0, 3, 3]);
  });

  it("is counted by all workers together, also where one is faster than the other", async () => {
    const shared = new SharedStore();
    const config = configuration({ consecutiveFailures: 4 });
    const one = await gateway(config, shared);
    const other = await gateway(config, shared);
    // Between reading and writing of the one, the other writes.
    const get = shared.get.bind(shared);
    let isFirst = true;
    shared.get = (name) => {
      const found = get(name);
      if (isFirst && name.includes(".key.")) {
        isFirst = false;
        keysOf(other.root, 3, bad);
      }
      return found;
    };
    keysOf(one.root, 3, bad);
    expect(isFirst).toBe(false);
    expect(counts(keysOf(one.root, 3, bad))[0]).toBe(1);
    one.pass(1000);
    other.pass(1000);
    expect(counts(keysOf(other.root, 3, bad))[0]).toBe(1);
    one.pass(1000);
    expect(counts(keysOf(one.root, 4, bad))).toEqual([0, 2, 2]);
    expect(counts(keysOf(other.root, 4, bad))).toEqual([0, 2, 2]);
  });

  it("costs a host call only where a count changes", async () => {
    const { root } = await gateway(configuration({ consecutiveFailures: 3, consecutiveSuccesses: 3 }));
    const callsOf = (respond?: ExchangeOptions["respond"]) => {
      const before = root.host.counters.hostCalls;
      keysOf(root, 3, respond);
      return root.host.counters.hostCalls - before;
    };
    callsOf();
    const usual = callsOf();
    expect(callsOf(bad)).toBeGreaterThan(usual);
    // The success that ends the count is the last one that anybody is told of.
    expect(callsOf()).toBeGreaterThan(usual);
    expect(callsOf()).toBe(usual);
  });
});

describe("a key whose cool-down is over", () => {
  const bad = service({ "sk-first": 429 });

  async function cooled(keys: object = {}, shared = new SharedStore()) {
    const at = await gateway(configuration(keys), shared);
    keysOf(at.root, 3, bad);
    at.pass(10_001);
    return at;
  }

  it("is taken by one request at a time, whichever worker has it", async () => {
    const shared = new SharedStore();
    const { root } = await cooled({}, shared);
    const other = await gateway(configuration(), shared, 1_800_000_010_001);
    const during: string[] = [];
    const taken = keysOf(root, 3, (sent) => {
      if (sent.headers.get("authorization") === "Bearer sk-first" && during.length === 0) {
        during.push("");
        during.push(...keysOf(root, 4), ...keysOf(other.root, 4));
      }
      return { body: "{}" };
    });
    expect(taken).toContain("sk-first");
    expect(during.length).toBe(9);
    expect(counts(during)[0]).toBe(0);
    expect(counts(keysOf(root, 6))).toEqual([2, 2, 2]);
  });

  it("is taken by one of two workers that find it at the same moment", async () => {
    const shared = new SharedStore();
    const { root } = await cooled({}, shared);
    const other = await gateway(configuration(), shared, 1_800_000_010_001);
    const get = shared.get.bind(shared);
    const meanwhile: string[] = [];
    let isFirst = true;
    // The one has read that it may be taken; before it says that it takes it, the other one comes.
    shared.get = (record) => {
      const found = get(record);
      if (isFirst && record.includes(".key.")) {
        isFirst = false;
        meanwhile.push(...keysOf(other.root, 3, () => ({ hang: true })));
      }
      return found;
    };
    const keys = keysOf(root, 3);
    expect(meanwhile).toContain("sk-first");
    expect(keys).not.toContain("sk-first");
  });

  it("is good again after as many successes in a row as are told", async () => {
    const { root } = await cooled({ consecutiveSuccesses: 3 });
    const infos = () => messages(root.host).split("is good again").length - 1;
    expect(counts(keysOf(root, 6))).toEqual([2, 2, 2]);
    expect(infos()).toBe(0);
    expect(counts(keysOf(root, 3))).toEqual([1, 1, 1]);
    expect(infos()).toBe(1);
  });

  it("cools down again after a failure among them", async () => {
    const { root, pass } = await cooled({ consecutiveFailures: 2, consecutiveSuccesses: 2 });
    // So far one failure, which does not make it cool down.
    expect(counts(keysOf(root, 3, bad))).toEqual([1, 1, 1]);
    expect(counts(keysOf(root, 4))).toEqual([0, 2, 2]);
    pass(10_001);
    expect(counts(keysOf(root, 3))).toEqual([1, 1, 1]);
    expect(counts(keysOf(root, 3, bad))).toEqual([1, 1, 1]);
    pass(19_000);
    expect(counts(keysOf(root, 4))).toEqual([0, 2, 2]);
    pass(1001);
    expect(counts(keysOf(root, 6))).toEqual([2, 2, 2]);
  });

  it("is free for the next request after an answer that says nothing of it", async () => {
    const { root } = await cooled();
    expect(counts(keysOf(root, 3, service({ "sk-first": 500 })))).toEqual([1, 1, 1]);
    expect(counts(keysOf(root, 3, service({ "sk-first": 500 })))).toEqual([1, 1, 1]);
    expect(messages(root.host)).not.toContain("is good again");
    expect(counts(keysOf(root, 3))).toEqual([1, 1, 1]);
    expect(messages(root.host)).toContain("key 1 of 3 is good again");
  });

  it("is free again in time where nothing was heard of the request", async () => {
    const { root, pass } = await cooled();
    const taken = Array.from({ length: 3 }, () =>
      keyOf(chat(root, request, { respond: () => ({ hang: true }) })),
    );
    expect(taken).toContain("sk-first");
    expect(counts(keysOf(root, 4))).toEqual([0, 2, 2]);
    pass(10_001);
    expect(counts(keysOf(root, 6))).toEqual([2, 2, 2]);
  });
});

describe("what is known of a key", () => {
  it("is known to all workers, to a new VM and to a new configuration", async () => {
    const shared = new SharedStore();
    const one = await gateway(configuration(), shared);
    const other = await gateway(configuration(), shared);
    keysOf(one.root, 3, service({ "sk-second": 401 }));
    other.pass(1000);
    expect(counts(keysOf(other.root, 6))).toEqual([3, 0, 3]);
    const restarted = await gateway(configuration({}, { name: "another", strict: true }), shared);
    expect(counts(keysOf(restarted.root, 6))).toEqual([3, 0, 3]);
    // The same key at another place is another one.
    const elsewhere = await gateway(configuration({}, { cluster: "eureka" }), shared);
    expect(counts(keysOf(elsewhere.root, 6))).toEqual([2, 2, 2]);
  });

  it("does not hold the key, nor does any log", async () => {
    const shared = new SharedStore();
    const stored: string[] = [];
    const set = shared.set.bind(shared);
    shared.set = (name, bytes, version) => {
      stored.push(name, Buffer.from(bytes).toString("latin1"));
      return set(name, bytes, version);
    };
    const { root } = await gateway(configuration(), shared);
    keysOf(root, 6, service({ "sk-first": 429, "sk-second": 401, "sk-third": 403 }));
    expect(stored.length).toBeGreaterThan(0);
    const said = messages(root.host);
    expect(said).toContain("key 2 of 3 cools down for 10000 ms after status 401");
    for (const token of TOKENS) expect(stored.join("\n") + said).not.toContain(token);
  });

  it("survives nonsense in the shared data", async () => {
    const shared = new SharedStore();
    const set = shared.set.bind(shared);
    shared.set = (name, bytes, version) =>
      set(name, name.includes(".key.") ? Buffer.from("?") : bytes, version);
    const { root } = await gateway(configuration(), shared);
    keysOf(root, 3, service({ "sk-second": 429 }));
    expect(keysOf(root, 6).every((key) => TOKENS.includes(key))).toBe(true);
  });
});

function messages(host: Host): string {
  return host.messages().join("\n");
}

describe("requests about what one account owns", () => {
  const ask = (root: Root, path: string, consumer?: string) =>
    keyOf(
      root.exchange({
        request: {
          headers: { ":path": path, ...(consumer === undefined ? {} : { "x-mse-consumer": consumer }) },
        },
        respond: () => ({ body: "{}" }),
      }),
    );

  it("keep to one key for each consumer", async () => {
    const { root } = await gateway(configuration());
    const again = await gateway(configuration({}, { tokens: [...TOKENS].reverse() }));
    const chosen = new Set<string>();
    for (let index = 0; index < 20; index++) {
      const key = ask(root, "/v1/files/file-1", `consumer-${index}`);
      for (const path of ["/v1/files", "/v1/batches/b", "/v1/fine_tuning/jobs", "/v1/responses/resp_1"]) {
        expect(ask(root, path, `consumer-${index}`)).toBe(key);
      }
      // The order in the configuration does not matter.
      expect(ask(again.root, "/v1/files", `consumer-${index}`)).toBe(key);
      chosen.add(key);
    }
    expect(chosen.size).toBe(3);
  });

  it("keep most consumers' keys when one is added", async () => {
    const { root } = await gateway(configuration());
    const more = await gateway(configuration({}, { tokens: [...TOKENS, "sk-fourth"] }));
    let moved = 0;
    for (let index = 0; index < 100; index++) {
      const key = ask(more.root, "/v1/files", `consumer-${index}`);
      if (key === ask(root, "/v1/files", `consumer-${index}`)) continue;
      expect(key).toBe("sk-fourth");
      moved++;
    }
    expect(moved).toBeGreaterThan(10);
    expect(moved).toBeLessThan(45);
  });

  it("rotate where nobody says who asks, and chat always does", async () => {
    const { root } = await gateway(configuration({ consumerHeader: "x-team" }));
    const files = Array.from({ length: 6 }, () => ask(root, "/v1/files", "one"));
    expect(counts(files)).toEqual([2, 2, 2]);
    const chats = Array.from({ length: 6 }, () =>
      keyOf(chat(root, request, { request: { headers: { "x-team": "one" } } })),
    );
    expect(counts(chats)).toEqual([2, 2, 2]);
  });
});

describe("a request that is tried again", () => {
  const attempts = { attempts: { max: 3, budgetPercent: 1000 } };

  it.each([401, 403, 429])("takes another key at once after %i", async (status) => {
    const config = clusterConfiguration({ tokens: TOKENS }, attempts);
    const { root } = await gateway(config);
    let refused = 0;
    for (let index = 0; index < 3; index++) {
      const exchange = chat(root, request, {
        respond: (sent) => {
          if (sent.headers.get("authorization") !== "Bearer sk-second") return { body: '{"ok":1}' };
          refused++;
          return { headers: { ":status": String(status), "retry-after": "60" }, body: "" };
        },
        onHeld: () => {
          const call = root.callouts[0];
          expect(call?.headers.get("authorization")).toMatch(/^Bearer sk-(first|third)$/);
          call?.respond({ headers: { "content-type": "application/json" }, body: '{"ok":2}' });
        },
      });
      expect(exchange.client?.status).toBe(200);
    }
    expect(refused).toBe(1);
  });

  it("takes another key also where that one does not cool down yet, whichever comes next", async () => {
    const tokens = ["sk-first", "sk-second"];
    const keys = { consecutiveFailures: 1000, policy: "random" };
    const { root } = await gateway(clusterConfiguration({ tokens, keys }, attempts));
    let tried = 0;
    for (let index = 0; index < 20; index++) {
      chat(root, request, {
        respond: (sent) => {
          if (sent.headers.get("authorization") !== "Bearer sk-first") return { body: '{"ok":1}' };
          return { headers: { ":status": "401" }, body: "" };
        },
        onHeld: () => {
          const call = root.callouts[0];
          expect(call?.headers.get("authorization")).toBe("Bearer sk-second");
          tried++;
          call?.respond({ headers: { "content-type": "application/json" }, body: '{"ok":2}' });
        },
      });
    }
    expect(tried).toBeGreaterThan(3);
  });
});
