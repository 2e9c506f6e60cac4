import { NONE, Slice, equals, lengthOf, pointerOf, slice } from "../bytes/slice";
import { DIGIT_0, isDigit } from "./characters";
import { JsonError } from "./error";
import { parseDecimal, parseInteger } from "./number";
import { Scanner } from "./scanner";
import { Flag, Kind, Tape } from "./tape";
import { bodyEquals, bodyEqualsUnits } from "./text";

/** A value or member name of a document: the index of its token. Kept only as long as the document is. */
export type Node = i32;

/** The node that is not there. Every function takes it and answers "absent". */
export const ABSENT: Node = -1;

/**
 * Random access to one JSON text that lies in memory. The text is borrowed: nodes and slices are valid until the
 * text's memory is reused or the next `parse` or `adopt`. Asking a node for what it is not gives ABSENT, NONE, false
 * or the fallback; nothing fails, so a chain of questions needs one check at its end.
 *
 * An object with several members of one name has the value of the last of them, as in ECMAScript.
 */
@final
export class Document {
  private own: Scanner = new Scanner();
  private tape: Tape = this.own.tape;
  private base: usize = 0;
  /** The root value, or ABSENT where there is no valid text. */
  root: Node = ABSENT;

  /** Reads a text. False where it is not JSON; `error` and `errorOffset` say why. */
  parse(text: Slice): bool {
    const scanner = this.own;
    scanner.reset();
    scanner.feed(text);
    scanner.end();
    return this.adopt(scanner, text);
  }

  /**
   * Looks at a text that a scanner has read, perhaps in pieces, and that now lies in memory whole. Values deeper than
   * the scanner's `recordDepth` are not seen. The scanner must not be reset before this document is done with.
   */
  adopt(scanner: Scanner, text: Slice): bool {
    this.tape = scanner.tape;
    this.base = pointerOf(text);
    const valid = scanner.complete && scanner.error == JsonError.None && scanner.offset <= lengthOf(text);
    this.root = valid && scanner.tape.count > 0 ? 0 : ABSENT;
    return valid;
  }

  /** Why the last `parse` failed. */
  get error(): JsonError {
    return this.own.error;
  }

  /** Offset of the byte at which the last `parse` failed. */
  get errorOffset(): i32 {
    return this.own.offset;
  }

  /** Tokens that a text may have; more are an error of `parse`. */
  limit(tokens: i32): void {
    this.own.tape.limit = tokens;
  }

  /** Forgets the text. */
  reset(): void {
    this.own.reset();
    this.tape = this.own.tape;
    this.root = ABSENT;
  }

  /** Frees the memory. The document may be used again. */
  dispose(): void {
    this.reset();
    this.own.dispose();
  }

  kind(node: Node): Kind {
    return this.has(node) ? this.tape.kind(node) : Kind.None;
  }


  @inline
  isObject(node: Node): bool {
    return this.kind(node) == Kind.Object;
  }


  @inline
  isArray(node: Node): bool {
    return this.kind(node) == Kind.Array;
  }


  @inline
  isString(node: Node): bool {
    return this.kind(node) == Kind.String;
  }


  @inline
  isNumber(node: Node): bool {
    return this.kind(node) == Kind.Number;
  }


  @inline
  isTrue(node: Node): bool {
    return this.kind(node) == Kind.True;
  }


  @inline
  isFalse(node: Node): bool {
    return this.kind(node) == Kind.False;
  }

  /** Whether the value is null; false where it is absent. */
  @inline
  isNull(node: Node): bool {
    return this.kind(node) == Kind.Null;
  }

  /** Offset of the value's first byte in the text; -1 where it is absent. */
  start(node: Node): i32 {
    return this.has(node) ? this.tape.start(node) : -1;
  }

  /** Offset behind the value's last byte; -1 where it is absent. */
  end(node: Node): i32 {
    return this.has(node) ? this.tape.end(node) : -1;
  }

  /** The JSON text of the value, as it is written. */
  raw(node: Node): Slice {
    if (!this.has(node)) return NONE;
    const start = this.tape.start(node);
    return slice(this.base + start, this.tape.end(node) - start);
  }

  /** What is between the quotes of a string, escapes as they are written. */
  body(node: Node): Slice {
    if (this.kind(node) != Kind.String) return NONE;
    const start = this.tape.start(node) + 1;
    return slice(this.base + start, this.tape.end(node) - 1 - start);
  }

  /** Whether the body of a string differs from its text (`unescape`). */
  hasEscape(node: Node): bool {
    return this.has(node) && this.tape.has(node, Flag.Escape);
  }

