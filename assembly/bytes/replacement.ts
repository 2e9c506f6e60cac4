import { RegexMachine, UNSET } from "./regex-machine";
import { NONE, Slice, Utf8, lengthOf, pointerOf, slice, subslice, toOwned } from "./slice";
import { Writer } from "./writer";

const DOLLAR: i32 = 0x24;
const OPEN_BRACE: i32 = 0x7b;
const CLOSE_BRACE: i32 = 0x7d;

/** What follows a stretch of literal text, where it is no group. */
const NO_GROUP: i32 = -1;

/** Numbers that a part consists of: start and end of literal text, and the group behind it. */
const PART_SIZE: i32 = 3;

/**
 * What takes the place of a match. `$1` to `$9`, or `${1}`, stand for what a group matched, `$0` for the
 * whole match, `$$` for a dollar sign. As in Go's package regexp the name of a group is as long as it can be:
 * `$1x` names a group "1x". Go puts nothing where there is no such group, and lets a dollar sign that begins
 * no name stand; both are refused here, since in a configuration they are mistakes.
 */
export class Replacement {
  /** Why the text was refused, or "". */
  error: string = "";

  private text: Utf8;
  private parts: i32[] = [];

  constructor(text: Slice) {
    this.text = toOwned(text);
  }

  /** Reads a replacement for an expression with so many groups. At configure time. */
  static parse(text: Slice, groups: i32): Replacement {
    const replacement = new Replacement(text);
    const length = lengthOf(text);
    let from = 0;
    let at = 0;
    while (at < length) {
      if (byteAt(text, at) != DOLLAR) {
        at++;
        continue;
      }
      if (byteAt(text, at + 1) == DOLLAR) {
        replacement.addPart(from, at + 1, NO_GROUP);
        at += 2;
        from = at;
        continue;
      }
      const braced = byteAt(text, at + 1) == OPEN_BRACE;
      const name = at + (braced ? 2 : 1);
      const group = byteAt(text, name) - 0x30;
      const closed = braced ? byteAt(text, name + 1) == CLOSE_BRACE : !isNamePart(byteAt(text, name + 1));
      if (group < 0 || group > groups || !closed) {
        replacement.error = `there is no such group (at byte ${at + 1}); a dollar sign is written $$`;
        return replacement;
      }
      replacement.addPart(from, at, group);
      at = name + (braced ? 2 : 1);
      from = at;
    }
    replacement.addPart(from, length, NO_GROUP);
    return replacement;
  }

  /** Text that stands for itself. */
  static literal(text: Slice): Replacement {
    const replacement = new Replacement(text);
    replacement.addPart(0, lengthOf(text), NO_GROUP);
    return replacement;
  }

  /** Writes the replacement of the last match in `subject`; without a machine there are no groups. */
  write(writer: Writer, machine: RegexMachine | null, subject: Slice): void {
    const parts = this.parts;
    for (let i = 0; i + 2 < parts.length; i += PART_SIZE) {
      const from = unchecked(parts[i]);
      writer.bytes(slice(changetype<usize>(this.text) + from, unchecked(parts[i + 1]) - from));
      const group = unchecked(parts[i + 2]);
      if (group != NO_GROUP && machine != null) writer.bytes(groupIn(machine, subject, group));
    }
  }

  private addPart(from: i32, to: i32, group: i32): void {
    this.parts.push(from);
    this.parts.push(to);
    this.parts.push(group);
  }
}

function groupIn(machine: RegexMachine, subject: Slice, group: i32): Slice {
  const start = machine.place(2 * group);
  return start == UNSET ? NONE : subslice(subject, start, machine.place(2 * group + 1));
}

function byteAt(text: Slice, at: i32): i32 {
  return at < lengthOf(text) ? load<u8>(pointerOf(text) + at) : -1;
}

/** Letters of other scripts count as well, so that none of them changes what Go would read. */
function isNamePart(byte: i32): bool {
  const letter = byte | 0x20;
  if (byte >= 0x30 && byte <= 0x39) return true;
  return (letter >= 0x61 && letter <= 0x7a) || byte == 0x5f || byte >= 0x80;
}
