import { Carry } from "./carry";
import { NONE, Slice, lengthOf, pointerOf, slice } from "./slice";

/**
 * One run of bytes that arrives in pieces and is wanted whole. As long as its pieces lie in a row it is
 * borrowed where it lies; only when a piece lies elsewhere, or when `keep` is called because the borrowed
 * bytes are about to go away, is it copied. So each byte is copied at most once. Whoever owns a gather calls
 * `dispose`.
 */
export class Gather {
  private carry: Carry = new Carry();
  private borrowed: Slice = NONE;

  /** Bytes gathered so far. */
  get length(): i32 {
    return lengthOf(this.borrowed) + this.carry.length;
  }

  /** Adds a piece; it has to stay valid until `keep`, `clear` or the next piece. */
  add(piece: Slice): void {
    if (lengthOf(piece) == 0) return;
    if (this.length == 0) {
      this.borrowed = piece;
      return;
    }
    const size = lengthOf(this.borrowed);
    if (size > 0 && pointerOf(this.borrowed) + size == pointerOf(piece)) {
      this.borrowed = slice(pointerOf(this.borrowed), size + lengthOf(piece));
      return;
    }
    this.keep();
    this.carry.append(piece);
  }

  /** Copies what is only borrowed: to be called before the memory that pieces point to is reused. */
  keep(): void {
    if (this.borrowed == NONE) return;
    this.carry.append(this.borrowed);
    this.borrowed = NONE;
  }

  /** The run, contiguous, borrowed until the next call that changes the gather; NONE where it is empty. */
  view(): Slice {
    if (this.borrowed != NONE) return this.borrowed;
    return this.carry.length == 0 ? NONE : this.carry.view();
  }

  /** Begins a new run. */
  clear(): void {
    this.borrowed = NONE;
    this.carry.clear();
  }

  /** Frees what was copied. The gather may be used again. */
  dispose(): void {
    this.borrowed = NONE;
    this.carry.dispose();
  }
}
