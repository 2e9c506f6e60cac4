import { CharacterSet, MAX_CODE_POINT, NOT_LINE_FEED } from "./character-set";
import {
  BACKSLASH,
  BAR,
  CARET,
  CLOSE_BRACE,
  CLOSE_CLASS,
  CLOSE_GROUP,
  COLON,
  COMMA,
  DOLLAR,
  DOT,
  HYPHEN,
  LOWER_A,
  LOWER_B,
  LOWER_F,
  LOWER_N,
  LOWER_R,
  LOWER_T,
  LOWER_V,
  LOWER_X,
  LOWER_Z,
  OPEN_BRACE,
  OPEN_CLASS,
  OPEN_GROUP,
  PLUS,
  QUESTION,
  STAR,
  UPPER_A,
  UPPER_B,
  hexadecimal,
  isDigit,
  isLetterOrDigit,
  shorthandSet,
} from "./regex-characters";
import { REPLACEMENT, decodeRune, runeOf, widthOf } from "./rune";
import { Slice, lengthOf, pointerOf, startsWith } from "./slice";

/** Most nested groups: the parser and the compiler recurse this deep, at configure time. */
const MAX_DEPTH: i32 = 32;

/** Most groups that capture, so that `$1` to `$9` name them all. */
const MAX_GROUPS: i32 = 9;

/** Largest count of a repetition; RE2 allows the same. */
const MAX_COUNT: i32 = 1000;

const BACK_REFERENCE = "references to groups are not supported";
const UNKNOWN_ESCAPE = "this escape is not supported";

/** No upper bound of a repetition. */
export const UNBOUNDED: i32 = -1;

export enum NodeKind {
  /** Matches the empty text. */
  Empty = 0,
  /** One code point of `set`. */
  Set = 1,
  /** The start of the text. */
  Begin = 2,
  /** The end of the text. */
  End = 3,
  WordBoundary = 4,
  NotWordBoundary = 5,
  /** The one child, remembered as group `index`. */
  Capture = 6,
  /** The children in a row. */
  Sequence = 7,
  /** The first child that leads to a match. */
  Choice = 8,
  /** The one child from `least` to `most` times, the more the better unless `lazy`. */
  Repeat = 9,
}

/** A part of a regular expression. Exists at configure time only. */
export class RegexNode {
  readonly children: RegexNode[] = [];
  set: CharacterSet = NOT_LINE_FEED;
  index: i32 = 0;
  least: i32 = 0;
  most: i32 = 0;
  lazy: bool = false;

  constructor(readonly kind: NodeKind) {}
}

/**
 * Parses the supported part of RE2's syntax (https://github.com/google/re2/wiki/Syntax), which is what Go's
 * package regexp reads: literals, `.`, `[...]`, `\d \w \s` and their opposites, `* + ?` and `{n,m}`, each
 * also lazy, `|`, `(...)`, `(?:...)`, `^ $ \A \z \b \B`, `(?i)` at the very start (for ASCII letters), and
 * escapes of characters. What is left out is refused, never read as something else: see `error`.
 */
export class RegexParser {
  /** Why the expression was refused, in words, or "". */
  error: string = "";
  /** Offset in bytes that the error is about. */
  errorAt: i32 = 0;
  /** Groups that capture. */
  groups: i32 = 0;

  private at: i32 = 0;
  private depth: i32 = 0;
  private foldCase: bool = false;

  constructor(private text: Slice) {}

  /** The whole expression. Meaningless where `error` is set afterwards. */
  parse(): RegexNode {
    if (startsWith(this.text, "(?i)")) {
      this.foldCase = true;
      this.at = 4;
    }
    const node = this.parseChoice();
    if (this.error == "" && this.at < lengthOf(this.text)) this.fail("no group is open here");
    return node;
  }

  private parseChoice(): RegexNode {
    const choice = new RegexNode(NodeKind.Choice);
    choice.children.push(this.parseSequence());
    while (this.error == "" && this.take(BAR)) choice.children.push(this.parseSequence());
    return choice.children.length == 1 ? choice.children[0] : choice;
  }

  private parseSequence(): RegexNode {
    const sequence = new RegexNode(NodeKind.Sequence);
    while (this.error == "" && this.at < lengthOf(this.text)) {
      const next = this.peek();
      if (next == BAR || next == CLOSE_GROUP) break;
      sequence.children.push(this.parseRepeat());
    }
    return sequence;
  }

