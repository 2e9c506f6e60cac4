import { borrow, utf8 } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { toOwned } from "../../bytes/slice";
import { Kind } from "../../json/tape";
import { escape } from "../../json/text";
import { Comparison, Condition, Operand, Term } from "./condition";
import { Path, Segment, Select } from "./path";

/** An expression with more segments is nothing that a person wrote. It bounds the recursion of `Path.collect`. */
const MAX_SEGMENTS: i32 = 16;
const MAX_TERMS: i32 = 32;
/** Filters inside filters. */
const MAX_NESTING: i32 = 4;

/**
 * Reads expressions and conditions, at configuration time. The first mistake is in `error`, with its column; then the
 * results mean nothing. Source: RFC 9535; docs/declared-formats.md says which part of it.
 */
export class ExpressionParser {
  error: string = "";
  private at: i32 = 0;
  private nesting: i32 = 0;

  constructor(private text: string) {}

  /** A whole text that is one expression. */
  path(): Path {
    const path = this.readPath();
    this.skipSpace();
    if (this.at < this.text.length) this.fail("unexpected " + this.found());
    return path;
  }

  /** A whole text that is a condition. */
  condition(): Condition {
    const condition = this.readCondition();
    this.skipSpace();
    if (this.at < this.text.length) this.fail("expected && or ||, found " + this.found());
    return condition;
  }

  private readPath(): Path {
    this.skipSpace();
    const first = this.peek();
    const path = new Path(first == "$");
    if (first != "$" && first != "@") {
      this.fail("an expression begins with $ or @, found " + this.found());
      return path;
    }
    this.at++;
    while (this.error.length == 0) {
      const mark = this.at;
      this.skipSpace();
      if (this.peek() == ".") path.add(this.readDotted());
      else if (this.peek() == "[") path.add(this.readBracket());
      else {
        this.at = mark;
        break;
      }
      if (path.segments.length > MAX_SEGMENTS) this.fail("more than " + MAX_SEGMENTS.toString() + " steps");
    }
    return path;
  }

  private readDotted(): Segment {
    const column = ++this.at + 1;
    if (this.peek() == ".") this.fail('".." is not supported: name each step');
    if (this.peek() == "*") {
      this.at++;
      return new Segment(Select.All, column);
    }
    const from = this.at;
    while (this.at < this.text.length && isNameUnit(this.text.charCodeAt(this.at), this.at == from))
      this.at++;
    if (this.at == from) this.fail('expected a name after ".", found ' + this.found());
    return Segment.named(this.text.substring(from, this.at), column);
  }

  private readBracket(): Segment {
    const column = ++this.at + 1;
    this.skipSpace();
    const first = this.peek();
    let segment = new Segment(Select.All, column);
    if (first == "*") this.at++;
    else if (first == "'" || first == '"') segment = Segment.named(this.readQuoted(), column);
    else if (first == "?") segment = this.readFilter(column);
    else segment = this.readIndex(column);
    this.skipSpace();
    if (this.peek() == ":") this.fail("slices are not supported: name one element, or [*]");
    else if (this.peek() == ",") this.fail("several selectors in one bracket are not supported");
    else this.expect("]");
    return segment;
  }

  private readFilter(column: i32): Segment {
    this.at++;
    const segment = new Segment(Select.Filter, column);
    if (++this.nesting > MAX_NESTING) this.fail("too many filters inside each other");
    else segment.condition = this.readCondition();
    this.nesting--;
    return segment;
  }

  private readIndex(column: i32): Segment {
    const segment = new Segment(Select.Index, column);
    const from = this.at;
    if (this.peek() == "-") this.at++;
    while (isDigitUnit(this.unit())) this.at++;
    const digits = this.text.substring(from, this.at);
    const value = parseInt(digits, 10);
    if (isNaN(value) || digits.length > 9 || digits == "-0") {
      this.at = from;
      this.fail("expected a quoted name, a number, * or ?, found " + this.found());
      return segment;
    }
    segment.index = value as i32;
    return segment;
  }

  private readCondition(): Condition {
    const condition = new Condition();
    let isAlternative = false;
    while (this.error.length == 0) {
      const term = this.readTerm();
      term.beginsAlternative = isAlternative;
      condition.terms.push(term);
      this.skipSpace();
      const joint = this.text.substr(this.at, 2);
      if (joint != "&&" && joint != "||") break;
      isAlternative = joint == "||";
      this.at += 2;
      if (condition.terms.length >= MAX_TERMS)
        this.fail("more than " + MAX_TERMS.toString() + " comparisons");
    }
    return condition;
  }

  private readTerm(): Term {
    const term = new Term();
    this.skipSpace();
    if (this.peek() == "(") this.fail("parentheses are not supported: && binds closer than ||");
    if (this.peek() == "!") {
      term.isNegated = true;
      this.at++;
    }
    const column = this.at + 1;
    term.left = this.readOperand();
    if (this.error.length > 0) return term;
    this.skipSpace();
    term.comparison = this.readComparison();
    if (term.comparison == Comparison.Holds) {
      if (term.left.path === null) this.failAt("a constant alone is no condition", column);
      return term;
    }
    if (term.isNegated) this.failAt("! stands before a path alone: use != or another comparison", column);
    term.right = this.readOperand();
    return term;
  }

