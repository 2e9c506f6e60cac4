/** Replies of a real server, as they were written. What is expected is written by hand from the server's facts. */
import { readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { type ReadInstance, ReplyHarness } from "../../support/eureka-reply";

const DIRECTORY = new URL("../../fixtures/eureka/", import.meta.url);

let harness: ReplyHarness;
beforeAll(async () => {
  harness = await ReplyHarness.open();
});

function sample(name: string): Buffer {
  return readFileSync(new URL(name, DIRECTORY));
}

const CHAT_1: ReadInstance = {
  id: "llm-1:9001",
  address: "127.0.0.1",
  hostName: "llm-1.example.test",
  status: "UP",
  port: 9001,
  securePort: 0,
  zone: "",
  upSince: 1795492923,
};
const CHAT_2: ReadInstance = {
  id: "llm-2:9002",
  address: "127.0.0.2",
  hostName: "llm-2.example.test",
  status: "UP",
  port: 9002,
  securePort: 0,
  zone: "zone-a",
  upSince: 1795492924,
};
const EMBED: ReadInstance = {
  id: "emb-1:9443",
  address: "127.0.0.3",
  hostName: "emb-1.example.test",
  status: "UP",
  port: 9080,
  securePort: 9443,
  zone: "",
  upSince: 1795492924,
};
const AMAZON: ReadInstance = {
  id: "i-123",
  address: "127.0.0.1",
  hostName: "127.0.0.1",
  status: "UP",
  port: 8080,
  securePort: 0,
  zone: "us-east-1c",
  upSince: 1795494175,
};
const JS_CLIENT: ReadInstance = {
  id: "js-model:9100",
  address: "127.0.0.1",
  hostName: "localhost",
  status: "UP",
  port: 9100,
  securePort: 0,
  zone: "",
  upSince: 1795493139,
};
const PYTHON_CLIENT: ReadInstance = {
  id: "192.0.2.2:py-model:9200",
  address: "192.0.2.2",
  hostName: "192.0.2.2",
  status: "UP",
  port: 9200,
  securePort: 0,
  zone: "default",
  upSince: 1795493140,
};

/** A compact reply has neither metadata nor lease. */
function compact(instance: ReadInstance, fields: Partial<ReadInstance> = {}): ReadInstance {
  return { ...instance, zone: "", upSince: 0, ...fields };
}

const DOWN = { ...CHAT_2, status: "DOWN", zone: "" } as const;
const OUT_OF_SERVICE = { ...CHAT_2, status: "OUT_OF_SERVICE" } as const;

const EXPECTED: Record<string, ReadInstance[] | "Shape"> = {
  "app-amazon.json": [AMAZON],
  "app-compact.json": [compact(EMBED)],
  "app-one-instance.json": [CHAT_1],
  "app-secure-port.json": [EMBED],
  "app-two-instances-metadata.json": [CHAT_1, CHAT_2],
  "apps-all-down.json": [EMBED, { ...CHAT_1, status: "DOWN" }, DOWN],
  "apps-compact.json": [compact(EMBED), compact(DOWN)],
  "apps-down-hashcode.json": [EMBED, CHAT_1, DOWN],
  "apps-empty.json": [],
  "apps-many.json": [EMBED, CHAT_1, CHAT_2],
  "apps-one-app-one-instance.json": [CHAT_1],
  "apps-oos-hashcode.json": [EMBED, CHAT_1, OUT_OF_SERVICE],
  "client-JS-MODEL.json": [JS_CLIENT],
  "client-PY-MODEL.json": [PYTHON_CLIENT],
  // DELETED in a delta: llm-1 is gone.
  "delta-after-cancel.json": [EMBED, DOWN],
  "delta-after-changes.json": [EMBED, CHAT_1, OUT_OF_SERVICE],
  "delta-compact.json": [compact(EMBED), compact(DOWN)],
  "delta-empty.json": [],
  "svip.json": [EMBED],
  "vip.json": [CHAT_1, CHAT_2],
  "vip-with-oos.json": [CHAT_1, OUT_OF_SERVICE],
  // Not answers to what is asked here, so no news.
  "instance.json": "Shape",
  "instance-by-id.json": "Shape",
  "instance-down.json": "Shape",
  "instance-metadata-updated.json": "Shape",
  "instance-override-oos.json": "Shape",
  "instance-override-removed.json": "Shape",
  "register-request.json": "Shape",
};

describe("samples of a real server", () => {
  it("are all expected here", () => {
    expect(readdirSync(DIRECTORY).sort()).toEqual(Object.keys(EXPECTED).sort());
    expect(Object.keys(EXPECTED)).toHaveLength(28);
  });

  it.each(Object.entries(EXPECTED))("%s", (name, expected) => {
    const reading = harness.read(sample(name));
    if (expected === "Shape") expect(reading).toEqual({ failure: "Shape", instances: [] });
    else expect(reading).toEqual({ failure: "None", instances: expected });
  });

  it.each(Object.entries(EXPECTED).filter(([, expected]) => expected === "Shape"))(
    "%s has the instance of an application reply",
    (name) => {
      const { instance } = JSON.parse(sample(name).toString()) as { instance: object };
      const reading = harness.read(JSON.stringify({ application: { name: "LLM-CHAT", instance } }));
      const status = name.includes("-oos") ? "OUT_OF_SERVICE" : /down|metadata/.test(name) ? "DOWN" : "UP";
      expect(reading.instances).toHaveLength(1);
      expect(reading.instances[0]).toMatchObject({
        status,
        port: (instance as { port: { $: number } }).port.$,
      });
    },
  );

  it("give the metadata as texts, without the serializer's notes", () => {
    harness.read(sample("app-two-instances-metadata.json"));
    expect(harness.metadata("llm-2:9002", "model")).toBe("gpt-4o");
    expect(harness.metadata("llm-2:9002", "n")).toBe("5");
    expect(harness.metadata("llm-2:9002", "missing")).toBeUndefined();
    expect(harness.metadata("llm-1:9001", "@class")).toBeUndefined();
    harness.read(sample("client-PY-MODEL.json"));
    expect(harness.metadata("192.0.2.2:py-model:9200", "management.port")).toBe("9200");
  });

  it.each(Object.keys(EXPECTED).filter((name) => name.startsWith("apps-")))(
    "%s has its own hash code",
    (name) => {
      harness.read(sample(name));
      const { applications } = JSON.parse(sample(name).toString()) as {
        applications: { apps__hashcode?: string };
      };
      expect(harness.text(harness.exports.hashCode())).toBe(applications.apps__hashcode ?? "");
      if (applications.apps__hashcode !== undefined) {
        expect(harness.text(harness.exports.computedHashCode())).toBe(applications.apps__hashcode);
      }
    },
  );

  it.each(Object.keys(EXPECTED))("%s means the same however it is cut", (name) => {
    const bytes = sample(name);
    harness.read(bytes);
    const whole = { failure: harness.exports.failure(), snapshot: harness.snapshot() };
    for (let at = 1; at < bytes.length; at++) {
      const isNews = harness.feed([bytes.subarray(0, at), bytes.subarray(at)]);
      expect(harness.exports.failure()).toBe(whole.failure);
      if (isNews) expect(Buffer.compare(harness.snapshot(), whole.snapshot)).toBe(0);
    }
    const bits = Array.from(bytes, (_, index) => bytes.subarray(index, index + 1));
    if (harness.feed(bits)) expect(Buffer.compare(harness.snapshot(), whole.snapshot)).toBe(0);
  });

  it.each(Object.keys(EXPECTED))("%s is refused when its end is missing", (name) => {
    const bytes = sample(name);
    const end = bytes.toString().trimEnd().length;
    for (let length = 0; length < end; length++) {
      expect(harness.feed([bytes.subarray(0, length)])).toBe(false);
    }
  });
});
