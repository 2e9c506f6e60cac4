import { borrow, utf8 } from "../../bytes/slice";
import { Condition } from "../../formats/declared/condition";
import { Owner } from "../../formats/declared/item";
import { ExpressionParser } from "../../formats/declared/parse";
import { RequestProgram } from "../../formats/declared/request";
import { Selection } from "../../formats/declared/selection";
import { TextTemplate, pieceOf } from "../../formats/declared/text-template";
import { Binder, Use } from "./binder";
import { Place } from "./place";

const OPENING: string = "{{";
const CLOSING: string = "}}";

/** Whether a text is one expression and nothing else. */
export function isExpression(text: string): bool {
  if (text == "$" || text == "@") return true;
  const two = text.substr(0, 2);
  return two == "$." || two == "$[" || two == "@." || two == "@[";
}

/** Whether a text is a constant whatever else stands in it. */
export function isEscaped(text: string): bool {
  return text.startsWith("$$") || text.startsWith("@@");
}

/** Whether a text has expressions in it. */
export function hasBraces(text: string): bool {
  return text.includes(OPENING);
}

/** Compiles the texts of a request. Mistakes are noted at the place where the compiler is. */
export class TextCompiler {
  constructor(
    readonly place: Place,
    readonly program: RequestProgram,
    private root: Owner,
  ) {}

  /** A text that is one expression. @param item what `@` is */
  selection(text: string, item: Owner, use: Use): Selection {
    const parser = new ExpressionParser(text);
    const path = parser.path();
    const binder = new Binder(this.program, this.root);
    if (parser.error.length == 0) {
      const selection = binder.bind(path, item, use);
      this.place.fail(binder.error);
      return selection;
    }
    this.place.fail(parser.error + hintFor(text));
    return new Selection(true);
  }

  condition(text: string, item: Owner): Condition {
    const parser = new ExpressionParser(text);
    const condition = parser.condition();
    const binder = new Binder(this.program, this.root);
    if (parser.error.length == 0) binder.bindCondition(condition, item);
    this.place.fail(parser.error.length > 0 ? parser.error : binder.error);
    return condition;
  }

  /** A text with expressions in braces, or one that is an expression. */
  template(text: string, item: Owner): TextTemplate {
    const template = new TextTemplate();
    if (isEscaped(text)) return constant(text.substring(1));
    if (isExpression(text)) {
      template.constants.push(pieceOf(borrow(utf8(""))));
      template.selections.push(this.selection(text, item, Use.Value));
      return template;
    }
    let from = 0;
    while (true) {
      const open = text.indexOf(OPENING, from);
      if (open < 0) break;
      const close = text.indexOf(CLOSING, open);
      if (close < 0) {
        this.place.fail("column " + (open + 1).toString() + ": {{ is not closed");
        return template;
      }
      template.constants.push(pieceOf(borrow(utf8(text.substring(from, open)))));
      template.selections.push(this.selection(text.substring(open + 2, close).trim(), item, Use.Value));
      from = close + 2;
    }
    if (from < text.length || template.constants.length == 0) {
      template.constants.push(pieceOf(borrow(utf8(text.substring(from)))));
      template.selections.push(null);
    }
    return template;
  }
}

function constant(text: string): TextTemplate {
  const template = new TextTemplate();
  template.constants.push(pieceOf(borrow(utf8(text))));
  template.selections.push(null);
  return template;
}

/** What begins like an expression may have been meant as a text. */
function hintFor(text: string): string {
  return text.startsWith("$") || text.startsWith("@")
    ? "; for a constant text write " + text.charAt(0) + text.substr(0, 20)
    : "";
}