  private readComparison(): Comparison {
    const two = this.text.substr(this.at, 2);
    if (two == "==" || two == "!=" || two == "<=" || two == ">=") {
      this.at += 2;
      if (two == "==") return Comparison.Equal;
      if (two == "!=") return Comparison.NotEqual;
      return two == "<=" ? Comparison.LessOrEqual : Comparison.GreaterOrEqual;
    }
    if (two.startsWith("<") || two.startsWith(">")) {
      this.at++;
      return two.startsWith("<") ? Comparison.Less : Comparison.Greater;
    }
    if (two.startsWith("=")) this.fail("use == to compare");
    return Comparison.Holds;
  }

  private readOperand(): Operand {
    const operand = new Operand();
    this.skipSpace();
    const first = this.peek();
    if (first == "$" || first == "@") {
      operand.path = this.readPath();
    } else if (first == "'" || first == '"') {
      operand.kind = Kind.String;
      const writer = new Writer();
      escape(writer, borrow(utf8(this.readQuoted())));
      operand.value = toOwned(writer.view());
      writer.dispose();
    } else {
      this.readConstant(operand);
    }
    return operand;
  }

  private readConstant(operand: Operand): void {
    const from = this.at;
    while (isConstantUnit(this.unit())) this.at++;
    const word = this.text.substring(from, this.at);
    operand.value = utf8(word);
    if (word == "true") operand.kind = Kind.True;
    else if (word == "false") operand.kind = Kind.False;
    else if (word == "null") operand.kind = Kind.Null;
    else if (isNumberText(word)) operand.kind = Kind.Number;
    else {
      this.at = from;
      const hint = word.length > 0 ? ": texts need quotes" : "";
      this.fail("expected a path or a constant, found " + this.found() + hint);
    }
  }

  private readQuoted(): string {
    const quote = this.peek();
    const from = this.at++;
    let text = "";
    while (this.at < this.text.length) {
      const character = this.peek();
      this.at++;
      if (character == quote) return text;
      if (character != "\\") {
        text += character;
        continue;
      }
      const escaped = this.peek();
      if (escaped != "\\" && escaped != "'" && escaped != '"') break;
      this.at++;
      text += escaped;
    }
    if (this.at < this.text.length) this.fail("unknown escape");
    else this.failAt("the quote is not closed", from + 1);
    return text;
  }

  private expect(character: string): void {
    if (this.peek() == character) this.at++;
    else this.fail('expected "' + character + '", found ' + this.found());
  }

  private peek(): string {
    return this.text.charAt(this.at);
  }

  private unit(): i32 {
    return this.at < this.text.length ? this.text.charCodeAt(this.at) : -1;
  }

  private skipSpace(): void {
    while (this.unit() == 0x20 || this.unit() == 0x09 || this.unit() == 0x0a || this.unit() == 0x0d)
      this.at++;
  }

  private found(): string {
    return this.at < this.text.length ? '"' + this.peek() + '"' : "the end";
  }

  private fail(message: string): void {
    this.failAt(message, this.at + 1);
  }

  private failAt(message: string, column: i32): void {
    if (this.error.length == 0) this.error = "column " + column.toString() + ": " + message;
  }
}

/** RFC 9535, `name-first` and `name-char`; `-` inside a name is allowed as well, since many APIs have it. */
function isNameUnit(unit: i32, isFirst: bool): bool {
  const letter = unit | 0x20;
  if ((letter >= 0x61 && letter <= 0x7a) || unit == 0x5f || unit >= 0x80) return true;
  return !isFirst && (isDigitUnit(unit) || unit == 0x2d);
}

function isDigitUnit(unit: i32): bool {
  return unit >= 0x30 && unit <= 0x39;
}

function isConstantUnit(unit: i32): bool {
  const letter = unit | 0x20;
  return (
    isDigitUnit(unit) || (letter >= 0x61 && letter <= 0x7a) || unit == 0x2d || unit == 0x2b || unit == 0x2e
  );
}

/** The grammar of a JSON number. */
function isNumberText(word: string): bool {
  let at = word.startsWith("-") ? 1 : 0;
  const whole = digitsFrom(word, at);
  if (whole == 0 || (whole > 1 && word.charAt(at) == "0")) return false;
  at += whole;
  if (word.charAt(at) == ".") {
    const fraction = digitsFrom(word, ++at);
    if (fraction == 0) return false;
    at += fraction;
  }
  if (word.charAt(at) == "e" || word.charAt(at) == "E") {
    at++;
    if (word.charAt(at) == "-" || word.charAt(at) == "+") at++;
    const exponent = digitsFrom(word, at);
    if (exponent == 0) return false;
    at += exponent;
  }
  return at == word.length;
}

function digitsFrom(word: string, at: i32): i32 {
  let count = 0;
  while (at + count < word.length && isDigitUnit(word.charCodeAt(at + count))) count++;
  return count;
}
