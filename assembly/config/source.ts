import { NONE, Slice, Utf8, lengthOf, pointerOf, slice, toOwned, toText } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { Document, Node } from "../json/document";
import { unescape } from "../json/text";
import { Environment, hasVariable } from "./environment";

/** A value that is repeated in a message is cut after this many bytes. */
const MAX_ECHO: i32 = 64;

/** The configuration's JSON while it is read, and the texts in it. */
export class Source {
  document: Document = new Document();
  private scratch: Writer = new Writer();
  private expanded: Writer = new Writer();

  /** @param environment what stands for secrets in the texts */
  constructor(readonly environment: Environment = new Environment()) {}

  /** Text of a string or member name, without escapes; borrowed until the next call. NONE for anything else. */
  text(node: Node): Slice {
    const body = this.document.body(node);
    if (!this.document.hasEscape(node)) return body;
    this.scratch.reset();
    unescape(this.scratch, body);
    return this.scratch.view();
  }

  /** Text of a string or member name, owned; empty for anything else. */
  owned(node: Node): Utf8 {
    return toOwned(this.text(node));
  }

  /**
   * The same for a secret: with environment variables in the place of their names. NONE where one of them is not set:
   * see `environment.missing`.
   */
  secret(node: Node): Slice {
    const text = this.text(node);
    if (!hasVariable(text)) return text;
    this.expanded.reset();
    return this.environment.expand(text, this.expanded) ? this.expanded.view() : NONE;
  }

  /** JSON in a configuration: text that holds it, or the value itself. Borrowed, as a secret is. */
  secretJson(node: Node): Slice {
    return this.document.isString(node) ? this.secret(node) : this.document.raw(node);
  }

  /** The value as it is written, for a message: long ones are cut between two characters. */
  echo(node: Node): string {
    const raw = this.document.raw(node);
    if (lengthOf(raw) <= MAX_ECHO) return toText(raw);
    let end = MAX_ECHO;
    while (end > 0 && (load<u8>(pointerOf(raw) + end) & 0xc0) == 0x80) end--;
    return toText(slice(pointerOf(raw), end)) + "...";
  }

  /** Frees what was needed to read. */
  dispose(): void {
    this.document.dispose();
    this.scratch.dispose();
    this.expanded.dispose();
  }
}
