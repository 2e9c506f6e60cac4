import { Slice, lengthOf, pointerOf, subslice, parseDecimal } from "../../bytes/slice";

/** Bytes of `2026-01-31T23:59:59`. */
const SECONDS_END: i32 = 19;

/**
 * Seconds since 1970 of an RFC 3339 time in UTC (`2026-01-31T23:59:59.123Z`), which is how protobuf writes a
 * Timestamp; 0 where it is none.
 */
export function parseTime(text: Slice): i64 {
  const pointer = pointerOf(text);
  const length = lengthOf(text);
  if (length <= SECONDS_END || load<u8>(pointer + length - 1) != 0x5a) return 0;
  const year = parseDecimal(subslice(text, 0, 4));
  const month = parseDecimal(subslice(text, 5, 7));
  const day = parseDecimal(subslice(text, 8, 10));
  const hour = parseDecimal(subslice(text, 11, 13));
  const minute = parseDecimal(subslice(text, 14, 16));
  const second = parseDecimal(subslice(text, 17, 19));
  if (year < 1970 || month < 1 || month > 12 || day < 1 || hour < 0 || minute < 0 || second < 0) return 0;
  return ((daysBefore(year, month) + day - 1) as i64) * 86400 + hour * 3600 + minute * 60 + second;
}

/** Days from 1970-01-01 to the first of a month (Gregorian calendar, years that begin in March). */
function daysBefore(year: i32, month: i32): i32 {
  const y = month > 2 ? year : year - 1;
  const monthDays = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5;
  return y * 365 + y / 4 - y / 100 + y / 400 + monthDays - 719468;
}
