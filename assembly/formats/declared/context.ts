import { NONE, Slice, Utf8, borrow, lengthOf, pointerOf, subslice, utf8 } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure } from "../../chat/failure";
import { ChatRequest } from "../../chat/request";
import { LETTER_F, LETTER_N, LETTER_T, OPEN_BRACE, OPEN_BRACKET, QUOTE, SPACE } from "../../json/characters";
import { ABSENT, Document, Node } from "../../json/document";
import { Kind } from "../../json/tape";
import { escape, unescape } from "../../json/text";
import { RenderOptions } from "../format";
import { Item } from "./item";

const TRUE: Utf8 = utf8("true");
const FALSE: Utf8 = utf8("false");

const NO_DOCUMENT: Document = new Document();
const NO_OPTIONS: RenderOptions = new RenderOptions();
const NO_REQUEST: ChatRequest = new ChatRequest();
/** Never written to. */
const NO_TEXTS: Array<Slice> = [];

/**
 * What `$` and `@` are while a declaration is at work, and the value that an expression found last. In a path `$` is an
 * answer or a record, in a template it is the request. One for each kind of work lives as long as the VM: nothing here
 * calls the host, so one piece of work ends before the next begins.
 */
@final
export class Context {
  /** Paths: the answer or record, its root, and the current item. */
  document: Document = NO_DOCUMENT;
  root: Node = ABSENT;
  current: Node = ABSENT;

  /** Templates: the chat request; for embeddings and rankings an empty one. */
  request: ChatRequest = NO_REQUEST;
  options: RenderOptions = NO_OPTIONS;
  stream: bool = false;
  /** The items `$` and `@`. */
  top: Item = new Item();
  item: Item = this.top;
  /** What of the request the service cannot take, found while it was written. */
  failure: Failure | null = null;
  /** The messages as items, made when they are asked for. */
  messages: Array<Item> | null = null;
  /** Texts of a request for embeddings or a ranking: JSON string bodies. */
  texts: Array<Slice> = NO_TEXTS;
  /** JSON string body. */
  query: Slice = NONE;
  /** Raw numbers. */
  dimensions: Slice = NONE;
  topN: Slice = NONE;

  /** What was found last; `None`: nothing. */
  kind: Kind = Kind.None;
  /** Body of a string; the JSON text of anything else. Borrowed until the next but one value is found. */
  value: Slice = NONE;

  /** Begins with a request. */
  begin(request: ChatRequest, options: RenderOptions): void {
    this.request = request;
    this.options = options;
    this.item = this.top;
    this.messages = null;
    this.failure = null;
    this.texts = NO_TEXTS;
    this.query = NONE;
    this.dimensions = NONE;
    this.topN = NONE;
  }

  /** Lets go of what belongs to a request, so that the collector may have it. */
  end(): void {
    this.begin(NO_REQUEST, NO_OPTIONS);
  }

  /** Begins with an answer or a record. */
  look(document: Document): void {
    this.document = document;
    this.root = document.root;
    this.current = document.root;
  }

  setNone(): void {
    this.kind = Kind.None;
    this.value = NONE;
  }

  /** A string, by its body; NONE is nothing. */
  setText(body: Slice): void {
    this.kind = body == NONE ? Kind.None : Kind.String;
    this.value = body;
  }

  setFlag(value: bool): void {
    this.kind = value ? Kind.True : Kind.False;
    this.value = borrow(value ? TRUE : FALSE);
  }

  /** The value of a JSON text; NONE is nothing. A string is told by its quote. */
  setRaw(raw: Slice): void {
    this.kind = kindOf(raw);
    this.value = this.kind == Kind.String ? inQuotes(raw) : raw;
  }

  setNode(document: Document, node: Node): void {
    this.kind = document.kind(node);
    this.value = this.kind == Kind.String ? document.body(node) : document.raw(node);
  }

  /** Whether there is a value that is neither null, false nor an empty list. */
  get holds(): bool {
    switch (this.kind) {
      case Kind.None:
      case Kind.Null:
      case Kind.False:
        return false;
      case Kind.Array:
        return !isEmptyList(this.value);
    }
    return true;
  }

  /** Writes the value as JSON. False: there is none. */
  writeJson(out: Writer): bool {
    if (this.kind == Kind.None) return false;
    if (this.kind == Kind.String) {
      out.byte(QUOTE);
      out.bytes(this.value);
      out.byte(QUOTE);
    } else {
      out.bytes(this.value);
    }
    return true;
  }

  /** Writes the value's text as the body of a JSON string. null is no text. */
  writeBody(out: Writer): void {
    if (this.kind == Kind.String) out.bytes(this.value);
    else if (this.kind != Kind.None && this.kind != Kind.Null) escape(out, this.value);
  }

  /** Writes the value's text as UTF-8. null is no text. */
  writeText(out: Writer): void {
    if (this.kind == Kind.String) unescape(out, this.value);
    else if (this.kind != Kind.None && this.kind != Kind.Null) out.bytes(this.value);
  }
}

function kindOf(raw: Slice): Kind {
  if (lengthOf(raw) == 0) return Kind.None;
  switch (load<u8>(pointerOf(raw))) {
    case QUOTE:
      return Kind.String;
    case OPEN_BRACE:
      return Kind.Object;
    case OPEN_BRACKET:
      return Kind.Array;
    case LETTER_T:
      return Kind.True;
    case LETTER_F:
      return Kind.False;
    case LETTER_N:
      return Kind.Null;
  }
  return Kind.Number;
}

/** What is between the first and the last byte. */
function inQuotes(raw: Slice): Slice {
  return subslice(raw, 1, lengthOf(raw) - 1);
}

/** Whether nothing but white space stands between the brackets. */
function isEmptyList(raw: Slice): bool {
  const pointer = pointerOf(raw);
  for (let i = 1; i < lengthOf(raw) - 1; i++) if (load<u8>(pointer + i) > SPACE) return false;
  return true;
}
