import { Utf8, borrow, indexOfByte, lengthOf, subslice, toText, utf8 } from "../bytes/slice";

const COLON: u8 = 0x3a;

/** Higress's cluster of a service: `llm.dns:443` is in `outbound|443||llm.dns`. */
export function clusterOf(endpoint: Utf8): Utf8 {
  const bytes = borrow(endpoint);
  const colon = indexOfByte(bytes, COLON);
  const name = toText(subslice(bytes, 0, colon));
  const port = toText(subslice(bytes, colon + 1, lengthOf(bytes)));
  return utf8("outbound|" + port + "||" + name);
}
