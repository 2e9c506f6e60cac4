import { NONE, Slice, Utf8, borrow, lengthOf, same, slice, subslice, toOwned } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { BufferType, MapType } from "./abi";
import { appendBody, drainBody, readBody, readWindow, replaceBody } from "./body";
import {
  getHeader,
  removeHeader,
  removeHeaderNamed,
  setHeader,
  setHeaderNamed,
  setHeaderText,
} from "./headers";
import { PairsReader, PairsWriter } from "./pairs";
import { narrow } from "./text";

/**
 * Head and body of a request or an answer, wherever they are: held by the host while it passes, or in the making here,
 * as the request and the answer of a callout are. Whoever changes one need not know which. Slices that are read are
 * borrowed until the next host call; what is written is copied. Writes say whether they were done.
 */
export abstract class Message {
  /** Whether the host holds it, so that a change is made at once. */
  abstract get isHeld(): bool;

  /** Value of the first header with this name; NONE where there is none. */
  abstract get(name: string): Slice;

  /** Sets a header to one value. The name is a lower-case ASCII literal. */
  abstract set(name: string, value: Slice): bool;

  /** Sets a header whose name is known at run time only. */
  abstract setNamed(name: Slice, value: Slice): bool;

  /** Sets a header to an ASCII text. */
  abstract setText(name: string, value: string): bool;

  /** Removes every header of this name; fine where there is none. */
  abstract remove(name: string): bool;

  /** Removes every header of a name known at run time only. */
  abstract removeNamed(name: Slice): bool;

  /** Up to `length` bytes of the body from `start`. */
  abstract read(start: i32, length: i32): Slice;

  /** The next window of the body: as much as costs no memory. */
  abstract window(start: i32): Slice;

  /** The next window of the body as it goes out, whatever was written. */
  abstract outgoing(start: i32): Slice;

  /** Puts `bytes` in the place of the whole body. */
  abstract replace(bytes: Slice): bool;

  /** Appends to the body. */
  abstract append(bytes: Slice): bool;

  /** Leaves the first `length` bytes of the body out: they were read. */
  abstract drain(length: i32): bool;

  /** Sets a header to a decimal number. */
  setNumber(name: string, value: i32): bool {
    return this.setText(name, value.toString());
  }
}

/** A message that the host holds while it passes the filter. */
@final
export class HeldMessage extends Message {
  constructor(
    private map: MapType,
    private body: BufferType,
  ) {
    super();
  }

  get isHeld(): bool {
    return true;
  }

  get(name: string): Slice {
    return getHeader(this.map, name);
  }

  set(name: string, value: Slice): bool {
    return setHeader(this.map, name, value);
  }

  setNamed(name: Slice, value: Slice): bool {
    return setHeaderNamed(this.map, name, value);
  }

  setText(name: string, value: string): bool {
    return setHeaderText(this.map, name, value);
  }

  remove(name: string): bool {
    return removeHeader(this.map, name);
  }

  removeNamed(name: Slice): bool {
    return removeHeaderNamed(this.map, name);
  }

  read(start: i32, length: i32): Slice {
    return readBody(this.body, start, length);
  }

  window(start: i32): Slice {
    return readWindow(this.body, start);
  }

  outgoing(start: i32): Slice {
    return readWindow(this.body, start);
  }

  replace(bytes: Slice): bool {
    return replaceBody(this.body, bytes);
  }

  append(bytes: Slice): bool {
    return appendBody(this.body, bytes);
  }

  drain(length: i32): bool {
    return drainBody(this.body, length);
  }
}

/** The stream's own request and answer. */
export const REQUEST: Message = new HeldMessage(MapType.RequestHeaders, BufferType.RequestBody);
export const RESPONSE: Message = new HeldMessage(MapType.ResponseHeaders, BufferType.ResponseBody);

/**
 * A message in the making: it begins with the head of another one, whose headers are changed here and handed to the host
 * in the end. Allocates for every header, so it is not for the paths that every request takes.
 */
@final
export class DraftMessage extends Message {
  private names: Array<Utf8> = [];
  private values: Array<Utf8> = [];
  private written: Writer = new Writer();
  private isWritten: bool = false;

  /** @param source where the body is read from, as long as nothing was written */
  constructor(private source: BufferType) {
    super();
  }

  get isHeld(): bool {
    return false;
  }

  /** Begins with these headers, a serialised header map, and without a body of its own. */
  open(pairs: Slice): void {
    const reader = new PairsReader();
    this.names.length = 0;
    this.values.length = 0;
    this.written.reset();
    this.isWritten = false;
    reader.open(pairs);
    while (reader.next()) this.add(reader.name, reader.value);
  }

  set(name: string, value: Slice): bool {
    return this.setNamed(literal(name), value);
  }

  setNamed(name: Slice, value: Slice): bool {
    this.removeNamed(name);
    this.add(name, value);
    return true;
  }

  setText(name: string, value: string): bool {
    return this.setNamed(literal(name), borrow(String.UTF8.encode(value)));
  }

  remove(name: string): bool {
    return this.removeNamed(literal(name));
  }

  removeNamed(name: Slice): bool {
    for (let i = this.names.length - 1; i >= 0; i--) {
      if (!same(borrow(this.names[i]), name)) continue;
      this.names.splice(i, 1);
      this.values.splice(i, 1);
    }
    return true;
  }

  /** Value of the first header with this name; NONE where there is none. */
  get(name: string): Slice {
    const wanted = literal(name);
    for (let i = 0; i < this.names.length; i++) {
      if (same(borrow(this.names[i]), wanted)) return borrow(this.values[i]);
    }
    return NONE;
  }

  /** Writes the headers for the host. */
  writeHead(pairs: PairsWriter): void {
    pairs.reset();
    for (let i = 0; i < this.names.length; i++) pairs.addNamed(borrow(this.names[i]), borrow(this.values[i]));
  }

  read(start: i32, length: i32): Slice {
    if (!this.isWritten) return readBody(this.source, start, length);
    const written = this.written.view();
    return subslice(written, start, min(length, lengthOf(written) - start) + start);
  }

  window(start: i32): Slice {
    return this.isWritten ? this.read(start, i32.MAX_VALUE) : readWindow(this.source, start);
  }

  outgoing(start: i32): Slice {
    return this.isWritten ? this.written.viewFrom(start) : this.window(start);
  }

  replace(bytes: Slice): bool {
    this.written.reset();
    this.isWritten = true;
    this.written.bytes(bytes);
    return true;
  }

  append(bytes: Slice): bool {
    if (!this.isWritten) this.replace(this.read(0, i32.MAX_VALUE));
    this.written.bytes(bytes);
    return true;
  }

  /** What is read is not passed on by itself. */
  drain(length: i32): bool {
    return true;
  }

  /** The body: what was written, else what the source has. Borrowed until the next host call. */
  body(): Slice {
    return this.isWritten ? this.written.view() : this.read(0, i32.MAX_VALUE);
  }

  /** Frees a large body; the draft may be opened again. */
  release(): void {
    this.names.length = 0;
    this.values.length = 0;
    this.written.dispose();
    this.isWritten = false;
  }

  private add(name: Slice, value: Slice): void {
    this.names.push(toOwned(name));
    this.values.push(toOwned(value));
  }
}

/** A name of the source code as bytes, borrowed for a short while. */
function literal(name: string): Slice {
  return slice(narrow(name), name.length);
}
