/** Replies of other versions, replies that are none, and replies of any size. */
import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import {
  applicationReply,
  hashCodeOf,
  instance,
  ReplyHarness,
  registryReply,
  STATUSES,
} from "../../support/eureka-reply";
import { seededRandom } from "../../support/random";

const DIRECTORY = new URL("../../fixtures/eureka/", import.meta.url);
const SAMPLES = readdirSync(DIRECTORY).map((name) => readFileSync(new URL(name, DIRECTORY)));
const PAGE = 65536;
const WINDOW = 65536;

let harness: ReplyHarness;
beforeAll(async () => {
  harness = await ReplyHarness.open();
});

/** The one instance of an application reply with these fields. */
function one(fields: Record<string, unknown>) {
  const { failure, instances } = harness.read(applicationReply("A", [instance("a-1", "A", fields)]));
  expect(failure).toBe("None");
  return instances[0];
}

describe("an instance", () => {
  it.each([
    ["number and text", { $: 8081, "@enabled": "true" }, 8081],
    ["text and boolean", { $: "8081", "@enabled": true }, 8081],
    ["a disabled port", { $: 8081, "@enabled": "false" }, 0],
    ["a port disabled by a boolean", { $: 8081, "@enabled": false }, 0],
    ["letters of any case", { $: 8081, "@enabled": "True" }, 8081],
    ["no word about it", { $: 8081 }, 8081],
    ["a bare number", 8081, 8081],
    ["a bare text", "8081", 8081],
    ["zero", { $: 0, "@enabled": "true" }, 0],
    ["too large", { $: 65536, "@enabled": "true" }, 0],
    ["negative", { $: -1, "@enabled": "true" }, 0],
    ["a fraction", { $: 80.5, "@enabled": "true" }, 0],
    ["words", { $: "http", "@enabled": "true" }, 0],
    ["null", null, 0],
    ["an array", [8081], 0],
  ])("has a port: %s", (_, port, expected) => {
    expect(one({ port })?.port).toBe(expected);
    expect(one({ securePort: port })?.securePort).toBe(expected);
  });

  it.each([
    ...STATUSES.map((status): [unknown, string] => [status, status]),
    ["up", "UNKNOWN"],
    ["", "UNKNOWN"],
    [7, "UNKNOWN"],
  ] as [unknown, string][])("has a status: %s", (status, expected) => {
    expect(one({ status })?.status).toBe(expected);
  });

  it("is judged by its status alone, not by what overrides it", () => {
    expect(one({ status: "DOWN", overriddenStatus: "OUT_OF_SERVICE" })?.status).toBe("DOWN");
  });

  it("without an id is known by its host name, then by its address", () => {
    expect(one({ instanceId: undefined })?.id).toBe("host-1.example.test");
    expect(one({ instanceId: "" })?.id).toBe("host-1.example.test");
    expect(one({ instanceId: "x\ny" })?.id).toBe("host-1.example.test");
    expect(one({ instanceId: "i".repeat(256) })?.id).toBe("host-1.example.test");
    expect(one({ instanceId: undefined, hostName: "" })?.id).toBe("10.0.0.1");
  });

  it("without any place to send a request to is skipped, and the others count", () => {
    const lost = instance("a-9", "A", { ipAddr: "not an address", hostName: "a b\r\nx: y" });
    const { instances } = harness.read(applicationReply("A", [lost, instance("a-1", "A")]));
    expect(instances.map(({ id }) => id)).toEqual(["a-1"]);
    expect(harness.exports.skipped()).toBe(1);
  });

  it("keeps nothing that could break out of a header", () => {
    expect(one({ hostName: "a\r\nb" })).toMatchObject({ hostName: "", address: "10.0.0.1" });
    expect(one({ ipAddr: "10.0.0.1:80" })).toMatchObject({ address: "", hostName: "host-1.example.test" });
    expect(one({ ipAddr: "fe80::1%eth0" })).toMatchObject({ address: "" });
    expect(one({ ipAddr: "2001:db8::1" })).toMatchObject({ address: "2001:db8::1" });
  });

  it("has a zone from its metadata, else from Amazon", () => {
    const dataCenterInfo = { name: "Amazon", metadata: { "availability-zone": "us-east-1c" } };
    expect(one({ dataCenterInfo, metadata: { zone: "z1" } })?.zone).toBe("z1");
    expect(one({ dataCenterInfo, metadata: {} })?.zone).toBe("us-east-1c");
    expect(one({ dataCenterInfo, metadata: { zone: "a\u0000b" } })?.zone).toBe("us-east-1c");
    expect(one({ dataCenterInfo: "MyOwn", metadata: null })?.zone).toBe("");
  });

  it("has decoded texts", () => {
    const read = one({ instanceId: 'é"\\😀', metadata: { 'k"é': "v\u2028" } });
    expect(read?.id).toBe('é"\\😀');
    expect(harness.metadata('é"\\😀', 'k"é')).toBe("v\u2028");
  });

  it("loses metadata that is too much, not itself", () => {
    const metadata = {
      big: "x".repeat(20000),
      small: "1",
      ["k".repeat(256)]: "2",
      nested: { a: 1 },
      flag: true,
    };
    expect(one({ metadata })?.id).toBe("a-1");
    expect(harness.metadata("a-1", "big")).toBeUndefined();
    expect(harness.metadata("a-1", "small")).toBe("1");
    expect(harness.metadata("a-1", "flag")).toBe("true");
    expect(harness.metadata("a-1", "nested")).toBeUndefined();
    expect(harness.metadata("a-1", "k".repeat(256))).toBeUndefined();
  });
});

