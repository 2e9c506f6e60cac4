/**
 * Configurations at random, made from the table: mostly right ones, with now and then a field that is missing, of a
 * wrong kind, out of its limits or unknown. Where the plugin is stricter than JSON Schema can say, only right texts
 * are made: regular expressions, and what they are replaced by.
 */
import fc from "fast-check";
import { type Field, FieldKind, ListAs, Shape, Tie } from "../../../assembly/config/field";
import { CROSS_RULES, FIELDS, fieldsOf, VARIANT, variantType } from "../../../assembly/config/fields";
import { serviceAccountKey } from "../../support/service-account";
import { DECLARED, MISDECLARED } from "./declared";

const TEXTS: Record<Shape, string[]> = {
  [Shape.Free]: ["", "a", "通", "$0", "a b"],
  [Shape.Name]: ["a", "a b", "通\u0080", "\ud83d\ude00"],
  [Shape.Visible]: ["a", "outbound|443||a.dns", "~!#"],
  [Shape.Blank]: ["", "a.example.com", "https://a/b?c=d"],
  [Shape.Header]: ["x-a", "A", "!#$%&'*+-.^_`|~"],
  [Shape.Path]: ["/", "/v1", "/a/b//", "/%20"],
  [Shape.Endpoint]: ["a:1", "llm.dns:443", "[]:65535"],
  [Shape.Address]: ["10.0.0.1:8080", "[::1]:80", "host.test:1"],
  [Shape.Status]: ["UP", "DOWN", "OUT_OF_SERVICE"],
  [Shape.Pattern]: ["a", "a*", "*a", "*", "~", "~a|b", "~^a*$", "通*"],
  // A declared format is made of samples: what is in it depends on the rest of it.
  [Shape.Expression]: [],
  [Shape.Condition]: [],
  [Shape.PathTemplate]: [],
  [Shape.Parameter]: [],
  [Shape.CachePosition]: ["systemPrompt", "lastUserMessage", "lastMessage"],
  [Shape.Dialect]: ["openai", "anthropic", "gemini", "responses"],
  [Shape.ServiceAccount]: [JSON.stringify(serviceAccountKey().json)],
  [Shape.Code]: ["429", "5xx", "400"],
};

/** Texts that are wrong for at least one shape. */
const ODD_TEXTS = [
  "",
  " ",
  "a b",
  "a\n",
  "\u0000",
  "é",
  "a*b",
  "**",
  "?",
  "/a?b",
  "v1",
  "a:b:1",
  ":",
  "~",
  "x:y",
];

const ODD_VALUES = [null, true, 0, -1, 1.5, "text", [], {}, [1], [null], { a: 1 }, [{}], [""]];

const RARE = 1;
/** Of the many fields of providers, and of providers in a configuration, a few at a time are enough. */
const SELDOM = 2;
/** The entries of a field that is left out. */
const NO_ENTRIES = fc.constant<[string, unknown][]>([]);
/** How much more often something is right than wrong. */
const OFTEN = 120;

export const arbitraryConfig: fc.Arbitrary<unknown> = object("config");

function object(type: string): fc.Arbitrary<unknown> {
  const groups = CROSS_RULES.filter((rule) => rule.owner === type);
  const exclusive = groups.find((rule) => rule.tie === Tie.ExactlyOne)?.fields ?? [];
  const fields = fieldsOf(type);
  const others = groups.filter((rule) => rule.tie === Tie.OneWhen).flatMap((rule) => rule.fields);
  const members = fields.map((field) => {
    const isAlone = exclusive.includes(field.name) || others.includes(field.name);
    const weight = isAlone ? 0 : field.isRequired ? OFTEN : isSeldom(field) ? SELDOM : OFTEN / 2;
    return fc
      .oneof({ weight: OFTEN - weight + RARE, arbitrary: NO_ENTRIES }, present(field, weight))
      .map((entries): [string, unknown][] => entries);
  });
  const chosen = fields.filter((field) => exclusive.includes(field.name));
  const one =
    chosen.length === 0 ? NO_ENTRIES : fc.oneof(...chosen.map((field) => present(field, 1).arbitrary));
  const needed = groups
    .filter((rule) => [Tie.RequiresWhen, Tie.OneWhen, Tie.SomeText].includes(rule.tie))
    .flatMap((rule) =>
      fields.filter((field) => rule.fields.includes(field.name)).slice(0, rule.tie === Tie.OneWhen ? 1 : 2),
    )
    .map((field) => fc.oneof(present(field, OFTEN), { weight: RARE, arbitrary: NO_ENTRIES }));
  const odd = fc.oneof(
    { weight: OFTEN, arbitrary: fc.constantFrom<[string, unknown][]>([], [["x-a", 1]], [["_a", null]]) },
    { weight: RARE, arbitrary: fc.constantFrom<[string, unknown][]>([["odd", 1]], [["", 1]], [["X-a", 1]]) },
  );
  return fc
    .tuple(fc.tuple(...members), one, fc.tuple(...needed), odd)
    .map(([some, alone, more, last]) =>
      Object.fromEntries([...some.flat(), ...alone, ...more.flat(), ...last]),
    )
    .map((made) => withVariants(made, fields));
}

