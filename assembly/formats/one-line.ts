import { Slice, lengthOf, pointerOf } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { CARRIAGE_RETURN, LINE_FEED, SPACE } from "../json/characters";

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