describe("a reply", () => {
  it("may have an object where others have an array of one", () => {
    const only = instance("a-1", "A");
    const bare = { application: { name: "A", instance: only } };
    expect(harness.read(JSON.stringify(bare)).instances).toHaveLength(1);
    const registry = { applications: { application: bare.application, apps__hashcode: "UP_1_" } };
    expect(harness.read(JSON.stringify(registry)).instances).toHaveLength(1);
    expect(harness.text(harness.exports.hashCode())).toBe("UP_1_");
  });

  it("says the last word about an instance last", () => {
    const twice = [instance("a-1", "A"), instance("a-1", "A", { status: "DOWN" })];
    expect(harness.read(applicationReply("A", twice)).instances).toMatchObject([{ status: "DOWN" }]);
  });

  it("gives equal bytes for equal instances in any order", () => {
    const all = Array.from({ length: 50 }, (_, index) => instance(`a-${index}`, "A"));
    harness.read(applicationReply("A", all));
    const bytes = harness.snapshot();
    harness.read(applicationReply("A", all.reverse()));
    expect(Buffer.compare(harness.snapshot(), bytes)).toBe(0);
  });

  it.each([
    ["an HTML page", "<html><body>Not found</body></html>", "NotJson"],
    ["text", "Service unavailable", "NotJson"],
    ["nothing", "", "Truncated"],
    ["a number", "7", "Shape"],
    ["null", "null", "Shape"],
    ["an array", "[]", "Shape"],
    ["an empty object", "{}", "Shape"],
    [
      "an error of Spring",
      '{"timestamp":"x","status":404,"error":"Not Found","path":"/eureka/apps/X"}',
      "Shape",
    ],
    ["an error of Jetty", '{"servlet":"x","message":"Not Found","url":"/apps","status":"404"}', "Shape"],
    ["an application without instances", '{"application":{"name":"A"}}', "Shape"],
    ["a text for instances", '{"application":{"name":"A","instance":"none"}}', "Shape"],
    ["null for instances", '{"application":{"name":"A","instance":null}}', "Shape"],
    ["numbers for instances", '{"application":{"name":"A","instance":[1,2]}}', "Shape"],
    ["an array for applications", '{"applications":[]}', "Shape"],
    ["a text for an application", '{"applications":{"application":"none"}}', "Shape"],
    ["a number for a hash code", '{"applications":{"apps__hashcode":1,"application":[]}}', "Shape"],
    ["applications deeper down", '{"data":{"applications":{"application":[]}}}', "Shape"],
    ["XML", '<?xml version="1.0"?><applications/>', "NotJson"],
    ["two replies", `${registryReply({})}${registryReply({})}`, "NotJson"],
    [
      "bad UTF-8",
      Buffer.concat([Buffer.from('{"application":{"name":"'), Buffer.from([0xff]), Buffer.from('"}}')]),
      "NotJson",
    ],
    [
      "one huge instance",
      applicationReply("A", [instance("a-1", "A", { note: "x".repeat(70000) })]),
      "TooLarge",
    ],
    ["one huge name", `{"${"x".repeat(70000)}":1,"applications":{}}`, "TooLarge"],
    ["endless nesting", `{"x":${"[".repeat(100000)}`, "TooLarge"],
  ])("that is no reply is no news: %s", (_, reply, failure) => {
    harness.read(applicationReply("A", [instance("kept", "A")]));
    expect(harness.read(reply)).toEqual({ failure, instances: [] });
    expect(harness.instances().map(({ id }) => id)).toEqual(["kept"]);
  });

  it("may hold anything where nobody looks", () => {
    const reply = {
      application: {
        instance: [instance("a-1", "A", { instance: [{ ipAddr: "6.6.6.6" }] })],
        other: { instance: [{ ipAddr: "6.6.6.6" }] },
        name: ["A"],
      },
      more: [{ application: { instance: [{ ipAddr: "6.6.6.6" }] } }],
    };
    expect(harness.read(JSON.stringify(reply)).instances).toMatchObject([{ address: "10.0.0.1" }]);
  });

  it("survives a hundred thousand mutations of the samples", { timeout: 120_000 }, () => {
    const random = seededRandom(20261124);
    let news = 0;
    for (let round = 0; round < 100_000; round++) {
      const sample = SAMPLES[round % SAMPLES.length] as Buffer;
      news += harness.feed([mutate(sample, random)]) ? 1 : 0;
    }
    // Some changes do no harm, most do: both ways were taken.
    expect(news).toBeGreaterThan(1000);
    expect(news).toBeLessThan(99_000);
    expect(harness.read(SAMPLES[0] as Buffer).failure).toBe("None");
  });
});

