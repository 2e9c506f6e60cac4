import {
  Slice,
  Utf8,
  borrow,
  lengthOf,
  parseDecimal,
  pointerOf,
  startsWith,
  subslice,
  toText,
} from "../../bytes/slice";
import { Attempts } from "../policies";
import { Values } from "../values";
import { note } from "./ignored";

/** Statuses that another try may cure, or another key. */
const CURABLE: i32[] = [401, 403, 408, 429, 500, 502, 503, 504, 529];

/** Milliseconds before a target is tried a second time, and the most that doubling makes of it. */
const BACKOFF_MS: i32 = 100;
const MAX_BACKOFF_MS: i32 = 2000;

/** `retryOnFailure` as attempts of ours; null where it is off. */
export function readRetry(provider: Values, path: string, notes: string[]): Attempts | null {
  const values = provider.object("retryOnFailure");
  if (!values.flag("enabled")) return null;
  const attempts = new Attempts();
  attempts.max = 1 + values.integer("maxRetries");
  attempts.firstByteMs = values.integer("retryTimeout");
  attempts.backoffMs = BACKOFF_MS;
  attempts.maxBackoffMs = MAX_BACKOFF_MS;
  const statuses = readStatuses(values.texts("retryOnStatus"), path + ".retryOnFailure.retryOnStatus", notes);
  attempts.statuses = statuses.length > 0 ? statuses : CURABLE;
  return attempts;
}

/**
 * Statuses as numbers, and hundreds of them as one digit. They are written as regular expressions, of which two kinds
 * occur: a status, and the beginning of one with anything behind it.
 */
export function readStatuses(texts: Utf8[], path: string, notes: string[]): i32[] {
  const statuses: i32[] = [];
  for (let i = 0; i < texts.length; i++) {
    const text = borrow(texts[i]);
    const bare = startsWith(text, "^") ? subslice(text, 1, lengthOf(text)) : text;
    const whole = parseDecimal(subslice(bare, 0, 3));
    const hundred = parseDecimal(subslice(bare, 0, 1));
    const isWhole = whole >= 100 && lengthOf(bare) >= 3 && !hasPattern(bare);
    if (isWhole) statuses.push(whole);
    else if (hundred >= 1 && hundred <= 5) statuses.push(hundred);
    else note(notes, path + ": " + toText(text) + " is ignored: write a status, or 4.* or 5.*");
  }
  return statuses;
}

/** Whether one of the first three characters is not a digit. */
function hasPattern(text: Slice): bool {
  for (let i = 0; i < min(3, lengthOf(text)); i++) {
    const byte = load<u8>(pointerOf(text) + i);
    if (byte < 0x30 || byte > 0x39) return true;
  }
  return false;
}
