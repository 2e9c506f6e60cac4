/** Holds a configuration against the table of fields and says what is wrong, and where. */
import { NONE, Slice, borrow, lengthOf, toText } from "../bytes/slice";
import { ABSENT, Document, Node } from "../json/document";
import { Kind } from "../json/tape";
import { crossProblem } from "./cross";
import { FormatCompiler } from "./declared/format-compiler";
import { Field, FieldKind, ListAs, Shape } from "./field";
import { CHECKED_APART, CROSS_RULES, fieldsOf, isFree, variantType } from "./fields";
import { TOLERANT_TYPES } from "./official/fields";
import { Items, itemKey, itemValue } from "./items";
import { Problems } from "./problems";
import { replacementProblem, shapeProblem } from "./shape";
import { Source } from "./source";
import { didYouMean } from "./suggest";
import { wholeNumber } from "./values";
import { Trail } from "./trail";
import { decider } from "./values";

/** Checks one configuration, or one rule, and collects the problems. */
export class Validator {
  private document: Document;
  private trail: Trail;
  /** What decided the type of the variant that is looked at; empty: none is. */
  private kindOfVariant: string = "";

  /** @param prefix the path of what is checked: empty, or `_rules_[2]` */
  constructor(
    private source: Source,
    private problems: Problems,
    prefix: string,
  ) {
    this.document = source.document;
    this.trail = new Trail(source, prefix);
  }

  /**
   * Checks the outermost object, which has the fields of `type`. Rules inside it are left out: each of them is
   * checked by itself, so that it can be wrong by itself.
   */
  check(node: Node, type: string): void {
    if (this.document.isObject(node)) this.object(node, type, true);
    else this.expected("an object", node);
  }

