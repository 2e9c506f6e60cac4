import { MAX_INSTRUCTIONS, Operation, RegexProgram } from "./regex-program";
import { decodeRune, runeOf, widthOf } from "./rune";
import { Slice, lengthOf, pointerOf } from "./slice";

/** Longest text that is searched; a longer one has no match. Bounds the cost of one search. */
export const MAX_TEXT_BYTES: i32 = 1024;

/** Slot of a group that took no part in the match. */
export const UNSET: i32 = -1;

/** What stands behind the last character: no instruction asks for it. */
const NO_RUNE: i32 = -1;

const INSTRUCTION_BYTES: usize = 12;

/** For each instruction the generation of the list that holds it, so that a list holds none twice. */
const MARKS: usize = memory.data(4 * (1000 + 1), 4);
let generation: u32 = 0;

/**
 * Lists, slots and stack of whatever search runs: one block for all, as large as the largest program needs.
 */
let scratch: usize = 0;
let scratchSize: usize = 0;

/**
 * Searches with a compiled expression: a Pike machine, that is all threads of a backtracking search at once,
 * in the order of their priority, one character at a time. At most MAX_INSTRUCTIONS threads exist, since two
 * at the same instruction have the same future and the second is dropped. No recursion, and no allocation but
 * in the constructor.
 */
export class RegexMachine {
  private code: StaticArray<i32>;
  private ranges: StaticArray<i32>;
  /** Places that a thread remembers, two for each group. */
  private slots: i32;
  private threadBytes: usize;

  // Offsets into the scratch.
  private otherList: usize;
  private working: usize;
  private found: usize;
  private stack: usize;

  private text: usize = 0;
  private length: i32 = 0;
  private depth: i32 = 0;

  /** `groups`: how many capture, without the whole match. The program must not be too large. */
  constructor(program: RegexProgram, groups: i32) {
    this.code = StaticArray.fromArray(program.code);
    this.ranges = StaticArray.fromArray(program.ranges);
    this.slots = 2 * (groups + 1);
    const slotBytes = (this.slots as usize) << 2;
    const instructions = program.size as usize;
    this.threadBytes = 4 + slotBytes;
    this.otherList = instructions * this.threadBytes;
    this.working = 2 * this.otherList;
    this.found = this.working + slotBytes;
    this.stack = this.found + slotBytes;
    // An instruction pushes two entries of eight bytes at most, and is visited once for each list.
    reserveScratch(this.stack + (2 * instructions + 2) * 8);
  }

  /**
   * Whether there is a match that begins at `from` or later; then `place` says where. Of the leftmost matches
   * it is the one that has priority.
   */
  find(text: Slice, from: i32): bool {
    this.text = pointerOf(text);
    this.length = lengthOf(text);
    if (this.length > MAX_TEXT_BYTES) return false;
    let list = scratch;
    let next = scratch + this.otherList;
    let threads = 0;
    let at = from;
    let matched = false;
    beginList();
    while (true) {
      // A search that begins here comes behind those that began before.
      if (!matched) {
        for (let slot = 0; slot < this.slots; slot++) this.setWorking(slot, UNSET);
        threads = this.follow(list, threads, 0, at);
      }
      if (threads == 0 && matched) break;
      const end = this.text + this.length;
      const decoded = at < this.length ? decodeRune(this.text + at, end) : 0;
      const rune = at < this.length ? runeOf(decoded) : NO_RUNE;
      let nextThreads = 0;
      beginList();
      for (let i = 0; i < threads; i++) {
        const thread = list + (i as usize) * this.threadBytes;
        const instruction = load<i32>(thread);
        if (this.operation(instruction) == Operation.Match) {
          memory.copy(scratch + this.found, thread + 4, this.slots << 2);
          matched = true;
          // The threads behind this one have less priority.
          break;
        }
        if (!this.accepts(instruction, rune)) continue;
        memory.copy(scratch + this.working, thread + 4, this.slots << 2);
        nextThreads = this.follow(next, nextThreads, instruction + 1, at + widthOf(decoded));
      }
      if (at >= this.length) break;
      at += widthOf(decoded);
      threads = nextThreads;
      const spare = list;
      list = next;
      next = spare;
    }
    return matched;
  }

