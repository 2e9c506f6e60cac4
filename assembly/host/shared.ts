import { NONE, Slice, lengthOf, pointerOf } from "../bytes/slice";
import { Status, proxy_get_shared_data, proxy_set_shared_data } from "./abi";
import { numberOut, pointerOut, returned, sizeOut } from "./memory";

/**
 * Shared data: one key-value store for all workers of a gateway that run the same VM id. A write may name the version
 * (CAS) it replaces, and is refused where another worker was faster.
 */

/** Version of the value that the last `getShared` gave; 0 where there was none. */
export let sharedVersion: u32 = 0;

/** The value of a key, borrowed; NONE where there is none. Sets `sharedVersion`. */
export function getShared(key: Slice): Slice {
  const status = proxy_get_shared_data(pointerOf(key), lengthOf(key), pointerOut(), sizeOut(), numberOut());
  sharedVersion = status == Status.Ok ? load<u32>(numberOut()) : 0;
  return status == Status.Ok ? returned() : NONE;
}

/** Writes a value. With a version other than 0 only where the stored one still has it: false = somebody was faster. */
export function setShared(key: Slice, value: Slice, version: u32 = 0): bool {
  const status = proxy_set_shared_data(
    pointerOf(key),
    lengthOf(key),
    pointerOf(value),
    lengthOf(value),
    version,
  );
  return status == Status.Ok;
}
