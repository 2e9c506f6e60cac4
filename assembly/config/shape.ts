import { Pattern } from "../bytes/pattern";
import { Slice, equals, indexOfByte, lengthOf, pointerOf, subslice, toText } from "../bytes/slice";
import { PARAMETER_NAMES } from "../chat/parameters";
import { CACHE_POSITIONS } from "../formats/bedrock/prompt-cache";
import { ServiceAccount } from "../vendors/auth/service-account";
import { Shape } from "./field";
import { didYouMean } from "./suggest";

const SPACE: u8 = 0x20;
const DOLLAR: u8 = 0x24;
const AT: u8 = 0x40;
const HASH: u8 = 0x23;
const SLASH: u8 = 0x2f;
const COLON: u8 = 0x3a;
const QUESTION_MARK: u8 = 0x3f;
const OPEN_BRACKET: u8 = 0x5b;
const CLOSE_BRACKET: u8 = 0x5d;
const DELETE: u8 = 0x7f;

/** Visible characters that cannot stand in a token. */
const DELIMITERS: string = '"(),/:;<=>?@[\\]{}';

/** Statuses of an instance, as Eureka writes them. */
const STATUSES: string[] = ["DOWN", "OUT_OF_SERVICE", "STARTING", "UNKNOWN", "UP"];

/** The formats that have a client side. */
const DIALECTS: string[] = ["openai", "anthropic", "gemini", "responses"];

/** Names of parameters, without `unknown_fields`, which are left out anyway. */
const PARAMETERS: string[] = PARAMETER_NAMES.slice<string[]>(0, PARAMETER_NAMES.length - 1);

/** Digits that a port has at most. */
const PORT_DIGITS: i32 = 5;

/** What is wrong with a text of this shape, as the end of a sentence about it; "" where it is right. */
export function shapeProblem(shape: Shape, text: Slice): string {
  if (shape == Shape.Free || (shape == Shape.Blank && lengthOf(text) == 0)) return "";
  if (lengthOf(text) == 0) return "must not be empty";
  switch (shape) {
    case Shape.Name:
      return isAll(text, isPrintable) ? "" : "must not contain control characters";
    case Shape.Visible:
    case Shape.Blank:
      return isAll(text, isVisible) ? "" : "may only contain visible ASCII characters, without spaces";
    case Shape.Header:
      return isAll(text, isToken) ? "" : "is not a valid header name";
    case Shape.Path:
      return isPath(text) ? "" : 'must be a path that begins with "/", without query and fragment';
    case Shape.Endpoint:
      return isEndpoint(text) ? "" : "must be a service and its port, such as llm.dns:443";
    case Shape.Address:
      return isAddress(text) ? "" : "must be an address and its port, such as 10.0.0.1:8080";
    case Shape.Status:
      return isOneOf(text, STATUSES) ? "" : "is no status, one of " + STATUSES.join(", ");
    case Shape.Dialect:
      return isOneOf(text, DIALECTS) ? "" : "is no language of clients, one of " + DIALECTS.join(", ");
    case Shape.ServiceAccount:
      return ServiceAccount.parse(text).problem;
    case Shape.Code:
      return isCode(text) ? "" : "must be a status of HTTP from 400 to 599, such as 429, or 4xx or 5xx";
    case Shape.Expression:
      return isExpression(text) ? "" : "must be an expression, which begins with $ or @";
    case Shape.PathTemplate:
      return isPathTemplate(text) ? "" : 'must be a path that begins with "/"';
    case Shape.CachePosition:
      return isOneOf(text, CACHE_POSITIONS) ? "" : "is no position, one of " + CACHE_POSITIONS.join(", ");
    case Shape.Parameter:
      return isOneOf(text, PARAMETERS)
        ? ""
        : "is no parameter of a request" + didYouMean(toText(text), PARAMETERS);
    case Shape.Condition:
      return isAll(text, isPrintable) ? "" : "must not contain control characters";
    default:
      return patternProblem(text);
  }
}

