/** Which instances a service may be sent to, and how they are addressed. */
import { beforeAll, describe, expect, it } from "vitest";
import { applicationReply, instance, ReplyHarness } from "../../support/eureka-reply";
import { lend } from "../../support/harness";

const PLAIN_FIRST = 0;
const SECURE_FIRST = 1;
const PLAIN_ONLY = 2;
const SECURE_ONLY = 3;

let harness: ReplyHarness;
beforeAll(async () => {
  harness = await ReplyHarness.open();
});

function enabled(port: number): object {
  return { $: port, "@enabled": "true" };
}

function disabled(port: number): object {
  return { $: port, "@enabled": "false" };
}

function read(...instances: object[]): void {
  expect(harness.read(applicationReply("A", instances)).failure).toBe("None");
}

function endpoints(ports = PLAIN_FIRST, preferIp = true, allStatuses = false): string[] {
  harness.exports.select(allStatuses ? 1 : 0, ports, preferIp ? 1 : 0);
  return harness
    .candidates()
    .map(({ endpoint, secure }) => (secure ? `${endpoint} secure` : endpoint))
    .sort();
}

describe("a view", () => {
  it("leaves out everything that is not UP", () => {
    read(
      instance("a-1", "A"),
      ...["DOWN", "STARTING", "OUT_OF_SERVICE", "UNKNOWN", "odd"].map((status, index) =>
        instance(`a-${index + 2}`, "A", { status }),
      ),
    );
    expect(endpoints()).toEqual(["10.0.0.1:8080"]);
    expect(endpoints(PLAIN_FIRST, true, true)).toHaveLength(6);
    expect([0, 1, 2, 3, 4].map((status) => harness.exports.countOf(status))).toEqual([1, 1, 1, 2, 1]);
  });

  it("uses enabled ports only, plain or secure as it is told", () => {
    read(
      instance("a-1", "A", { port: enabled(81), securePort: disabled(441) }),
      instance("a-2", "A", { port: enabled(82), securePort: enabled(442) }),
      instance("a-3", "A", { port: disabled(83), securePort: enabled(443) }),
      instance("a-4", "A", { port: disabled(84), securePort: disabled(444) }),
    );
    const plain = ["10.0.0.1:81", "10.0.0.2:82"];
    const secure = ["10.0.0.2:442 secure", "10.0.0.3:443 secure"];
    expect(endpoints(PLAIN_ONLY)).toEqual(plain);
    expect(endpoints(SECURE_ONLY)).toEqual(secure);
    expect(endpoints(PLAIN_FIRST)).toEqual([...plain, "10.0.0.3:443 secure"]);
    expect(endpoints(SECURE_FIRST)).toEqual(["10.0.0.1:81", ...secure]);
  });

  it("addresses by IP or by name, and by the other where one is missing", () => {
    read(
      instance("a-1", "A"),
      instance("a-2", "A", { ipAddr: "2001:db8::2" }),
      instance("a-3", "A", { ipAddr: "none" }),
      instance("a-4", "A", { hostName: "" }),
    );
    expect(endpoints()).toEqual([
      "10.0.0.1:8080",
      "10.0.0.4:8080",
      "[2001:db8::2]:8080",
      "host-3.example.test:8080",
    ]);
    expect(endpoints(PLAIN_FIRST, false)).toEqual([
      "10.0.0.4:8080",
      "host-1.example.test:8080",
      "host-2.example.test:8080",
      "host-3.example.test:8080",
    ]);
  });

  it("takes weights from the metadata", () => {
    const weights = ["5", "0", "99999", "-1", "1.5", "x", undefined];
    read(...weights.map((weight, index) => instance(`a-${index + 1}`, "A", { metadata: { weight } })));
    harness.exports.select(0, PLAIN_FIRST, 1);
    const found = Object.fromEntries(harness.candidates().map(({ endpoint, weight }) => [endpoint, weight]));
    expect(found).toEqual({
      "10.0.0.1:8080": 5,
      "10.0.0.2:8080": 0,
      "10.0.0.3:8080": 1000,
      "10.0.0.4:8080": 1,
      "10.0.0.5:8080": 1,
      "10.0.0.6:8080": 1,
      "10.0.0.7:8080": 1,
    });
  });

  it("filters by metadata", () => {
    read(
      instance("a-1", "A", { metadata: { model: "qwen", tier: "1" } }),
      instance("a-2", "A", { metadata: { model: "qwen" } }),
      instance("a-3", "A", { metadata: { model: "llama", tier: "1" } }),
    );
    harness.exports.select(0, PLAIN_FIRST, 1);
    lend(harness.exports, ["model", "qwen"], harness.exports.selectMetadata);
    expect(harness.candidates().map(({ endpoint }) => endpoint)).toHaveLength(2);
    lend(harness.exports, ["tier", "1"], harness.exports.selectMetadata);
    expect(harness.candidates().map(({ endpoint }) => endpoint)).toEqual(["10.0.0.1:8080"]);
  });

  it("puts the own zone first and keeps the rest to fall back on", () => {
    read(...Array.from({ length: 9 }, (_, index) => instance(`a-${index + 1}`, "A")));
    harness.exports.select(0, PLAIN_FIRST, 1);
    lend(harness.exports, ["zone-1"], harness.exports.selectZone);
    const found = harness.candidates().map(({ endpoint }) => endpoint);
    expect(harness.exports.localCandidates()).toBe(3);
    expect(found.slice(0, 3).sort()).toEqual(["10.0.0.1:8080", "10.0.0.4:8080", "10.0.0.7:8080"]);
    expect(new Set(found).size).toBe(9);
    for (let place = 0; place < 9; place++) {
      expect(harness.exports.candidateOf(harness.exports.candidateKey(place))).toBe(place);
    }
    lend(harness.exports, ["nowhere"], harness.exports.selectZone);
    expect(harness.candidates()).toHaveLength(9);
    expect(harness.exports.localCandidates()).toBe(0);
  });

  it("finds a candidate again by its key when others have gone", () => {
    const all = Array.from({ length: 9 }, (_, index) => instance(`a-${index + 1}`, "A"));
    read(...all);
    harness.exports.select(0, PLAIN_FIRST, 1);
    const place = harness.candidates().findIndex(({ endpoint }) => endpoint === "10.0.0.5:8080");
    const key = harness.exports.candidateKey(place);
    read(...all.slice(4));
    harness.candidates();
    expect(harness.text(harness.exports.endpoint(harness.exports.candidateOf(key)))).toBe("10.0.0.5:8080");
    read(...all.slice(5));
    harness.candidates();
    expect(harness.exports.candidateOf(key)).toBe(-1);
  });

  it("answers nothing for a candidate that is not there", () => {
    read(instance("a-1", "A"));
    endpoints();
    for (const candidate of [-1, 1, 1_000_000]) {
      expect(harness.exports.endpoint(candidate)).toBe(0n);
      expect(harness.exports.weight(candidate)).toBe(0);
      expect(harness.exports.candidateKey(candidate)).toBe(0n);
    }
  });

  it("is built again and again without growing", () => {
    read(...Array.from({ length: 500 }, (_, index) => instance(`a-${index + 1}`, "A")));
    endpoints();
    const pages = harness.exports.pages();
    harness.exports.applyOften(2000);
    expect(harness.exports.pages()).toBe(pages);
  });
});

describe("addresses", () => {
  it.each(["1.2.3.4", "255.255.255.255", "::1", "2001:db8::1", "::ffff:1.2.3.4"])(
    "%s is an IP address",
    (text) => {
      expect(lend(harness.exports, [text], harness.exports.acceptsIp)).toBe(1);
      expect(lend(harness.exports, [text], harness.exports.acceptsHost)).toBe(1);
    },
  );

  it.each([
    "",
    "1.2.3",
    "1.2.3.4.5",
    "256.1.1.1",
    "1..2.3",
    "a.b.c.d",
    "::g",
    "12345::",
    "1.2.3.4 ",
    "fe80::1%1",
  ])("'%s' is none", (text) => {
    expect(lend(harness.exports, [text], harness.exports.acceptsIp)).toBe(0);
  });

  it.each(["", "a b", "a\r\nb", "a:80", "[::1]", "a/b", "é"])("'%s' is no host", (text) => {
    expect(lend(harness.exports, [text], harness.exports.acceptsHost)).toBe(0);
  });
});
