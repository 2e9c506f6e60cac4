import {
  CASE_BIT,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  DIGIT_0,
  LETTER_E,
  MINUS,
  PLUS,
  POINT,
  isDigit,
  isWhiteSpace,
} from "./characters";

/** Where the automaton stands between two bytes. The number states come last, see `isNumber`. */
export const enum State {
  /** No state: what was read cannot stand there. */
  None,
  /** A value must begin. */
  Value,
  /** An array was opened: a value or its end. */
  FirstElement,
  /** An object was opened: a member or its end. */
  FirstKey,
  /** A member must follow. */
  Key,
  Colon,
  /** A value ended inside a container: a comma or the container's end. */
  AfterValue,
  /** The root value ended. */
  Done,
  String,
  /** Inside true, false or null. */
  Literal,
  Minus,
  Zero,
  Integer,
  Point,
  Fraction,
  Exponent,
  ExponentSign,
  ExponentDigits,
}


@inline
export function isNumber(state: State): bool {
  return state >= State.Minus;
}

/** Whether a number may end in this state. */
@inline
export function isFinalNumber(state: State): bool {
  return isMantissa(state) || state == State.ExponentDigits;
}

/** Whether more digits change nothing. */
@inline
export function isDigits(state: State): bool {
  return state == State.Integer || state == State.Fraction || state == State.ExponentDigits;
}

/**
 * What a byte makes of a number (RFC 8259 section 6): `AfterValue` where it stands behind its end, `None` where it
 * can be neither part of the number nor stand behind it.
 */
export function numberState(state: State, byte: u8): State {
  if (isDigit(byte)) {
    if (isDigits(state)) return state;
    if (state == State.Minus) return byte == DIGIT_0 ? State.Zero : State.Integer;
    if (state == State.Point) return State.Fraction;
    return state == State.Zero ? State.None : State.ExponentDigits;
  }
  if (byte == POINT) return state == State.Zero || state == State.Integer ? State.Point : State.None;
  if ((byte | CASE_BIT) == LETTER_E) return isMantissa(state) ? State.Exponent : State.None;
  if (byte == PLUS || byte == MINUS) return state == State.Exponent ? State.ExponentSign : State.None;
  const isBehind = byte == COMMA || byte == CLOSE_BRACE || byte == CLOSE_BRACKET || isWhiteSpace(byte);
  return isBehind && isFinalNumber(state) ? State.AfterValue : State.None;
}

/** Whether an exponent may follow. */
@inline
function isMantissa(state: State): bool {
  return state == State.Zero || state == State.Integer || state == State.Fraction;
}
