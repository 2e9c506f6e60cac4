import { Slice, lengthOf, pointerOf } from "../bytes/slice";
import { Writer } from "../bytes/writer";

const POINT: u8 = 0x2e;
const MINUS: u8 = 0x2d;
const UNDERSCORE: u8 = 0x5f;
const COLON: u8 = 0x3a;
const DELETE: u8 = 0x7f;

/** Whether the bytes are an IPv4 address: four decimal numbers up to 255 (RFC 3986 section 3.2.2, `IPv4address`). */
export function isIpv4(text: Slice): bool {
  const pointer = pointerOf(text);
  const length = lengthOf(text);
  let numbers = 0;
  let digits = 0;
  let value = 0;
  for (let i = 0; i <= length; i++) {
    const byte = i < length ? load<u8>(pointer + i) : POINT;
    if (isDigit(byte)) {
      value = value * 10 + (byte - 0x30);
      if (++digits > 3 || value > 255) return false;
    } else if (byte == POINT && digits > 0) {
      numbers++;
      digits = 0;
      value = 0;
    } else {
      return false;
    }
  }
  return numbers == 4;
}

/**
 * Whether the bytes look like an IPv6 address: two to seven colons (one more beside `::`) between groups of at most
 * four hexadecimal digits. Zone ids (`%eth0`) mean nothing on another machine and are refused.
 */
export function isIpv6(text: Slice): bool {
  const pointer = pointerOf(text);
  const length = lengthOf(text);
  let colons = 0;
  let digits = 0;
  for (let i = 0; i < length; i++) {
    const byte = load<u8>(pointer + i);
    if (byte == COLON) {
      colons++;
      digits = 0;
    } else if (byte == POINT && colons >= 2) {
      continue; // the last 32 bits in the notation of IPv4: no group to count
    } else if (!isHexDigit(byte) || ++digits > 4) {
      return false;
    }
  }
  return colons >= 2 && colons <= 8;
}

/** Whether the bytes are an IP address. */
export function isIp(text: Slice): bool {
  return isIpv4(text) || isIpv6(text);
}

/** Whether the bytes are a host name or an IP address: nothing that could break out of a header value. */
export function isHost(text: Slice): bool {
  const pointer = pointerOf(text);
  const length = lengthOf(text);
  if (length == 0) return false;
  for (let i = 0; i < length; i++) {
    const byte = load<u8>(pointer + i);
    if (!isLetter(byte) && !isDigit(byte) && byte != POINT && byte != MINUS && byte != UNDERSCORE) {
      return isIpv6(text);
    }
  }
  return true;
}

/** Whether text can stand in a log line or a label: no control characters. */
export function isPrintable(text: Slice): bool {
  const pointer = pointerOf(text);
  const length = lengthOf(text);
  for (let i = 0; i < length; i++) {
    const byte = load<u8>(pointer + i);
    if (byte < 0x20 || byte == DELETE) return false;
  }
  return true;
}

/** Writes `host:port`, with brackets around an IPv6 address (RFC 3986 section 3.2.2). */
export function writeEndpoint(writer: Writer, host: Slice, port: i32): void {
  const bracketed = isIpv6(host);
  if (bracketed) writer.byte(0x5b);
  writer.bytes(host);
  if (bracketed) writer.byte(0x5d);
  writer.byte(COLON);
  writer.number(port);
}


@inline
function isDigit(byte: u8): bool {
  return ((byte - 0x30) as u8) < 10;
}


@inline
function isLetter(byte: u8): bool {
  return (((byte | 0x20) - 0x61) as u8) < 26;
}


@inline
function isHexDigit(byte: u8): bool {
  return isDigit(byte) || (((byte | 0x20) - 0x61) as u8) < 6;
}
