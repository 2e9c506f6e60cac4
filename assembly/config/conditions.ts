/**
 * Conditions of one element of Higress's `_rules_`, with the meaning that the gateway's own plugins give them
 * (wasm-go, pkg/matcher): case counts everywhere, and which conditions a rule names decides which ones count.
 */
import {
  NONE,
  Slice,
  Utf8,
  borrow,
  lastIndexOfByte,
  lengthOf,
  pointerOf,
  same,
  slice,
  subslice,
} from "../bytes/slice";

const ASTERISK: u8 = 0x2a;
const COLON: u8 = 0x3a;
const RIGHT_BRACKET: u8 = 0x5d;
const BAR: u8 = 0x7c;

/** What one rule applies to. Empty texts have been left out of the lists. */
export class Conditions {
  /** Names of routes. */
  routes: Utf8[] = [];
  /** Hosts: `*rest` is an end, `rest*` a beginning, anything else the whole host. */
  domains: Utf8[] = [];
  /** `name` or `name:port` of a service in the gateway's registry. */
  services: Utf8[] = [];
  /** Beginnings of names of routes. */
  routePrefixes: Utf8[] = [];

  /** Whether no condition is named, so that nothing matches. */
  get isEmpty(): bool {
    return !this.routes.length && !this.domains.length && !this.services.length && !this.routePrefixes.length;
  }

  /**
   * Whether the rule applies to a request. A route decides, together with the service where both are named; else
   * the domain, else the service, else the beginning of the route. What is left over is ignored.
   * @param authority the request's host, with or without port
   * @param cluster Envoy's name of the upstream cluster
   */
  hold(route: Slice, authority: Slice, cluster: Slice): bool {
    if (this.routes.length > 0) {
      if (!isListed(this.routes, route)) return false;
      return this.services.length == 0 || isService(this.services, cluster);
    }
    if (this.domains.length > 0) return isHost(this.domains, withoutPort(authority));
    if (this.services.length > 0) return isService(this.services, cluster);
    return hasPrefix(this.routePrefixes, route);
  }
}

/** The host without its port. Colons inside the brackets of an IPv6 address are not ports. */
export function withoutPort(authority: Slice): Slice {
  const colon = lastIndexOfByte(authority, COLON);
  if (colon < 0 || lastIndexOfByte(authority, RIGHT_BRACKET) > colon) return authority;
  return subslice(authority, 0, colon);
}

function isListed(names: Utf8[], name: Slice): bool {
  for (let i = 0; i < names.length; i++) {
    if (same(borrow(unchecked(names[i])), name)) return true;
  }
  return false;
}

function hasPrefix(prefixes: Utf8[], name: Slice): bool {
  for (let i = 0; i < prefixes.length; i++) {
    if (beginsWith(name, borrow(unchecked(prefixes[i])))) return true;
  }
  return false;
}

function isHost(patterns: Utf8[], host: Slice): bool {
  for (let i = 0; i < patterns.length; i++) {
    if (matchesHost(borrow(unchecked(patterns[i])), host)) return true;
  }
  return false;
}

/** An asterisk in front is looked at first: behind it, and in the middle, an asterisk is only a character. */
function matchesHost(pattern: Slice, host: Slice): bool {
  const length = lengthOf(pattern);
  if (byteAt(pattern, 0) == ASTERISK) return endsIn(host, subslice(pattern, 1, length));
  if (byteAt(pattern, length - 1) == ASTERISK) return beginsWith(host, subslice(pattern, 0, length - 1));
  return same(pattern, host);
}

/** Whether the cluster is `direction|port|subset|name` of one of the services. */
function isService(services: Utf8[], cluster: Slice): bool {
  const port = part(cluster, 1);
  const name = part(cluster, 3);
  if (name == NONE || part(cluster, 4) != NONE) return false;
  for (let i = 0; i < services.length; i++) {
    const service = borrow(unchecked(services[i]));
    if (same(service, name)) return true;
    const colon = lastIndexOfByte(service, COLON);
    if (colon < 0 || !same(subslice(service, 0, colon), name)) continue;
    if (same(subslice(service, colon + 1, lengthOf(service)), port)) return true;
  }
  return false;
}

/** The part with this index between bars, or NONE. An empty part has a pointer where the text has one. */
function part(bytes: Slice, index: i32): Slice {
  const length = lengthOf(bytes);
  let from = 0;
  for (let i = 0; i <= length; i++) {
    if (i < length && byteAt(bytes, i) != BAR) continue;
    if (index-- == 0) return slice(pointerOf(bytes) + from, i - from);
    from = i + 1;
  }
  return NONE;
}

function beginsWith(bytes: Slice, prefix: Slice): bool {
  return same(subslice(bytes, 0, lengthOf(prefix)), prefix);
}

function endsIn(bytes: Slice, suffix: Slice): bool {
  const from = lengthOf(bytes) - lengthOf(suffix);
  return from >= 0 && same(subslice(bytes, from, lengthOf(bytes)), suffix);
}

/** The byte at an index, or 0 outside. */
@inline
function byteAt(bytes: Slice, index: i32): u8 {
  return index >= 0 && index < lengthOf(bytes) ? load<u8>(pointerOf(bytes) + index) : 0;
}
