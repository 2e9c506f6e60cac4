import { Slice, Utf8, borrow, same, utf8 } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { ABSENT, Document, Node } from "../../json/document";
import { unescape } from "../../json/text";
import { Condition } from "./condition";
import { Context } from "./context";

/** What a segment of an expression selects. Source: RFC 9535, section 2.3. */
export enum Select {
  Name,
  Index,
  All,
  Filter,
}

const decoded: Writer = new Writer();

/** What `first` finds by way of a list; filters use it inside each other, so each takes back what it put there. */
const firsts: Array<Node> = [];

/** One segment of an expression. */
export class Segment {
  name: string = "";
  /** The name as UTF-8. */
  bytes: Utf8 = new ArrayBuffer(0);
  isAscii: bool = true;
  index: i32 = 0;
  condition: Condition = new Condition();

  constructor(
    readonly select: Select,
    /** Column of its first character, from 1. */
    readonly column: i32,
  ) {}

  static named(name: string, column: i32): Segment {
    const segment = new Segment(Select.Name, column);
    segment.name = name;
    segment.bytes = utf8(name);
    segment.isAscii = segment.bytes.byteLength == name.length;
    return segment;
  }
}

/** An expression as it was written: a path into an answer, and what a `Selection` is made from. */
export class Path {
  segments: Array<Segment> = [];
  /** Whether it finds at most one value. */
  isSingular: bool = true;

  constructor(
    /** Begins at `$`, else at `@`. */
    readonly isAbsolute: bool,
  ) {}

  add(segment: Segment): void {
    this.segments.push(segment);
    if (segment.select >= Select.All) this.isSingular = false;
  }

  /** The first value that it finds, or ABSENT. */
  first(context: Context): Node {
    const segments = this.segments;
    const document = context.document;
    let node = this.isAbsolute ? context.root : context.current;
    for (let i = 0; i < segments.length; i++) {
      const segment = unchecked(segments[i]);
      if (segment.select == Select.Name) node = find(document, node, segment);
      else if (segment.select == Select.Index) node = elementAt(document, node, segment.index);
      else return this.firstOf(context, node, i);
      if (node == ABSENT) return ABSENT;
    }
    return node;
  }

  /** Appends every value that it finds, in the order of the text. */
  collect(context: Context, found: Array<Node>): void {
    this.follow(context, this.isAbsolute ? context.root : context.current, 0, found, i32.MAX_VALUE);
  }

  private firstOf(context: Context, node: Node, from: i32): Node {
    const mark = firsts.length;
    this.follow(context, node, from, firsts, mark + 1);
    const found = firsts.length > mark ? unchecked(firsts[mark]) : ABSENT;
    firsts.length = mark;
    return found;
  }

  /** The depth of this recursion is the number of segments, which the parser limits. */
  private follow(context: Context, node: Node, from: i32, found: Array<Node>, most: i32): void {
    if (node == ABSENT || found.length >= most) return;
    if (from == this.segments.length) {
      found.push(node);
      return;
    }
    const segment = unchecked(this.segments[from]);
    const document = context.document;
    switch (segment.select) {
      case Select.Name:
        this.follow(context, find(document, node, segment), from + 1, found, most);
        return;
      case Select.Index:
        this.follow(context, elementAt(document, node, segment.index), from + 1, found, most);
        return;
    }
    const isFilter = segment.select == Select.Filter;
    const isObject = document.isObject(node);
    let item = isObject ? document.firstMember(node) : document.firstElement(node);
    while (item != ABSENT && found.length < most) {
      const value = isObject ? document.valueOf(item) : item;
      if (!isFilter || isMet(segment.condition, context, value)) {
        this.follow(context, value, from + 1, found, most);
      }
      item = isObject ? document.nextMember(item) : document.nextElement(item);
    }
  }
}

/** Whether a filter holds for an item, which is `@` meanwhile. */
function isMet(condition: Condition, context: Context, item: Node): bool {
  const outer = context.current;
  context.current = item;
  const met = condition.isMet(context);
  context.current = outer;
  return met;
}

function elementAt(document: Document, node: Node, index: i32): Node {
  return document.at(node, index < 0 ? document.count(node) + index : index);
}

/** Names beyond ASCII are compared as UTF-8, without escapes. */
function find(document: Document, node: Node, segment: Segment): Node {
  if (segment.isAscii) return document.find(node, segment.name);
  let found = ABSENT;
  const name = borrow(segment.bytes);
  for (let key = document.firstMember(node); key != ABSENT; key = document.nextMember(key)) {
    if (same(textOf(document, key), name)) found = document.valueOf(key);
  }
  return found;
}

function textOf(document: Document, key: Node): Slice {
  const body = document.body(key);
  if (!document.hasEscape(key)) return body;
  decoded.reset();
  unescape(decoded, body);
  return decoded.view();
}
