import { Utf8, borrow, toOwned, toText, utf8 } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Parameter } from "../../chat/parameters";
import { Condition } from "../../formats/declared/condition";
import { Owner } from "../../formats/declared/item";
import { Selection } from "../../formats/declared/selection";
import {
  Choice,
  Constant,
  Container,
  Each,
  Lone,
  Prompt,
  Template,
  Text,
} from "../../formats/declared/template";
import { pieceOf } from "../../formats/declared/text-template";
import { AS_NAMES, As, Value } from "../../formats/declared/value-template";
import { Field } from "../../formats/declared/vocabulary";
import { compact } from "../../json/compact";
import { ABSENT, Document, Node } from "../../json/document";
import { quote } from "../../json/text";
import { Source } from "../source";
import { didYouMean } from "../suggest";
import { Use, admits } from "./binder";
import { Place } from "./place";
import { TextCompiler, hasBraces, isEscaped, isExpression } from "./text-compiler";

/** Objects and lists inside each other, which bounds the recursion of compiler and templates. */
const MAX_DEPTH: i32 = 48;

/** Names of directives; the first one of an object's names that begins with "$" says which it is. */
const DIRECTIVES: string[] = ["$value", "$each", "$text", "$if", "$const"];

const VALUE_NAMES: string[] = ["$value", "default", "as", "min", "max", "map"];
const EACH_NAMES: string[] = ["$each", "where", "item"];
const TEXT_NAMES: string[] = ["$text", "roles", "where", "separator", "prefix", "suffix"];
const IF_NAMES: string[] = ["$if", "then", "else"];
const CONST_NAMES: string[] = ["$const"];

/** In the order of `Role`. */
const ROLES: string[] = ["system", "user", "assistant", "tool"];

/** Compiles a body. Mistakes are noted in `place`; the template then means nothing. */
export class TemplateCompiler {
  private document: Document;
  private place: Place;

  constructor(
    private source: Source,
    private texts: TextCompiler,
  ) {
    this.document = source.document;
    this.place = texts.place;
  }

  /** @param item what `@` is */
  compile(node: Node, item: Owner): Template {
    const document = this.document;
    if (this.place.depth > MAX_DEPTH) {
      this.place.fail("too many objects and lists inside each other");
    } else if (document.isString(node)) {
      return this.text(node, item);
    } else if (document.isArray(node)) {
      return this.list(node, item);
    } else if (document.isObject(node)) {
      const name = this.directiveOf(node);
      return name.length > 0 ? this.directive(name, node, item) : this.object(node, item);
    }
    return this.constant(node);
  }

  private text(node: Node, item: Owner): Template {
    const text = toText(this.source.text(node));
    if (isEscaped(text)) return new Constant(quoted(text.substring(1)));
    if (isExpression(text)) return new Lone(this.texts.selection(text, item, Use.Value));
    return hasBraces(text) ? new Text(this.texts.template(text, item)) : this.constant(node);
  }

  private constant(node: Node): Constant {
    const writer = new Writer();
    compact(writer, this.document.raw(node));
    return new Constant(taken(writer));
  }

  private list(node: Node, item: Owner): Template {
    const parts = new Parts(false);
    let index = 0;
    for (let at = this.document.firstElement(node); at != ABSENT; at = this.document.nextElement(at)) {
      this.place.enterElement(index++);
      parts.add("", this.compile(at, item));
      this.place.leave();
    }
    return parts.finish();
  }

  private object(node: Node, item: Owner): Template {
    const document = this.document;
    const parts = new Parts(true);
    for (let key = document.firstMember(node); key != ABSENT; key = document.nextMember(key)) {
      const name = toText(this.source.text(key));
      this.place.enter(name);
      if (document.find(node, name) != document.valueOf(key) && isAscii(name))
        this.place.fail("is given more than once");
      parts.add(toText(document.raw(key)) + ":", this.compile(document.valueOf(key), item));
      this.place.leave();
    }
    return parts.finish();
  }

  /** The first name that begins with "$", or "". */
  private directiveOf(node: Node): string {
    const document = this.document;
    for (let key = document.firstMember(node); key != ABSENT; key = document.nextMember(key)) {
      const name = toText(this.source.text(key));
      if (name.startsWith("$")) return name;
    }
    return "";
  }

