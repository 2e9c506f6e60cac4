/**
 * Makes `spec.yaml`, from which Higress's console shows a form, out of the table of fields. The console's form can
 * do less than the configuration: docs/console.md tells what, and tests/tools/spec.test.ts holds this file against it.
 */
import { stringify } from "yaml";
import { type Field, FieldKind, ListAs } from "../../assembly/config/field";
import { fieldsOf } from "../../assembly/config/fields";
import packageJson from "../../package.json" with { type: "json" };
import { type Description, TYPE_DESCRIPTIONS } from "./descriptions";
import { describe, type Schema } from "./schema";

/** Members of an object or of a list's elements that only plain Envoy needs, or that Higress writes. */
const NOT_IN_THE_FORM = new Set([
  "config.allowOnHeadersStopIteration",
  "config.steering",
  // Written by the console's own pages for AI services, or by hand.
  "config.provider",
  "config.providers",
  "config.activeProviderId",
  "config._rules_",
  "config._plugin_id_",
  "service.cluster",
  "eurekaServer.cluster",
]);

/** What a new instance begins with; the console shows it with its comments. */
const EXAMPLE = `# How Eureka is reached: a service source of type DNS, with its port.
eureka:
  servers:
    - service: eureka-server.dns:8761
services:
  # The application as Eureka lists it.
  - application: QWEN-CHAT
    models: "gpt-*, qwen-*"
    # What clients call a model, and what the service calls it.
    modelMapping: "gpt-4o=qwen-max, gpt-*=qwen-plus"
`;

/** The whole file. */
export function makeSpec(): string {
  const spec = {
    apiVersion: "1.0.0",
    info: {
      gatewayMinVersion: "2.0.0",
      type: "oss",
      category: "ai",
      name: packageJson.name,
      image: `oci://registry.example.com/plugins/${packageJson.name}:${packageJson.version}`,
      ...texts(TYPE_DESCRIPTIONS.config),
      version: packageJson.version,
      contact: { name: packageJson.name },
    },
    spec: {
      phase: "default",
      priority: 100,
      configSchema: { openAPIV3Schema: formSchema("config") },
    },
  };
  const head = `# Generated from assembly/config/fields.ts by tools/schema/generate.ts.\n`;
  return `${head}${withExample(stringify(spec, { lineWidth: 0 }))}`;
}

/** The example is text, not a value, and has to be the last member of the first schema. */
function withExample(text: string): string {
  const indent = " ".repeat(6);
  const lines = EXAMPLE.trimEnd()
    .split("\n")
    .map((line) => `${indent}  ${line}`);
  return `${text.trimEnd()}\n${[`${indent}example:`, ...lines].join("\n")}\n`;
}

/** An object of which the form shows every member. */
function formSchema(type: string): Schema {
  const fields = fieldsOf(type).filter((field) => !NOT_IN_THE_FORM.has(`${field.owner}.${field.name}`));
  const properties = fields.flatMap((field) => {
    const value = valueSchema(field);
    return value === undefined ? [] : [[field.name, { ...texts(describe(field), hint(field)), ...value }]];
  });
  const required = fields.filter((field) => field.isRequired).map((field) => field.name);
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required }),
  };
}

/** What the form can show of a field at the top, or in a card there; undefined: nothing. */
function valueSchema(field: Field): Schema | undefined {
  switch (field.kind) {
    case FieldKind.Object:
      return formSchema(field.target);
    case FieldKind.ObjectList:
      return { type: "array", items: flatSchema(field.target) };
    case FieldKind.TextList:
      return { type: "array", items: { type: "string" } };
    default:
      return plainSchema(field);
  }
}

/** Elements of a list are rows of a table: they cannot hold lists or objects. */
function flatSchema(type: string): Schema {
  const fields = fieldsOf(type).filter((field) => !NOT_IN_THE_FORM.has(`${field.owner}.${field.name}`));
  const properties = fields.flatMap((field) => {
    const value = plainSchema(field);
    return value === undefined ? [] : [[field.name, { ...texts(describe(field), hint(field)), ...value }]];
  });
  return { type: "object", properties: Object.fromEntries(properties) };
}

/** The form deletes 0, so a number for which 0 means something is left to YAML. */
function plainSchema(field: Field): Schema | undefined {
  switch (field.kind) {
    case FieldKind.Text:
      return { type: "string" };
    case FieldKind.Integer:
      return field.least > 0 ? { type: "integer" } : undefined;
    case FieldKind.Decimal:
      return field.least > 0 ? { type: "number" } : undefined;
    case FieldKind.Flag:
      return field.fallback === "true" ? undefined : { type: "boolean" };
    case FieldKind.TextList:
    case FieldKind.TextMap:
      return field.listAs === ListAs.Commas ? { type: "string" } : undefined;
    default:
      return undefined;
  }
}

/** The form has no choices and no defaults, so the explanation names them. */
function hint(field: Field): Description {
  if (field.choices.length === 0) return { en: ["", ""], zh: ["", ""] };
  const choices = field.choices.join(", ");
  return { en: ["", ` One of: ${choices}.`], zh: ["", `可选值：${choices}。`] };
}

function texts({ en, zh }: Description, more: Description = { en: ["", ""], zh: ["", ""] }): Schema {
  const [title, description] = [en[0], en[1] + more.en[1]];
  return {
    title,
    "x-title-i18n": { "zh-CN": zh[0], "en-US": title },
    description,
    "x-description-i18n": { "zh-CN": zh[1] + more.zh[1], "en-US": description },
  };
}
