import { NONE, Slice, borrow, lengthOf, parseDecimal } from "../bytes/slice";
import { MapType } from "../host/abi";
import { calloutHeaders, httpCall } from "../host/callout";
import { getHeader } from "../host/headers";
import { Pool } from "./pool";

/** An instance that does not answer by then is not there, in milliseconds. */
const TIMEOUT_MS: i32 = 1000;

/** Statuses that the gateway answers for an instance that is not there: 502, 503, 504. */
const FIRST_ABSENT: i32 = 502;
const LAST_ABSENT: i32 = 504;

/** A call that is under way. */
class Probe {
  constructor(
    readonly token: i32,
    readonly pool: Pool,
    readonly instance: u64,
  ) {}
}

/**
 * Asks instances whose ejection is over whether they are there at all, so that it costs no request of a client to find
 * out that a dead one is still dead. Any answer will do: which path a service has for this is not known, and whether it
 * serves well, only a real request tells. Works where the plugin names cluster and endpoint (plain Envoy); elsewhere a
 * request tries the instance at once.
 */
export class Probes {
  private open: Probe[] = [];

  /** Asks the instances of a pool that are due. */
  ask(pool: Pool, now: i64): void {
    for (let instance = pool.takeDue(now); instance != 0; instance = pool.takeDue(now)) {
      const token = this.send(pool, instance);
      if (token >= 0) this.open.push(new Probe(token, pool, instance));
      else pool.answer(instance, true, now);
    }
  }

  /** A callout was answered; `headers` is 0 where it failed. False: it is not one of these. */
  onCallout(token: i32, headers: i32, now: i64): bool {
    for (let i = 0; i < this.open.length; i++) {
      const probe = this.open[i];
      if (probe.token != token) continue;
      this.open.splice(i, 1);
      probe.pool.answer(probe.instance, headers > 0 && isThere(), now);
      return true;
    }
    return false;
  }

  /** Sends the question; -1 where the host refused. */
  private send(pool: Pool, instance: u64): i32 {
    const steering = pool.steering;
    const candidate = pool.view.indexOf(instance);
    if (steering === null || candidate < 0) return -1;
    const endpoint = pool.view.endpoint(candidate);
    const isSecure = pool.view.isSecure(candidate) && steering.secureCluster.byteLength > 0;
    const cluster = isSecure ? steering.secureCluster : steering.cluster;
    if (cluster.byteLength == 0) return -1;
    calloutHeaders.reset();
    calloutHeaders.addText(":method", "HEAD");
    calloutHeaders.addText(":path", "/");
    calloutHeaders.add(":authority", endpoint);
    calloutHeaders.addNamed(borrow(steering.endpointHeader), endpoint);
    return httpCall(cluster, NONE, TIMEOUT_MS);
  }
}

function isThere(): bool {
  const status = parseDecimal(getHeader(MapType.CalloutHeaders, ":status"));
  return status > 0 && (status < FIRST_ABSENT || status > LAST_ABSENT);
}
