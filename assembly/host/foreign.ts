import { NONE, Slice, lengthOf, pointerOf } from "../bytes/slice";
import { Status, proxy_call_foreign_function } from "./abi";
import { pointerOut, sizeOut } from "./memory";
import { narrow } from "./text";

/**
 * Foreign functions: the way to a host's own extras that needs no import, and so links everywhere. An unknown name
 * is answered NotFound, never a trap (observed on Envoy 1.40).
 */
export function callForeign(name: string, argument: Slice = NONE): Status {
  return proxy_call_foreign_function(
    narrow(name),
    name.length,
    pointerOf(argument),
    lengthOf(argument),
    pointerOut(),
    sizeOut(),
  );
}
