import { Gather } from "../bytes/gather";
import { NONE, Slice, lengthOf, pointerOf, slice } from "../bytes/slice";
import { Framer, FramingError, MAX_RECORD_BYTES } from "./framer";
import { CARRIAGE_RETURN, findLineFeed } from "./line";

const SPACE: u8 = 0x20;
const TAB: u8 = 0x09;

/**
 * One record a line (NDJSON, JSON Lines): lines end in LF or CRLF, blank lines are skipped. A last line
 * without LF is given after `end`, marked `unterminated`: only its content can tell whether it is whole.
 */
@final
export class NdjsonFramer extends Framer {
  private cursor: usize = 0;
  private stopAt: usize = 0;
  private given: bool = false;
  private ended: bool = false;
  private line: Gather = new Gather();

  /** `limit`: most bytes of one line, with its CR but without its LF. */
  constructor(private limit: i32 = MAX_RECORD_BYTES) {
    super();
  }

  feed(bytes: Slice): void {
    this.cursor = pointerOf(bytes);
    this.stopAt = this.cursor + lengthOf(bytes);
  }

  next(): bool {
    if (this.given) this.forget();
    if (this.error != FramingError.None) return false;
    while (this.cursor < this.stopAt) {
      const from = this.cursor;
      const lineEnd = findLineFeed(from, this.stopAt);
      const size = (lineEnd - from) as i32;
      if (size > this.limit - this.line.length) return this.stop(FramingError.TooLarge);
      this.line.add(slice(from, size));
      this.cursor = lineEnd;
      if (lineEnd == this.stopAt) break;
      this.cursor++;
      if (this.give()) return true;
    }
    if (this.ended) {
      this.unterminated = this.give();
      return this.unterminated;
    }
    this.line.keep();
    return false;
  }

  end(): bool {
    if (this.error != FramingError.None) return false;
    this.ended = true;
    return isBlank(this.line.view());
  }

  get held(): i32 {
    return this.line.length;
  }

  dispose(): void {
    this.line.dispose();
  }

  /** Makes the gathered line the record. False where it is blank. */
  private give(): bool {
    const line = this.line.view();
    if (isBlank(line)) {
      this.line.clear();
      return false;
    }
    const last = lengthOf(line) - 1;
    const hasReturn = load<u8>(pointerOf(line) + last) == CARRIAGE_RETURN;
    this.record = hasReturn ? slice(pointerOf(line), last) : line;
    this.given = true;
    return true;
  }

  private forget(): void {
    this.record = NONE;
    this.unterminated = false;
    this.given = false;
    this.line.clear();
  }
}

function isBlank(line: Slice): bool {
  const pointer = pointerOf(line);
  const length = lengthOf(line);
  for (let i = 0; i < length; i++) {
    const byte = load<u8>(pointer + i);
    if (byte != SPACE && byte != TAB && byte != CARRIAGE_RETURN) return false;
  }
  return true;
}
