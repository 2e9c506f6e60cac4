/** Makes the field tables of the documentation from the table of fields. */
import {
  type CrossRule,
  type Field,
  FieldKind,
  ListAs,
  Shape,
  Tie,
  UNLIMITED,
} from "../../assembly/config/field";
import { CROSS_RULES, EXTENDED, EXTENDING, FIELDS } from "../../assembly/config/fields";
import { TYPE_DESCRIPTIONS } from "./descriptions";
import { defaultOf, describe, TYPES } from "./schema";

const SHAPE_NAMES: Record<Shape, string> = {
  [Shape.Free]: "text",
  [Shape.Name]: "text",
  [Shape.Visible]: "text of visible ASCII",
  [Shape.Blank]: "text of visible ASCII",
  [Shape.Header]: "header name",
  [Shape.Path]: "path",
  [Shape.Endpoint]: "`name:port`",
  [Shape.Address]: "`address:port`",
  [Shape.Status]: "status",
  [Shape.Dialect]: "`openai`, `anthropic`, `gemini` or `responses`",
  [Shape.ServiceAccount]: "object, or JSON text",
  [Shape.Code]: "status of HTTP",
  [Shape.CachePosition]: "`systemPrompt`, `lastUserMessage` or `lastMessage`",
  [Shape.Pattern]: "model pattern",
  [Shape.Expression]: "expression",
  [Shape.Condition]: "condition",
  [Shape.PathTemplate]: "path template",
  [Shape.Parameter]: "parameter name",
};

const HEADER = ["| Field | Type | Default | Meaning |", "| --- | --- | --- | --- |"];

/** One section with a table for each object type. */
export function makeTables(): string {
  return TYPES.filter((type) => FIELDS.some((field) => field.owner === type))
    .map(section)
    .join("\n\n");
}

function section(type: string): string {
  const [title, explanation] = TYPE_DESCRIPTIONS[type].en;
  const fields = FIELDS.filter((field) => field.owner === type);
  const rules = CROSS_RULES.filter((rule) => rule.owner === type).map((rule) => `- ${sentence(rule)}`);
  const extended = type === EXTENDING ? ` It also has the fields of \`${EXTENDED}\`.` : "";
  const parts = [
    `### \`${type}\`: ${title}`,
    explanation + extended,
    [...HEADER, ...fields.map(row)].join("\n"),
  ];
  if (rules.length > 0) parts.push(rules.join("\n"));
  return parts.join("\n\n");
}

function row(field: Field): string {
  const fallback = defaultOf(field);
  const shown = field.isRequired
    ? "required"
    : fallback === undefined
      ? ""
      : `\`${JSON.stringify(fallback)}\``;
  const cells = [`\`${field.name}\``, typeName(field), shown, describe(field).en[1]];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function typeName(field: Field): string {
  switch (field.kind) {
    case FieldKind.Text:
      if (field.choices.length > 0) {
        const object = field.target === "" ? "" : `, or an object ${code(field.target)}`;
        return `one of ${field.choices.map(code).join(", ")}${object}`;
      }
      return SHAPE_NAMES[field.shape] + (field.isSecret ? ", secret" : "");
    case FieldKind.Integer:
      return `whole number${limits(field)}`;
    case FieldKind.Decimal:
      return `number${limits(field)}`;
    case FieldKind.Flag:
      return "true or false";
    case FieldKind.Object:
      return `object ${code(field.target)}${field.isListable ? ", or a list of one" : ""}`;
    case FieldKind.Variant:
      return `object, by ${code(field.by)}`;
    case FieldKind.TextList:
      return `list of ${SHAPE_NAMES[field.shape]}s${LIST_FORMS[field.listAs]}${field.isSecret ? ", secret" : ""}`;
    case FieldKind.ObjectList:
      return `list of ${code(field.target)}`;
    case FieldKind.TextMap:
      return `map from ${SHAPE_NAMES[field.shape]} to text, or list of ${code(field.target)}${MAP_FORMS[field.listAs]}`;
    default:
      return field.shape === Shape.Free
        ? "any"
        : SHAPE_NAMES[field.shape] + (field.isSecret ? ", secret" : "");
  }
}

const LIST_FORMS: Record<ListAs, string> = {
  [ListAs.List]: "",
  [ListAs.Single]: ", or one text",
  [ListAs.Commas]: ", or one text with commas",
};

const MAP_FORMS: Record<ListAs, string> = {
  [ListAs.List]: "",
  [ListAs.Single]: "",
  [ListAs.Commas]: ", or one text `a=b, c=d`",
};

function limits(field: Field): string {
  return field.greatest < UNLIMITED ? `, ${field.least} to ${field.greatest}` : `, at least ${field.least}`;
}

function sentence(rule: CrossRule): string {
  const names = rule.fields.map(code).join(", ");
  switch (rule.tie) {
    case Tie.ExactlyOne:
      return `Exactly one of ${names}${rule.field === "" ? "" : `, or none with ${code(rule.field)}`}.`;
    case Tie.AtMostOne:
      return `At most one of ${names}.`;
    case Tie.AtLeastOne:
      return `At least one of ${names}.`;
    case Tie.SomeText:
      return `At least one of ${names}, not empty.`;
    case Tie.RequiresWithin:
      return `${code(rule.field)} ${rule.values.map(code).join(", ")} needs ${names} in ${code(rule.within)}${rule.unless === "" ? "" : `, unless ${code(rule.unless)} is given`}.`;
    case Tie.Requires:
      return `${code(rule.field)} needs ${names}.`;
    case Tie.AtMostOneWhen:
      return `${code(rule.field)} ${rule.values.map(code).join(", ")} takes only one of ${names}.`;
    case Tie.OneWhen:
      return `${code(rule.field)} ${rule.values.map(code).join(", ")} needs exactly one of ${names}.`;
    default:
      return `${code(rule.field)} ${rule.values.map(code).join(", ")} needs ${names}.`;
  }
}

function code(text: string): string {
  return `\`${text}\``;
}
