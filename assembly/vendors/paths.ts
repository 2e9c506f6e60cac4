import { encodePercent, pathOf, queryOf } from "../bytes/percent";
import {
  EMPTY,
  NONE,
  Slice,
  Utf8,
  borrow,
  endsWith,
  equals,
  indexOfByte,
  lengthOf,
  pointerOf,
  subslice,
  toOwned,
  utf8,
} from "../bytes/slice";
import { endOf, hasPlaceholder, matchTemplate, placeholderIn, segmentOf } from "../bytes/template";
import { Writer } from "../bytes/writer";

const AMPERSAND: u8 = 0x26;
const ASTERISK: u8 = 0x2a;
const BAR: u8 = 0x7c;
const QUESTION: u8 = 0x3f;

const MODEL: Utf8 = utf8("model");

/**
 * A path that a service has elsewhere than below its base path. `{name}` in `from` stands for one segment of the client's
 * path, and upstream for that segment; `{model}` upstream is the model as the service calls it, and `{a|b}` is `a` for a
 * whole answer and `b` for a stream.
 */
export class ApiPath {
  /** Path behind a client's version prefix, which stands also for all paths below it; empty: for every path. */
  from: Utf8 = EMPTY;
  /** Path upstream, without its query. */
  path: Utf8 = EMPTY;
  /** Query upstream, without its "?"; the client's query goes behind it. */
  query: Utf8 = EMPTY;
  /** Whether the client's query stays behind. */
  dropsQuery: bool = false;
  /** Whether everything goes to this very path, and nothing of the client's path is kept. */
  isWhole: bool = false;
  /** Whether path or query upstream name the model, so that it has to be known. */
  hasModel: bool = false;

  /**
   * @param from see the field; with `*` at its end, `isWhole`
   * @param to whole path upstream, with or without a query; with "?" at its end, `dropsQuery`
   */
  constructor(from: Utf8, to: Utf8) {
    const last = from.byteLength - 1;
    const isWhole = last >= 0 && load<u8>(changetype<usize>(from) + last) == ASTERISK;
    this.isWhole = isWhole;
    this.from = isWhole ? toOwned(subslice(borrow(from), 0, last)) : from;
    this.path = toOwned(pathOf(borrow(to)));
    this.query = toOwned(queryOf(borrow(to)));
    this.dropsQuery = endsWith(borrow(to), "?");
    this.hasModel = hasPlaceholder(borrow(to), borrow(MODEL)) && !hasPlaceholder(borrow(from), borrow(MODEL));
  }

  /**
   * How many bytes of the client's path `from` stands for; -1 where it is another path.
   * @param path path behind the version prefix, without its query
   */
  match(path: Slice): i32 {
    return matchTemplate(borrow(this.from), path);
  }

  /**
   * Writes the path upstream.
   * @param rest path and query behind the version prefix, whose path matches
   * @param length what `match` said
   * @param model the service's name of the model, UTF-8; NONE where none is known
   * @param isStream whether the client asks for a stream
   */
  write(rest: Slice, length: i32, model: Slice, isStream: bool, out: Writer): void {
    const path = pathOf(rest);
    this.fill(borrow(this.path), path, model, isStream, out);
    if (!this.isWhole) out.bytes(subslice(path, length, lengthOf(path)));
    const query = this.dropsQuery ? NONE : queryOf(rest);
    const hasOwn = this.query.byteLength > 0;
    if (hasOwn) out.byte(QUESTION);
    this.fill(borrow(this.query), path, model, isStream, out);
    if (lengthOf(query) == 0) return;
    out.byte(hasOwn ? AMPERSAND : QUESTION);
    out.bytes(query);
  }

  /** Writes a template with what its placeholders stand for. */
  private fill(template: Slice, path: Slice, model: Slice, isStream: bool, out: Writer): void {
    let at = 0;
    for (let name = placeholderIn(template, 0); name != NONE; name = placeholderIn(template, at)) {
      out.bytes(subslice(template, at, ((pointerOf(name) - pointerOf(template)) as i32) - 1));
      const segment = segmentOf(borrow(this.from), path, name);
      const bar = indexOfByte(name, BAR);
      if (segment != NONE) out.bytes(segment);
      else if (bar >= 0)
        out.bytes(isStream ? subslice(name, bar + 1, lengthOf(name)) : subslice(name, 0, bar));
      else if (equals(name, "model")) encodePercent(out, model);
      at = endOf(template, name);
    }
    out.bytes(subslice(template, at, lengthOf(template)));
  }
}

/**
 * Writes the path upstream of a client's path: by the first of the paths that matches, else below the base path.
 * @param rest path and query behind the version prefix
 */
export function writePath(
  paths: ApiPath[],
  base: Utf8,
  rest: Slice,
  model: Slice,
  isStream: bool,
  out: Writer,
): void {
  if (paths.length > 0) {
    const path = pathOf(rest);
    for (let i = 0; i < paths.length; i++) {
      const entry = unchecked(paths[i]);
      const length = entry.match(path);
      if (length < 0) continue;
      entry.write(rest, length, model, isStream, out);
      return;
    }
  }
  out.owned(base);
  out.bytes(rest);
}

/** Whether the path upstream of a client's path names the model. */
export function pathNeedsModel(paths: ApiPath[], rest: Slice): bool {
  const path = pathOf(rest);
  for (let i = 0; i < paths.length; i++) {
    const entry = unchecked(paths[i]);
    if (entry.match(path) >= 0) return entry.hasModel;
  }
  return false;
}

/** Longer paths are tried first, since they say more. */
export function sortPaths(paths: ApiPath[]): void {
  paths.sort((left, right) => right.from.byteLength - left.from.byteLength);
}
