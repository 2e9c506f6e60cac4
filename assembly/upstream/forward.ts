import {
  NONE,
  Slice,
  Utf8,
  borrow,
  indexOfByte,
  lengthOf,
  pointerOf,
  same,
  subslice,
  utf8,
} from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { Auth, AuthType } from "../config/credentials";
import { Service, Steering } from "../config/model";
import { MapType } from "../host/abi";
import { getHeader } from "../host/headers";
import { Message } from "../host/message";
import { canOverrideHost, overrideHost } from "../host/override-host";
import { writePath } from "../vendors/paths";
import { Choice } from "./choice";
import { RequestHead } from "./request-head";

const AUTHORIZATION: string = "authorization";
const API_KEY: Utf8 = utf8("x-api-key");
const SLASH: u8 = 0x2f;
const QUESTION: u8 = 0x3f;

const written: Writer = new Writer();

/**
 * Makes the request's headers those of its target: path, authority, credentials, and where the router finds the
 * endpoint. Whatever a client wrote into the steering headers is overwritten or removed: it never chooses an
 * address.
 * @param out the request on its way: held by the host, or in the making for a callout.
 * @param head what the client sent.
 * @param choice the chosen instance; without an endpoint the cluster's own load balancing chooses.
 * @param rest path and query behind a client's version prefix, beginning with "/".
 * @param model the service's name of the model, UTF-8, where `pathNeedsModel`.
 * @param isStream whether the client asks for a stream, where the service has paths of its own.
 * @returns false where the host refused; the request must then not go on.
 */
export function forward(
  out: Message,
  head: RequestHead,
  service: Service,
  choice: Choice,
  rest: Slice,
  model: Slice,
  isStream: bool,
  steering: Steering,
): bool {
  removeCredentials(out, head, service);
  const path = upstreamPath(service, choice, head, rest, model, isStream);
  if (!same(path, borrow(head.path)) && !out.set(":path", path)) return false;
  const authority = service.authority.byteLength > 0 ? borrow(service.authority) : choice.endpoint;
  if (lengthOf(authority) > 0 && !out.set(":authority", authority)) return false;
  // Usage is read in passing and formats are converted: both need the plain bytes.
  if (head.hasEncoding) out.setText("accept-encoding", "identity");
  return (
    authenticate(out, service.auth, choice) &&
    setHeaders(out, service.headers) &&
    steer(out, head, service, choice, steering)
  );
}

/** Headers that a service wants with every request: names and values in turn. */
export function setHeaders(out: Message, headers: Utf8[]): bool {
  for (let i = 0; i + 1 < headers.length; i += 2) {
    if (!out.setNamed(borrow(unchecked(headers[i])), borrow(unchecked(headers[i + 1])))) return false;
  }
  return true;
}

/** The client's keys are the gateway's business, except where they are meant for the service: there as a bearer token. */
function removeCredentials(out: Message, head: RequestHead, service: Service): void {
  const credentials = head.credentials;
  const keeps = service.passesKey;
  if (keeps && head.mayHave(API_KEY)) {
    const key = getHeader(MapType.RequestHeaders, "x-api-key");
    written.reset();
    written.ascii("Bearer ");
    written.bytes(key);
    if (lengthOf(key) > 0) out.set(AUTHORIZATION, written.view());
  }
  for (let i = 0; i < credentials.length; i++) {
    const name = unchecked(credentials[i]);
    if (!keeps || name != AUTHORIZATION) out.remove(name);
  }
}

/** The client's path, without what is only the gateway's, behind what is only the service's. */
function writeOriginal(service: Service, path: Slice): void {
  const prefix = borrow(service.stripPath);
  const length = lengthOf(prefix);
  const next = lengthOf(path) > length ? load<u8>(pointerOf(path) + length) : SLASH;
  const isWhole = next == SLASH || next == QUESTION;
  const has = length > 0 && isWhole && same(subslice(path, 0, length), prefix);
  const rest = has ? subslice(path, length, lengthOf(path)) : path;
  written.owned(service.prefixPath);
  if (has && (lengthOf(rest) == 0 || next == QUESTION)) written.byte(SLASH);
  written.bytes(rest);
}

function upstreamPath(
  service: Service,
  choice: Choice,
  head: RequestHead,
  rest: Slice,
  model: Slice,
  isStream: bool,
): Slice {
  written.reset();
  if (service.isOriginal) writeOriginal(service, borrow(head.path));
  else writePath(service.paths, service.basePath, rest, model, isStream, written);
  if (service.auth.type == AuthType.Query) {
    written.byte(indexOfByte(written.view(), QUESTION) < 0 ? QUESTION : 0x26);
    written.owned(service.auth.name);
    written.byte(0x3d);
    written.owned(choice.credential);
  }
  return written.view();
}

/** Signatures come later, when nothing of the request changes any more. */
function authenticate(out: Message, auth: Auth, choice: Choice): bool {
  const isHeader =
    auth.type == AuthType.Bearer ||
    auth.type == AuthType.Header ||
    auth.type == AuthType.GoogleServiceAccount;
  return !isHeader || out.setNamed(borrow(auth.name), borrow(choice.credential));
}

/**
 * Tells the router which endpoint and cluster were chosen: in the headers that plain Envoy's configuration reads, or by
 * Higress's own call, whose route has the cluster already.
 */
function steer(out: Message, head: RequestHead, service: Service, choice: Choice, steering: Steering): bool {
  if (canOverrideHost() && out.isHeld && lengthOf(choice.endpoint) > 0) {
    // A refusal is no reason to fail: the cluster's own load balancing chooses then.
    overrideHost(choice.endpoint);
    return (
      setOrRemove(out, head, steering.endpointHeader, NONE) &&
      setOrRemove(out, head, steering.clusterHeader, NONE)
    );
  }
  const cluster = service.isInEureka ? clusterFor(choice, steering) : service.cluster;
  return (
    setOrRemove(out, head, steering.endpointHeader, choice.endpoint) &&
    setOrRemove(out, head, steering.clusterHeader, borrow(cluster))
  );
}

/** Instances called by their secure port need a cluster with TLS. */
export function clusterFor(choice: Choice, steering: Steering): Utf8 {
  return choice.isSecure && steering.secureCluster.byteLength > 0 ? steering.secureCluster : steering.cluster;
}

function setOrRemove(out: Message, head: RequestHead, name: Utf8, value: Slice): bool {
  if (name.byteLength == 0) return true;
  if (lengthOf(value) == 0) {
    if (head.mayHave(name)) out.removeNamed(borrow(name));
    return true;
  }
  return out.setNamed(borrow(name), value);
}
