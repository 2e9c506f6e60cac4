import { CharacterSet } from "./character-set";
import { NodeKind, RegexNode, UNBOUNDED } from "./regex-parser";

/** Most instructions of a program: a name is matched in at most this many steps a character. */
export const MAX_INSTRUCTIONS: i32 = 1000;

/**
 * Most nodes compiled, counting repetitions: `(?:(?:){1000}){1000}` has few instructions but takes its time.
 */
const MAX_NODES: i32 = 20_000;

/** Numbers an instruction consists of: its operation and two operands. */
export const INSTRUCTION_SIZE: i32 = 3;

export enum Operation {
  /** One code point: the first operand. */
  Character = 0,
  /** One code point of the ranges that begin at the first operand; the second says how many there are. */
  Set = 1,
  /** Go on at both operands; what the first leads to is preferred. */
  Fork = 2,
  /** Go on at the first operand. */
  Jump = 3,
  /** Remember the place in the slot of the first operand. */
  Save = 4,
  Begin = 5,
  End = 6,
  WordBoundary = 7,
  NotWordBoundary = 8,
  Match = 9,
}

/** Turns a parsed expression into the instructions of a Pike machine. Configure time only. */
export class RegexProgram {
  /** Instructions, INSTRUCTION_SIZE numbers each. */
  readonly code: i32[] = [];
  /** First and last code point of each range. */
  readonly ranges: i32[] = [];
  /** Whether the expression came out larger than a program may be; the program is not usable then. */
  tooLarge: bool = false;

  private nodes: i32 = 0;

  /** Compiles the whole expression, which saves its own start and end in slots 0 and 1. */
  static compile(root: RegexNode): RegexProgram {
    const program = new RegexProgram();
    program.emit(Operation.Save, 0);
    program.compile(root);
    program.emit(Operation.Save, 1);
    program.emit(Operation.Match);
    if (program.size > MAX_INSTRUCTIONS) program.tooLarge = true;
    return program;
  }

  /** Instructions so far: the address of the next. */
  get size(): i32 {
    return this.code.length / INSTRUCTION_SIZE;
  }

  private compile(node: RegexNode): void {
    if (++this.nodes > MAX_NODES || this.size > MAX_INSTRUCTIONS) {
      this.tooLarge = true;
      return;
    }
    switch (node.kind) {
      case NodeKind.Empty:
        return;
      case NodeKind.Set:
        return this.compileSet(node.set);
      case NodeKind.Begin:
        return this.emit(Operation.Begin);
      case NodeKind.End:
        return this.emit(Operation.End);
      case NodeKind.WordBoundary:
        return this.emit(Operation.WordBoundary);
      case NodeKind.NotWordBoundary:
        return this.emit(Operation.NotWordBoundary);
      case NodeKind.Capture:
        this.emit(Operation.Save, node.index * 2);
        this.compile(node.children[0]);
        return this.emit(Operation.Save, node.index * 2 + 1);
      case NodeKind.Sequence:
        for (let i = 0; i < node.children.length; i++) this.compile(node.children[i]);
        return;
      case NodeKind.Choice:
        return this.compileChoice(node);
      case NodeKind.Repeat:
        return this.compileRepeat(node);
    }
  }

  private compileSet(set: CharacterSet): void {
    const count = set.ranges.length;
    if (count == 2 && set.ranges[0] == set.ranges[1]) return this.emit(Operation.Character, set.ranges[0]);
    const start = this.ranges.length;
    for (let i = 0; i < count; i++) this.ranges.push(set.ranges[i]);
    this.emit(Operation.Set, start, count / 2);
  }

  private compileChoice(node: RegexNode): void {
    const jumps: i32[] = [];
    const last = node.children.length - 1;
    for (let i = 0; i < last; i++) {
      const fork = this.size;
      this.emit(Operation.Fork, fork + 1);
      this.compile(node.children[i]);
      jumps.push(this.size);
      this.emit(Operation.Jump);
      this.setOperand(fork, 2, this.size);
    }
    this.compile(node.children[last]);
    for (let i = 0; i < jumps.length; i++) this.setOperand(jumps[i], 1, this.size);
  }

  private compileRepeat(node: RegexNode): void {
    const child = node.children[0];
    const least = node.least;
    for (let i = 0; i < least && !this.tooLarge; i++) {
      // The last obligatory round of an unbounded repetition is the loop itself.
      if (i == least - 1 && node.most == UNBOUNDED) return this.compileLoop(child, node.lazy);
      this.compile(child);
    }
    const forks: i32[] = [];
    const optional = node.most == UNBOUNDED ? 1 : node.most - least;
    for (let i = 0; i < optional && !this.tooLarge; i++) {
      forks.push(this.size);
      this.emit(Operation.Fork);
      if (node.most == UNBOUNDED) this.compileLoop(child, node.lazy);
      else this.compile(child);
    }
    for (let i = 0; i < forks.length; i++) this.setFork(forks[i], forks[i] + 1, this.size, node.lazy);
  }

  /**
   * One or more rounds. `x*` is compiled as `(?:x+)?`, as RE2 does: otherwise the priorities come out wrong
   * where x matches the empty text.
   */
  private compileLoop(child: RegexNode, lazy: bool): void {
    const start = this.size;
    this.compile(child);
    const fork = this.size;
    this.emit(Operation.Fork);
    this.setFork(fork, start, fork + 1, lazy);
  }

  private setFork(fork: i32, round: i32, out: i32, lazy: bool): void {
    this.setOperand(fork, 1, lazy ? out : round);
    this.setOperand(fork, 2, lazy ? round : out);
  }

  private emit(operation: Operation, first: i32 = 0, second: i32 = 0): void {
    this.code.push(operation);
    this.code.push(first);
    this.code.push(second);
  }

  private setOperand(instruction: i32, operand: i32, value: i32): void {
    this.code[instruction * INSTRUCTION_SIZE + operand] = value;
  }
}