  private directive(name: string, node: Node, item: Owner): Template {
    if (name == "$value") return this.value(node, item);
    if (name == "$each") return this.each(node, item);
    if (name == "$text") return this.prompt(node, item);
    if (name == "$if") return this.choice(node, item);
    if (name == "$const") {
      this.checkNames(node, CONST_NAMES);
      return this.constant(this.document.find(node, name));
    }
    this.place.enter(name);
    const near = didYouMean(name, DIRECTIVES);
    this.place.fail(
      "unknown directive, one of " +
        DIRECTIVES.join(", ") +
        near +
        '; {"$const": ...} sends an object as it is',
    );
    this.place.leave();
    return this.constant(node);
  }

  private value(node: Node, item: Owner): Template {
    this.checkNames(node, VALUE_NAMES);
    const selection = this.expression(node, "$value", item, Use.Value);
    const value = new Value(selection);
    const leaf = selection.leaf;
    if (leaf !== null && leaf.field == Field.Plain) value.parameter = leaf.parameters[0];
    const as = this.textOf(node, "as");
    if (as.length > 0) {
      const index = AS_NAMES.indexOf(as);
      if (index < 0) this.failIn("as", "expected one of " + AS_NAMES.join(", ") + didYouMean(as, AS_NAMES));
      value.as = (index + 1) as As;
    }
    this.limits(node, value);
    this.map(node, value);
    const fallback = this.document.find(node, "default");
    if (fallback != ABSENT) value.fallback = this.constant(fallback).json;
    return value;
  }

  private limits(node: Node, value: Value): void {
    const document = this.document;
    const least = this.number(node, "min");
    const most = this.number(node, "max");
    value.hasMin = least != ABSENT;
    value.hasMax = most != ABSENT;
    value.min = document.decimal(least, 0);
    value.max = document.decimal(most, 0);
    if (value.hasMin) value.minText = toOwned(document.raw(least));
    if (value.hasMax) value.maxText = toOwned(document.raw(most));
    if (value.hasMin && value.hasMax && value.min > value.max) this.failIn("min", "is greater than max");
  }

  private map(node: Node, value: Value): void {
    const document = this.document;
    const map = document.find(node, "map");
    if (map == ABSENT) return;
    if (!document.isObject(map)) {
      this.failIn("map", "expected an object");
      return;
    }
    for (let key = document.firstMember(map); key != ABSENT; key = document.nextMember(key)) {
      const json = this.constant(document.valueOf(key)).json;
      if (document.isText(key, "*")) {
        value.rest = json;
        continue;
      }
      value.from.push(this.source.owned(key));
      value.to.push(json);
    }
  }

  private each(node: Node, item: Owner): Template {
    this.checkNames(node, EACH_NAMES);
    const list = this.expression(node, "$each", item, Use.Items);
    if (list.leaf !== null || list.isSingular)
      this.failIn("$each", "expected an expression that finds a list");
    const where = this.conditionIn(node, "where", list.owner);
    if (list.owner == Owner.Message && admits(list, where, "system")) {
      this.texts.program.carry([Parameter.SystemPrompt]);
    }
    return new Each(list, where, this.inside(node, "item", list.owner));
  }

  private prompt(node: Node, item: Owner): Template {
    this.checkNames(node, TEXT_NAMES);
    const list = this.expression(node, "$text", item, Use.Items);
    if (list.owner != Owner.Message || list.leaf !== null || list.isSingular)
      this.failIn("$text", "expected an expression that finds a list of messages, such as $.messages");
    const prompt = new Prompt(list);
    prompt.where = this.conditionIn(node, "where", Owner.Message);
    this.roles(node, prompt);
    prompt.separator = pieceOf(borrow(utf8(this.textOf(node, "separator"))));
    prompt.prefix = this.texts.template(this.textOf(node, "prefix"), item);
    prompt.suffix = this.texts.template(this.textOf(node, "suffix"), item);
    if (prompt.roles[0] !== null && admits(list, prompt.where, "system")) {
      this.texts.program.carry([Parameter.SystemPrompt]);
    }
    return prompt;
  }

