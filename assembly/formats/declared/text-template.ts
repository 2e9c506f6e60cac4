import { Slice, Utf8, borrow, lengthOf, pointerOf } from "../../bytes/slice";
import { encodePercent } from "../../bytes/percent";
import { Writer } from "../../bytes/writer";
import { escape, unescape } from "../../json/text";
import { Context } from "./context";
import { Selection } from "./selection";

const body: Writer = new Writer();
const text: Writer = new Writer();

const SPACE: u8 = 0x20;
const DELETE: u8 = 0x7f;

/** A text with expressions in it, in pieces. */
export class TextTemplate {
  /** Constants (JSON string bodies); where one has a selection, that comes behind it. */
  constants: Array<Utf8> = [];
  selections: Array<Selection | null> = [];

  /** Whether it is one expression and nothing else, so that it can be absent. */
  get isLone(): bool {
    if (this.selections.length != 1 || unchecked(this.constants[0]).byteLength > 0) return false;
    return unchecked(this.selections[0]) !== null;
  }

  /** Whether nothing in it depends on a request. */
  get isConstant(): bool {
    for (let i = 0; i < this.selections.length; i++) if (unchecked(this.selections[i]) !== null) return false;
    return true;
  }

  /** Writes the text as the body of a JSON string. */
  writeBody(context: Context, out: Writer): void {
    for (let i = 0; i < this.constants.length; i++) {
      out.owned(unchecked(this.constants[i]));
      const selection = unchecked(this.selections[i]);
      if (selection !== null) selection.writeBody(context, out);
    }
  }

  /**
   * Writes the text as UTF-8. Constants are written as they are, what is put in percent-encoded.
   * @param isWhole encodes the constants as well: a value of a query.
   */
  writeEncoded(context: Context, isWhole: bool, out: Writer): void {
    for (let i = 0; i < this.constants.length; i++) {
      text.reset();
      unescape(text, borrow(unchecked(this.constants[i])));
      if (isWhole) encodePercent(out, text.view());
      else out.bytes(text.view());
      const selection = unchecked(this.selections[i]);
      if (selection !== null) encodePercent(out, valueOf(selection, context));
    }
  }

  /** Writes the text as the value of a header: control characters are taken out. */
  writeHeader(context: Context, out: Writer): void {
    body.reset();
    this.writeBody(context, body);
    text.reset();
    unescape(text, body.view());
    const bytes = text.view();
    for (let i = 0; i < lengthOf(bytes); i++) {
      const byte = load<u8>(pointerOf(bytes) + i);
      if (byte >= SPACE && byte != DELETE) out.byte(byte);
    }
  }

  /** Whether a lone expression finds nothing; false for any other template. */
  isAbsent(context: Context): bool {
    if (!this.isLone) return false;
    const selection = unchecked(this.selections[0]);
    if (selection === null) return false;
    body.reset();
    return !selection.write(context, body);
  }
}

/** The text of a value as UTF-8, borrowed until the next call. */
function valueOf(selection: Selection, context: Context): Slice {
  body.reset();
  selection.writeBody(context, body);
  text.reset();
  unescape(text, body.view());
  return text.view();
}

/** A constant text as a piece: the body of a JSON string. */
export function pieceOf(constant: Slice): Utf8 {
  const writer = new Writer();
  escape(writer, constant);
  const view = writer.view();
  const owned = new ArrayBuffer(lengthOf(view));
  memory.copy(changetype<usize>(owned), pointerOf(view), lengthOf(view));
  writer.dispose();
  return owned;
}
