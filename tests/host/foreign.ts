/** Foreign functions (call_foreign_function): a door to what the ABI does not have. Unknown names are NotFound. */

import { type HostKind, Status } from "./abi.ts";
import type { Host } from "./host.ts";

/** The answer, or why there is none. */
type ForeignFunction = (host: Host, argument: Uint8Array) => Uint8Array | Status;

const EMPTY = new Uint8Array(0);

const FOREIGN_FUNCTIONS: Readonly<Record<HostKind, Readonly<Record<string, ForeignFunction>>>> = {
  envoy: {
    clear_route_cache: (host) => {
      host.context().clearRouteCache();
      return EMPTY;
    },
  },
  higress: {
    clear_route_cache: (host) => {
      host.context().clearRouteCache();
      return EMPTY;
    },
    get_log_level: (host) => new Uint8Array(new Uint32Array([host.logLevel]).buffer),
    set_global_max_requests_per_io_cycle: () => EMPTY,
  },
};

export function callForeignFunction(host: Host, name: string, argument: Uint8Array): Uint8Array | Status {
  return FOREIGN_FUNCTIONS[host.kind][name]?.(host, argument) ?? Status.NotFound;
}
