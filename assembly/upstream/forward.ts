import { NONE, Slice, Utf8, borrow, indexOfByte, lengthOf, same } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { Auth, AuthType, Service, Steering } from "../config/model";
import { MapType } from "../host/abi";
import { removeHeader, removeHeaderNamed, setHeader, setHeaderNamed, setHeaderText } from "../host/headers";
import { canOverrideHost, overrideHost } from "../host/override-host";
import { Choice } from "./choice";
import { RequestHead } from "./request-head";

const written: Writer = new Writer();

/**
 * Makes the request's headers those of its target: path, authority, credentials, and where the router finds the
 * endpoint. Whatever a client wrote into the steering headers is overwritten or removed: it never chooses an
 * address.
 * @param head what the client sent.
 * @param choice the chosen instance; without an endpoint the cluster's own load balancing chooses.
 * @param rest path and query below the service's base path, beginning with "/".
 * @returns false where the host refused; the request must then not go on.
 */
export function forward(
  head: RequestHead,
  service: Service,
  choice: Choice,
  rest: Slice,
  steering: Steering,
): bool {
  const credentials = head.credentials;
  for (let i = 0; i < credentials.length; i++)
    removeHeader(MapType.RequestHeaders, unchecked(credentials[i]));
  const path = upstreamPath(service, rest);
  if (!same(path, borrow(head.path)) && !setHeader(MapType.RequestHeaders, ":path", path)) return false;
  const authority = service.authority.byteLength > 0 ? borrow(service.authority) : choice.endpoint;
  if (lengthOf(authority) > 0 && !setHeader(MapType.RequestHeaders, ":authority", authority)) return false;
  // Usage is read in passing and formats are converted: both need the plain bytes.
  if (head.hasEncoding) setHeaderText(MapType.RequestHeaders, "accept-encoding", "identity");
  return authenticate(service.auth) && steer(head, service, choice, steering);
}

function upstreamPath(service: Service, rest: Slice): Slice {
  written.reset();
  written.owned(service.basePath);
  written.bytes(rest);
  if (service.auth.type == AuthType.Query) {
    written.byte(indexOfByte(rest, 0x3f) < 0 ? 0x3f : 0x26);
    written.owned(service.auth.name);
    written.byte(0x3d);
    written.owned(service.auth.value);
  }
  return written.view();
}

function authenticate(auth: Auth): bool {
  if (auth.type != AuthType.Bearer && auth.type != AuthType.Header) return true;
  return setHeaderNamed(MapType.RequestHeaders, borrow(auth.name), borrow(auth.value));
}

/**
 * Tells the router which endpoint and cluster were chosen: in the headers that plain Envoy's configuration reads, or by
 * Higress's own call, whose route has the cluster already.
 */
function steer(head: RequestHead, service: Service, choice: Choice, steering: Steering): bool {
  if (canOverrideHost() && lengthOf(choice.endpoint) > 0) {
    // A refusal is no reason to fail: the cluster's own load balancing chooses then.
    overrideHost(choice.endpoint);
    return (
      setOrRemove(head, steering.endpointHeader, NONE) && setOrRemove(head, steering.clusterHeader, NONE)
    );
  }
  const cluster = service.isInEureka ? clusterFor(choice, steering) : service.cluster;
  return (
    setOrRemove(head, steering.endpointHeader, choice.endpoint) &&
    setOrRemove(head, steering.clusterHeader, borrow(cluster))
  );
}

/** Instances called by their secure port need a cluster with TLS. */
function clusterFor(choice: Choice, steering: Steering): Utf8 {
  return choice.isSecure && steering.secureCluster.byteLength > 0 ? steering.secureCluster : steering.cluster;
}

function setOrRemove(head: RequestHead, name: Utf8, value: Slice): bool {
  if (name.byteLength == 0) return true;
  if (lengthOf(value) == 0) {
    if (head.mayHave(name)) removeHeaderNamed(MapType.RequestHeaders, borrow(name));
    return true;
  }
  return setHeaderNamed(MapType.RequestHeaders, borrow(name), value);
}
