/** Makes the JSON Schema (draft 2020-12) of the configuration from the table of fields. */
import {
  type CrossRule,
  type Field,
  FieldKind,
  ListAs,
  Shape,
  Tie,
  UNLIMITED,
} from "../../assembly/config/field";
import {
  COMMON,
  CROSS_RULES,
  FIELDS,
  FREE_PREFIXES,
  fieldOf,
  fieldsOf,
  variantType,
} from "../../assembly/config/fields";
import { TOLERANT_TYPES } from "../../assembly/config/official/fields";
import { VENDOR_NAMES } from "../../assembly/vendors/table";
import { PARAMETER_TEXTS } from "../docs/parameters";
import { type Description, FIELD_DESCRIPTIONS, TYPE_DESCRIPTIONS } from "./descriptions";

/** Parameters of a chat request; what the plugin does not know by name is none. */
const PARAMETER_NAMES = Object.keys(PARAMETER_TEXTS).filter((name) => name !== "unknown_fields");

/** Words of `finishMap`; a test holds them against the plugin's. */
const FINISH_WORDS = ["none", "stop", "stop_sequence", "length", "tool_calls", "content_filter", "refusal"];

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type Schema = { [key: string]: Json };

/** Object types of the table, in its order. */
export const TYPES: string[] = [...new Set([...FIELDS.map((field) => field.owner), COMMON])];

/** The regular expression of each shape; the plugin has the same rules as code. */
const SHAPE_PATTERNS: Record<Shape, string | undefined> = {
  [Shape.Free]: undefined,
  [Shape.Name]: "^[^\\u0000-\\u001f\\u007f]+$",
  [Shape.Visible]: "^[!-~]+$",
  [Shape.Header]: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
  [Shape.Path]: '^/[!"$->@-~]*$',
  [Shape.Endpoint]: "^[!-9;-~]+:[0-9]{1,5}$",
  [Shape.Address]: "^([!-9;-Z\\\\^-~\\]]+|\\[[0-9A-Fa-f:]+\\]):[0-9]{1,5}$",
  [Shape.Status]: "^(DOWN|OUT_OF_SERVICE|STARTING|UNKNOWN|UP)$",
  [Shape.Dialect]: "^(openai|anthropic|gemini|responses)$",
  [Shape.ServiceAccount]: "^\\s*[{$]",
  [Shape.Code]: "^[45](xx|[0-9][0-9])$",
  [Shape.CachePosition]: "^(systemPrompt|lastUserMessage|lastMessage)$",
  [Shape.Expression]: "^[$@][^\\u0000-\\u001f\\u007f]*$",
  [Shape.Condition]: "^[^\\u0000-\\u001f\\u007f]+$",
  [Shape.PathTemplate]: "^/[^\\u0000-\\u001f\\u007f#]*$",
  [Shape.Parameter]: `^(${PARAMETER_NAMES.join("|")})$`,

  [Shape.Blank]: "^[!-~]*$",
  [Shape.Pattern]: "^~|^(\\*|\\*?[^*]+|[^*]+\\*)$",
};

/** Entries of a map of patterns, written as one text: what stands before "=" is a pattern without commas. */
const ENTRY = "(~[^,=]*|\\*[^*,=]*|[^*,=~ \\t][^*,=]*\\*?)[ \\t]*=[^,]*";
const ENTRIES = `^[ \\t,]*(${ENTRY}([ \\t]*,[ \\t,]*${ENTRY})*)?[ \\t,]*$`;

/** Fields whose values the plugin reads with code of their own. */
const OPEN_FIELDS: Record<string, Schema> = {
  "formatResponse.finishMap": { type: "object", additionalProperties: { enum: FINISH_WORDS } },
  "formatErrors.statuses": {
    type: "object",
    additionalProperties: { type: "integer", minimum: 400, maximum: 599 },
  },
};

/** The whole schema. */
export function makeSchema(): Schema {
  const definitions = TYPES.filter((type) => type !== "config").map(
    (type) => [type, objectSchema(type)] as const,
  );
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    ...objectSchema("config"),
    $defs: Object.fromEntries(definitions),
  };
}

/** Key of a field's description. A field that a type takes over has the description it has at home. */
export function describe(field: Field): Description {
  const description = FIELD_DESCRIPTIONS[`${field.owner}.${field.name}`];
  if (description === undefined) throw new Error(`${field.owner}.${field.name} has no description`);
  return description;
}

