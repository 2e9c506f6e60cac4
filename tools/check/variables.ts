/**
 * Environment variables that secrets of a configuration name (a dollar sign and the name in braces), as far as a file tells them. Values that it
 * does not tell have a stand-in: whether they are right shows only in the gateway.
 */
import { isObject, type Path } from "../higress/wasm-plugin.ts";

/** Names and values; a value that is not known here is undefined. */
export type Variables = Record<string, string | undefined>;

const NAMES = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;
const STAND_IN = "stand-in";

/** What a WasmPlugin gives to its virtual machine: `vmConfig.env`. */
export function variablesOfResource(spec: unknown): Variables {
  const vm = isObject(spec) && isObject(spec.vmConfig) ? spec.vmConfig : {};
  const list: unknown[] = Array.isArray(vm.env) ? vm.env : [];
  return Object.fromEntries(
    list
      .filter(isObject)
      .map(({ name, value, valueFrom }) => [
        String(name),
        valueFrom === "HOST" ? undefined : String(value ?? ""),
      ]),
  );
}

/** What an Envoy filter gives to its virtual machine: `vm_config.environment_variables`. */
export function variablesOfFilter(filter: Record<string, unknown>): Variables {
  const vm = isObject(filter.vm_config) ? filter.vm_config : {};
  const given = isObject(vm.environment_variables) ? vm.environment_variables : {};
  const keys: unknown[] = Array.isArray(given.host_env_keys) ? given.host_env_keys : [];
  const values = isObject(given.key_values) ? given.key_values : {};
  return Object.fromEntries([
    ...keys.map((name) => [String(name), undefined] as const),
    ...Object.entries(values).map(([name, value]) => [name, String(value)] as const),
  ]);
}

/** Every variable that is named in a text: nobody says here which of them are set. */
export function variablesIn(text: string): Variables {
  return Object.fromEntries([...text.matchAll(NAMES)].map(([, name = ""]) => [name, undefined]));
}

/** The environment for a check. */
export function environmentOf(variables: Variables): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, value ?? STAND_IN]));
}

/** Whether a value of a configuration depends on a variable whose value is not known here. */
export function isUnknown(configuration: unknown, path: Path, variables: Variables): boolean {
  let value: unknown = configuration;
  for (const step of path) value = (value as Record<string | number, unknown> | undefined)?.[step];
  if (typeof value !== "string") return false;
  return [...value.matchAll(NAMES)].some(
    ([, name = ""]) => name in variables && variables[name] === undefined,
  );
}
