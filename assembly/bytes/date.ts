import { Writer } from "./writer";

const HYPHEN: u8 = 0x2d;
const LETTER_T: u8 = 0x54;
const LETTER_Z: u8 = 0x5a;
const MS_PER_SECOND: i64 = 1000;
const SECONDS_PER_DAY: i64 = 86400;

/** Days from 0000-03-01 to 1970-01-01, and in 400 years, of the Gregorian calendar. */
const DAYS_TO_1970: i64 = 719468;
const DAYS_PER_ERA: i64 = 146097;

/**
 * Writes the date in UTC as `20150830`, or `2015-08-30` with hyphens.
 * @param time milliseconds since 1970; the years 1970 to 9999 are written
 */
export function writeDate(writer: Writer, time: i64, hyphens: bool): void {
  const days = max<i64>(0, time) / (MS_PER_SECOND * SECONDS_PER_DAY) + DAYS_TO_1970;
  // Years begin in March, so that the day that some years have more is the last one.
  const era = days / DAYS_PER_ERA;
  const dayOfEra = days % DAYS_PER_ERA;
  const year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  const dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100);
  const marchMonth = (5 * dayOfYear + 2) / 153;
  const day = dayOfYear - (153 * marchMonth + 2) / 5 + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const calendarYear = year + era * 400 + (month <= 2 ? 1 : 0);
  digits(writer, calendarYear / 100);
  digits(writer, calendarYear % 100);
  if (hyphens) writer.byte(HYPHEN);
  digits(writer, month);
  if (hyphens) writer.byte(HYPHEN);
  digits(writer, day);
}

/** Writes date and time in UTC as `20150830T123600Z`, the basic form of ISO 8601. @param time as above */
export function writeBasicTime(writer: Writer, time: i64): void {
  writeDate(writer, time, false);
  const seconds = (max<i64>(0, time) / MS_PER_SECOND) % SECONDS_PER_DAY;
  writer.byte(LETTER_T);
  digits(writer, seconds / 3600);
  digits(writer, (seconds / 60) % 60);
  digits(writer, seconds % 60);
  writer.byte(LETTER_Z);
}

/** Two decimal digits. */
function digits(writer: Writer, value: i64): void {
  writer.byte((0x30 + ((value / 10) % 10)) as u8);
  writer.byte((0x30 + (value % 10)) as u8);
}