/** The default of a field as JSON; undefined where there is none. */
export function defaultOf(field: Field): Json | undefined {
  if (!field.hasDefault) return field.isSection ? {} : undefined;
  switch (field.kind) {
    case FieldKind.Integer:
    case FieldKind.Decimal:
      return Number(field.fallback);
    case FieldKind.Flag:
      return field.fallback === "true";
    default:
      return field.fallback;
  }
}

function objectSchema(type: string): Schema {
  const fields = fieldsOf(type);
  const required = fields.filter((field) => field.isRequired).map((field) => field.name);
  const rules = [
    ...CROSS_RULES.filter((rule) => rule.owner === type).map(crossSchema),
    ...fields.filter((field) => field.kind === FieldKind.Variant).flatMap(variantSchemas),
  ];
  const [title, description] = TYPE_DESCRIPTIONS[type].en;
  return {
    title,
    description,
    type: "object",
    properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field)])),
    patternProperties: { [`^(${FREE_PREFIXES.join("|")})`]: true },
    ...(!TOLERANT_TYPES.includes(type) && { additionalProperties: false }),
    ...(required.length > 0 && { required }),
    ...(rules.length > 0 && { allOf: rules }),
  };
}

function fieldSchema(field: Field): Schema {
  const [title, description] = describe(field).en;
  const fallback = defaultOf(field);
  return {
    title,
    description,
    ...(field.isLenient ? lenientSchema(field) : valueSchema(field)),
    ...(field.isSecret && { writeOnly: true }),
    ...(fallback !== undefined && { default: fallback }),
  };
}

/** Null is as good as absent, and a number may be text. */
function lenientSchema(field: Field): Schema {
  const strict = valueSchema(field);
  if (field.kind === FieldKind.Any) return field.isRequired ? { not: { type: "null" } } : strict;
  const forms: Schema[] = [strict];
  if (field.kind === FieldKind.Integer) forms.push({ type: "string", pattern: "^[0-9]+$" });
  if (!field.isRequired) forms.push({ type: "null" });
  return forms.length > 1 ? { anyOf: forms } : strict;
}

/** An object, or a list with nothing else in it. */
function oneOrListed(object: Schema): Schema {
  return { anyOf: [object, { type: "array", items: object, minItems: 1, maxItems: 1 }] };
}

function valueSchema(field: Field): Schema {
  switch (field.kind) {
    case FieldKind.Text:
      if (field.choices.length === 0) return textSchema(field.shape);
      if (field.target === "") return { type: "string", enum: field.choices };
      return { anyOf: [{ type: "string", enum: field.choices }, reference(field.target)] };
    case FieldKind.Integer:
    case FieldKind.Decimal:
      return {
        type: field.kind === FieldKind.Integer ? "integer" : "number",
        minimum: field.least,
        ...(field.greatest < UNLIMITED && { maximum: field.greatest }),
      };
    case FieldKind.Flag:
      return { type: "boolean" };
    case FieldKind.Variant:
      return { type: "object" };
    case FieldKind.Object:
      return field.isListable ? oneOrListed(reference(field.target)) : reference(field.target);
    case FieldKind.TextList:
      return textListSchema(field);
    case FieldKind.ObjectList:
      return { type: "array", items: reference(field.target), ...minimumItems(field) };
    case FieldKind.TextMap:
      return {
        anyOf: [
          {
            type: "object",
            propertyNames: textSchema(field.shape),
            additionalProperties: { type: "string" },
          },
          { type: "array", items: reference(field.target) },
          ...(field.listAs === ListAs.Commas ? [{ type: "string", pattern: ENTRIES }] : []),
        ],
      };
    default:
      if (field.shape === Shape.ServiceAccount) return serviceAccountSchema();
      return OPEN_FIELDS[`${field.owner}.${field.name}`] ?? {};
  }
}

/** The key's JSON, as it is or as text. */
function serviceAccountSchema(): Schema {
  const members = ["client_email", "private_key"];
  const properties = Object.fromEntries(members.map((name) => [name, { type: "string", minLength: 1 }]));
  return { anyOf: [{ type: "object", required: members, properties }, textSchema(Shape.ServiceAccount)] };
}

function textSchema(shape: Shape): Schema {
  const pattern = SHAPE_PATTERNS[shape];
  return {
    type: "string",
    ...(shape !== Shape.Free && shape !== Shape.Blank && { minLength: 1 }),
    ...(pattern !== undefined && { pattern }),
  };
}

function textListSchema(field: Field): Schema {
  const list: Schema = { type: "array", items: textSchema(field.shape), ...minimumItems(field) };
  switch (field.listAs) {
    case ListAs.Single:
      return { anyOf: [list, textSchema(field.shape)] };
    case ListAs.Commas: // Something has to be left of it once spaces and commas are gone.
      return { anyOf: [list, { type: "string", ...commaPattern(field) }] };
    default:
      return list;
  }
}