  private parseRepeat(): RegexNode {
    if (this.atRepetition()) {
      this.fail("nothing to repeat");
      return new RegexNode(NodeKind.Empty);
    }
    const atom = this.parseAtom();
    if (this.error != "" || !this.atRepetition()) return atom;
    const repeat = new RegexNode(NodeKind.Repeat);
    repeat.children.push(atom);
    this.parseCounts(repeat);
    repeat.lazy = this.take(QUESTION);
    if (this.error == "" && this.atRepetition()) this.fail("a repetition of a repetition needs a group");
    return repeat;
  }

  private parseAtom(): RegexNode {
    const byte = this.peek();
    switch (byte) {
      case OPEN_GROUP:
        return this.parseGroup();
      case OPEN_CLASS:
        return this.parseClass();
      case BACKSLASH:
        return this.parseEscape();
      case DOT:
        this.at++;
        return new RegexNode(NodeKind.Set);
      case CARET:
        this.at++;
        return new RegexNode(NodeKind.Begin);
      case DOLLAR:
        this.at++;
        return new RegexNode(NodeKind.End);
      default:
        return this.literal(this.takeRune());
    }
  }

  private parseGroup(): RegexNode {
    const open = this.at++;
    const empty = new RegexNode(NodeKind.Empty);
    let index = 0;
    if (this.take(QUESTION)) {
      if (!this.take(COLON)) {
        this.failAt(open, "of the forms (?...) only (?:...), and (?i) at the very start, are supported");
        return empty;
      }
    } else {
      index = ++this.groups;
      if (index > MAX_GROUPS) {
        this.failAt(open, "more than 9 groups; (?:...) does not count");
        return empty;
      }
    }
    if (++this.depth > MAX_DEPTH) {
      this.failAt(open, "groups are nested too deeply");
      return empty;
    }
    const inner = this.parseChoice();
    this.depth--;
    if (this.error != "") return empty;
    if (!this.take(CLOSE_GROUP)) {
      this.failAt(open, "this group is not closed");
      return empty;
    }
    if (index == 0) return inner;
    const capture = new RegexNode(NodeKind.Capture);
    capture.index = index;
    capture.children.push(inner);
    return capture;
  }

  private parseEscape(): RegexNode {
    const next = this.peekAt(1);
    if (next == UPPER_A) return this.assertion(NodeKind.Begin);
    if (next == LOWER_Z) return this.assertion(NodeKind.End);
    if (next == LOWER_B) return this.assertion(NodeKind.WordBoundary);
    if (next == UPPER_B) return this.assertion(NodeKind.NotWordBoundary);
    const shorthand = shorthandSet(next);
    if (shorthand == null) return this.literal(this.takeEscapedRune());
    this.at += 2;
    const node = new RegexNode(NodeKind.Set);
    node.set = shorthand;
    return node;
  }

  private assertion(kind: NodeKind): RegexNode {
    this.at += 2;
    return new RegexNode(kind);
  }

  private parseClass(): RegexNode {
    const open = this.at++;
    const set = new CharacterSet();
    const negated = this.take(CARET);
    let first = true;
    while (this.error == "") {
      if (this.at >= lengthOf(this.text)) {
        this.failAt(open, "this class is not closed");
        break;
      }
      if (this.peek() == CLOSE_CLASS && !first) break;
      first = false;
      this.parseClassItem(set);
    }
    this.at++;
    if (this.foldCase) set.foldCase();
    const node = new RegexNode(NodeKind.Set);
    node.set = negated ? set.complement() : set;
    return node;
  }

  private parseClassItem(set: CharacterSet): void {
    const isNamed = this.peek() == OPEN_CLASS && this.peekAt(1) == COLON;
    if (isNamed) return this.fail("classes like [:alpha:] are not supported");
    if (this.peek() == BACKSLASH) {
      const shorthand = shorthandSet(this.peekAt(1));
      if (shorthand != null) {
        set.addSet(shorthand);
        this.at += 2;
        return;
      }
    }
    const start = this.at;
    const low = this.takeClassRune();
    let high = low;
    if (this.peek() == HYPHEN && this.peekAt(1) != CLOSE_CLASS && this.peekAt(1) >= 0) {
      this.at++;
      high = this.takeClassRune();
    }
    if (this.error != "") return;
    if (high < low) return this.failAt(start, "this range runs backwards");
    set.add(low, high);
  }

  private takeClassRune(): i32 {
    return this.peek() == BACKSLASH ? this.takeEscapedRune() : this.takeRune();
  }

