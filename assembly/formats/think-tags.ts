import { Slice, Utf8, borrow, lengthOf, pointerOf, slice, subslice, utf8 } from "../bytes/slice";
import { ChatEvents } from "../chat/events";
import { BACKSLASH, LETTER_N, LETTER_U, hexValue, isHexDigit } from "../json/characters";

const OPENING: Utf8 = utf8("<think>");
const CLOSING: Utf8 = utf8("</think>");

const LESS_THAN: u8 = 0x3c;
const SLASH: u8 = 0x2f;
/** Bytes of `\u003c`, and of other escapes. */
const LONG_ESCAPE: i32 = 6;
const SHORT_ESCAPE: i32 = 2;

enum Place {
  /** Nothing but the beginning of the opening tag so far. */
  Start,
  Thinking,
  /** Behind the closing tag: empty lines there belong to nobody. */
  Between,
  Text,
}

/**
 * Tells thinking from text where a server leaves both in one text: what stands in `<think>` tags at its very beginning
 * is thinking. Tags may be cut anywhere, and escaped, as Go does with angle brackets. Nothing is held back but the
 * beginning of a tag, which is known by its length.
 */
@final
export class ThinkTags {
  private place: Place = Place.Start;
  /** Characters of the tag that is looked for and were met last. */
  private met: i32 = 0;

  /** Takes the next piece of text, a JSON string body. */
  text(body: Slice, out: ChatEvents): void {
    if (this.place == Place.Text) {
      out.text(body);
      return;
    }
    const start = pointerOf(body);
    const end = start + lengthOf(body);
    // What is not yet told begins here.
    let from = start;
    let at = start;
    while (at < end && this.place != Place.Text) {
      const size = unitSize(at, end);
      if (this.place == Place.Between) {
        if (isLineFeed(at, size)) at += size;
        else this.place = Place.Text;
        from = at;
        continue;
      }
      const character = characterAt(at, size);
      if (this.isNext(character)) {
        // The beginning of a tag belongs to what stands before it only if it is none.
        if (this.met == 0 && at > from) this.tell(slice(from, (at - from) as i32), out);
        this.met++;
        at += size;
        from = at;
        if (this.met == lengthOf(this.tag)) this.enter();
        continue;
      }
      this.giveUp(out);
      // The character may begin the tag anew.
      if (this.place == Place.Thinking && character == LESS_THAN) continue;
      if (this.place == Place.Thinking) at += size;
    }
    if (end > from) this.tell(slice(from, (end - from) as i32), out);
  }

  /** The text is over: what was held back is no tag. */
  end(out: ChatEvents): void {
    this.giveUp(out);
  }

  private get tag(): Slice {
    return borrow(this.place == Place.Start ? OPENING : CLOSING);
  }

  private isNext(character: u8): bool {
    return character == load<u8>(pointerOf(this.tag) + this.met);
  }

  private enter(): void {
    this.place = this.place == Place.Start ? Place.Thinking : Place.Between;
    this.met = 0;
  }

  /** What looked like a tag is none. */
  private giveUp(out: ChatEvents): void {
    if (this.place != Place.Start && this.place != Place.Thinking) return;
    const looked = subslice(this.tag, 0, this.met);
    this.met = 0;
    if (this.place == Place.Start) this.place = Place.Text;
    if (lengthOf(looked) > 0) this.tell(looked, out);
  }

  private tell(body: Slice, out: ChatEvents): void {
    if (this.place == Place.Thinking) out.thinking(body);
    else out.text(body);
  }
}

/** Bytes of the character at `at`; of one beyond ASCII, of one byte of it. */
function unitSize(at: usize, end: usize): i32 {
  if (load<u8>(at) != BACKSLASH) return 1;
  const size = at + 1 < end && load<u8>(at + 1) == LETTER_U ? LONG_ESCAPE : SHORT_ESCAPE;
  return min(size, (end - at) as i32);
}

function isLineFeed(at: usize, size: i32): bool {
  return size == SHORT_ESCAPE && load<u8>(at + 1) == LETTER_N;
}

/** The character as a tag may have it; 0 for others that are escaped. */
function characterAt(at: usize, size: i32): u8 {
  if (size == 1) return load<u8>(at);
  if (size == SHORT_ESCAPE) return load<u8>(at + 1) == SLASH ? SLASH : 0;
  if (size < LONG_ESCAPE || load<u16>(at + 2) != 0x3030) return 0;
  const high = load<u8>(at + 4);
  const low = load<u8>(at + 5);
  return isHexDigit(high) && isHexDigit(low) ? (((hexValue(high) << 4) | hexValue(low)) as u8) : 0;
}
