import { beforeAll, describe, expect, it } from "vitest";
import { type Configured, GLOBAL, NOTHING, openConfig, type Request } from "./configured";

let config: Configured;
beforeAll(async () => {
  config = await openConfig();
});

const services = [{ cluster: "a" }];
type Rule = Record<string, unknown>;

function withRules(...rules: Rule[]): Record<string, unknown> {
  return { _rules_: rules.map((rule) => ({ services, ...rule })) };
}

/** The meaning of wasm-go's matcher: what one rule says, a request, and whether the rule applies. */
const MATCHES: [name: string, rule: Rule, request: Request, applies: boolean][] = [
  ["route", { _match_route_: ["r1"] }, { route: "r1" }, true],
  ["one of several routes", { _match_route_: ["r1", "r2"] }, { route: "r2" }, true],
  ["another route", { _match_route_: ["r1"] }, { route: "r2" }, false],
  ["a route is no prefix", { _match_route_: ["r1"] }, { route: "r10" }, false],
  ["case of a route counts", { _match_route_: ["R1"] }, { route: "r1" }, false],
  ["a namespaced route", { _match_route_: ["default/r1"] }, { route: "default/r1" }, true],
  ["unknown route", { _match_route_: ["r1"] }, { authority: "a.com" }, false],
  ["a text is a list of one", { _match_route_: "r1" }, { route: "r1" }, true],
  ["a text is not split", { _match_route_: "r1,r2" }, { route: "r1" }, false],

  ["host", { _match_domain_: ["a.com"] }, { authority: "a.com" }, true],
  ["another host", { _match_domain_: ["a.com"] }, { authority: "b.com" }, false],
  ["case of a host counts", { _match_domain_: ["a.com"] }, { authority: "A.com" }, false],
  ["the port of a host is no part of it", { _match_domain_: ["a.com"] }, { authority: "a.com:8080" }, true],
  ["an empty port", { _match_domain_: ["a.com"] }, { authority: "a.com:" }, true],
  ["a port in the rule never matches", { _match_domain_: ["a.com:80"] }, { authority: "a.com:80" }, false],
  ["IPv6 without port", { _match_domain_: ["[::1]"] }, { authority: "[::1]" }, true],
  ["IPv6 with port", { _match_domain_: ["[::1]"] }, { authority: "[::1]:8080" }, true],
  ["any host", { _match_domain_: ["*"] }, { authority: "a.com" }, true],
  ["any host, even none", { _match_domain_: ["*"] }, {}, true],
  ["end of a host", { _match_domain_: ["*.a.com"] }, { authority: "x.a.com:443" }, true],
  ["the end needs its point", { _match_domain_: ["*.a.com"] }, { authority: "a.com" }, false],
  ["end longer than the host", { _match_domain_: ["*.a.com"] }, { authority: "m" }, false],
  ["beginning of a host", { _match_domain_: ["api.*"] }, { authority: "api.b.org" }, true],
  ["another beginning", { _match_domain_: ["api.*"] }, { authority: "web.b.org" }, false],
  ["an asterisk behind one in front", { _match_domain_: ["*a*"] }, { authority: "xax" }, false],
  ["an asterisk behind one in front is literal", { _match_domain_: ["*a*"] }, { authority: "xa*" }, true],
  ["an asterisk in the middle is literal", { _match_domain_: ["a*c"] }, { authority: "abc" }, false],

  ["service", { _match_service_: ["llm.dns"] }, { cluster: "outbound|443||llm.dns" }, true],
  ["service with port", { _match_service_: ["llm.dns:443"] }, { cluster: "outbound|443||llm.dns" }, true],
  [
    "service with another port",
    { _match_service_: ["llm.dns:80"] },
    { cluster: "outbound|443||llm.dns" },
    false,
  ],
  ["service with subset", { _match_service_: ["llm.dns"] }, { cluster: "outbound|443|v1|llm.dns" }, true],
  ["case of a service counts", { _match_service_: ["LLM.dns"] }, { cluster: "outbound|443||llm.dns" }, false],
  ["a plain cluster is no service", { _match_service_: ["llm"] }, { cluster: "llm" }, false],
  ["too few parts", { _match_service_: ["llm.dns"] }, { cluster: "443||llm.dns" }, false],
  ["too many parts", { _match_service_: ["llm.dns"] }, { cluster: "outbound|443||llm.dns|x" }, false],
  ["services have no wildcards", { _match_service_: ["*.dns"] }, { cluster: "outbound|443||llm.dns" }, false],
  ["unknown cluster", { _match_service_: ["llm.dns"] }, { route: "r1" }, false],

  ["beginning of a route", { _match_route_prefix_: ["ai-"] }, { route: "ai-1" }, true],
  ["another beginning of a route", { _match_route_prefix_: ["ai-"] }, { route: "web-ai-1" }, false],

  [
    "route and service",
    { _match_route_: ["r1"], _match_service_: ["llm.dns"] },
    { route: "r1", cluster: "outbound|443||llm.dns" },
    true,
  ],
  [
    "route without the service",
    { _match_route_: ["r1"], _match_service_: ["llm.dns"] },
    { route: "r1", cluster: "outbound|443||other.dns" },
    false,
  ],
  [
    "service without the route",
    { _match_route_: ["r1"], _match_service_: ["llm.dns"] },
    { route: "r2", cluster: "outbound|443||llm.dns" },
    false,
  ],
  [
    "a route makes the domain not count",
    { _match_route_: ["r1"], _match_domain_: ["a.com"] },
    { route: "r1", authority: "b.com" },
    true,
  ],
  [
    "a domain makes the service not count",
    { _match_domain_: ["a.com"], _match_service_: ["llm.dns"] },
    { authority: "a.com", cluster: "outbound|443||other.dns" },
    true,
  ],
  [
    "a service makes the beginning of a route not count",
    { _match_service_: ["llm.dns"], _match_route_prefix_: ["ai-"] },
    { cluster: "outbound|443||llm.dns", route: "web" },
    true,
  ],
  [
    "an empty list is no condition",
    { _match_route_: [], _match_domain_: ["a.com"] },
    { route: "r2", authority: "a.com" },
    true,
  ],
  [
    "an empty text is no condition",
    { _match_route_: [""], _match_domain_: ["a.com"] },
    { authority: "a.com" },
    true,
  ],
];

