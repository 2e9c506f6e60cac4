import { writeBasicTime, writeDate } from "../../bytes/date";
import { deriveKey, hmacSha256 } from "../../bytes/hmac";
import { decodePercent, encodePercent, pathOf, queryOf } from "../../bytes/percent";
import { sha256Hex } from "../../bytes/sha256";
import {
  Slice,
  Utf8,
  borrow,
  equals,
  indexOfByte,
  lastIndexOfByte,
  lengthOf,
  pointerOf,
  same,
  slice,
  subslice,
  utf8,
} from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { HeaderSink, Signable, Signer } from "./signer";

const NEW_LINE: u8 = 0x0a;
const SPACE: u8 = 0x20;
const TAB: u8 = 0x09;
const AMPERSAND: u8 = 0x26;
const COMMA: u8 = 0x2c;
const SLASH: u8 = 0x2f;
const COLON: u8 = 0x3a;
const SEMICOLON: u8 = 0x3b;
const EQUALS: u8 = 0x3d;

const ALGORITHM: string = "AWS4-HMAC-SHA256";
const TERMINATION: string = "aws4_request";

/** Names that are needed as bytes. */
const DATE_NAME: Utf8 = utf8("x-amz-date");
const TOKEN_NAME: Utf8 = utf8("x-amz-security-token");
const TERMINATION_NAME: Utf8 = utf8(TERMINATION);

/** Requests of models have no query, or a short one; sorting a long one is no work for a gateway. */
const MAX_PARAMETERS: i32 = 64;

const DATE_BYTES: i32 = 8;

const time: Writer = new Writer();
const scope: Writer = new Writer();
const path: Writer = new Writer();
const query: Writer = new Writer();
const decoded: Writer = new Writer();
const canonical: Writer = new Writer();
const names: Writer = new Writer();
const key: Writer = new Writer();
const text: Writer = new Writer();

/** Indexes of headers, or parameters, in their order. */
const order: Array<i32> = [];
const parameters: Array<Slice> = [];

/**
 * AWS Signature Version 4 in the header `authorization`, for services that encode the path twice (all but S3).
 * Source: AWS IAM User Guide, "Create a signed AWS API request".
 */
@final
export class SigV4 extends Signer {
  /** @param sessionToken of temporary credentials; empty: none */
  constructor(
    private readonly accessKey: Utf8,
    private readonly secretKey: Utf8,
    private readonly sessionToken: Utf8,
    private readonly region: Utf8,
    private readonly service: Utf8,
  ) {
    super();
  }

  /** Sets `x-amz-date`, `x-amz-security-token` where there is one, and `authorization`. */
  sign(request: Signable, out: HeaderSink): bool {
    time.reset();
    writeBasicTime(time, request.time);
    const hasToken = this.sessionToken.byteLength > 0;
    request.add(borrow(DATE_NAME), time.view());
    if (hasToken) request.add(borrow(TOKEN_NAME), borrow(this.sessionToken));
    if (!writeCanonicalRequest(request)) return false;
    this.writeScope(request.time);

    text.reset();
    text.ascii(ALGORITHM);
    text.byte(NEW_LINE);
    text.bytes(time.view());
    text.byte(NEW_LINE);
    text.bytes(scope.view());
    text.byte(NEW_LINE);
    sha256Hex(text, canonical.view());
    this.makeKey();
    decoded.reset();
    hmacSha256(decoded, key.view(), text.view());
    key.reset();

    text.reset();
    text.ascii(ALGORITHM);
    text.ascii(" Credential=");
    text.owned(this.accessKey);
    text.byte(SLASH);
    text.bytes(scope.view());
    text.ascii(", SignedHeaders=");
    text.bytes(names.view());
    text.ascii(", Signature=");
    text.hex(decoded.view());
    return (
      out.set("x-amz-date", time.view()) &&
      (!hasToken || out.set("x-amz-security-token", borrow(this.sessionToken))) &&
      out.set("authorization", text.view())
    );
  }

  private writeScope(now: i64): void {
    scope.reset();
    writeDate(scope, now, false);
    scope.byte(SLASH);
    scope.owned(this.region);
    scope.byte(SLASH);
    scope.owned(this.service);
    scope.byte(SLASH);
    scope.ascii(TERMINATION);
  }

  private makeKey(): void {
    key.reset();
    key.ascii("AWS4");
    key.owned(this.secretKey);
    deriveKey(key, subslice(time.view(), 0, DATE_BYTES));
    deriveKey(key, borrow(this.region));
    deriveKey(key, borrow(this.service));
    deriveKey(key, borrow(TERMINATION_NAME));
  }
}

/** Writes the canonical request, and the list of signed headers. False where there are too many parameters. */
function writeCanonicalRequest(request: Signable): bool {
  canonical.reset();
  canonical.bytes(request.method);
  canonical.byte(NEW_LINE);
  writePath(pathOf(request.target));
  canonical.byte(NEW_LINE);
  if (!writeQuery(queryOf(request.target))) return false;
  canonical.byte(NEW_LINE);
  writeHeaders(request);
  canonical.byte(NEW_LINE);
  canonical.bytes(names.view());
  canonical.byte(NEW_LINE);
  canonical.bytes(request.bodyHash);
  return true;
}

