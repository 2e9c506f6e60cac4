import { Utf8 } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Role } from "../../chat/request";
import { CLOSE_BRACE, CLOSE_BRACKET, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE } from "../../json/characters";
import { Condition } from "./condition";
import { Context } from "./context";
import { Selection, isMet } from "./selection";
import { TextTemplate } from "./text-template";

/**
 * A compiled body. Constants are JSON text, ready to be copied; neighbours were made one. What is absent writes
 * nothing lasting: whoever holds it takes back the name or the comma before it. The depth of this recursion is that of
 * the declaration, which the compiler limits.
 */
export abstract class Template {
  /** Appends the value as JSON. False: there is none, and what was appended is to be taken back. */
  abstract write(context: Context, out: Writer): bool;
}

/** JSON text that is the same for every request. */
@final
export class Constant extends Template {
  constructor(readonly json: Utf8) {
    super();
  }

  write(context: Context, out: Writer): bool {
    out.owned(this.json);
    return true;
  }
}

/** A text that is one expression. */
@final
export class Lone extends Template {
  constructor(private selection: Selection) {
    super();
  }

  write(context: Context, out: Writer): bool {
    return this.selection.write(context, out);
  }
}

/** A text with expressions in it. */
@final
export class Text extends Template {
  constructor(private text: TextTemplate) {
    super();
  }

  write(context: Context, out: Writer): bool {
    out.byte(QUOTE);
    this.text.writeBody(context, out);
    out.byte(QUOTE);
    return true;
  }
}

/** An object, or a list where the heads are empty. */
@final
export class Container extends Template {
  /** `"name":`; whole members where there is no value; empty in a list. */
  heads: Array<Utf8> = [];
  values: Array<Template | null> = [];

  constructor(private isObject: bool) {
    super();
  }

  write(context: Context, out: Writer): bool {
    out.byte(this.isObject ? OPEN_BRACE : OPEN_BRACKET);
    const start = out.length;
    for (let i = 0; i < this.heads.length; i++) {
      const mark = out.length;
      if (mark > start) out.byte(COMMA);
      out.owned(unchecked(this.heads[i]));
      const value = unchecked(this.values[i]);
      if (value !== null && !value.write(context, out)) out.truncate(mark);
    }
    out.byte(this.isObject ? CLOSE_BRACE : CLOSE_BRACKET);
    return true;
  }
}

/** `$each`. */
@final
export class Each extends Template {
  constructor(
    private list: Selection,
    private where: Condition,
    private item: Template,
  ) {
    super();
  }

  write(context: Context, out: Writer): bool {
    const items = this.list.items(context);
    const outer = context.item;
    out.byte(OPEN_BRACKET);
    const start = out.length;
    for (let i = 0; i < items.length; i++) {
      const item = unchecked(items[i]);
      if (this.where.terms.length > 0 && !isMet(this.where, item, context)) continue;
      const mark = out.length;
      if (mark > start) out.byte(COMMA);
      context.item = item;
      if (!this.item.write(context, out)) out.truncate(mark);
    }
    context.item = outer;
    out.byte(CLOSE_BRACKET);
    return true;
  }
}

/** `$text`. */
@final
export class Prompt extends Template {
  where: Condition = new Condition();
  /** In the order of `Role`; null: messages of this role are left out. */
  roles: Array<TextTemplate | null> = [];
  /** JSON string body. */
  separator: Utf8 = new ArrayBuffer(0);
  prefix: TextTemplate = new TextTemplate();
  suffix: TextTemplate = new TextTemplate();

  constructor(private list: Selection) {
    super();
  }

  write(context: Context, out: Writer): bool {
    const items = this.list.items(context);
    const outer = context.item;
    out.byte(QUOTE);
    this.prefix.writeBody(context, out);
    let count = 0;
    for (let i = 0; i < items.length; i++) {
      const item = unchecked(items[i]);
      const template = this.templateFor(item.message.role);
      if (template === null || !isMet(this.where, item, context)) continue;
      if (count++ > 0) out.owned(this.separator);
      context.item = item;
      template.writeBody(context, out);
    }
    context.item = outer;
    this.suffix.writeBody(context, out);
    out.byte(QUOTE);
    return true;
  }

  private templateFor(role: Role): TextTemplate | null {
    const index = role as i32;
    return index >= 0 && index < this.roles.length ? unchecked(this.roles[index]) : null;
  }
}

/** `$if`. */
@final
export class Choice extends Template {
  constructor(
    private condition: Condition,
    private then: Template,
    private otherwise: Template | null,
  ) {
    super();
  }

  write(context: Context, out: Writer): bool {
    if (this.condition.isMet(context)) return this.then.write(context, out);
    const otherwise = this.otherwise;
    return otherwise !== null && otherwise.write(context, out);
  }
}