const SNIPPETS = [
  '{"instance":',
  "[",
  "]",
  "}",
  '"',
  "\\u0000",
  "null",
  "1e999",
  '"@enabled":',
  "\0",
  "é",
  ",",
];

/** One to four places changed, removed, doubled, or replaced by something that matters. */
function mutate(sample: Buffer, random: () => number): Buffer {
  let bytes = sample;
  for (let changes = 1 + Math.floor(random() * 4); changes > 0; changes--) {
    const at = Math.floor(random() * bytes.length);
    const length = Math.floor(random() * 8);
    const head = bytes.subarray(0, at);
    const tail = bytes.subarray(at + length);
    const kind = Math.floor(random() * 4);
    const middle =
      kind === 0
        ? Buffer.from([Math.floor(random() * 256)])
        : kind === 1
          ? Buffer.from(SNIPPETS[Math.floor(random() * SNIPPETS.length)] ?? "")
          : kind === 2
            ? bytes.subarray(at, at + length + length)
            : Buffer.alloc(0);
    bytes = Buffer.concat([head, middle, tail]);
  }
  return bytes;
}

describe("names", () => {
  const APPLICATIONS = {
    "LLM-CHAT": [
      instance("c-1", "LLM-CHAT", { vipAddress: "x-vip,y-vip", secureVipAddress: "s-vip" }),
      instance("c-2", "LLM-CHAT", { vipAddress: " Y-VIP , z-vip" }),
    ],
    EMBED: [instance("e-1", "EMBED", { vipAddress: undefined, secureVipAddress: "x-vip" })],
  };

  it.each([
    ["application", "llm-chat", ["c-1", "c-2"]],
    ["application", "EMBED", ["e-1"]],
    ["application", "LLM", []],
    ["vip", "x-vip", ["c-1"]],
    ["vip", "Y-Vip", ["c-1", "c-2"]],
    ["vip", "Z-VIP", ["c-2"]],
    ["vip", "x-vip,y-vip", []],
    ["secureVip", "X-VIP", ["e-1"]],
    ["secureVip", "embed", []],
  ] as const)("%s %s", (kind, name, expected) => {
    harness.look(kind, name);
    const { instances } = harness.read(registryReply(APPLICATIONS));
    harness.look("application");
    expect(instances.map(({ id }) => id)).toEqual(expected);
  });
});

