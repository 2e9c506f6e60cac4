/** What a trial needs to know of a configuration. */
import { FIELDS } from "../../assembly/config/fields.ts";
import { isObject, type Json, type JsonObject } from "../higress/wasm-plugin.ts";

/** The objects that may hold services: the configuration itself and its rules. */
function scopesOf(configuration: JsonObject): JsonObject[] {
  const rules = Array.isArray(configuration._rules_) ? configuration._rules_ : [];
  return [configuration, ...rules.filter(isJsonObject)];
}

/** All services, those of rules included. */
export function servicesOf(configuration: JsonObject): JsonObject[] {
  return scopesOf(configuration).flatMap((scope) =>
    Array.isArray(scope.services) ? scope.services.filter(isJsonObject) : [],
  );
}

/** Members that give a service its name, the first that is there. */
const NAMING = ["name", "application", "vip", "secureVip", "service", "cluster"];

/** What people call a service. */
export function nameOf(service: JsonObject): string {
  const name = NAMING.map((field) => service[field]).find((value) => typeof value === "string");
  return typeof name === "string" ? name : "?";
}

/** The configuration with one service only, which answers every model. Throws when there is none of that name. */
export function onlyService(configuration: JsonObject, name: string): JsonObject {
  const all = servicesOf(configuration);
  const wanted = name.toLowerCase();
  if (!all.some((service) => nameOf(service).toLowerCase() === wanted)) {
    const names = [...new Set(all.map(nameOf))].join(", ") || "none";
    throw new Error(`there is no service "${name}" in the configuration; it has: ${names}`);
  }
  const narrowed = (scope: JsonObject): JsonObject => {
    if (!Array.isArray(scope.services)) return scope;
    const kept = scope.services.filter(
      (service) => isJsonObject(service) && nameOf(service).toLowerCase() === wanted,
    );
    return { ...scope, services: kept.map((service) => ({ ...(service as JsonObject), models: ["*"] })) };
  };
  const rules = Array.isArray(configuration._rules_) ? configuration._rules_ : undefined;
  return {
    ...narrowed(configuration),
    ...(rules && { _rules_: rules.map((rule) => (isJsonObject(rule) ? narrowed(rule) : rule)) }),
  };
}

/** What the configuration looks for in Eureka: names of applications and VIP addresses. */
export function applicationsOf(configuration: JsonObject): string[] {
  const names = servicesOf(configuration).map(
    (service) => service.application ?? service.vip ?? service.secureVip,
  );
  return [...new Set(names.filter((name) => typeof name === "string"))];
}

/** Envoy's clusters that the configuration calls Eureka through. */
export function eurekaClusters(configuration: JsonObject): string[] {
  return scopesOf(configuration).flatMap((scope) => {
    const servers = isJsonObject(scope.eureka) ? scope.eureka.servers : undefined;
    return (Array.isArray(servers) ? servers : []).filter(isJsonObject).map(clusterOf);
  });
}

/** Higress's cluster of `name:port` is `outbound|port||name`. */
function clusterOf(server: JsonObject): string {
  if (typeof server.service !== "string") return String(server.cluster);
  const [name, port] = server.service.split(":");
  return `outbound|${port}||${name}`;
}

/** Names of members whose values are secrets. */
const SECRET_NAMES = new Set(FIELDS.filter((field) => field.isSecret).map((field) => field.name));

/** Every secret text in the configuration, the longest first. */
export function secretsOf(value: Json | undefined): string[] {
  const found = new Set<string>();
  const visit = (item: Json | undefined, name: string): void => {
    if (typeof item === "string" && SECRET_NAMES.has(name) && item !== "") {
      found.add(item);
      found.add(encodeURIComponent(item));
      found.add(JSON.stringify(item).slice(1, -1));
    } else if (Array.isArray(item)) {
      for (const element of item) visit(element, name);
    } else if (isObject(item)) {
      for (const [key, member] of Object.entries(item)) visit(member as Json, key);
    }
  };
  visit(value, "");
  return [...found].sort((a, b) => b.length - a.length);
}

function isJsonObject(value: unknown): value is JsonObject {
  return isObject(value);
}
