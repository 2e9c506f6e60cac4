/** Requests that the rules of a configuration apply to. */
import { isObject, type JsonObject } from "../higress/wasm-plugin.ts";
import type { Trial } from "../try/exchange.ts";

export interface RuleChoice {
  title: string;
  /** What a request needs for the rule to apply. */
  request: Pick<Trial, "route" | "authority" | "cluster">;
}

/** One choice for each rule; none where the configuration has no rules. */
export function conditionsOf(configuration: JsonObject): RuleChoice[] {
  const rules = Array.isArray(configuration._rules_) ? configuration._rules_ : [];
  return rules
    .filter((rule) => isObject(rule))
    .map((rule: Record<string, unknown>) => {
      const route = firstOf(rule._match_route_) ?? firstOf(rule._match_route_prefix_);
      const domain = firstOf(rule._match_domain_);
      const service = firstOf(rule._match_service_);
      const conditions = [
        route && `route ${route}`,
        domain && `host ${domain}`,
        service && `service ${service}`,
      ].filter(Boolean);
      const [name, port = "80"] = service?.split(":") ?? [];
      return {
        title: conditions.join(", ") || "nothing",
        request: {
          ...(route && { route }),
          ...(domain && { authority: domain.replace("*", "a") }),
          ...(name && { cluster: `outbound|${port}||${name}` }),
        },
      };
    });
}

function firstOf(value: unknown): string | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  return typeof first === "string" ? first : undefined;
}