  private object(node: Node, type: string, isOutermost: bool): void {
    const document = this.document;
    const fields = fieldsOf(type);
    for (let key = document.firstMember(node); key != ABSENT; key = document.nextMember(key)) {
      const field = this.fieldOf(key, fields);
      if (isOutermost) this.problems.section = field == null ? "" : field.name;
      this.trail.field(key);
      if (field == null) this.unknown(key, fields, type);
      else if (document.find(node, field.name) != document.valueOf(key)) this.fail("is given more than once");
      else if (field.kind == FieldKind.Variant) this.variant(node, document.valueOf(key), field, fields);
      else this.value(document.valueOf(key), field);
      this.trail.leave();
    }
    if (isOutermost) this.problems.section = "";
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i];
      const value = document.find(node, field.name);
      if (field.isRequired && (value == ABSENT || (field.isLenient && document.isNull(value)))) {
        this.problems.add(this.trail.toField(field.name), "is missing");
      }
    }
    for (let i = 0; i < CROSS_RULES.length; i++) {
      if (CROSS_RULES[i].owner != type) continue;
      const problem = crossProblem(CROSS_RULES[i], document, node, fields);
      if (problem.length > 0) this.fail(problem);
    }
  }

  private value(node: Node, field: Field): void {
    if (field.isLenient && this.document.isNull(node)) return;
    switch (field.kind) {
      case FieldKind.Text:
        this.text(node, field);
        break;
      case FieldKind.Integer:
        this.number(node, field, "a whole number");
        break;
      case FieldKind.Decimal:
        this.number(node, field, "a number");
        break;
      case FieldKind.Flag:
        if (!this.document.isTrue(node) && !this.document.isFalse(node)) this.expected("true or false", node);
        break;
      case FieldKind.Object:
        this.objectOrOne(node, field);
        break;
      case FieldKind.TextList:
        this.textList(node, field);
        break;
      case FieldKind.ObjectList:
        this.objectList(node, field);
        break;
      case FieldKind.TextMap:
        this.textMap(node, field);
        break;
      default: // Any: whoever reads it checks it, but for JSON with a shape.
        if (field.shape != Shape.Free) this.secretJson(node, field);
    }
  }

  private objectOrOne(node: Node, field: Field): void {
    const document = this.document;
    if (document.isObject(node)) {
      this.object(node, field.target, false);
    } else if (field.isListable && document.isArray(node) && document.count(node) == 1) {
      this.objects(node, field.target);
    } else {
      this.expected("an object", node);
    }
  }

  /** @param holder the object that also has the field which decides the type; @param fields those of its own type */
  private variant(holder: Node, node: Node, field: Field, fields: Field[]): void {
    const document = this.document;
    if (!document.isObject(node)) {
      this.expected("an object", node);
      return;
    }
    const value = decider(this.source, document.find(holder, field.by));
    const vendor = decider(this.source, document.find(holder, "vendor"));
    this.kindOfVariant =
      value.length == 0 && vendor.length > 0
        ? 'vendor "' + vendor + '"'
        : field.by + ' "' + (value.length > 0 ? value : this.fallbackOf(field.by, fields)) + '"';
    const type = variantType(field, value, vendor);
    this.object(node, type, false);
    this.kindOfVariant = "";
  }

  /** A declared format is checked like any other object, and then compiled, where that found nothing. */
  private declaration(node: Node, field: Field): void {
    const before = this.problems.total;
    this.object(node, field.target, false);
    if (this.problems.total > before) return;
    const compiler = new FormatCompiler(this.source);
    compiler.compile(node);
    for (let i = 0; i < compiler.places.length; i++) {
      this.problems.add(this.trail.toString() + compiler.places[i], compiler.messages[i]);
    }
  }

  private fallbackOf(name: string, fields: Field[]): string {
    for (let i = 0; i < fields.length; i++) if (fields[i].name == name) return fields[i].fallback;
    return "";
  }

  private text(node: Node, field: Field): void {
    if (field.target.length > 0 && this.document.isObject(node)) {
      this.declaration(node, field);
      return;
    }
    if (!this.document.isString(node)) {
      this.expected(field.target.length > 0 ? "text or an object" : "text", node);
      return;
    }
    if (field.choices.length > 0) this.choice(node, field);
    else this.shaped(this.textOf(node, field), node, field.shape, field.isSecret);
  }

  /** A text, with what stands for it in the environment where it is a secret. */
  private textOf(node: Node, field: Field): Slice {
    if (!field.isSecret) return this.source.text(node);
    const secret = this.source.secret(node);
    const missing = this.source.environment.missing;
    if (secret != NONE || missing == NONE) return secret;
    this.fail(
      "the environment variable " +
        toText(missing) +
        " is not set in the plugin's VM: add it to the WasmPlugin's vmConfig.env, or to vm_config.environment_variables in Envoy",
    );
    return NONE;
  }

  /** JSON as text or as it is, of a shape. */
  private secretJson(node: Node, field: Field): void {
    if (!this.document.isString(node) && !this.document.isObject(node)) {
      this.expected("an object, or JSON text", node);
      return;
    }
    const text = this.document.isString(node) ? this.textOf(node, field) : this.document.raw(node);
    this.shaped(text, node, field.shape, true);
  }

  private choice(node: Node, field: Field): void {
    const text = toText(this.source.text(node));
    if (field.choices.includes(text)) return;
    const choices = field.choices.join(", ");
    this.fail("unknown " + this.source.echo(node) + ", one of " + choices + didYouMean(text, field.choices));
  }

  /** @param node what to repeat in the message */
  private shaped(text: Slice, node: Node, shape: Shape, isSecret: bool): void {
    // A variable that is not set was noted already.
    if (text == NONE && isSecret) return;
    const problem = shapeProblem(shape, text);
    if (problem.length == 0) return;
    this.fail(isSecret || lengthOf(text) == 0 ? problem : this.source.echo(node) + " " + problem);
  }

  private number(node: Node, field: Field, what: string): void {
    const isText = field.isLenient && this.document.isString(node);
    const value = isText ? wholeNumber(this.document.body(node)) : this.document.decimal(node, NaN);
    const isWhole = value == Math.floor(value);
    if (!isText && !this.document.isNumber(node)) {
      this.expected(what, node);
    } else if (isNaN(value) || (field.kind == FieldKind.Integer && !isWhole)) {
      this.fail("expected " + what + ", found " + this.source.echo(node));
    } else if (value < field.least) {
      this.fail(this.source.echo(node) + " is below the least value " + spell(field.least));
    } else if (value > field.greatest) {
      this.fail(this.source.echo(node) + " is above the greatest value " + spell(field.greatest));
    }
  }

  private textList(node: Node, field: Field): void {
    const document = this.document;
    let count = 0;
    if (document.isArray(node)) {
      for (let item = document.firstElement(node); item != ABSENT; item = document.nextElement(item)) {
        this.trail.element(count++);
        if (document.isString(item)) this.shaped(this.textOf(item, field), item, field.shape, field.isSecret);
        else this.expected("text", item);
        this.trail.leave();
      }
    } else if (document.isString(node) && field.listAs == ListAs.Single) {
      count = 1;
      this.shaped(this.textOf(node, field), node, field.shape, field.isSecret);
    } else if (document.isString(node) && field.listAs == ListAs.Commas) {
      const text = this.textOf(node, field);
      if (text == NONE) return;
      for (const items = new Items(text); items.next(); count++) {
        this.shaped(items.item, node, field.shape, field.isSecret);
      }
    } else {
      this.expected(field.listAs == ListAs.List ? "a list" : "a list or text", node);
      return;
    }
    this.atLeast(count, field);
  }

  private objectList(node: Node, field: Field): void {
    if (!this.document.isArray(node)) {
      this.expected("a list", node);
      return;
    }
    if (CHECKED_APART.includes(field.target)) return;
    this.atLeast(this.objects(node, field.target), field);
  }

  /** Checks the elements; gives their number. */
  private objects(node: Node, type: string): i32 {
    const document = this.document;
    let count = 0;
    for (let item = document.firstElement(node); item != ABSENT; item = document.nextElement(item)) {
      this.trail.element(count++);
      if (document.isObject(item)) this.object(item, type, false);
      else this.expected("an object", item);
      this.trail.leave();
    }
    return count;
  }

  private textMap(node: Node, field: Field): void {
    const document = this.document;
    if (document.isArray(node)) {
      this.objects(node, field.target);
      for (
        let item = document.firstElement(node), i = 0;
        item != ABSENT;
        item = document.nextElement(item), i++
      ) {
        this.trail.element(i);
        this.replacement(document.find(item, "from"), document.find(item, "to"), field);
        this.trail.leave();
      }
      return;
    }
    if (document.isString(node) && field.listAs == ListAs.Commas) {
      for (const items = new Items(this.source.text(node)); items.next();) this.item(items.item, node, field);
      return;
    }
    if (!document.isObject(node)) {
      this.expected("an object or a list", node);
      return;
    }
    for (let key = document.firstMember(node); key != ABSENT; key = document.nextMember(key)) {
      this.trail.entry(key);
      this.shaped(this.source.text(key), key, field.shape, false);
      if (!document.isString(document.valueOf(key))) this.expected("text", document.valueOf(key));
      this.replacement(key, document.valueOf(key), field);
      this.trail.leave();
    }
  }

  /** Checks one entry of a map that is written as one text. */
  private item(item: Slice, node: Node, field: Field): void {
    const key = itemKey(item);
    if (key == NONE) {
      this.fail(this.source.echo(node) + " has an entry without `=`; write name=name, name=name");
      return;
    }
    this.shaped(key, node, field.shape, false);
    if (field.shape == Shape.Pattern) this.replaced(key, itemValue(item), node);
  }

  /** Checks what a model pattern is mapped to. Both texts are needed at once, so one of them is copied. */
  private replacement(pattern: Node, target: Node, field: Field): void {
    if (field.shape != Shape.Pattern) return;
    if (!this.document.isString(pattern) || !this.document.isString(target)) return;
    const owned = this.source.owned(pattern);
    this.replaced(borrow(owned), this.source.text(target), target);
  }

  /** @param node what to repeat in the message */
  private replaced(pattern: Slice, target: Slice, node: Node): void {
    const problem = replacementProblem(pattern, target);
    if (problem.length > 0) this.fail(this.source.echo(node) + " " + problem);
  }

  private atLeast(count: i32, field: Field): void {
    if ((count as f64) < field.minimum) this.fail("needs at least " + spell(field.minimum));
  }

  private fieldOf(key: Node, fields: Field[]): Field | null {
    for (let i = 0; i < fields.length; i++) {
      if (this.document.isText(key, fields[i].name)) return fields[i];
    }
    return null;
  }

  private unknown(key: Node, fields: Field[], type: string): void {
    if (TOLERANT_TYPES.includes(type)) return;
    const name = toText(this.source.text(key));
    if (isFree(name)) return;
    const names = fields.map<string>((field) => field.name);
    const kind = this.kindOfVariant;
    const list = names.length == 0 ? "none" : names.join(", ");
    const what = kind.length == 0 ? "unknown field" : "unknown to " + kind + ", which has " + list;
    this.fail(what + didYouMean(name, names));
  }

  private expected(what: string, node: Node): void {
    this.fail("expected " + what + ", found " + describe(this.document.kind(node)));
  }

  private fail(message: string): void {
    this.problems.add(this.trail.toString(), message);
  }
}

/** What a value of this kind is called. The value itself is not repeated: it may be a secret in the wrong place. */
function describe(kind: Kind): string {
  switch (kind) {
    case Kind.Object:
      return "an object";
    case Kind.Array:
      return "a list";
    case Kind.String:
      return "text";
    case Kind.Number:
      return "a number";
    case Kind.True:
      return "true";
    case Kind.False:
      return "false";
    default:
      return "null";
  }
}

/** A limit of the table; those that are whole are spelled so. */
function spell(value: f64): string {
  return value == Math.floor(value) ? (value as i64).toString() : value.toString();
}
