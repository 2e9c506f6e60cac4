import { NONE, Slice, lengthOf, pointerOf } from "../bytes/slice";
import {
  MapType,
  Status,
  proxy_get_header_map_pairs,
  proxy_get_header_map_value,
  proxy_remove_header_map_value,
  proxy_replace_header_map_value,
} from "./abi";
import { pointerOut, returned, sizeOut } from "./memory";
import { narrow } from "./text";

/**
 * Header maps. Names are ASCII in lower case. Values are borrowed from the inbox: use or copy them before the next
 * host call. Writes answer whether the host did it; it refuses when the map is not open in this phase.
 */

/** Value of the first header with this name; NONE where it is absent or the map is closed. */
export function getHeader(map: MapType, name: string): Slice {
  const status = proxy_get_header_map_value(map, narrow(name), name.length, pointerOut(), sizeOut());
  return status == Status.Ok ? returned() : NONE;
}

/** The same for a header whose name is only known at run time (configuration). */
export function getHeaderNamed(map: MapType, name: Slice): Slice {
  const status = proxy_get_header_map_value(map, pointerOf(name), lengthOf(name), pointerOut(), sizeOut());
  return status == Status.Ok ? returned() : NONE;
}

/** Sets a header to one value, adding it where it is absent. */
export function setHeader(map: MapType, name: string, value: Slice): bool {
  const status = proxy_replace_header_map_value(
    map,
    narrow(name),
    name.length,
    pointerOf(value),
    lengthOf(value),
  );
  return status == Status.Ok;
}

/** Sets a header whose name is only known at run time (configuration). */
export function setHeaderNamed(map: MapType, name: Slice, value: Slice): bool {
  const status = proxy_replace_header_map_value(
    map,
    pointerOf(name),
    lengthOf(name),
    pointerOf(value),
    lengthOf(value),
  );
  return status == Status.Ok;
}

/** Sets a header to a short ASCII literal. */
export function setHeaderText(map: MapType, name: string, value: string): bool {
  const status = proxy_replace_header_map_value(map, narrow(name), name.length, narrow(value), value.length);
  return status == Status.Ok;
}

/** Sets a header to a decimal number. */
export function setHeaderNumber(map: MapType, name: string, value: i32): bool {
  return setHeaderText(map, name, value.toString());
}

/** Removes every header with this name; fine where there is none. */
export function removeHeader(map: MapType, name: string): bool {
  return proxy_remove_header_map_value(map, narrow(name), name.length) == Status.Ok;
}

/** Removes every header with a name known only at run time. */
export function removeHeaderNamed(map: MapType, name: Slice): bool {
  return proxy_remove_header_map_value(map, pointerOf(name), lengthOf(name)) == Status.Ok;
}

/**
 * All headers of a map in one call, in the host's serialised form: u32 count, then (name size, value size) pairs,
 * then name NUL value NUL. Walk it with `HeaderPairs`. NONE where the map is closed.
 */
export function getHeaderPairs(map: MapType): Slice {
  const status = proxy_get_header_map_pairs(map, pointerOut(), sizeOut());
  return status == Status.Ok ? returned() : NONE;
}