  /** Where the last match has its slot: 2n and 2n+1 are start and end of group n, 0 the whole; or UNSET. */
  place(slot: i32): i32 {
    return load<i32>(scratch + this.found + ((slot as usize) << 2));
  }

  /**
   * Adds to the list the threads that an instruction leads to without taking a character; they remember what
   * is in the working slots. Gives the new number of threads.
   */
  private follow(list: usize, threads: i32, start: i32, at: i32): i32 {
    this.depth = 0;
    this.push(start, 0);
    while (this.depth > 0) {
      this.depth--;
      const entry = scratch + this.stack + ((this.depth as usize) << 3);
      const target = load<i32>(entry);
      if (target < 0) {
        this.setWorking(~target, load<i32>(entry, 4));
        continue;
      }
      const mark = MARKS + ((target as usize) << 2);
      if (load<u32>(mark) == generation) continue;
      store<u32>(mark, generation);
      switch (this.operation(target)) {
        case Operation.Jump:
          this.push(this.operand(target, 4), 0);
          break;
        case Operation.Fork:
          this.push(this.operand(target, 8), 0);
          this.push(this.operand(target, 4), 0);
          break;
        case Operation.Save: {
          const slot = this.operand(target, 4);
          // Undone once all that follows from here has been visited.
          this.push(~slot, load<i32>(scratch + this.working + ((slot as usize) << 2)));
          this.setWorking(slot, at);
          this.push(target + 1, 0);
          break;
        }
        case Operation.Begin:
          if (at == 0) this.push(target + 1, 0);
          break;
        case Operation.End:
          if (at == this.length) this.push(target + 1, 0);
          break;
        case Operation.WordBoundary:
          if (this.isBoundary(at)) this.push(target + 1, 0);
          break;
        case Operation.NotWordBoundary:
          if (!this.isBoundary(at)) this.push(target + 1, 0);
          break;
        default: {
          const thread = list + (threads as usize) * this.threadBytes;
          store<i32>(thread, target);
          memory.copy(thread + 4, scratch + this.working, this.slots << 2);
          threads++;
        }
      }
    }
    return threads;
  }

  /** An instruction to visit, or the inverse of a slot with the value to put back. */
  @inline
  private push(target: i32, value: i32): void {
    const entry = scratch + this.stack + ((this.depth as usize) << 3);
    store<i32>(entry, target);
    store<i32>(entry, value, 4);
    this.depth++;
  }


  @inline
  private setWorking(slot: i32, value: i32): void {
    store<i32>(scratch + this.working + ((slot as usize) << 2), value);
  }


  @inline
  private operation(instruction: i32): i32 {
    return load<i32>(changetype<usize>(this.code) + (instruction as usize) * INSTRUCTION_BYTES);
  }


  @inline
  private operand(instruction: i32, offset: usize): i32 {
    return load<i32>(changetype<usize>(this.code) + (instruction as usize) * INSTRUCTION_BYTES + offset);
  }

  private accepts(instruction: i32, rune: i32): bool {
    const first = this.operand(instruction, 4);
    if (this.operation(instruction) == Operation.Character) return first == rune;
    const count = this.operand(instruction, 8);
    let range = changetype<usize>(this.ranges) + ((first as usize) << 2);
    for (let i = 0; i < count; i++) {
      if (rune >= load<i32>(range) && rune <= load<i32>(range, 4)) return true;
      range += 8;
    }
    return false;
  }

  private isBoundary(at: i32): bool {
    return this.isWordAt(at - 1) != this.isWordAt(at);
  }

  /** Words are of ASCII, as in RE2, so a byte is enough to tell. */
  private isWordAt(at: i32): bool {
    if (at < 0 || at >= this.length) return false;
    const byte: i32 = load<u8>(this.text + at);
    const letter = byte | 0x20;
    return (byte >= 0x30 && byte <= 0x39) || (letter >= 0x61 && letter <= 0x7a) || byte == 0x5f;
  }
}

function beginList(): void {
  generation++;
  if (generation != 0) return;
  memory.fill(MARKS, 0, 4 * (MAX_INSTRUCTIONS + 1));
  generation = 1;
}

function reserveScratch(size: usize): void {
  if (size <= scratchSize) return;
  if (scratch != 0) heap.free(scratch);
  scratch = heap.alloc(size);
  scratchSize = size;
}
