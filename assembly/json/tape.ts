/** What a token is. `None` is the kind of what is absent. */
export enum Kind {
  None,
  Object,
  Array,
  String,
  Number,
  True,
  False,
  Null,
}

/** Properties of a token, as bits beside its kind. */
export enum Flag {
  /** A string that names a member; its value is the next token. */
  Key = 0x08,
  /** The string holds a backslash, so its body differs from its text. */
  Escape = 0x10,
  /** The number has a fraction. */
  Fraction = 0x20,
  /** The number has an exponent. */
  Exponent = 0x40,
  /** The member is to be removed; set by `MemberEdits`, read by nobody else. */
  Removed = 0x80,
}

const KIND_MASK: u32 = 0x07;
const DEPTH_SHIFT: u32 = 8;

/** Layout of a token: four u32, 16 bytes. */
const TOKEN_SHIFT: usize = 4;
const END: usize = 4;
const NEXT: usize = 8;
const INFO: usize = 12;

const FIRST_CAPACITY: i32 = 64;

/** A tape that grew beyond this many tokens (256 KiB) gives its block back on `reset`. */
const KEEP_TOKENS: i32 = 1 << 14;

/**
 * Index of a JSON text: one token for each recorded value and member name, in the order of the text, in one raw
 * block. A token holds the offsets of its first byte and of the byte behind it, the index of the token behind its
 * subtree (so a value is skipped in one step), its kind, flags and depth. The getters do not check the index: only
 * `Document` should call them with an index that came from outside.
 */
@final
export class Tape {
  private block: usize = 0;
  private capacity: i32 = 0;
  /** Tokens that may be pushed before the block must grow: the capacity, or the limit where that is less. */
  private room: i32 = 0;
  /** Address of the token that was pushed last. */
  private last: usize = 0;
  /** Tokens on the tape. */
  count: i32 = 0;
  /** Tokens the tape may hold from the next `reset` on; `push` refuses more. */
  limit: i32 = 1 << 20;

  /** Forgets all tokens; keeps the block unless one large text made it big. */
  reset(): void {
    this.count = 0;
    if (this.capacity > KEEP_TOKENS) this.dispose();
    this.room = min(this.capacity, this.limit);
  }

  /** Frees the block. The tape may be used again. */
  dispose(): void {
    if (this.block != 0) heap.free(this.block);
    this.block = 0;
    this.capacity = this.room = 0;
    this.count = 0;
  }

  /** Appends a token that is still open: its end is 0 until `close`. False where the tape is full. */
  @inline
  push(start: u32, depth: i32, kindAndFlags: u32): bool {
    if (this.count == this.room && !this.grow()) return false;
    const index = this.count++;
    const token = this.block + ((index as usize) << TOKEN_SHIFT);
    this.last = token;
    store<u64>(token, start as u64);
    const info = kindAndFlags | ((depth as u32) << DEPTH_SHIFT);
    store<u64>(token, ((info as u64) << 32) | ((index + 1) as u64), NEXT);
    return true;
  }

  /** Sets where the token ends. */
  @inline
  close(index: i32, end: u32): void {
    store<u32>(this.token(index), end, END);
  }

  /** `close` for the token that was pushed last. */
  @inline
  closeLast(end: u32): void {
    store<u32>(this.last, end, END);
  }

  /** Sets a flag of the token that was pushed last. */
  @inline
  markLast(flag: Flag): void {
    store<u32>(this.last, load<u32>(this.last, INFO) | (flag as u32), INFO);
  }

  /** Sets the token behind the subtree. While a container is open, the scanner keeps its parent there. */
  @inline
  link(index: i32, next: i32): void {
    store<u32>(this.token(index), next, NEXT);
  }


  @inline
  mark(index: i32, flag: Flag): void {
    const token = this.token(index);
    store<u32>(token, load<u32>(token, INFO) | (flag as u32), INFO);
  }


  @inline
  unmark(index: i32, flag: Flag): void {
    const token = this.token(index);
    store<u32>(token, load<u32>(token, INFO) & ~(flag as u32), INFO);
  }

  /** Offset of the first byte. */
  @inline
  start(index: i32): i32 {
    return load<i32>(this.token(index));
  }

  /** Offset behind the last byte; 0 while the value is open. */
  @inline
  end(index: i32): i32 {
    return load<i32>(this.token(index), END);
  }


  @inline
  next(index: i32): i32 {
    return load<i32>(this.token(index), NEXT);
  }


  @inline
  kind(index: i32): Kind {
    return (load<u32>(this.token(index), INFO) & KIND_MASK) as Kind;
  }


  @inline
  has(index: i32, flag: Flag): bool {
    return (load<u32>(this.token(index), INFO) & (flag as u32)) != 0;
  }

  /** Number of objects and arrays around the value; a member's name has the depth of its value. */
  @inline
  depth(index: i32): i32 {
    return (load<u32>(this.token(index), INFO) >>> DEPTH_SHIFT) as i32;
  }


  @inline
  private token(index: i32): usize {
    return this.block + ((index as usize) << TOKEN_SHIFT);
  }

  private grow(): bool {
    if (this.capacity >= this.limit) return false;
    const capacity = min(this.limit, max(FIRST_CAPACITY, this.capacity << 1));
    const size = (capacity as usize) << TOKEN_SHIFT;
    this.block = this.block == 0 ? heap.alloc(size) : heap.realloc(this.block, size);
    this.capacity = this.room = capacity;
    return true;
  }
}
