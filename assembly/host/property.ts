import { NONE, Slice, lengthOf, pointerOf } from "../bytes/slice";
import { Status, proxy_get_property, proxy_set_property } from "./abi";
import { pointerOut, returned, sizeOut } from "./memory";
import { narrow } from "./text";

/**
 * Properties of the stream. Path parts are separated by NUL in the ABI and by a dot here. Integers come as eight
 * bytes, little endian. Values are borrowed until the next host call.
 */

/** A property such as `xds.route_name`, NONE where the host has none of that name in this phase. */
export function getProperty(path: string): Slice {
  const status = proxy_get_property(nulSeparated(path), path.length, pointerOut(), sizeOut());
  return status == Status.Ok ? returned() : NONE;
}

/** Sets a property; on plain Envoy it becomes filter state under `wasm.<path>`. The path is one name, not split. */
export function setProperty(path: string, value: Slice): bool {
  const status = proxy_set_property(narrow(path), path.length, pointerOf(value), lengthOf(value));
  return status == Status.Ok;
}

/** Sets a property to a short ASCII literal. */
export function setPropertyText(path: string, value: string): bool {
  return proxy_set_property(narrow(path), path.length, narrow(value), value.length) == Status.Ok;
}

function nulSeparated(path: string): usize {
  const bytes = narrow(path);
  for (let i = 0; i < path.length; i++) {
    if (load<u8>(bytes + i) == 0x2e) store<u8>(bytes + i, 0);
  }
  return bytes;
}
