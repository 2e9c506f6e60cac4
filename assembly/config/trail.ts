import { Slice, lengthOf, pointerOf, toText } from "../bytes/slice";
import { Node } from "../json/document";
import { Source } from "./source";

/** A longer name is quoted, and cut, in a path. */
const MAX_PLAIN: i32 = 66;

/** What a step leads to: a member that is a field, an entry of a map, or an element of a list. */
enum Step {
  Field,
  Entry,
  Element,
}

/**
 * The way from the root to the value that is looked at. Steps are numbers, and the text is made only for a message,
 * so that checking a correct configuration builds no paths.
 */
export class Trail {
  private kinds: Step[] = [];
  private values: i32[] = [];

  /** @param prefix the text that every path begins with, such as `_rules_[2]` */
  constructor(
    private source: Source,
    private prefix: string,
  ) {}

  /** Steps into the field with this member name. */
  field(key: Node): void {
    this.push(Step.Field, key);
  }

  /** Steps into the entry of a map with this key. */
  entry(key: Node): void {
    this.push(Step.Entry, key);
  }

  /** Steps into an element of a list. */
  element(index: i32): void {
    this.push(Step.Element, index);
  }

  /** Steps back. */
  leave(): void {
    if (this.kinds.length == 0) return;
    this.kinds.pop();
    this.values.pop();
  }

  /** `services[0].modelMapping["gpt-4o"]`. */
  toString(): string {
    let path = this.prefix;
    for (let i = 0; i < this.kinds.length; i++) {
      const value = this.values[i];
      switch (this.kinds[i]) {
        case Step.Field:
          path = memberPath(path, this.source, value);
          break;
        case Step.Entry:
          path += "[" + this.source.echo(value) + "]";
          break;
        default:
          path += "[" + value.toString() + "]";
      }
    }
    return path;
  }

  /** The path of a field that is not there. */
  toField(name: string): string {
    return join(this.toString(), name);
  }

  private push(kind: Step, value: i32): void {
    this.kinds.push(kind);
    this.values.push(value);
  }
}

/** The path of the member with this name. */
export function memberPath(path: string, source: Source, key: Node): string {
  return isPlain(source.document.raw(key))
    ? join(path, toText(source.text(key)))
    : path + "[" + source.echo(key) + "]";
}

function join(path: string, name: string): string {
  return path.length == 0 ? name : path + "." + name;
}

/** Whether the quoted name is short and needs no quotes in a path. */
function isPlain(quoted: Slice): bool {
  const length = lengthOf(quoted);
  if (length < 3 || length > MAX_PLAIN) return false;
  for (let i = 1; i < length - 1; i++) {
    const byte = load<u8>(pointerOf(quoted) + i);
    const letter = byte | 0x20;
    if ((letter >= 0x61 && letter <= 0x7a) || (byte >= 0x30 && byte <= 0x39)) continue;
    if (byte != 0x2d && byte != 0x5f) return false;
  }
  return true;
}