describe("conditions of a rule", () => {
  it.each(MATCHES)("%s", (_name, rule, request, applies) => {
    expect(config.problemsOf(withRules(rule))).toEqual([]);
    expect(config.match(request)).toBe(applies ? 0 : NOTHING);
  });
});

describe("choice of a rule", () => {
  it("takes the first that applies", () => {
    config.configure(
      withRules({ _match_route_: ["x"] }, { _match_domain_: ["*"] }, { _match_route_: ["r1"] }),
    );
    expect(config.match({ route: "r1", authority: "a.com" })).toBe(1);
  });

  it("falls back to the global configuration", () => {
    config.configure({ services, ...withRules({ _match_route_: ["r1"] }) });
    expect(config.match({ route: "r1" })).toBe(0);
    expect(config.match({ route: "r2" })).toBe(GLOBAL);
  });

  it("does nothing where there is no global configuration", () => {
    config.configure(withRules({ _match_route_: ["r1"] }));
    expect(config.match({ route: "r2" })).toBe(NOTHING);
  });

  it("does nothing where the global configuration only holds what rules share", () => {
    config.configure({ maxBodyBytes: 2048, ...withRules({ _match_route_: ["r1"] }) });
    expect(config.match({ route: "r2" })).toBe(NOTHING);
    expect(config.config(0)?.maxBodyBytes).toBe(2048);
  });

  it("stops at a rule that serves nothing, and notes it", () => {
    config.configure({ services, ...withRules({ _match_route_: ["r1"], services: [] }) });
    expect(config.problems()).toEqual([]);
    expect(config.notes()).toEqual(["_rules_[0]: no services, so requests of this rule are left alone"]);
    expect(config.match({ route: "r1" })).toBe(NOTHING);
  });

  it("ignores _plugin_id_", () => {
    expect(config.problemsOf({ _plugin_id_: "x", services })).toEqual([]);
    expect(config.match({})).toBe(GLOBAL);
  });
});

