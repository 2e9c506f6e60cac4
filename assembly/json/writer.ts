import { Slice, lengthOf, pointerOf } from "../bytes/slice";
import { Writer, copyAscii } from "../bytes/writer";
import { CLOSE_BRACE, CLOSE_BRACKET, COLON, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE } from "./characters";
import { escape } from "./text";

/**
 * Writes JSON text straight into a `Writer`, in the order of the calls, with the commas where they belong:
 *
 *     json.object();
 *     json.key("role").string("assistant");
 *     json.key("content").body(delta);
 *     json.endObject();
 *
 * Every call gives the writer back. Names and `string` are ASCII without quotes and backslashes; what comes from
 * outside goes through `body` (already the body of a JSON string: copied), `text` (UTF-8: escaped) or `raw` (a JSON
 * value: copied). The caller balances the ends; values on the top level follow each other without a comma.
 */
@final
export class JsonWriter {
  private depth: i32 = 0;
  /** Whether a comma must come before the next value or key. */
  private comma: bool = false;

  constructor(
    /** Where the text goes; others may write between two values of the top level. */
    readonly out: Writer,
  ) {}

  /** Begins anew after a text that was not finished. Leaves `out` alone. */
  reset(): void {
    this.depth = 0;
    this.comma = false;
  }

  object(): JsonWriter {
    return this.open(OPEN_BRACE);
  }

  endObject(): JsonWriter {
    return this.close(CLOSE_BRACE);
  }

  array(): JsonWriter {
    return this.open(OPEN_BRACKET);
  }

  endArray(): JsonWriter {
    return this.close(CLOSE_BRACKET);
  }

  /** Name of a member; its value comes next. */
  key(name: string): JsonWriter {
    this.quoted(name);
    this.out.byte(COLON);
    this.comma = false;
    return this;
  }

  /** Name of a member that is already the body of a JSON string. */
  keyBody(body: Slice): JsonWriter {
    this.body(body);
    this.out.byte(COLON);
    this.comma = false;
    return this;
  }

  /** A string that is a constant. */
  string(ascii: string): JsonWriter {
    this.quoted(ascii);
    return this;
  }

  /** A string of which the body is given, escapes and all. */
  body(body: Slice): JsonWriter {
    const size = lengthOf(body);
    const target = this.begin(size + 2);
    store<u8>(target, QUOTE);
    memory.copy(target + 1, pointerOf(body), size);
    store<u8>(target + 1 + size, QUOTE);
    this.out.advance(size + 2);
    return this;
  }

  /** A string of which the text is given as UTF-8. A JSON text given here becomes a string that holds it. */
  text(utf8: Slice): JsonWriter {
    this.separate();
    const out = this.out;
    out.byte(QUOTE);
    escape(out, utf8);
    out.byte(QUOTE);
    return this;
  }

  /** A value that is JSON text. */
  raw(json: Slice): JsonWriter {
    this.separate();
    this.out.bytes(json);
    return this;
  }

  /** A constant piece of JSON text: a value, or in an object one or more whole members. */
  constant(ascii: string): JsonWriter {
    this.separate();
    this.out.ascii(ascii);
    return this;
  }

  number(value: i64): JsonWriter {
    this.separate();
    this.out.number(value);
    return this;
  }

  bool(value: bool): JsonWriter {
    return this.constant(value ? "true" : "false");
  }

  null(): JsonWriter {
    return this.constant("null");
  }

  /** Begins a string of which the body is written to `out` by the caller, up to `endString`. */
  beginString(): Writer {
    this.separate();
    this.out.byte(QUOTE);
    return this.out;
  }

  endString(): JsonWriter {
    this.out.byte(QUOTE);
    return this;
  }

  private open(byte: u8): JsonWriter {
    this.separate();
    this.out.byte(byte);
    this.depth++;
    this.comma = false;
    return this;
  }

  private close(byte: u8): JsonWriter {
    this.out.byte(byte);
    if (this.depth > 0) this.depth--;
    this.comma = this.depth > 0;
    return this;
  }

  /** Comma before a key or value where one is due; the next one will need one, too. */
  @inline
  private separate(): void {
    if (this.comma) this.out.byte(COMMA);
    this.comma = this.depth > 0;
  }

  private quoted(ascii: string): void {
    const size = ascii.length;
    const target = this.begin(size + 2);
    store<u8>(target, QUOTE);
    copyAscii(target + 1, ascii);
    store<u8>(target + 1 + size, QUOTE);
    this.out.advance(size + 2);
  }

  /** Comma where one is due, then room for `size` bytes. */
  @inline
  private begin(size: i32): usize {
    this.separate();
    return this.out.reserve(size);
  }
}
