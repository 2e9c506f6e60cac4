import { Slice, lengthOf, pointerOf, slice } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { CASE_BIT, COMMA, LETTER_E, MINUS, PLUS, POINT, isDigit, isWhiteSpace } from "../../json/characters";
import { parseDecimal } from "../../json/number";

/** Arrays of numbers as JSON text, looked at without a token for each number. The text is known to be JSON. */

/** Whether an array holds numbers, and nothing but numbers. */
export function isNumbers(array: Slice): bool {
  let at = pointerOf(array) + 1;
  const end = at + lengthOf(array) - 2;
  let hasDigit = false;
  for (; at < end; at++) {
    const byte = load<u8>(at);
    if (isDigit(byte)) hasDigit = true;
    else if (!isNumberByte(byte) && byte != COMMA && !isWhiteSpace(byte)) return false;
  }
  return hasDigit;
}

/** Writes the numbers of an array as 32-bit floats, little-endian, in the place of what `out` held. */
export function writeFloats(array: Slice, out: Writer): void {
  out.reset();
  let at = pointerOf(array);
  const end = at + lengthOf(array);
  while (at < end) {
    const from = at;
    while (at < end && isPartOfNumber(load<u8>(at))) at++;
    if (at == from) {
      at++;
      continue;
    }
    store<f32>(out.reserve(4), parseDecimal(slice(from, (at - from) as i32), 0) as f32);
    out.advance(4);
  }
}


@inline
function isPartOfNumber(byte: u8): bool {
  return isDigit(byte) || isNumberByte(byte);
}


@inline
function isNumberByte(byte: u8): bool {
  return byte == MINUS || byte == POINT || byte == PLUS || (byte | CASE_BIT) == LETTER_E;
}
