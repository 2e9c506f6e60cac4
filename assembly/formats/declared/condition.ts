import { NONE, Slice, Utf8, borrow, indexOfByte, lengthOf, pointerOf, same } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { parseDecimal } from "../../json/number";
import { Kind } from "../../json/tape";
import { unescape } from "../../json/text";
import { Context } from "./context";
import { Path } from "./path";
import { Selection } from "./selection";

/** How two values are compared. Source: RFC 9535, section 2.3.5.2.2. */
export enum Comparison {
  /** The left side alone, see `Context.holds`. */
  Holds,
  Equal,
  NotEqual,
  Less,
  LessOrEqual,
  Greater,
  GreaterOrEqual,
}

const BACKSLASH: u8 = 0x5c;

const leftText: Writer = new Writer();
const rightText: Writer = new Writer();

/** One side of a comparison: a constant, or an expression. */
export class Operand {
  /** null for a constant. */
  path: Path | null = null;
  /** Set for a path into the request. */
  selection: Selection | null = null;
  /** The constant. */
  kind: Kind = Kind.None;
  /** Body of a string; JSON text of anything else. */
  value: Utf8 = new ArrayBuffer(0);

  /** Leaves the value in the context. */
  read(context: Context): void {
    const selection = this.selection;
    const path = this.path;
    if (selection !== null) {
      selection.read(context);
    } else if (path !== null) {
      context.setNode(context.document, path.first(context));
    } else {
      context.kind = this.kind;
      context.value = borrow(this.value);
    }
  }
}

/** One comparison, or one value that is there or not. */
export class Term {
  left: Operand = new Operand();
  right: Operand = new Operand();
  comparison: Comparison = Comparison.Holds;
  /** `!` before a path alone. */
  isNegated: bool = false;
  /** Whether `||` stands before it; else `&&`. */
  beginsAlternative: bool = false;

  isMet(context: Context): bool {
    this.left.read(context);
    if (this.comparison == Comparison.Holds) return context.holds != this.isNegated;
    const kind = context.kind;
    const value = context.value;
    this.right.read(context);
    return compare(this.comparison, kind, value, context.kind, context.value);
  }
}

/** Terms joined by `&&` and `||`, of which `&&` binds closer. Without terms it always holds. */
export class Condition {
  terms: Array<Term> = [];

  isMet(context: Context): bool {
    const terms = this.terms;
    let met = true;
    for (let i = 0; i < terms.length; i++) {
      const term = unchecked(terms[i]);
      if (i > 0 && term.beginsAlternative) {
        if (met) return true;
        met = true;
      }
      if (met) met = term.isMet(context);
    }
    return met;
  }
}

function compare(comparison: Comparison, kind: Kind, value: Slice, otherKind: Kind, other: Slice): bool {
  switch (comparison) {
    case Comparison.Equal:
      return isEqual(kind, value, otherKind, other);
    case Comparison.NotEqual:
      return !isEqual(kind, value, otherKind, other);
    case Comparison.Less:
      return isLess(kind, value, otherKind, other);
    case Comparison.LessOrEqual:
      return isLess(kind, value, otherKind, other) || isEqual(kind, value, otherKind, other);
    case Comparison.Greater:
      return isLess(otherKind, other, kind, value);
  }
  return isLess(otherKind, other, kind, value) || isEqual(kind, value, otherKind, other);
}

function isEqual(kind: Kind, value: Slice, otherKind: Kind, other: Slice): bool {
  if (kind != otherKind) return false;
  if (kind == Kind.Number) return parseDecimal(value, NaN) == parseDecimal(other, NaN);
  // Lists and objects are equal where they are written in the same way; RFC 9535 looks into them.
  return kind == Kind.String ? same(plain(value, leftText), plain(other, rightText)) : same(value, other);
}

function isLess(kind: Kind, value: Slice, otherKind: Kind, other: Slice): bool {
  if (kind != otherKind) return false;
  if (kind == Kind.Number) return parseDecimal(value, NaN) < parseDecimal(other, NaN);
  if (kind != Kind.String) return false;
  const left = plain(value, leftText);
  const right = plain(other, rightText);
  const shared = min(lengthOf(left), lengthOf(right));
  const order = memory.compare(pointerOf(left), pointerOf(right), shared);
  return order < 0 || (order == 0 && lengthOf(left) < lengthOf(right));
}

/** The text of a string body: itself, or decoded into the writer. */
function plain(body: Slice, writer: Writer): Slice {
  if (body == NONE || indexOfByte(body, BACKSLASH) < 0) return body;
  writer.reset();
  unescape(writer, body);
  return writer.view();
}
