import { describe, expect, it } from "vitest";
import { type MatchRule, translate, type WasmPlugin } from "../../tools/higress/wasm-plugin.ts";

function plugin(spec: WasmPlugin["spec"]): WasmPlugin {
  return { apiVersion: "extensions.higress.io/v1alpha1", kind: "WasmPlugin", spec };
}

function rules(...matchRules: MatchRule[]): WasmPlugin {
  return plugin({ defaultConfigDisable: true, matchRules });
}

describe("what Higress makes of a WasmPlugin", () => {
  it("puts each rule with its conditions behind the default configuration", () => {
    const { configuration, problems } = translate(
      plugin({
        defaultConfig: { eureka: { servers: [{ service: "e.dns:8761" }] } },
        matchRules: [
          { ingress: ["a", "ns/b"], service: ["LLM.eureka:80"], config: { services: [] } },
          { domain: ["ai.example.com"] },
        ],
      }),
    );
    expect(problems).toEqual([]);
    expect(configuration).toEqual({
      eureka: { servers: [{ service: "e.dns:8761" }] },
      _rules_: [
        { _match_route_: ["a", "ns/b"], _match_service_: ["LLM.eureka:80"], services: [] },
        { _match_domain_: ["ai.example.com"] },
      ],
    });
  });

  it("passes pluginConfig as it is, and says what it ignores", () => {
    const { configuration, problems } = translate(
      plugin({ pluginConfig: { a: 1 }, defaultConfig: { b: 2 } }),
    );
    expect(configuration).toEqual({ a: 1 });
    expect(problems).toEqual([
      { path: ["spec", "defaultConfig"], message: expect.stringContaining("ignored") },
    ]);
  });

  it("leaves out the default configuration and the rules that are disabled", () => {
    const { configuration } = translate(
      plugin({
        defaultConfig: { b: 2 },
        defaultConfigDisable: true,
        matchRules: [{ ingress: ["a"], configDisable: true }, { ingress: ["b"] }],
      }),
    );
    expect(configuration).toEqual({ _rules_: [{ _match_route_: ["b"] }] });
  });

  it("loads nothing where nothing is enabled, or a rule has no condition", () => {
    expect(translate(rules({ ingress: ["a"], configDisable: true })).configuration).toBeUndefined();
    const { configuration, problems } = translate(rules({ ingress: ["a"] }, { config: {} }));
    expect(configuration).toBeUndefined();
    expect(problems[0]?.path).toEqual(["spec", "matchRules", 1]);
  });

  it("repeats what Higress does with routeType GRPC, and warns of it", () => {
    const { configuration, problems } = translate(rules({ ingress: ["a", "b"], routeType: "GRPC" }));
    expect(configuration).toEqual({ _rules_: [{ _match_route_: ["GRPC", "GRPC"] }] });
    expect(problems[0]?.path).toEqual(["spec", "matchRules", 0, "routeType"]);
  });

  it("knows where in the resource a part of the configuration stands", () => {
    const { locate } = translate(rules({ ingress: ["a"], configDisable: true }, { ingress: ["b"] }));
    expect(locate(["_rules_", 0, "services", 0])).toEqual(["spec", "matchRules", 1, "config", "services", 0]);
    expect(locate(["_rules_", 0, "_match_route_", 0])).toEqual(["spec", "matchRules", 1, "ingress", 0]);
    expect(locate(["eureka"])).toEqual(["spec", "defaultConfig", "eureka"]);
  });

  it("takes whatever has another type for absent", () => {
    for (const spec of [undefined, null, 5, [], { matchRules: {} }, { matchRules: [null, 1, "x"] }]) {
      expect(translate(plugin(spec as never)).configuration).toEqual({});
    }
  });
});