describe("what a rule inherits", () => {
  const eureka = { servers: [{ cluster: "eureka" }] };
  const global = { services, eureka, steering: { clusterHeader: "x-c" }, maxBodyBytes: 4096 };

  it("is every top-level field that it does not give", () => {
    config.configure({ ...global, _rules_: [{ _match_route_: ["r1"], maxBodyBytes: 2048 }] });
    expect(config.problems()).toEqual([]);
    expect(config.config(0)).toEqual({ ...config.config(GLOBAL), maxBodyBytes: 2048 });
  });

  it("is not what is inside a field that it gives", () => {
    config.configure({
      ...global,
      _rules_: [{ _match_route_: ["r1"], steering: { endpointHeader: "x-e" } }],
    });
    expect(config.config(0)?.steering).toEqual({ endpointHeader: "x-e", clusterHeader: "", cluster: "" });
  });
});

describe("a broken configuration", () => {
  const right = { _match_route_: ["right"], services };
  const wrong = { _match_route_: ["wrong"], services: [{ cluster: "a", basePath: "v1" }] };
  const problem =
    '_rules_[1].services[0].basePath: "v1" must be a path that begins with "/", without query and fragment';

  it("breaks only the rule that it is in", () => {
    expect(config.configure({ services, _rules_: [right, wrong] })).toBe(true);
    expect(config.problems()).toEqual([problem]);
    expect(config.match({ route: "wrong" })).toBe(1);
    expect(config.config(1)).toBeNull();
    expect(config.ruleProblems(1)).toEqual([problem]);
    expect(config.config(0)).not.toBeNull();
    expect(config.config(GLOBAL)).not.toBeNull();
  });

  it("breaks what inherits it, and says from where", () => {
    config.configure({
      eureka: { servers: [{ cluster: "e" }], pollIntervalMs: 10 },
      _rules_: [
        { ...right, eureka: { servers: [{ cluster: "e" }] } },
        { _match_route_: ["heir"], services },
      ],
    });
    const global = "eureka.pollIntervalMs: 10 is below the least value 1000";
    const inherited = `_rules_[1]: inherits eureka from the global configuration, where it is wrong: ${global}`;
    expect(config.problems()).toEqual([global, inherited]);
    expect(config.config(0)).not.toBeNull();
    expect(config.ruleProblems(1)).toEqual([inherited]);
  });

  it("refuses the requests that it would serve", () => {
    config.configure({ services: [{ cluster: "" }], _rules_: [right] });
    expect(config.match({ route: "right" })).toBe(0);
    expect(config.match({ route: "other" })).toBe(GLOBAL);
    expect(config.config(GLOBAL)).toBeNull();
    expect(config.ruleProblems(GLOBAL)).toEqual(["services[0].cluster: must not be empty"]);
  });

  it("leaves other requests alone where rules do the work", () => {
    expect(config.problemsOf({ typo: 1, _rules_: [right] })).toEqual(["typo: unknown field"]);
    expect(config.match({ route: "other" })).toBe(NOTHING);
    expect(config.match({ route: "right" })).toBe(0);
  });

  it("refuses everything where there are no rules", () => {
    config.configure({ servics: [] });
    expect(config.match({})).toBe(GLOBAL);
    expect(config.ruleProblems(GLOBAL)).toEqual(['servics: unknown field (did you mean "services"?)']);
  });

  it("keeps the conditions of a rule that are right", () => {
    config.configure({ _rules_: [{ _match_route_: ["r1", 7], services }] });
    expect(config.problems()).toEqual(["_rules_[0]._match_route_[1]: expected text, found a number"]);
    expect(config.match({ route: "r1" })).toBe(0);
    expect(config.config(0)).toBeNull();
  });

  it.each([
    [
      "no conditions",
      { services },
      "give at least one of _match_route_, _match_domain_, _match_service_, _match_route_prefix_",
    ],
    ["no object", "x", "expected an object, found text"],
  ])("never applies where a rule has %s", (_name, rule, message) => {
    expect(config.problemsOf({ _rules_: [rule] })).toEqual([`_rules_[0]: ${message}`]);
    expect(config.match({ route: "", authority: "a.com", cluster: "outbound|80||a" })).toBe(NOTHING);
  });

  it("is refused as a whole where _rules_ is no list", () => {
    expect(config.problemsOf({ services, _rules_: {} })).toEqual([
      "_rules_: expected a list, found an object",
    ]);
    expect(config.match({})).toBe(GLOBAL);
    expect(config.config(GLOBAL)).toBeNull();
  });
});
