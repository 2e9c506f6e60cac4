import {
  EMPTY,
  NONE,
  Slice,
  Utf8,
  borrow,
  equals,
  lengthOf,
  pointerOf,
  slice,
  toOwned,
} from "../bytes/slice";
import { boundaryOf } from "../framing/multipart";
import { BufferType, MapType } from "../host/abi";
import { DraftMessage } from "../host/message";
import { bodySize, readWindow } from "../host/body";
import { getHeaderPairs } from "../host/headers";
import { PairsReader } from "../host/pairs";
import { FormRequest } from "./form-request";
import { TapRequest, giveBack, takeTapRequest } from "./tap-request";

const pairs: PairsReader = new PairsReader();

/** Room behind the last byte, so that wide loads of scanners stay inside of the block. */
const PADDING: i32 = 16;

/**
 * What a client sent, kept so that it can be rendered again for another target. The body lies in raw memory from the
 * moment it is complete until the answer's first byte leaves.
 */
@final
export class KeptRequest {
  private head: Utf8 = EMPTY;
  private body: usize = 0;
  private length: i32 = 0;
  /** Whether the body is here, or there is none. */
  isWhole: bool = false;

  /** Keeps the headers as they are now. */
  keepHead(): void {
    this.head = toOwned(getHeaderPairs(MapType.RequestHeaders));
  }

  /** Keeps the body that the host holds, if it is no longer than `most` bytes. */
  keepBody(most: i32): void {
    const size = bodySize(BufferType.RequestBody);
    if (size > most || this.body != 0) return;
    this.body = heap.alloc(size + PADDING);
    memory.fill(this.body + size, 0, PADDING);
    while (this.length < size) {
      const window = readWindow(BufferType.RequestBody, this.length);
      const part = min(lengthOf(window), size - this.length);
      if (part == 0) break;
      memory.copy(this.body + this.length, pointerOf(window), part);
      this.length += part;
    }
    this.isWhole = this.length == size;
  }

  /** The body; NONE where there is none. Valid until `release`. */
  get text(): Slice {
    return this.body == 0 ? NONE : slice(this.body, this.length);
  }

  /** Puts another body in the place of the kept one. */
  replaceBody(bytes: Slice): void {
    const length = lengthOf(bytes);
    const body = heap.alloc(length + PADDING);
    memory.copy(body, pointerOf(bytes), length);
    memory.fill(body + length, 0, PADDING);
    if (this.body != 0) heap.free(this.body);
    this.body = body;
    this.length = length;
  }

  /** The request, to be changed anew. */
  draft(): DraftMessage {
    const draft = new DraftMessage(BufferType.CalloutBody);
    draft.open(borrow(this.head));
    draft.replace(this.text);
    return draft;
  }

  /** A view of the body, to be given back; null where there is none, or it is neither JSON nor a form. */
  view(): TapRequest | null {
    if (this.body == 0) return null;
    const boundary = this.boundary();
    const view = boundary.byteLength > 0 ? new FormRequest(boundary, true) : takeTapRequest();
    if (view.readKept(this.text) && view.finish()) return view;
    giveBack(view);
    return null;
  }

  /** That of a form; empty for any other body. */
  private boundary(): Utf8 {
    pairs.open(borrow(this.head));
    while (pairs.next()) if (equals(pairs.name, "content-type")) return boundaryOf(pairs.value);
    return EMPTY;
  }

  /** Frees the body. */
  release(): void {
    if (this.body != 0) heap.free(this.body);
    this.body = 0;
    this.length = 0;
    this.isWhole = false;
  }
}
