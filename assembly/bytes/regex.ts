import { RegexMachine } from "./regex-machine";
import { RegexParser } from "./regex-parser";
import { RegexProgram } from "./regex-program";
import { Replacement } from "./replacement";
import { decodeRune, widthOf } from "./rune";
import { Slice, lengthOf, pointerOf, subslice } from "./slice";
import { Writer } from "./writer";

/** Longest expression in bytes. */
const MAX_EXPRESSION_BYTES: i32 = 1000;

/**
 * A regular expression: the part of RE2 that `RegexParser` lists, with the meaning it has in Go's package
 * regexp: unanchored, over code points, the leftmost match and of those the one that a backtracking search
 * finds first. Compiled when the plugin is configured; matching takes linear time and allocates nothing.
 */
export class Regex {
  /** Why the expression was refused, with the place, or "". A refused one matches nothing. */
  error: string = "";

  private groups: i32 = 0;
  private machine: RegexMachine | null = null;

  static compile(expression: Slice): Regex {
    const regex = new Regex();
    if (lengthOf(expression) > MAX_EXPRESSION_BYTES) {
      regex.error = "longer than 1000 bytes";
      return regex;
    }
    const parser = new RegexParser(expression);
    const root = parser.parse();
    if (parser.error != "") {
      regex.error = `${parser.error} (at byte ${parser.errorAt + 1})`;
      return regex;
    }
    const program = RegexProgram.compile(root);
    if (program.tooLarge) {
      regex.error = "too large once its repetitions are written out";
      return regex;
    }
    regex.groups = parser.groups;
    regex.machine = new RegexMachine(program, parser.groups);
    return regex;
  }

  /** Whether the text has a match anywhere. */
  matches(text: Slice): bool {
    const machine = this.machine;
    return machine != null && machine.find(text, 0);
  }

  /** Reads a replacement for matches of this expression; its `error` says whether it can be used. */
  replacement(text: Slice): Replacement {
    return Replacement.parse(text, this.groups);
  }

  /** Writes the text with every match replaced, as Go's `ReplaceAll`; text without a match as it is. */
  replace(writer: Writer, text: Slice, replacement: Replacement): void {
    const length = lengthOf(text);
    const machine = this.machine;
    if (machine == null) {
      writer.bytes(text);
      return;
    }
    let copied = 0;
    let search = 0;
    while (search <= length && machine.find(text, search)) {
      const start = machine.place(0);
      const end = machine.place(1);
      writer.bytes(subslice(text, copied, start));
      // An empty match right behind a match is none: `a*` finds one match in "aa", not two.
      if (end > copied || start == 0) replacement.write(writer, machine, text);
      copied = end;
      search = max(end, search + widthAt(text, search));
    }
    writer.bytes(subslice(text, copied, length));
  }
}

/** Bytes of the character at this place; 1 behind the last. */
function widthAt(text: Slice, at: i32): i32 {
  const length = lengthOf(text);
  if (at >= length) return 1;
  return widthOf(decodeRune(pointerOf(text) + at, pointerOf(text) + length));
}
