import { Slice, lengthOf, pointerOf } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { BACKSLASH, CARRIAGE_RETURN, LINE_FEED, QUOTE, SPACE, TAB } from "../json/characters";

/** Writes JSON text without line ends, for framings that have one record a line. Strings contain none anyway. */
export function writeOneLine(json: Slice, out: Writer): void {
  const length = lengthOf(json);
  const from = pointerOf(json);
  const to = out.reserve(length);
  for (let i = 0; i < length; i++) {
    const byte = load<u8>(from + i);
    store<u8>(to + i, byte == LINE_FEED || byte == CARRIAGE_RETURN ? SPACE : byte);
  }
  out.advance(length);
}

/** Writes valid JSON text without any white space between its tokens. */
export function writeCompact(json: Slice, out: Writer): void {
  const length = lengthOf(json);
  const from = pointerOf(json);
  const to = out.reserve(length);
  let written = 0;
  let inString = false;
  for (let i = 0; i < length; i++) {
    const byte = load<u8>(from + i);
    if (inString) {
      if (byte == BACKSLASH && i + 1 < length) {
        store<u8>(to + written++, byte);
        store<u8>(to + written++, load<u8>(from + ++i));
        continue;
      }
      if (byte == QUOTE) inString = false;
    } else if (byte == QUOTE) {
      inString = true;
    } else if (byte == SPACE || byte == TAB || byte == LINE_FEED || byte == CARRIAGE_RETURN) {
      continue;
    }
    store<u8>(to + written++, byte);
  }
  out.advance(written);
}
