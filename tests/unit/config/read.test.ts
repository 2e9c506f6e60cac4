import { beforeAll, describe, expect, it } from "vitest";
import { FIELDS } from "../../../assembly/config/fields";
import { type Configured, openConfig, type ReadService } from "./configured";

let config: Configured;
beforeAll(async () => {
  config = await openConfig();
});

function readService(members: Record<string, unknown>): ReadService {
  const service = config.read({ services: [members] }).services[0];
  if (service === undefined) throw new Error("no service");
  return service;
}

function fallback(owner: string, name: string): string | undefined {
  return FIELDS.find((field) => field.owner === owner && field.name === name)?.fallback;
}

describe("defaults", () => {
  it("come from the table", () => {
    const eureka = { servers: [{ cluster: "e" }] };
    const read = config.read({ services: [{ cluster: "a" }], eureka });
    expect(read.maxBodyBytes).toBe(Number(fallback("config", "maxBodyBytes")));
    expect(read.allowOnHeadersStopIteration).toBe(false);
    expect(read.steering).toEqual({
      endpointHeader: fallback("steering", "endpointHeader"),
      clusterHeader: "",
      cluster: "",
    });
    expect(read.eureka).toEqual({
      servers: [{ cluster: "e", path: fallback("eurekaServer", "path"), authority: "e" }],
      pollIntervalMs: Number(fallback("eureka", "pollIntervalMs")),
      timeoutMs: Number(fallback("eureka", "timeoutMs")),
    });
    expect(read.services).toEqual([
      {
        name: "a",
        where: 4,
        application: "",
        cluster: "a",
        format: fallback("service", "format"),
        basePath: "/v1",
        authority: "",
        authType: 3,
        authName: "",
        authValue: "",
        models: 0,
        mappings: [],
      },
    ]);
  });

  it("are no Eureka where it is not configured", () => {
    expect(config.read({ services: [{ cluster: "a" }] }).eureka).toBeNull();
  });
});

describe("what is given", () => {
  it("is read", () => {
    const read = config.read({
      services: [{ cluster: "a" }],
      maxBodyBytes: 1e6,
      allowOnHeadersStopIteration: true,
      steering: { endpointHeader: "X-Endpoint", clusterHeader: "X-Cluster", cluster: "eureka-instances" },
      eureka: {
        servers: [{ cluster: "e", path: "/", authority: "h" }],
        pollIntervalMs: 1000,
        timeoutMs: 100,
      },
    });
    expect(read).toMatchObject({
      maxBodyBytes: 1000000,
      allowOnHeadersStopIteration: true,
      steering: { endpointHeader: "x-endpoint", clusterHeader: "x-cluster", cluster: "eureka-instances" },
      eureka: { servers: [{ cluster: "e", path: "", authority: "h" }], pollIntervalMs: 1000, timeoutMs: 100 },
    });
  });

  it.each(["2048", "2048.0", "2.048e3", "204800e-2"])("may spell a whole number %s", (spelling) => {
    expect(config.problemsOf(`{"services":[{"cluster":"a"}],"maxBodyBytes":${spelling}}`)).toEqual([]);
    expect(config.config(-1)?.maxBodyBytes).toBe(2048);
  });

  it("has the settings of its format, with their defaults", () => {
    readService({ cluster: "a", format: "dify", settings: { inputVariable: "问\u0022", "x-note": "free" } });
    expect(config.setting("botType")).toBe("chat");
    expect(config.setting("inputVariable")).toBe('问"');
    expect(config.setting("outputVariable")).toBeUndefined();
    expect(config.setting("x-note")).toBeUndefined();
    readService({ cluster: "a" });
    expect(config.setting("botType")).toBeUndefined();
  });

  it("may be a Eureka application, which Eureka keeps in upper case", () => {
    expect(readService({ application: "qwen-chat" })).toMatchObject({
      name: "qwen-chat",
      where: 0,
      application: "QWEN-CHAT",
      cluster: "",
    });
  });

  it("may be a service of Higress, which is in a cluster of its own", () => {
    const service = readService({ name: "n", service: "llm.dns:443" });
    expect(service).toMatchObject({ name: "n", where: 3, cluster: "outbound|443||llm.dns" });
    const eureka = { servers: [{ service: "eureka.dns:8761" }] };
    expect(config.read({ services: [{ cluster: "a" }], eureka }).eureka?.servers).toEqual([
      { cluster: "outbound|8761||eureka.dns", path: "/eureka", authority: "eureka.dns" },
    ]);
  });

  it.each([
    ["/v1", "/v1"],
    ["/api/v2/", "/api/v2"],
    ["/", ""],
    ["//", ""],
  ])("may be the path %s, which is kept as %j", (given, kept) => {
    expect(readService({ cluster: "a", basePath: given }).basePath).toBe(kept);
  });

  it.each([
    [{ token: "t" }, 0, "authorization", "Bearer t"],
    [{ auth: { token: "t" } }, 0, "authorization", "Bearer t"],
    [{ auth: { type: "bearer", token: "t" } }, 0, "authorization", "Bearer t"],
    [{ auth: { type: "header", token: "t&", name: "Api-Key" } }, 1, "api-key", "t&"],
    [{ auth: { type: "query", token: "t&=", name: "Key" } }, 2, "Key", "t%26%3D"],
    [{ auth: { type: "none" } }, 3, "", ""],
    [{}, 3, "", ""],
  ])("may authenticate by %j", (members, authType, authName, authValue) => {
    expect(readService({ cluster: "a", ...members })).toMatchObject({ authType, authName, authValue });
  });
});

describe("memory", () => {
  it("does not grow with the number of configurations", () => {
    const services = Array.from({ length: 50 }, (_, index) => ({
      application: `app-${index}`,
      token: "x".repeat(50),
      models: ["a*", "~b(c|d)"],
      modelMapping: { a: "b", "c*": "d" },
    }));
    const large = { services, _rules_: [{ _match_route_: ["r"] }] };
    const round = () => {
      config.configure(large);
      config.exports.collect();
    };
    for (let i = 0; i < 5; i++) round();
    const pages = config.exports.memory.buffer.byteLength;
    for (let i = 0; i < 100; i++) round();
    expect(config.exports.memory.buffer.byteLength).toBe(pages);
  });
});