/** Shapes whose texts are words without commas, of which the pattern says all. */
const WORDS: Shape[] = [Shape.Dialect, Shape.Code, Shape.CachePosition];

/** What a list written as one text has to look like: words of a fixed set can be told, patterns of models cannot. */
function commaPattern(field: Field): Schema {
  const word = WORDS.includes(field.shape) ? SHAPE_PATTERNS[field.shape] : undefined;
  if (word === undefined) return field.minimum > 0 ? { pattern: "[^, \\t]" } : {};
  const item = `(${word.slice(1, -1)})`;
  const items = `${item}([ \\t]*,[ \\t,]*${item})*`;
  return { pattern: `^[ \\t,]*${field.minimum > 0 ? items : `(${items})?`}[ \\t,]*$` };
}

function minimumItems(field: Field): Schema {
  return field.minimum > 0 ? { minItems: field.minimum } : {};
}

function reference(type: string): Schema {
  return { $ref: `#/$defs/${type}` };
}

function crossSchema(rule: CrossRule): Schema {
  const each = rule.fields.map((name): Schema => ({ required: [name] }));
  switch (rule.tie) {
    case Tie.ExactlyOne:
      if (rule.field === "") return { oneOf: each };
      return { oneOf: [...each, { required: [rule.field], not: { anyOf: each } }] };
    case Tie.AtMostOne:
      return { not: { anyOf: pairsOf(rule.fields).map((pair) => ({ required: pair })) } };
    case Tie.AtLeastOne:
      return { anyOf: each };
    case Tie.SomeText:
      return { anyOf: rule.fields.map(someText) };
    case Tie.Requires:
      return { dependentRequired: { [rule.field]: rule.fields } };
    case Tie.RequiresWithin:
      return {
        if: {
          properties: { [rule.field]: { enum: rule.values } },
          required: [rule.field],
          ...(rule.unless !== "" && { not: { required: [rule.unless] } }),
        },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: {
          required: [rule.within],
          properties: { [rule.within]: { required: rule.fields } },
        },
      };
    default: {
      const isDefault = rule.values.includes(fieldOf(rule.owner, rule.field)?.fallback ?? "");
      return {
        if: {
          properties: { [rule.field]: { enum: rule.values } },
          ...(!isDefault && { required: [rule.field] }),
        },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: consequence(rule, each),
      };
    }
  }
}

/** What a rule about a choice asks for. @param each a schema for each of its fields, that it is given */
function consequence(rule: CrossRule, each: Schema[]): Schema {
  if (rule.tie === Tie.OneWhen) return { oneOf: each };
  if (rule.tie !== Tie.AtMostOneWhen) return { required: rule.fields };
  return { not: { anyOf: pairsOf(rule.fields).map((pair) => ({ allOf: pair.map(telling) })) } };
}

/** The field is given, and says something. */
function telling(name: string): Schema {
  return { required: [name], properties: { [name]: { not: { enum: [null, ""] } } } };
}

/** Which type a variant has: by the field that decides it, or by the vendor where that is not given. */
function variantSchemas(field: Field): Schema[] {
  const by = fieldOf(field.owner, field.by);
  const values = by?.choices ?? [];
  const typeOf = (value: string, vendor = "") => variantType(field, value, vendor);
  const isGiven = { required: [field.by] };
  const hasVendor = { required: ["vendor"] };
  return [...new Set(values.map((value) => typeOf(value)))].map((type) => {
    const choices = values.filter((value) => typeOf(value) === type);
    const vendors = VENDOR_NAMES.filter((vendor) => typeOf("", vendor) === type);
    const cases: Schema[] = [{ ...isGiven, properties: { [field.by]: { enum: choices } } }];
    if (vendors.length > 0)
      cases.push({ ...hasVendor, not: isGiven, properties: { vendor: { enum: vendors } } });
    if (type === field.target) {
      cases.push({ not: { anyOf: [isGiven, hasVendor] } });
      cases.push({ ...isGiven, properties: { [field.by]: { type: "object" } } });
    }
    return {
      if: { anyOf: cases },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { properties: { [field.name]: reference(type) } },
    };
  });
}

function pairsOf(names: string[]): string[][] {
  return names.flatMap((name, index) => names.slice(index + 1).map((other) => [name, other]));
}

function someText(name: string): Schema {
  const filled = { type: "string", minLength: 1 };
  return {
    required: [name],
    properties: { [name]: { anyOf: [filled, { type: "array", contains: filled }] } },
  };
}