/** Of a variant, a value for each of its types was made: one is left, mostly that of the right type. */
function withVariants(made: Record<string, unknown>, fields: Field[]): Record<string, unknown> {
  for (const field of fields.filter(({ kind }) => kind === FieldKind.Variant)) {
    const all = made[field.name];
    const given = (name: string) => String(made[name] ?? "");
    const type = variantType(field, given(field.by), given("vendor"));
    if (all instanceof Variants) made[field.name] = all.values[type];
  }
  return made;
}

/** A value of each type of a variant. */
class Variants {
  constructor(readonly values: Record<string, unknown>) {}
}

function isSeldom(field: Field): boolean {
  return field.owner === "provider" || field.target === "provider";
}

function present(field: Field, weight: number): fc.WeightedArbitrary<[string, unknown][]> {
  const value = fc.oneof(
    { weight: OFTEN, arbitrary: right(field) },
    { weight: RARE, arbitrary: fc.constantFrom<unknown>(...oddValues(field)) },
  );
  return { weight, arbitrary: value.map((given): [string, unknown][] => [[field.name, given]]) };
}

function oddValues(field: Field): unknown[] {
  const isId = field.name === "activeProviderId";
  return isId ? ODD_VALUES.filter((value) => value !== "text") : ODD_VALUES;
}

function right(field: Field): fc.Arbitrary<unknown> {
  // Whether there is a provider of that name is more than JSON Schema can say.
  if (field.name === "activeProviderId") return fc.constant("");
  switch (field.kind) {
    case FieldKind.Text:
      if (field.choices.length === 0) return textOf(field.shape);
      return field.target === "" ? choiceOf(field.choices) : choiceOrDeclared(field.choices);
    case FieldKind.Integer:
      return fc.oneof(
        { weight: OFTEN, arbitrary: fc.integer({ min: field.least, max: field.greatest }) },
        { weight: RARE, arbitrary: fc.constantFrom(field.least - 1, field.greatest + 1, field.least + 0.5) },
      );
    case FieldKind.Decimal:
      return fc.oneof(
        { weight: OFTEN, arbitrary: fc.constantFrom(field.least, field.greatest, field.least + 0.5) },
        { weight: RARE, arbitrary: fc.constantFrom(field.least - 0.5, field.greatest + 0.5) },
      );
    case FieldKind.Flag:
      return fc.boolean();
    case FieldKind.Object:
      return object(field.target);
    case FieldKind.Variant: {
      const types = FIELDS.map(({ owner }) => owner).filter((owner) => owner.endsWith(VARIANT));
      const all = Object.fromEntries([field.target, ...types].map((type) => [type, object(type)]));
      return fc.record(all).map((values) => new Variants(values));
    }
    case FieldKind.ObjectList:
      return listOf(object(field.target), field.minimum);
    case FieldKind.TextList:
      return textList(field);
    case FieldKind.TextMap:
      return fc.oneof(
        fc.dictionary(textOf(field.shape), fc.constantFrom(...TEXTS[Shape.Free]), { maxKeys: 3 }),
        listOf(object(field.target), 0),
        ...(field.listAs === ListAs.Commas ? [entries()] : []),
      );
    default:
      if (field.shape === Shape.Free) return fc.jsonValue({ maxDepth: 1 });
      return fc.constantFrom<unknown>(...TEXTS[field.shape].flatMap((text) => [text, JSON.parse(text)]));
  }
}

/** A map as one text. */
function entries(): fc.Arbitrary<string> {
  return fc
    .array(
      fc.tuple(
        fc.constantFrom("", " ", "a", "gpt-*", "*", "*-mini", "a*b", "~gpt", "~", "=", "*\t"),
        fc.constantFrom("=", " = ", "=", "=\t", ""),
        fc.constantFrom("", "qwen", "a=b", "*"),
      ),
      { maxLength: 3 },
    )
    .map((items) => items.map((item) => item.join("")).join(", "));
}

function choiceOrDeclared(choices: string[]): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: OFTEN, arbitrary: choiceOf(choices) },
    { weight: OFTEN / 4, arbitrary: fc.constantFrom(...DECLARED) },
    { weight: RARE, arbitrary: fc.constantFrom<unknown>(...MISDECLARED) },
  );
}

function choiceOf(choices: string[]): fc.Arbitrary<string> {
  const odd = fc.constantFrom(...choices.map((choice) => choice.toUpperCase()), "");
  return fc.oneof(
    { weight: OFTEN, arbitrary: fc.constantFrom(...choices) },
    { weight: RARE, arbitrary: odd },
  );
}

function textOf(shape: Shape): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: OFTEN, arbitrary: fc.constantFrom(...TEXTS[shape]) },
    { weight: RARE, arbitrary: fc.constantFrom(...ODD_TEXTS) },
  );
}

function textList(field: Field): fc.Arbitrary<unknown> {
  const list = listOf(textOf(field.shape), field.minimum);
  if (field.listAs === ListAs.Single) return fc.oneof(list, textOf(field.shape));
  if (field.listAs === ListAs.List) return list;
  const spaced = fc.tuple(fc.constantFrom("", ",", " , "), fc.array(fc.constantFrom(...TEXTS[field.shape])));
  return fc.oneof(
    list,
    spaced.map(([first, texts]) => first + texts.join(" ,\t")),
  );
}

function listOf(item: fc.Arbitrary<unknown>, minimum: number): fc.Arbitrary<unknown[]> {
  return fc.oneof(
    { weight: OFTEN, arbitrary: fc.array(item, { minLength: minimum, maxLength: 3 }) },
    { weight: RARE, arbitrary: fc.constant<unknown[]>([]) },
  );
}
