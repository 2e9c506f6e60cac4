/**
 * The WasmPlugin resource of Higress, and the JSON that it makes of one for the plugin. The rules are those of
 * Higress's own conversion (`pkg/ingress/config/ingress_config.go`, `convertIstioWasmPlugin`); see
 * docs/kubernetes/README.md. Nothing here needs Node, so the playground uses it too.
 */

/** Members and indices from the top of a document to a value. */
export type Path = (string | number)[];

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** One element of `spec.matchRules`. */
export interface MatchRule {
  ingress?: string[];
  domain?: string[];
  service?: string[];
  config?: JsonObject;
  configDisable?: boolean;
  routeType?: "HTTP" | "GRPC";
}

/** A WasmPlugin, as far as its configuration and its loading go. */
export interface WasmPlugin {
  apiVersion: string;
  kind: "WasmPlugin";
  metadata?: { name?: string; namespace?: string };
  spec?: {
    url?: string;
    pluginConfig?: JsonObject;
    defaultConfig?: JsonObject;
    defaultConfigDisable?: boolean;
    matchRules?: MatchRule[];
    failStrategy?: string;
    [field: string]: unknown;
  };
}

/** What Higress makes of a WasmPlugin. */
export interface Translation {
  /**
   * What the plugin is configured with. Undefined: Higress does not load the plugin at all. A resource without any
   * field is an empty object here and no bytes at all on the wire; the plugin treats both alike.
   */
  configuration: JsonObject | undefined;
  /** Place in the resource of a place in the configuration. */
  locate(path: Path): Path;
  /** What is wrong with the resource itself, with the place of it. */
  problems: { path: Path; message: string }[];
}

/** Whether a document is a WasmPlugin resource. */
export function isWasmPlugin(value: unknown): value is WasmPlugin {
  return isObject(value) && value.kind === "WasmPlugin";
}

/** Names of a rule's conditions in the resource, and in the configuration. */
const CONDITIONS = [
  ["ingress", "_match_route_"],
  ["service", "_match_service_"],
  ["domain", "_match_domain_"],
] as const;

/** Translates a resource. Never throws: whatever has another type than the CRD says counts as absent. */
export function translate(plugin: WasmPlugin): Translation {
  const spec = isObject(plugin.spec) ? plugin.spec : {};
  const problems: Translation["problems"] = [];
  if (isObject(spec.pluginConfig)) {
    for (const name of ["defaultConfig", "matchRules"]) {
      if (spec[name] !== undefined)
        problems.push({ path: ["spec", name], message: `is ignored by Higress beside pluginConfig` });
    }
    return {
      configuration: spec.pluginConfig,
      locate: (path) => ["spec", "pluginConfig", ...path],
      problems,
    };
  }
  const isDefault = spec.defaultConfigDisable !== true && isObject(spec.defaultConfig);
  const configuration: JsonObject = isDefault ? { ...(spec.defaultConfig as JsonObject) } : {};
  const rules: JsonObject[] = [];
  /** Index in `matchRules` of each element of `rules`. */
  const origins: number[] = [];
  const listed = Array.isArray(spec.matchRules) ? spec.matchRules : [];
  for (const [index, rule] of listed.entries()) {
    if (!isObject(rule) || rule.configDisable === true) continue;
    const conditions = CONDITIONS.filter(([name]) => Array.isArray(rule[name]) && rule[name].length > 0);
    const path: Path = ["spec", "matchRules", index];
    if (conditions.length === 0) {
      const message = "names no ingress, service or domain, so Higress drops the whole plugin";
      problems.push({ path, message });
      continue;
    }
    if (rule.routeType === "GRPC") {
      const message = "GRPC: Higress then looks for a route named GRPC instead of the ingresses";
      problems.push({ path: [...path, "routeType"], message });
    }
    const made: JsonObject = isObject(rule.config) ? { ...(rule.config as JsonObject) } : {};
    for (const [name, condition] of conditions) {
      const isGrpc = name === "ingress" && rule.routeType === "GRPC";
      made[condition] = (rule[name] as string[]).map((value) => (isGrpc ? "GRPC" : value));
    }
    rules.push(made);
    origins.push(index);
  }
  if (rules.length > 0) configuration._rules_ = rules;
  const isInvalid = problems.some((problem) => problem.path.length === 3);
  const isEmpty = rules.length === 0 && spec.defaultConfigDisable === true;
  if (isEmpty && !isInvalid) {
    const message = "defaultConfigDisable without any enabled rule: Higress does not load the plugin";
    problems.push({ path: ["spec", "defaultConfigDisable"], message });
  }
  return {
    configuration: isEmpty || isInvalid ? undefined : configuration,
    locate: (path) => locate(path, rules.length > 0 ? origins : undefined),
    problems,
  };
}

function locate(path: Path, origins: number[] | undefined): Path {
  const [first, index, ...rest] = path;
  if (first !== "_rules_" || origins === undefined) return ["spec", "defaultConfig", ...path];
  const origin = typeof index === "number" ? origins[index] : undefined;
  if (origin === undefined) return ["spec", "matchRules"];
  const condition = CONDITIONS.find(([, name]) => name === rest[0]);
  if (condition) return ["spec", "matchRules", origin, condition[0], ...rest.slice(1)];
  return ["spec", "matchRules", origin, "config", ...rest];
}

/** Whether a value is an object, and no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