/** What is wrong with the replacement of a model pattern, as `shapeProblem`. A wrong pattern is not looked into. */
export function replacementProblem(pattern: Slice, replacement: Slice): string {
  const compiled = Pattern.parse(pattern);
  const error = compiled.error.length > 0 ? "" : compiled.replacement(replacement).error;
  return error.length == 0 ? "" : "is no replacement: " + error;
}

function patternProblem(text: Slice): string {
  const error = Pattern.parse(text).error;
  return error.length == 0 ? "" : "is no pattern of models: " + error;
}

function isAll(text: Slice, is: (byte: u8) => bool): bool {
  const pointer = pointerOf(text);
  const length = lengthOf(text);
  for (let i = 0; i < length; i++) {
    if (!is(load<u8>(pointer + i))) return false;
  }
  return true;
}

function isPrintable(byte: u8): bool {
  return byte >= SPACE && byte != DELETE;
}

function isVisible(byte: u8): bool {
  return byte > SPACE && byte < DELETE;
}

/** RFC 9110 section 5.6.2: visible characters without delimiters. */
function isToken(byte: u8): bool {
  return isVisible(byte) && !DELIMITERS.includes(String.fromCharCode(byte));
}

function isPath(text: Slice): bool {
  return load<u8>(pointerOf(text)) == SLASH && isAll(text, isPathByte);
}

function isPathByte(byte: u8): bool {
  return isVisible(byte) && byte != HASH && byte != QUESTION_MARK;
}

/** Visible characters, one colon, one to five digits. */
function isEndpoint(text: Slice): bool {
  const colon = indexOfByte(text, COLON);
  const digits = lengthOf(text) - colon - 1;
  if (colon < 1 || digits < 1 || digits > PORT_DIGITS) return false;
  return isAll(text, isVisible) && isAll(subslice(text, colon + 1, lengthOf(text)), isDigit);
}

/** `host:port`, or an IPv6 address in brackets and the port. */
function isAddress(text: Slice): bool {
  const isBracketed = load<u8>(pointerOf(text)) == OPEN_BRACKET;
  const close = isBracketed ? indexOfByte(text, CLOSE_BRACKET) : 0;
  if (!isBracketed) return isEndpoint(text) && indexOfByte(text, OPEN_BRACKET) < 0;
  const rest = subslice(text, close + 1, lengthOf(text));
  const digits = lengthOf(rest) - 1;
  if (close < 2 || digits < 1 || digits > PORT_DIGITS || load<u8>(pointerOf(rest)) != COLON) return false;
  return isAll(subslice(text, 1, close), isIpv6Byte) && isAll(subslice(rest, 1, digits + 1), isDigit);
}

function isIpv6Byte(byte: u8): bool {
  return isDigit(byte) || byte == COLON || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}

function isExpression(text: Slice): bool {
  const first = load<u8>(pointerOf(text));
  return (first == DOLLAR || first == AT) && isAll(text, isPrintable);
}

/** A path may have any text in braces, so it is only looked at where it begins, and for what no path may have. */
function isPathTemplate(text: Slice): bool {
  return load<u8>(pointerOf(text)) == SLASH && isAll(text, isPrintable) && indexOfByte(text, HASH) < 0;
}

function isOneOf(text: Slice, words: string[]): bool {
  for (let i = 0; i < words.length; i++) if (equals(text, words[i])) return true;
  return false;
}

/** Three digits, the first one 4 or 5, or one digit and "xx". */
function isCode(text: Slice): bool {
  if (lengthOf(text) != 3) return false;
  const first = load<u8>(pointerOf(text));
  if (first != 0x34 && first != 0x35) return false;
  const rest = subslice(text, 1, 3);
  return equals(rest, "xx") || isAll(rest, isDigit);
}

function isDigit(byte: u8): bool {
  return byte >= 0x30 && byte <= 0x39;
}
