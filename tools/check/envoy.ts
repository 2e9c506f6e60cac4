/** Finds the plugin's filters in an Envoy configuration. */
import { isObject, type JsonObject, type Path } from "../higress/wasm-plugin.ts";
import { type Variables, variablesOfFilter } from "./variables.ts";

/** One Wasm filter. */
export interface EnvoyFilter {
  configuration: JsonObject | undefined;
  /** Where the configuration's text stands. */
  path: Path;
  problems: string[];
  variables: Variables;
}

const FLAG = "allow_on_headers_stop_iteration";

/**
 * The Wasm filters in a configuration whose own configuration is JSON in a StringValue. Other extensions are
 * configured with StringValues as well, so a filter is known by what stands beside it: `vm_config`.
 */
export function envoyConfigurations(value: unknown, path: Path = []): EnvoyFilter[] {
  if (Array.isArray(value))
    return value.flatMap((item, index) => envoyConfigurations(item, [...path, index]));
  if (!isObject(value)) return [];
  if (isObject(value.vm_config) && isObject(value.configuration)) return [readFilter(value, path)];
  return Object.entries(value).flatMap(([name, member]) => envoyConfigurations(member, [...path, name]));
}

function readFilter(filter: Record<string, unknown>, path: Path): EnvoyFilter {
  const text = String((filter.configuration as Record<string, unknown>).value ?? "");
  const found: EnvoyFilter = {
    configuration: undefined,
    path: [...path, "configuration", "value"],
    problems: [],
    variables: variablesOfFilter(filter),
  };
  try {
    const value: unknown = text.trim() === "" ? {} : JSON.parse(text);
    if (!isObject(value)) throw new Error("the configuration is not a JSON object");
    found.configuration = value as JsonObject;
  } catch (error) {
    found.problems.push(error instanceof Error ? error.message : String(error));
    return found;
  }
  const isHeld = isTrue(filter[FLAG]);
  const saysHeld = found.configuration.allowOnHeadersStopIteration === true;
  if (isHeld !== saysHeld) {
    found.problems.push(
      `${FLAG} is ${isHeld} in the filter, but allowOnHeadersStopIteration is ${saysHeld} in the plugin's configuration`,
    );
  }
  return found;
}

/** A BoolValue may also be written as an object. */
function isTrue(flag: unknown): boolean {
  return flag === true || (isObject(flag) && flag.value === true);
}