/** The path without empty, `.` and `..` segments (RFC 3986 section 5.2.4), each byte encoded once more. */
function writePath(target: Slice): void {
  path.reset();
  const length = lengthOf(target);
  let isDirectory = true;
  for (let from = 0; from < length;) {
    const slash = indexOfByte(target, SLASH, from);
    const to = slash < 0 ? length : slash;
    const segment = subslice(target, from, to);
    from = to + 1;
    isDirectory = slash >= 0;
    if (lengthOf(segment) == 0) continue;
    if (equals(segment, ".")) isDirectory = true;
    else if (equals(segment, "..")) {
      path.truncate(max(0, lastIndexOfByte(path.view(), SLASH)));
      isDirectory = true;
    } else {
      path.byte(SLASH);
      path.bytes(segment);
    }
  }
  if (isDirectory) path.byte(SLASH);
  encodePercent(canonical, path.view(), true);
}

/** The parameters, encoded anew and sorted by name and value. */
function writeQuery(target: Slice): bool {
  query.reset();
  parameters.length = 0;
  const length = lengthOf(target);
  // Places first: the writer's memory may move until everything is in it.
  for (let from = 0; from < length;) {
    const end = indexOfByte(target, AMPERSAND, from);
    const to = end < 0 ? length : end;
    const parameter = subslice(target, from, to);
    from = to + 1;
    if (lengthOf(parameter) == 0) continue;
    if (parameters.length == MAX_PARAMETERS) return false;
    const start = query.length;
    const sign = indexOfByte(parameter, EQUALS);
    encodeAnew(sign < 0 ? parameter : subslice(parameter, 0, sign));
    query.byte(EQUALS);
    if (sign >= 0) encodeAnew(subslice(parameter, sign + 1, lengthOf(parameter)));
    parameters.push(slice(start, query.length - start));
  }
  const base = pointerOf(query.view());
  for (let i = 0; i < parameters.length; i++) {
    const place = unchecked(parameters[i]);
    parameters[i] = slice(base + pointerOf(place), lengthOf(place));
  }
  sort(parameters.length, isParameterAfter);
  for (let i = 0; i < order.length; i++) {
    if (i > 0) canonical.byte(AMPERSAND);
    canonical.bytes(unchecked(parameters[unchecked(order[i])]));
  }
  return true;
}

/** What is encoded wrongly is taken as it is. */
function encodeAnew(part: Slice): void {
  decoded.reset();
  encodePercent(query, decodePercent(decoded, part) ? decoded.view() : part);
}

/** Compares names first: "=" is no part of them, and greater than some characters that may be. */
function isParameterAfter(left: i32, right: i32): bool {
  const one = unchecked(parameters[left]);
  const other = unchecked(parameters[right]);
  const oneSign = indexOfByte(one, EQUALS);
  const otherSign = indexOfByte(other, EQUALS);
  const names = compare(subslice(one, 0, oneSign), subslice(other, 0, otherSign));
  if (names != 0) return names > 0;
  return compare(subslice(one, oneSign, lengthOf(one)), subslice(other, otherSign, lengthOf(other))) > 0;
}

/** The headers sorted by name; several of one name are one, with their values in order. */
function writeHeaders(request: Signable): void {
  names.reset();
  signed = request.names;
  sort(request.names.length, isHeaderAfter);
  for (let i = 0; i < order.length; i++) {
    const index = unchecked(order[i]);
    const name = unchecked(request.names[index]);
    const isFurther = i > 0 && same(name, unchecked(request.names[unchecked(order[i - 1])]));
    if (isFurther) canonical.byte(COMMA);
    else {
      if (i > 0) names.byte(SEMICOLON);
      names.bytes(name);
      canonical.bytes(name);
      canonical.byte(COLON);
    }
    writeTrimmed(unchecked(request.values[index]));
    const isLast = i + 1 == order.length || !same(name, unchecked(request.names[unchecked(order[i + 1])]));
    if (isLast) canonical.byte(NEW_LINE);
  }
}

/** Names of the headers that are being sorted. */
let signed: Slice[] = [];

function isHeaderAfter(left: i32, right: i32): bool {
  return compare(unchecked(signed[left]), unchecked(signed[right])) > 0;
}

/** A value without blanks at its ends, and with one space where it has several blanks in a row. */
function writeTrimmed(value: Slice): void {
  const pointer = pointerOf(value);
  const length = lengthOf(value);
  const start = canonical.length;
  let isBlank = false;
  for (let i = 0; i < length; i++) {
    const byte = load<u8>(pointer + i);
    if (byte == SPACE || byte == TAB) {
      isBlank = true;
      continue;
    }
    if (isBlank && canonical.length > start) canonical.byte(SPACE);
    isBlank = false;
    canonical.byte(byte);
  }
}

/** Fills `order` with the numbers below `count`, sorted, equal ones as they come. By insertion: there are few. */
function sort(count: i32, isAfter: (left: i32, right: i32) => bool): void {
  order.length = 0;
  for (let i = 0; i < count; i++) {
    order.push(i);
    for (let at = i; at > 0 && isAfter(unchecked(order[at - 1]), i); at--) {
      unchecked((order[at] = order[at - 1]));
      unchecked((order[at - 1] = i));
    }
  }
}

function compare(left: Slice, right: Slice): i32 {
  const common = min(lengthOf(left), lengthOf(right));
  const difference = memory.compare(pointerOf(left), pointerOf(right), common);
  return difference != 0 ? difference : lengthOf(left) - lengthOf(right);
}
