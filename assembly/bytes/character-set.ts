/** The last code point of Unicode. */
export const MAX_CODE_POINT: i32 = 0x10ffff;

/** A set of code points for regular expressions, built at configure time. */
export class CharacterSet {
  /** First and last code point of each range, ranges in any order. */
  readonly ranges: i32[] = [];

  /** Adds a range. */
  add(low: i32, high: i32): CharacterSet {
    this.ranges.push(low);
    this.ranges.push(high);
    return this;
  }

  /** Adds all of another set. */
  addSet(other: CharacterSet): void {
    for (let i = 0; i + 1 < other.ranges.length; i += 2) this.add(other.ranges[i], other.ranges[i + 1]);
  }

  /** Adds the other case of every ASCII letter in the set. */
  foldCase(): void {
    const count = this.ranges.length;
    for (let i = 0; i + 1 < count; i += 2) {
      this.addShifted(this.ranges[i], this.ranges[i + 1], 0x41, 0x20);
      this.addShifted(this.ranges[i], this.ranges[i + 1], 0x61, -0x20);
    }
  }

  /** All code points that are not in the set. */
  complement(): CharacterSet {
    const result = new CharacterSet();
    let next: i32 = 0;
    while (next <= MAX_CODE_POINT) {
      const end = this.endOfRangeAt(next);
      if (end >= 0) {
        next = end + 1;
        continue;
      }
      const start = this.startOfRangeAfter(next);
      result.add(next, start - 1);
      next = start;
    }
    return result;
  }

  /** Adds what the range has of the 26 letters from `first` on, moved by `shift`. */
  private addShifted(low: i32, high: i32, first: i32, shift: i32): void {
    const from = max(low, first);
    const to = min(high, first + 25);
    if (from <= to) this.add(from + shift, to + shift);
  }

  /** The last code point of a range that holds this one, or -1. */
  private endOfRangeAt(point: i32): i32 {
    for (let i = 0; i + 1 < this.ranges.length; i += 2) {
      if (this.ranges[i] <= point && point <= this.ranges[i + 1]) return this.ranges[i + 1];
    }
    return -1;
  }

  private startOfRangeAfter(point: i32): i32 {
    let nearest = MAX_CODE_POINT + 1;
    for (let i = 0; i + 1 < this.ranges.length; i += 2) {
      if (this.ranges[i] > point) nearest = min(nearest, this.ranges[i]);
    }
    return nearest;
  }
}

/** `\d`. */
export const DIGITS = new CharacterSet().add(0x30, 0x39);
/** `\w`. */
export const WORDS = new CharacterSet().add(0x30, 0x39).add(0x41, 0x5a).add(0x5f, 0x5f).add(0x61, 0x7a);
/** `\s`: tab, LF, FF, CR, space. */
export const SPACES = new CharacterSet().add(0x09, 0x0a).add(0x0c, 0x0d).add(0x20, 0x20);
/** `.` */
export const NOT_LINE_FEED = new CharacterSet().add(0x0a, 0x0a).complement();