  /** Whether the value is a string with exactly this ASCII text. */
  isText(node: Node, ascii: string): bool {
    const body = this.body(node);
    return body != NONE && (this.tape.has(node, Flag.Escape) ? bodyEquals(body, ascii) : equals(body, ascii));
  }

  /** Value of the member with this ASCII name. */
  find(object: Node, name: string): Node {
    return this.findUnits(object, changetype<usize>(name), name.length);
  }

  /** Element `index` of an array. */
  at(array: Node, index: i32): Node {
    if (index < 0) return ABSENT;
    let element = this.firstElement(array);
    for (; index > 0 && element != ABSENT; index--) element = this.nextElement(element);
    return element;
  }

  /** Follows ASCII names and element numbers that are joined by points: `find(find(...), "usage")` and so on. */
  path(node: Node, steps: string): Node {
    const units = changetype<usize>(steps);
    const length = steps.length;
    let from = 0;
    for (let i = 0; i <= length && node != ABSENT; i++) {
      if (i < length && load<u16>(units + ((i as usize) << 1)) != 0x2e) continue;
      const step = units + ((from as usize) << 1);
      node = this.isArray(node)
        ? this.at(node, parseIndex(step, i - from))
        : this.findUnits(node, step, i - from);
      from = i + 1;
    }
    return node;
  }

  /** Name of the first member of an object. */
  firstMember(object: Node): Node {
    return this.isObject(object) && this.tape.next(object) > object + 1 ? object + 1 : ABSENT;
  }

  /** Name of the member that follows this one. */
  nextMember(key: Node): Node {
    return this.sibling(key, this.valueOf(key));
  }

  /** Value of the member with this name. */
  valueOf(key: Node): Node {
    return this.has(key) && this.tape.has(key, Flag.Key) ? key + 1 : ABSENT;
  }

  firstElement(array: Node): Node {
    return this.isArray(array) && this.tape.next(array) > array + 1 ? array + 1 : ABSENT;
  }

  /** Element that follows this one in its array. */
  nextElement(element: Node): Node {
    return this.sibling(element, element);
  }

  /** Number of elements of an array or members of an object, duplicates included; 0 for anything else. */
  count(node: Node): i32 {
    let count = 0;
    for (let key = this.firstMember(node); key != ABSENT; key = this.nextMember(key)) count++;
    for (let element = this.firstElement(node); element != ABSENT; element = this.nextElement(element))
      count++;
    return count;
  }

  /** Value of a number that is a whole 64-bit one, however it is written: 100, 1e2, 100.0. */
  integer(node: Node, fallback: i64): i64 {
    return this.isNumber(node) ? parseInteger(this.raw(node), fallback) : fallback;
  }

  /** Value of a number as the nearest double; beyond the largest one: the fallback. */
  decimal(node: Node, fallback: f64): f64 {
    return this.isNumber(node) ? parseDecimal(this.raw(node), fallback) : fallback;
  }

  /** Marks a member for `MemberEdits`. */
  setRemoved(key: Node, removed: bool): void {
    if (this.valueOf(key) == ABSENT) return;
    if (removed) this.tape.mark(key, Flag.Removed);
    else this.tape.unmark(key, Flag.Removed);
  }

  isRemoved(key: Node): bool {
    return this.has(key) && this.tape.has(key, Flag.Removed);
  }


  @inline
  private has(node: Node): bool {
    return this.root != ABSENT && (node as u32) < (this.tape.count as u32);
  }

  /** What follows the subtree `last` in the container of `node`: all of one container have the same depth. */
  private sibling(node: Node, last: Node): Node {
    if (!this.has(last)) return ABSENT;
    const next = this.tape.next(last);
    return next < this.tape.count && this.tape.depth(next) == this.tape.depth(node) ? next : ABSENT;
  }

  private findUnits(object: Node, units: usize, length: i32): Node {
    let found = ABSENT;
    for (let key = this.firstMember(object); key != ABSENT; key = this.nextMember(key)) {
      if (this.isNamed(key, units, length)) found = key + 1;
    }
    return found;
  }

  private isNamed(key: Node, units: usize, length: i32): bool {
    const size = this.tape.end(key) - this.tape.start(key) - 2;
    if (size != length && !this.tape.has(key, Flag.Escape)) return false;
    return bodyEqualsUnits(this.body(key), units, length);
  }
}

/** Number of an element, or -1. */
function parseIndex(units: usize, length: i32): i32 {
  if (length < 1 || length > 9) return -1;
  let index = 0;
  for (let i = 0; i < length; i++) {
    const unit = load<u16>(units + ((i as usize) << 1));
    if (unit > 0x39 || !isDigit(unit as u8)) return -1;
    index = index * 10 + (unit - DIGIT_0);
  }
  return index;
}
