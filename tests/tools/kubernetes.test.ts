/** plugin-config.yaml and docs/kubernetes: right as resources, and served by the plugin. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { check } from "../../tools/check/check.ts";
import { isWasmPlugin, type MatchRule, translate, type WasmPlugin } from "../../tools/higress/wasm-plugin.ts";
import { type Outcome, tryExchange } from "../../tools/try/exchange.ts";
import { builtPluginModule } from "../support/built-plugin.ts";
import { hasDefinitions, type Resource, resourceProblems } from "../support/kubernetes.ts";

const ROOT = new URL("../../", import.meta.url);
const VARIANTS = readdirSync(new URL("docs/kubernetes/", ROOT)).filter((name) => name.endsWith(".yaml"));
const FILES = ["plugin-config.yaml", ...VARIANTS.map((name) => `docs/kubernetes/${name}`)];

const BODY = JSON.stringify({
  model: "some-model",
  messages: [{ role: "user", content: "Hello" }],
  max_tokens: 5,
});

function textOf(path: string): string {
  return readFileSync(fileURLToPath(new URL(path, ROOT)), "utf8");
}

function resourcesOf(path: string): Resource[] {
  return parseAllDocuments(textOf(path)).map((document) => document.toJS());
}

function pluginOf(path: string): WasmPlugin | undefined {
  return resourcesOf(path).find((resource) => isWasmPlugin(resource)) as WasmPlugin | undefined;
}

/** A request that a rule applies to. */
function served(plugin: WasmPlugin, rule: MatchRule): Promise<Outcome> {
  const [service] = rule.service ?? [];
  const [name, port = "80"] = service?.split(":") ?? [];
  return tryExchange(builtPluginModule(), {
    configuration: translate(plugin).configuration ?? {},
    host: "higress",
    body: BODY,
    route: rule.ingress?.[0],
    authority: rule.domain?.[0]?.replace("*", "a"),
    cluster: name && `outbound|${port}||${name}`,
  });
}

describe.each(FILES)("%s", (path) => {
  it("is what the API server takes", () => {
    for (const resource of resourcesOf(path)) expect(resourceProblems(resource), resource.kind).toEqual([]);
  });

  it("is right for the plugin, and serves every rule that is enabled", async () => {
    const plugin = pluginOf(path);
    if (plugin === undefined) return;
    const report = await check(builtPluginModule(), textOf(path));
    expect([...report.problems, ...report.notes]).toEqual([]);
    const rules = plugin.spec?.matchRules?.filter((rule) => rule.configDisable !== true) ?? [];
    expect(rules.length).toBeGreaterThan(0);
    for (const rule of rules) {
      const { upstream, isTorn, isRefused } = await served(plugin, rule);
      expect({ isTorn, isRefused }).toEqual({ isTorn: false, isRefused: false });
      expect(JSON.parse(upstream?.body ?? "")).toHaveProperty("messages");
    }
  });
});

describe("the first configuration", () => {
  const plugin = () => pluginOf("plugin-config.yaml") as WasmPlugin;

  it("leads from the route to an instance, with the service's name of the model", async () => {
    const { upstream, endpoint } = await served(plugin(), { ingress: ["qwen"] });
    expect(endpoint).toBe("192.0.2.10:8080");
    expect(JSON.parse(upstream?.body ?? "").model).toBe("qwen-max");
  });

  it("uses one name for each thing in all its resources", () => {
    const [bridge, ingress, , filter] = resourcesOf("plugin-config.yaml");
    const registries = bridge?.spec?.registries as {
      type: string;
      name: string;
      port: number;
      vport?: object;
    }[];
    const [rule] = plugin().spec?.matchRules ?? [];
    expect(rule?.ingress).toEqual([ingress?.metadata?.name]);
    const { eureka, services } = (rule?.config ?? {}) as Record<string, never>;
    const dns = registries.find((registry) => registry.type === "dns");
    expect(eureka).toMatchObject({ servers: [{ service: `${dns?.name}.dns:${dns?.port}` }] });
    const [{ application }] = services as { application: string }[];
    const text = JSON.stringify([ingress, filter]);
    expect(text).toContain(`"${application}.eureka:80"`);
    expect(text).toContain(`outbound|80||${application}.eureka`);
    expect(registries.find((registry) => registry.type === "eureka")?.vport).toEqual({ default: 80 });
  });
});

describe("what the resources are held against", () => {
  it("finds mistakes", () => {
    const plugin = pluginOf("plugin-config.yaml") as unknown as Resource;
    const changed = (spec: object) => resourceProblems({ ...plugin, spec: { ...plugin.spec, ...spec } });
    expect(changed({ failStrategy: "FAIL_CLOSED" })).not.toEqual([]);
    expect(changed({ matchRule: [] })).not.toEqual([]);
    expect(changed({ matchRules: [{ ingress: "qwen" }] })).not.toEqual([]);
    expect(resourceProblems({ apiVersion: "v1", kind: "Pod" })).toEqual(["no schema for the kind Pod"]);
    // Where Higress's own definitions are at hand, they find them as well.
    expect(changed({ failStrategy: "FAIL_CLOSED" }).length).toBe(hasDefinitions ? 2 : 1);
  });
});
