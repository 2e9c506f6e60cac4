/** Why a text is not taken as JSON. */
export enum JsonError {
  None,
  /** A byte that cannot stand here, a byte order mark and NUL included. */
  UnexpectedByte,
  /** The text ended inside the value, or held none. */
  UnexpectedEnd,
  /** Something other than white space follows the value. */
  TrailingBytes,
  InvalidLiteral,
  InvalidNumber,
  InvalidEscape,
  /** A control character that a string must escape. */
  ControlCharacter,
  /** Bytes that are not UTF-8: overlong, surrogate, cut or beyond U+10FFFF. */
  InvalidUtf8,
  /** More than 512 open objects and arrays. */
  TooDeep,
  /** More recorded tokens than the tape may hold. */
  TooManyTokens,
  /** A record or text longer than allowed. */
  TooLarge,
  /** The text is valid so far, but it is not the array that was expected. */
  NotArray,
}

/** A short English text for logs and error messages; static, never made of the input. */
export function describeJsonError(error: JsonError): string {
  switch (error) {
    case JsonError.None:
      return "no error";
    case JsonError.UnexpectedByte:
      return "unexpected character";
    case JsonError.UnexpectedEnd:
      return "unexpected end";
    case JsonError.TrailingBytes:
      return "unexpected data after the value";
    case JsonError.InvalidLiteral:
      return "invalid literal";
    case JsonError.InvalidNumber:
      return "invalid number";
    case JsonError.InvalidEscape:
      return "invalid escape in a string";
    case JsonError.ControlCharacter:
      return "unescaped control character in a string";
    case JsonError.InvalidUtf8:
      return "invalid UTF-8 in a string";
    case JsonError.TooDeep:
      return "nested too deeply";
    case JsonError.TooManyTokens:
      return "too many values";
    case JsonError.TooLarge:
      return "too large";
    case JsonError.NotArray:
      return "not an array";
    default:
      return "unknown error";
  }
}
