/** Harness: expressions, conditions and cumulative texts of declared formats. */
import { NONE, Slice, borrow, lengthOf, slice, toOwned, toText, utf8 } from "../../../assembly/bytes/slice";
import { Writer } from "../../../assembly/bytes/writer";
import { Condition } from "../../../assembly/formats/declared/condition";
import { Context } from "../../../assembly/formats/declared/context";
import { Cumulative } from "../../../assembly/formats/declared/cumulative";
import { ExpressionParser } from "../../../assembly/formats/declared/parse";
import { Path } from "../../../assembly/formats/declared/path";
import { Document, Node } from "../../../assembly/json/document";

const document: Document = new Document();
const context: Context = new Context();
const said: Writer = new Writer();
const nodes: Array<Node> = [];
let path: Path = new Path(true);
let condition: Condition = new Condition();
let text: ArrayBuffer = new ArrayBuffer(0);
let cumulative: Cumulative = new Cumulative();

export function allocate(size: usize): usize {
  return heap.alloc(size);
}

export function release(pointer: usize): void {
  heap.free(pointer);
}

export function collect(): void {
  __collect();
}

/** Reads an expression; its mistake, or "". */
export function parsePath(pointer: usize, length: i32): Slice {
  const parser = new ExpressionParser(toText(slice(pointer, length)));
  path = parser.path();
  return say(parser.error);
}

/** Reads a condition; its mistake, or "". */
export function parseCondition(pointer: usize, length: i32): Slice {
  const parser = new ExpressionParser(toText(slice(pointer, length)));
  condition = parser.condition();
  return say(parser.error);
}

/** Takes a document to look into; false where it is no JSON. */
export function look(pointer: usize, length: i32): bool {
  text = toOwned(slice(pointer, length));
  if (!document.parse(borrow(text))) return false;
  context.look(document);
  return true;
}

/** What the expression finds, as the elements of a JSON list. */
export function found(): Slice {
  nodes.length = 0;
  path.collect(context, nodes);
  said.reset();
  for (let i = 0; i < nodes.length; i++) {
    if (i > 0) said.ascii(",");
    said.bytes(document.raw(nodes[i]));
  }
  return said.view();
}

/** The first value that the expression finds, as JSON; empty where there is none. */
export function first(): Slice {
  said.reset();
  const raw = document.raw(path.first(context));
  if (raw != NONE) said.bytes(raw);
  return said.view();
}

/** Whether the condition holds. */
export function isMet(): bool {
  return condition.isMet(context);
}

/** Begins with other texts. */
export function forget(): void {
  cumulative.dispose();
  cumulative = new Cumulative();
}

/** What is new in a text, a JSON string body. */
export function take(pointer: usize, length: i32): Slice {
  said.reset();
  const rest = cumulative.take(slice(pointer, length));
  if (lengthOf(rest) > 0) said.bytes(rest);
  return said.view();
}

function say(message: string): Slice {
  text = utf8(message);
  return borrow(text);
}
