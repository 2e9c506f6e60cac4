import { NONE, Slice, indexOf, indexOfByte, lengthOf, pointerOf, subslice } from "../../bytes/slice";

const SLASH: u8 = 0x2f;
const QUESTION: u8 = 0x3f;

/** The parts of a URL as configurations write it: scheme, path and query may be missing. Borrowed from the text. */
export class Url {
  /** Host, with its port where there is one. */
  host: Slice = NONE;
  /** Empty, or beginning with "/"; without "/" at its end. */
  path: Slice = NONE;
  /** Without its "?". */
  query: Slice = NONE;

  static parse(text: Slice): Url {
    const url = new Url();
    const scheme = indexOf(text, "://");
    const rest = scheme < 0 ? text : subslice(text, scheme + 3, lengthOf(text));
    const question = indexOfByte(rest, QUESTION);
    const bare = question < 0 ? rest : subslice(rest, 0, question);
    if (question >= 0) url.query = subslice(rest, question + 1, lengthOf(rest));
    const slash = indexOfByte(bare, SLASH);
    url.host = slash < 0 ? bare : subslice(bare, 0, slash);
    let end = lengthOf(bare);
    if (slash < 0) return url;
    while (end > slash && load<u8>(pointerOf(bare) + end - 1) == SLASH) end--;
    url.path = subslice(bare, slash, end);
    return url;
  }
}