  /** Reads `*`, `+`, `?` or `{n,m}`; `atRepetition` has said that it is there. */
  private parseCounts(repeat: RegexNode): void {
    const start = this.at;
    const byte = this.peek();
    repeat.least = byte == PLUS ? 1 : 0;
    repeat.most = byte == QUESTION ? 1 : UNBOUNDED;
    this.at++;
    if (byte != OPEN_BRACE) return;
    repeat.least = this.takeCount();
    repeat.most = repeat.least;
    if (this.take(COMMA)) repeat.most = this.peek() == CLOSE_BRACE ? UNBOUNDED : this.takeCount();
    this.at++;
    if (max(repeat.least, repeat.most) > MAX_COUNT) return this.failAt(start, "more than 1000 repetitions");
    const backwards = repeat.most != UNBOUNDED && repeat.most < repeat.least;
    if (backwards) this.failAt(start, "these counts run backwards");
  }

  /** Whether a repetition comes next. A `{` that begins no count stands for itself, as in RE2. */
  private atRepetition(): bool {
    const byte = this.peek();
    if (byte == STAR || byte == PLUS || byte == QUESTION) return true;
    if (byte != OPEN_BRACE) return false;
    let ahead = 1;
    while (isDigit(this.peekAt(ahead))) ahead++;
    if (ahead == 1) return false;
    if (this.peekAt(ahead) == COMMA) {
      ahead++;
      while (isDigit(this.peekAt(ahead))) ahead++;
    }
    return this.peekAt(ahead) == CLOSE_BRACE;
  }

  /** A decimal number; all beyond the largest count come to the same. */
  private takeCount(): i32 {
    let count = 0;
    while (isDigit(this.peek())) count = min(count * 10 + this.takeByte() - 0x30, MAX_COUNT + 1);
    return count;
  }

  private takeEscapedRune(): i32 {
    const start = this.at++;
    const byte = this.peek();
    if (byte < 0) {
      this.failAt(start, "nothing is escaped here");
      return 0;
    }
    if (byte < 0x80 && !isLetterOrDigit(byte)) return this.takeByte();
    this.at++;
    switch (byte) {
      case LOWER_A:
        return 0x07;
      case LOWER_F:
        return 0x0c;
      case LOWER_N:
        return 0x0a;
      case LOWER_R:
        return 0x0d;
      case LOWER_T:
        return 0x09;
      case LOWER_V:
        return 0x0b;
      case LOWER_X:
        return this.takeHexadecimal(start);
      default:
        this.failAt(start, isDigit(byte) ? BACK_REFERENCE : UNKNOWN_ESCAPE);
        return 0;
    }
  }

  /** What follows `\x`: two digits, or any number of them in braces. */
  private takeHexadecimal(start: i32): i32 {
    const braced = this.take(OPEN_BRACE);
    let value = 0;
    let digits = 0;
    while (hexadecimal(this.peek()) >= 0 && (braced || digits < 2)) {
      value = min((value << 4) | hexadecimal(this.takeByte()), MAX_CODE_POINT + 1);
      digits++;
    }
    const complete = braced ? digits > 0 && this.take(CLOSE_BRACE) : digits == 2;
    if (!complete || value > MAX_CODE_POINT) this.failAt(start, "this is no code point");
    return value;
  }

  private takeRune(): i32 {
    const end = pointerOf(this.text) + lengthOf(this.text);
    const decoded = decodeRune(pointerOf(this.text) + this.at, end);
    if (runeOf(decoded) == REPLACEMENT && widthOf(decoded) == 1) this.fail("this is not UTF-8");
    this.at += widthOf(decoded);
    return runeOf(decoded);
  }

  private literal(rune: i32): RegexNode {
    const node = new RegexNode(NodeKind.Set);
    node.set = new CharacterSet();
    node.set.add(rune, rune);
    if (this.foldCase) node.set.foldCase();
    return node;
  }

  private peek(): i32 {
    return this.peekAt(0);
  }

  /** The byte that many places ahead, or -1 behind the end. */
  private peekAt(ahead: i32): i32 {
    const place = this.at + ahead;
    return place < lengthOf(this.text) ? load<u8>(pointerOf(this.text) + place) : -1;
  }

  private takeByte(): i32 {
    const byte = this.peek();
    this.at++;
    return byte;
  }

  private take(byte: i32): bool {
    if (this.peek() != byte) return false;
    this.at++;
    return true;
  }

  private fail(error: string): void {
    this.failAt(this.at, error);
  }

  /** The first error counts. */
  private failAt(at: i32, error: string): void {
    if (this.error != "") return;
    this.error = error;
    this.errorAt = at;
  }
}
