/** How a service says where its instances are, which of them it wants, and how one is chosen. */
import { beforeAll, describe, expect, it } from "vitest";
import { type Configured, openConfig } from "./configured";

let config: Configured;
beforeAll(async () => {
  config = await openConfig();
});

function placementOf(service: object): Record<string, unknown> {
  expect(config.problemsOf({ services: [service] })).toEqual([]);
  return config.placement();
}

describe("a service", () => {
  it("has defaults for everything", () => {
    expect(placementOf({ application: "qwen-chat" })).toEqual({
      where: 0,
      application: "QWEN-CHAT",
      instances: [],
      statuses: [],
      ports: 0,
      preferIp: true,
      metadataKeys: [],
      metadataValues: [],
      zone: "",
      weightKey: "weight",
      policy: 0,
      session: 0,
      sessionName: "x-session-id",
      prefixBytes: 1024,
      loadFactor: 1.25,
      slowStartMs: 0,
      consecutiveFailures: 5,
      baseEjectionMs: 10000,
      maxEjectionMs: 300000,
      maxEjectedPercent: 50,
    });
  });

  it("may be a VIP, plain or secure", () => {
    expect(placementOf({ vip: "Qwen.local" })).toMatchObject({ where: 1, application: "Qwen.local" });
    expect(placementOf({ secureVip: "Qwen" })).toMatchObject({ where: 2, application: "Qwen" });
  });

  it("says which instances it wants", () => {
    const instances = ["10.0.0.1:8080", "[::1]:80"];
    const select = {
      statuses: ["UP", "STARTING"],
      ports: "secureOnly",
      preferIp: false,
      metadata: { model: "qwen", tier: "gold" },
      zone: "zone-a",
      weightKey: "share",
    };
    expect(placementOf({ application: "A", instances, select })).toMatchObject({
      instances,
      statuses: ["UP", "STARTING"],
      ports: 3,
      preferIp: false,
      metadataKeys: ["model", "tier"],
      metadataValues: ["qwen", "gold"],
      zone: "zone-a",
      weightKey: "share",
    });
  });

  it("says how one is chosen", () => {
    const policies = [
      "roundRobin",
      "weighted",
      "random",
      "leastOutstanding",
      "sessionAffinity",
      "prefixAffinity",
    ];
    for (const [policy, name] of policies.entries()) {
      expect(placementOf({ application: "A", balance: { policy: name } })).toMatchObject({ policy });
    }
    const balance = { prefixBytes: 256, loadFactor: 1.5, slowStartMs: 30000 };
    expect(placementOf({ application: "A", balance })).toMatchObject(balance);
    const outlier = {
      consecutiveFailures: 3,
      baseEjectionMs: 500,
      maxEjectionMs: 9000,
      maxEjectedPercent: 30,
    };
    expect(placementOf({ application: "A", outlier })).toMatchObject(outlier);
  });

  it.each([
    [{ header: "X-User" }, 0, "x-user"],
    [{ cookie: "Sid" }, 1, "Sid"],
    [{ field: "user" }, 2, "user"],
  ])("finds sessions by %j", (balance, session, sessionName) => {
    expect(placementOf({ application: "A", balance })).toMatchObject({ session, sessionName });
  });
});

describe("Eureka", () => {
  it("has defaults for everything but its servers", () => {
    expect(config.problemsOf({ services: [], eureka: { servers: [{ cluster: "e" }] } })).toEqual([]);
    expect(config.registry()).toEqual({
      servers: [{ zone: "", username: "", password: "" }],
      coldStartMs: 5000,
      zone: "",
      mode: 0,
      fullIntervalMs: 600000,
      maxBackoffMs: 60000,
      emptyGraceMs: 60000,
      secureCluster: "",
    });
  });

  it("is read as it is told", () => {
    const times = { coldStartMs: 0, fullIntervalMs: 10000, maxBackoffMs: 1000, emptyGraceMs: 1 };
    const servers = [{ cluster: "e", zone: "b", username: "u", password: "p" }];
    const steering = { clusterHeader: "x-c", secureCluster: "tls" };
    const eureka = { servers, ...times, zone: "a", mode: "registry" };
    expect(config.problemsOf({ services: [], eureka, steering })).toEqual([]);
    expect(config.registry()).toEqual({
      servers: [{ zone: "b", username: "u", password: "p" }],
      ...times,
      zone: "a",
      mode: 2,
      secureCluster: "tls",
    });
  });

  it("never repeats a password", () => {
    const eureka = { servers: [{ cluster: "e", username: "u", password: ["hidden"] }] };
    expect(config.problemsOf({ services: [], eureka }).join()).not.toContain("hidden");
  });
});
