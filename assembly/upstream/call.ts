import { Utf8, toOwned } from "../bytes/slice";
import { Service, Steering } from "../config/model";
import { calloutHeaders, httpCall } from "../host/callout";
import { clusterName } from "../host/gateway";
import { DraftMessage } from "../host/message";
import { Choice } from "./choice";
import { clusterFor } from "./forward";

/** Headers that belong to the client's connection, or that the host writes itself (RFC 9110 section 7.6.1). */
const CONNECTION: StaticArray<string> = [
  "connection",
  "content-length",
  "expect",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/**
 * Sends a request as a callout of the plugin's own. Its answer comes whole, by the token.
 * @param request made the service's by `forward`
 * @param timeoutMs when the host gives up, with a 504
 * @returns the token, or -1 where the host refused: no such cluster, or no endpoint in it
 */
export function sendCall(
  request: DraftMessage,
  service: Service,
  choice: Choice,
  steering: Steering,
  timeoutMs: i32,
): i32 {
  const cluster = clusterOf(service, choice, steering);
  dropConnection(request);
  request.writeHead(calloutHeaders);
  return httpCall(cluster, request.body(), timeoutMs);
}

/** Leaves out what belongs to one connection: what a proxy must not hand on. */
export function dropConnection(message: DraftMessage): void {
  for (let i = 0; i < CONNECTION.length; i++) message.remove(unchecked(CONNECTION[i]));
}

/** The service's cluster, the one for all instances, or the route's own. */
function clusterOf(service: Service, choice: Choice, steering: Steering): Utf8 {
  const named = service.isInEureka ? clusterFor(choice, steering) : service.cluster;
  return named.byteLength > 0 ? named : toOwned(clusterName());
}
