import { NONE, Slice, indexOfByte, lengthOf, pointerOf, same, subslice } from "./slice";

const BRACE: u8 = 0x7b;
const CLOSING: u8 = 0x7d;
const SLASH: u8 = 0x2f;

/** What the last walk found for its name. */
let found: Slice = NONE;

/**
 * How many bytes of a path a template stands for, or -1. `{name}` in it stands for one segment that is not empty; it has to
 * end where a segment of the path does.
 */
export function matchTemplate(template: Slice, path: Slice): i32 {
  return walk(template, path, NONE);
}

/** The segment of a path that `{name}` in a template stands for, borrowed; NONE where there is none. */
export function segmentOf(template: Slice, path: Slice, name: Slice): Slice {
  return walk(template, path, name) < 0 ? NONE : found;
}

/** The next placeholder at or after `from`: the name between its braces, borrowed; NONE where there is none. */
export function placeholderIn(template: Slice, from: i32): Slice {
  const open = indexOfByte(template, BRACE, from);
  if (open < 0) return NONE;
  const close = indexOfByte(template, CLOSING, open);
  return close < 0 ? NONE : subslice(template, open + 1, close);
}

/** Whether a template has this placeholder. */
export function hasPlaceholder(template: Slice, name: Slice): bool {
  let next = placeholderIn(template, 0);
  while (next != NONE && !same(next, name)) next = placeholderIn(template, endOf(template, next));
  return next != NONE;
}

/** Where in the template the placeholder of this name, a part of it, ends: behind its closing brace. */
export function endOf(template: Slice, name: Slice): i32 {
  return ((pointerOf(name) - pointerOf(template)) as i32) + lengthOf(name) + 1;
}

function walk(template: Slice, path: Slice, name: Slice): i32 {
  const from = pointerOf(path);
  const length = lengthOf(path);
  let at = 0;
  found = NONE;
  for (let i = 0; i < lengthOf(template); i++) {
    const byte = load<u8>(pointerOf(template) + i);
    if (byte == BRACE) {
      const own = placeholderIn(template, i);
      if (own == NONE) return -1;
      const start = at;
      while (at < length && load<u8>(from + at) != SLASH) at++;
      if (at == start) return -1;
      if (same(own, name)) found = subslice(path, start, at);
      i = endOf(template, own) - 1;
    } else if (at < length && load<u8>(from + at) == byte) at++;
    else return -1;
  }
  return at == length || load<u8>(from + at) == SLASH ? at : -1;
}
