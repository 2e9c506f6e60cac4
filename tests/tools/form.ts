/**
 * What the form of Higress's console can show, and what becomes of a configuration that is edited in it. The rules
 * are those observed in the console's `GlobalPluginDetail`; docs/console.md lists them.
 */

type Schema = Record<string, unknown>;
type Values = Record<string, unknown>;

const PLAIN = ["string", "integer", "number", "boolean"];

/**
 * The paths of the inputs that the form shows. Throws where the console would replace the whole form by "invalid
 * schema".
 */
export function inputsOf(schema: Schema, path = ""): string[] {
  const type = schema.type as string;
  if (PLAIN.includes(type)) return [path];
  if (type === "object") {
    // A map is not shown, and nothing says so.
    if (schema.properties === undefined) return [];
    return Object.entries(schema.properties as Record<string, Schema>).flatMap(([name, member]) =>
      inputsOf(member, path === "" ? name : `${path}.${name}`),
    );
  }
  if (type !== "array") throw new Error(`${path}: invalid schema: type ${type}`);
  const items = schema.items as Schema | undefined;
  if (items === undefined) throw new Error(`${path}: invalid schema: a list without items`);
  if (PLAIN.includes(items.type as string)) return [`${path}[]`];
  const columns = Object.entries((items.properties ?? {}) as Record<string, Schema>);
  if (items.type !== "object") throw new Error(`${path}: invalid schema: a list of ${items.type}`);
  for (const [name, column] of columns) {
    if (!PLAIN.includes(column.type as string))
      throw new Error(`${path}[].${name}: invalid schema: not flat`);
  }
  return columns.map(([name]) => `${path}[].${name}`);
}

/** A configuration after something in it was edited in the form. */
export function edited(values: Values): Values {
  const kept: Values = {};
  for (const [name, value] of Object.entries(values)) {
    if (name === "enabled" || value === 0 || value === "") continue;
    const written = Array.isArray(value) ? value.map(element) : isObject(value) ? edited(value) : value;
    // A dot in a name makes an object of it.
    name.split(".").reduce((at: Values, part, index, parts) => {
      if (index === parts.length - 1) at[part] = written;
      else at[part] ??= {};
      return at[part] as Values;
    }, kept);
  }
  return kept;
}

/** An element of a list is a row; what is nested in it is printed as text. */
function element(value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== "enabled")
      .map(([name, member]) => [name, typeof member === "object" ? String(member) : member]),
  );
}

function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
