import {
  BACKSLASH,
  LETTER_U,
  QUOTE,
  followers,
  highestSecond,
  isHexDigit,
  isShortEscape,
  lowestSecond,
  plainEnd,
  wideCharactersEnd,
} from "./characters";
import { JsonError } from "./error";

/** Where the automaton stands between two bytes of a string. */
const enum Place {
  Plain,
  /** Behind a backslash. */
  Escape,
  /** Inside \uXXXX; `missing` counts the digits that are to come. */
  Hex,
  /** Inside a UTF-8 character; `missing` counts the bytes that are to come. */
  Character,
}

/** Reads what is between the quotes of a string, in pieces that may end anywhere: the part of `Scanner` for strings. */
@final
export class StringBody {
  error: JsonError = JsonError.None;
  /** Whether the closing quote was read. */
  isOver: bool = false;
  hasEscape: bool = false;

  private place: Place = Place.Plain;
  private missing: i32 = 0;
  /** Bounds of the next byte of a UTF-8 character. */
  private lower: u8 = 0;
  private upper: u8 = 0;

  /** Makes ready for another string, whatever was left open. */
  @inline
  reset(): void {
    this.error = JsonError.None;
    this.isOver = false;
    this.hasEscape = false;
    this.place = Place.Plain;
  }

  /** Reads on from `at` to `to`; the address behind the closing quote, of the byte that is wrong, or `to`. */
  read(at: usize, to: usize): usize {
    while (true) {
      if (this.place != Place.Plain) {
        at = this.place == Place.Character ? this.character(at, to) : this.escape(at, to);
        if (this.place != Place.Plain) return at;
      }
      at = plainEnd(at, to);
      if (at == to) return at;
      const byte = load<u8>(at);
      if (byte == QUOTE) {
        this.isOver = true;
        return at + 1;
      }
      if (byte == BACKSLASH) {
        this.hasEscape = true;
        if (at + 1 < to && isShortEscape(load<u8>(at + 1))) {
          at += 2; // the common case, without a change of place
          continue;
        }
        this.place = Place.Escape;
        at++;
      } else if (byte >= 0x80) {
        at = wideCharactersEnd(at, to);
        if (at == to) return at;
        const first = load<u8>(at);
        if (first < 0x80) continue;
        this.missing = followers(first);
        if (this.missing == 0) return this.fail(JsonError.InvalidUtf8, at);
        this.lower = lowestSecond(first);
        this.upper = highestSecond(first);
        this.place = Place.Character;
        at++;
      } else {
        return this.fail(JsonError.ControlCharacter, at);
      }
    }
  }

  private escape(at: usize, to: usize): usize {
    for (; at < to; at++) {
      const byte = load<u8>(at);
      if (this.place == Place.Escape) {
        if (isShortEscape(byte)) {
          this.place = Place.Plain;
          return at + 1;
        }
        if (byte != LETTER_U) return this.fail(JsonError.InvalidEscape, at);
        this.place = Place.Hex;
        this.missing = 4;
      } else {
        if (!isHexDigit(byte)) return this.fail(JsonError.InvalidEscape, at);
        if (--this.missing == 0) {
          this.place = Place.Plain;
          return at + 1;
        }
      }
    }
    return at;
  }

  private character(at: usize, to: usize): usize {
    for (; at < to; at++) {
      const byte = load<u8>(at);
      if (byte < this.lower || byte > this.upper) return this.fail(JsonError.InvalidUtf8, at);
      this.lower = 0x80;
      this.upper = 0xbf;
      if (--this.missing == 0) {
        this.place = Place.Plain;
        return at + 1;
      }
    }
    return at;
  }

  private fail(error: JsonError, at: usize): usize {
    this.error = error;
    return at;
  }
}
