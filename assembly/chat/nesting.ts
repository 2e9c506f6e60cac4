import { Slice, lengthOf, pointerOf } from "../bytes/slice";
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  LETTER_U,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from "../json/characters";

/** `\u0022` and `\u005c` behind their `\u`, as numbers in the order of memory: a quote and a backslash. */
const HEX_QUOTE: u32 = 0x32323030;
const HEX_BACKSLASH_LOWER: u32 = 0x63353030;
const HEX_BACKSLASH_UPPER: u32 = 0x43353030;

/**
 * Follows a JSON text that comes as fragments of a JSON string, and knows when its first object or array is closed.
 * It does not validate; a fragment never cuts an escape, since each is a JSON string of its own.
 */
@final
export class Nesting {
  private depth: i32 = 0;
  private begun: bool = false;
  private inString: bool = false;
  private escaped: bool = false;

  /** Whether the text is one whole object or array. */
  get isClosed(): bool {
    return this.begun && this.depth <= 0;
  }

  /** Takes the next fragment: a JSON string body. */
  follow(body: Slice): void {
    let at = pointerOf(body);
    const end = at + lengthOf(body);
    while (at < end) {
      let byte = load<u8>(at++);
      if (byte == BACKSLASH && at < end) {
        byte = load<u8>(at++);
        if (byte == LETTER_U && at + 4 <= end) {
          byte = characterOf(load<u32>(at));
          at += 4;
        } else if (byte != QUOTE && byte != BACKSLASH) {
          byte = 0; // a control character or a slash: no structure
        }
      }
      this.take(byte);
    }
  }


  @inline
  private take(byte: u8): void {
    if (this.escaped) this.escaped = false;
    else if (this.inString) {
      if (byte == QUOTE) this.inString = false;
      else if (byte == BACKSLASH) this.escaped = true;
    } else if (byte == QUOTE) this.inString = true;
    else if (byte == OPEN_BRACE || byte == OPEN_BRACKET) {
      this.begun = true;
      this.depth++;
    } else if (byte == CLOSE_BRACE || byte == CLOSE_BRACKET) this.depth--;
  }
}

/** The ASCII characters that matter; braces are never written as escapes by any encoder. */
function characterOf(hex: u32): u8 {
  if (hex == HEX_QUOTE) return QUOTE;
  return hex == HEX_BACKSLASH_LOWER || hex == HEX_BACKSLASH_UPPER ? BACKSLASH : 0;
}
