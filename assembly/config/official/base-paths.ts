import {
  Slice,
  Utf8,
  borrow,
  lengthOf,
  pointerOf,
  same,
  subslice,
  toOwned,
  toText,
  utf8,
} from "../../bytes/slice";
import { Service } from "../model";
import { Values } from "../values";

const SLASH: u8 = 0x2f;

/** Index of `prepend` among the ways to handle a base path. */
const PREPEND: i32 = 1;

/**
 * `basePath`, `subPath` and `providerBasePath`: what is put before the paths of a service, unless they begin so already,
 * and, for a service whose clients speak its own API, what is taken off theirs.
 */
export function readBasePaths(service: Service, values: Values): void {
  const basePath = bare(values.text("basePath"));
  const prepends = values.choice("basePathHandling") == PREPEND;
  if (!prepends) service.stripPath = basePath.byteLength > 0 ? basePath : bare(values.text("subPath"));
  if (prepends) addPrefix(service, borrow(basePath));
  const outer = bare(values.text("providerBasePath"));
  addPrefix(service, borrow(outer));
}

function addPrefix(service: Service, prefix: Slice): void {
  if (lengthOf(prefix) == 0) return;
  service.basePath = prefixed(prefix, service.basePath);
  for (let i = 0; i < service.paths.length; i++) {
    service.paths[i].path = prefixed(prefix, service.paths[i].path);
  }
}

function prefixed(prefix: Slice, path: Utf8): Utf8 {
  const bytes = borrow(path);
  const length = lengthOf(prefix);
  const has = same(subslice(bytes, 0, length), prefix);
  const ends =
    lengthOf(bytes) == length || (lengthOf(bytes) > length && load<u8>(pointerOf(bytes) + length) == SLASH);
  return has && ends ? path : utf8(toText(prefix) + toText(bytes));
}

/** A prefix as paths have it: with "/" at its beginning, and none at its end; empty where there is none. */
function bare(text: Utf8): Utf8 {
  const bytes = borrow(text);
  let from = 0;
  let to = lengthOf(bytes);
  while (to > from && load<u8>(pointerOf(bytes) + to - 1) == SLASH) to--;
  while (from < to && load<u8>(pointerOf(bytes) + from) == SLASH) from++;
  if (from == to) return new ArrayBuffer(0);
  return from == 1 ? toOwned(subslice(bytes, 0, to)) : utf8("/" + toText(subslice(bytes, from, to)));
}