describe("a delta", () => {
  it("changes what was known", () => {
    harness.read(registryReply({ A: [instance("a-1", "A"), instance("a-2", "A"), instance("a-3", "A")] }));
    const delta = registryReply({
      A: [
        instance("a-1", "A", { actionType: "DELETED" }),
        instance("a-2", "A", { status: "DOWN", actionType: "MODIFIED" }),
        instance("a-4", "A", { actionType: "ADDED" }),
      ],
    });
    expect(harness.read(delta, true).instances).toMatchObject([
      { id: "a-2", status: "DOWN" },
      { id: "a-3", status: "UP" },
      { id: "a-4", status: "UP" },
    ]);
  });
});

describe("a snapshot", () => {
  it("is read from a copy of its bytes, and from nothing else", () => {
    const all = Array.from({ length: 20 }, (_, index) => instance(`a-${index}`, "A"));
    const { instances } = harness.read(applicationReply("A", all));
    const bytes = harness.snapshot();
    harness.read(registryReply({}));
    expect(adopt(bytes)).toBe(true);
    expect(harness.instances()).toEqual(instances);
    for (let length = 0; length < bytes.length; length += 7)
      expect(adopt(bytes.subarray(0, length))).toBe(false);
    expect(adopt(Buffer.concat([bytes, Buffer.alloc(1)]))).toBe(false);
  });

  it("with any byte changed is refused or can still be read", () => {
    harness.read(applicationReply("A", [instance("a-1", "A"), instance("a-2", "A"), instance("a-3", "A")]));
    const bytes = harness.snapshot();
    for (let at = 0; at < bytes.length; at++) {
      for (const value of [0, 1, 0x7f, 0xff]) {
        const changed = Buffer.from(bytes);
        changed[at] = value;
        if (!adopt(changed)) continue;
        for (const read of harness.instances()) expect(read.address.length).toBeLessThan(256);
        harness.metadata("a-1", "model");
        harness.candidates();
      }
    }
  });

  it("finds instances by key", () => {
    const all = Array.from({ length: 1000 }, (_, index) => instance(`a-${index}`, "A"));
    harness.read(applicationReply("A", all));
    const { exports } = harness;
    for (let index = 0; index < 1000; index++) expect(exports.indexOf(exports.keyOf(index))).toBe(index);
    expect(exports.indexOf(0n)).toBe(-1);
    expect(exports.indexOf(-1n)).toBe(-1);
  });

  function adopt(bytes: Uint8Array): boolean {
    const pointer = harness.exports.allocate(Math.max(1, bytes.length));
    new Uint8Array(harness.exports.memory.buffer, pointer, bytes.length).set(bytes);
    const isTaken = harness.exports.adopt(pointer, bytes.length) !== 0;
    harness.exports.release(pointer);
    return isTaken;
  }
});

describe("size", () => {
  it("1,000 instances take far less than 1 MiB", () => {
    const all = Array.from({ length: 1000 }, (_, index) => instance(`host-${index}:model:8080`, "A"));
    harness.read(applicationReply("A", all));
    expect(harness.exports.count()).toBe(1000);
    expect(harness.snapshot().length).toBeLessThan(256 * 1024);
  });

  it("10,000 instances are read in windows, twice, in less than 16 MiB", { timeout: 60_000 }, async () => {
    const fresh = await ReplyHarness.open();
    const all = Array.from({ length: 10_000 }, (_, index) => instance(`host-${index}:model:8080`, "A"));
    const reply = Buffer.from(registryReply({ A: all }));
    expect(reply.length).toBeGreaterThan(9_000_000);
    const { exports } = fresh;
    const window = exports.allocate(WINDOW);
    for (let round = 0; round < 2; round++) {
      exports.begin();
      exports.reserve(reply.length >> 3);
      for (let at = 0; at < reply.length; at += WINDOW) {
        const piece = reply.subarray(at, at + WINDOW);
        new Uint8Array(exports.memory.buffer, window, piece.length).set(piece);
        expect(exports.feed(window, piece.length)).not.toBe(0);
      }
      expect(exports.end(1n)).not.toBe(0);
      exports.freeBuilder();
      exports.apply();
    }
    expect(exports.count()).toBe(10_000);
    expect(exports.candidates()).toBe(10_000);
    expect(fresh.text(exports.computedHashCode())).toBe(hashCodeOf(all));
    expect(exports.pages() * PAGE).toBeLessThan(16 * 1024 * 1024);
  });
});
