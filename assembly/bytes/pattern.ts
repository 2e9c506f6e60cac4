import { Regex } from "./regex";
import { Replacement } from "./replacement";
import {
  NONE,
  Slice,
  Utf8,
  borrow,
  indexOfByte,
  lengthOf,
  pointerOf,
  same,
  subslice,
  toOwned,
} from "./slice";
import { Writer } from "./writer";

const STAR: u8 = 0x2a;
const TILDE: u8 = 0x7e;

/** The ways to say which names are meant. */
export enum PatternKind {
  /** `name`: this name. */
  Exact = 0,
  /** `name*`: names that begin so. */
  Prefix = 1,
  /** `*name`: names that end so. */
  Suffix = 2,
  /** `*`: all names. */
  All = 3,
  /** `~expression`: names with a match of the regular expression anywhere. */
  Regex = 4,
}

/**
 * A pattern of model names. `*` stands at one end only; what begins with `~` is a regular expression to its
 * end, also where that end is `*`. Compared byte for byte.
 */
export class Pattern {
  kind: PatternKind = PatternKind.Exact;
  /** Why the pattern was refused, or "". A refused one matches nothing. */
  error: string = "";

  /** What the name is compared with: the pattern without its star. */
  private text: Utf8;
  private regex: Regex | null = null;

  private constructor(text: Slice) {
    this.text = toOwned(text);
  }

  /** Reads a pattern, at configure time. The source is copied. */
  static parse(source: Slice): Pattern {
    const length = lengthOf(source);
    if (length == 0) return Pattern.refused("a pattern must not be empty");
    if (load<u8>(pointerOf(source)) == TILDE) return Pattern.parseRegex(subslice(source, 1, length));
    const star = indexOfByte(source, STAR);
    if (star < 0) return new Pattern(source);
    if (length == 1) return Pattern.ofKind(PatternKind.All, NONE);
    const atEnd = star == length - 1;
    if (star != 0 && !atEnd)
      return Pattern.refused(
        "* stands at the start or at the end; for more, write ~ and a regular expression",
      );
    if (indexOfByte(source, STAR, star + 1) >= 0) return Pattern.refused("one * is enough");
    if (atEnd) return Pattern.ofKind(PatternKind.Prefix, subslice(source, 0, length - 1));
    return Pattern.ofKind(PatternKind.Suffix, subslice(source, 1, length));
  }

  /** The one name that is meant, borrowed; NONE where the pattern means more than one. */
  get exactName(): Slice {
    return this.kind == PatternKind.Exact && this.error == "" ? borrow(this.text) : NONE;
  }

  /** Whether the pattern means this name. */
  matches(name: Slice): bool {
    if (this.error != "") return false;
    const text = borrow(this.text);
    const size = lengthOf(text);
    const length = lengthOf(name);
    switch (this.kind) {
      case PatternKind.Exact:
        return same(name, text);
      case PatternKind.Prefix:
        return length >= size && same(subslice(name, 0, size), text);
      case PatternKind.Suffix:
        return length >= size && same(subslice(name, length - size, length), text);
      case PatternKind.All:
        return true;
      default: {
        const regex = this.regex;
        return regex != null && regex.matches(name);
      }
    }
  }

  /**
   * What names that the pattern means become: the target, in which `$1` and the like stand for groups of a
   * regular expression. At configure time; see `error` of what it gives.
   */
  replacement(target: Slice): Replacement {
    const regex = this.regex;
    return regex == null ? Replacement.literal(target) : regex.replacement(target);
  }

  /**
   * Writes what a name becomes that the pattern means. Of a regular expression every match in the name is
   * replaced and the rest of the name stays.
   */
  rewrite(writer: Writer, name: Slice, replacement: Replacement): void {
    const regex = this.regex;
    if (regex == null) replacement.write(writer, null, name);
    else regex.replace(writer, name, replacement);
  }

  private static parseRegex(expression: Slice): Pattern {
    const regex = Regex.compile(expression);
    if (regex.error != "") return Pattern.refused(regex.error);
    const pattern = Pattern.ofKind(PatternKind.Regex, expression);
    pattern.regex = regex;
    return pattern;
  }

  private static ofKind(kind: PatternKind, text: Slice): Pattern {
    const pattern = new Pattern(text);
    pattern.kind = kind;
    return pattern;
  }

  private static refused(error: string): Pattern {
    const pattern = new Pattern(NONE);
    pattern.error = error;
    return pattern;
  }
}