  private roles(node: Node, prompt: Prompt): void {
    const document = this.document;
    const roles = document.find(node, "roles");
    for (let i = 0; i < ROLES.length; i++) {
      prompt.roles.push(roles == ABSENT ? this.texts.template("{{ @.text }}", Owner.Message) : null);
    }
    if (roles == ABSENT) return;
    this.place.enter("roles");
    if (!document.isObject(roles)) this.place.fail("expected an object");
    for (let key = document.firstMember(roles); key != ABSENT; key = document.nextMember(key)) {
      const name = toText(this.source.text(key));
      const index = ROLES.indexOf(name);
      this.place.enter(name);
      if (index < 0) this.place.fail("unknown role, one of " + ROLES.join(", ") + didYouMean(name, ROLES));
      else if (!document.isString(document.valueOf(key))) this.place.fail("expected text");
      else {
        const text = toText(this.source.text(document.valueOf(key)));
        prompt.roles[index] = this.texts.template(text, Owner.Message);
      }
      this.place.leave();
    }
    this.place.leave();
  }

  private choice(node: Node, item: Owner): Template {
    this.checkNames(node, IF_NAMES);
    const condition = this.conditionIn(node, "$if", item);
    const hasElse = this.document.find(node, "else") != ABSENT;
    return new Choice(
      condition,
      this.inside(node, "then", item),
      hasElse ? this.inside(node, "else", item) : null,
    );
  }

  /** Compiles the template in a member that has to be there. */
  private inside(node: Node, name: string, item: Owner): Template {
    const value = this.document.find(node, name);
    this.place.enter(name);
    if (value == ABSENT) this.place.fail("is missing");
    const template = value == ABSENT ? new Constant(utf8("null")) : this.compile(value, item);
    this.place.leave();
    return template;
  }

  private expression(node: Node, name: string, item: Owner, use: Use): Selection {
    this.place.enter(name);
    const text = this.document.find(node, name);
    let selection = new Selection(true);
    if (!this.document.isString(text)) this.place.fail("expected an expression, which is text");
    else selection = this.texts.selection(toText(this.source.text(text)), item, use);
    this.place.leave();
    return selection;
  }

  private conditionIn(node: Node, name: string, item: Owner): Condition {
    const value = this.document.find(node, name);
    if (value == ABSENT) return new Condition();
    this.place.enter(name);
    let condition = new Condition();
    if (!this.document.isString(value)) this.place.fail("expected a condition, which is text");
    else condition = this.texts.condition(toText(this.source.text(value)), item);
    this.place.leave();
    return condition;
  }

  /** A member that is a text; "" where it is absent. */
  private textOf(node: Node, name: string): string {
    const value = this.document.find(node, name);
    if (value != ABSENT && !this.document.isString(value)) this.failIn(name, "expected text");
    return toText(this.source.text(value));
  }

  private number(node: Node, name: string): Node {
    const value = this.document.find(node, name);
    if (value != ABSENT && !this.document.isNumber(value)) this.failIn(name, "expected a number");
    return value;
  }

  private checkNames(node: Node, names: string[]): void {
    const document = this.document;
    for (let key = document.firstMember(node); key != ABSENT; key = document.nextMember(key)) {
      const name = toText(this.source.text(key));
      if (!names.includes(name)) this.failIn(name, "unknown member of " + names[0] + didYouMean(name, names));
    }
  }

  private failIn(name: string, message: string): void {
    this.place.enter(name);
    this.place.fail(message);
    this.place.leave();
  }
}

/** Members or elements, with neighbours that are constant put together. */
class Parts {
  private container: Container;
  private constant: string = "";
  private count: i32 = 0;

  constructor(private isObject: bool) {
    this.container = new Container(isObject);
  }

  add(head: string, value: Template): void {
    if (value instanceof Constant) {
      if (this.count++ > 0) this.constant += ",";
      this.constant += head + toText(borrow((value as Constant).json));
      return;
    }
    this.flush();
    this.container.heads.push(utf8(head));
    this.container.values.push(value);
  }

  finish(): Template {
    if (this.container.heads.length > 0) {
      this.flush();
      return this.container;
    }
    return new Constant(utf8(this.isObject ? "{" + this.constant + "}" : "[" + this.constant + "]"));
  }

  private flush(): void {
    if (this.count == 0) return;
    this.container.heads.push(utf8(this.constant));
    this.container.values.push(null);
    this.constant = "";
    this.count = 0;
  }
}

/** A text as JSON. */
function quoted(text: string): Utf8 {
  const writer = new Writer();
  quote(writer, borrow(utf8(text)));
  return taken(writer);
}

function taken(writer: Writer): Utf8 {
  const owned = toOwned(writer.view());
  writer.dispose();
  return owned;
}

function isAscii(text: string): bool {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
