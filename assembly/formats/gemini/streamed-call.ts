import { NONE, Slice, borrow, lengthOf } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { ChatEvents } from "../../chat/events";
import { Failure, FailureKind } from "../../chat/failure";
import { compact } from "../../json/compact";
import { ABSENT, Document, Node } from "../../json/document";
import { escape } from "../../json/text";
import { PartialArguments } from "./partial-arguments";

const text: Writer = new Writer();
const escaped: Writer = new Writer();

/**
 * Function calls of one answer. Most come whole; with `streamFunctionCallArguments` (Vertex, Gemini 3) a call
 * begins with its name and `willContinue`, goes on in parts that have no name, and is over with an empty
 * part, with a part in which nothing continues, with the next named call, or with the candidate.
 */
@final
export class StreamedCall {
  private pieces: PartialArguments | null = null;
  /** Calls so far; the number of a call is its key. */
  private count: i32 = 0;
  private isOpen: bool = false;

  /** Reads the part that holds `call`. */
  read(record: Document, part: Node, call: Node, out: ChatEvents): void {
    const name = record.body(record.find(call, "name"));
    if (lengthOf(name) > 0) {
      this.finish(out);
      this.begin(record, part, call, name, out);
    } else if (!this.isOpen) {
      return;
    }
    const list = record.find(call, "partialArgs");
    let continues = record.isTrue(record.find(call, "willContinue"));
    if (!record.isArray(list)) {
      const whole = record.find(call, "args");
      if (record.isObject(whole)) this.give(record.raw(whole), out);
      if (record.isObject(whole) || !continues) this.end(record.isObject(whole), out);
      return;
    }
    for (let piece = record.firstElement(list); piece != ABSENT; piece = record.nextElement(piece)) {
      if (!this.add(record, piece, out)) return;
      continues = continues || record.isTrue(record.find(piece, "willContinue"));
    }
    if (!continues) this.end(false, out);
  }

  /** Completes the call that is open, if one is. */
  finish(out: ChatEvents): void {
    if (this.isOpen) this.end(false, out);
  }

  private begin(record: Document, part: Node, call: Node, name: Slice, out: ChatEvents): void {
    const key = this.count++;
    // The name comes last, so that what begins the call knows its signature.
    out.toolCall(key, this.idOf(record.body(record.find(call, "id")), key, out), NONE);
    out.toolSignature(key, record.body(record.find(part, "thoughtSignature")));
    out.toolCall(key, NONE, name);
    this.isOpen = true;
    const pieces = this.pieces;
    if (pieces) pieces.reset();
  }

  /**
   * An id that is the same however the answer was asked for. Choices share the numbers, so it is unique in
   * all.
   */
  private idOf(id: Slice, key: i32, out: ChatEvents): Slice {
    if (lengthOf(id) > 0 || out.id.byteLength == 0) return id;
    text.reset();
    text.ascii("call_");
    text.bytes(borrow(out.id));
    text.byte(0x5f);
    text.number(key);
    return text.view();
  }

  private add(record: Document, piece: Node, out: ChatEvents): bool {
    let pieces = this.pieces;
    if (pieces === null) {
      pieces = new PartialArguments();
      this.pieces = pieces;
    }
    text.reset();
    const fits = pieces.add(record, piece, text);
    if (fits) this.tell(out);
    else
      out.fail(
        Failure.of(
          FailureKind.BadGateway,
          "malformed_function_call",
          "upstream sent function arguments that do not fit together",
        ),
      );
    return fits;
  }

  /** The arguments as one piece. */
  private give(json: Slice, out: ChatEvents): void {
    text.reset();
    compact(text, json);
    this.tell(out);
  }

  private end(isWhole: bool, out: ChatEvents): void {
    this.isOpen = false;
    if (!isWhole) {
      text.reset();
      const pieces = this.pieces;
      if (pieces) pieces.finish(text);
      else text.ascii("{}");
      this.tell(out);
    }
    out.toolEnd(this.count - 1);
  }

  private tell(out: ChatEvents): void {
    escaped.reset();
    escape(escaped, text.view());
    out.toolArguments(this.count - 1, escaped.view());
  }
}
