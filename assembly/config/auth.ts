/** Reads what proves to a service who calls. */
import { encodePercent } from "../bytes/percent";
import { SHA256_BYTES, sha256 } from "../bytes/sha256";
import { Utf8, borrow, slice, pointerOf, toOwned, utf8 } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { escape } from "../json/text";
import { ServiceAccount } from "../vendors/auth/service-account";
import { Signer } from "../vendors/auth/signer";
import { SigV4 } from "../vendors/auth/sigv4";
import { Tc3 } from "../vendors/auth/tc3";
import { clusterOf } from "./clusters";
import { Auth, AuthType, Key, TokenSource } from "./credentials";
import { Values } from "./values";

/** Bytes of a digest that a key is known by. */
const ID_BYTES: i32 = 16;

const text: Writer = new Writer();
const digest: Writer = new Writer();

/**
 * `token` and `tokens` alone go where the service's vendor or format wants its key; neither of these nor `auth` is no
 * authentication.
 * @param keyPlace that place, as for `keyAuth`
 * @param place what is the same for all services that take the same keys
 */
export function readAuth(service: Values, keyPlace: string, place: Utf8): Auth {
  if (service.has("token")) return keyAuth(keyPlace, [service.text("token")], place);
  if (service.has("tokens")) return keyAuth(keyPlace, service.texts("tokens"), place);
  if (!service.has("auth")) return new Auth();
  const values = service.object("auth");
  switch (values.choice("type") as AuthType) {
    case AuthType.Bearer:
      return headerAuth("authorization", "Bearer ", tokensOf(values), place);
    case AuthType.Header: {
      const name = values.lowerCase("name");
      const auth = makeAuth(AuthType.Header, values.text("prefix"), tokensOf(values), place);
      auth.name = name;
      return auth;
    }
    case AuthType.Query:
      return queryAuth(values.text("name"), tokensOf(values), place);
    case AuthType.SigV4:
      return signedAuth(
        AuthType.SigV4,
        new SigV4(
          values.text("accessKey"),
          values.text("secretKey"),
          values.text("sessionToken"),
          values.text("region"),
          values.has("service") ? values.text("service") : utf8("bedrock"),
        ),
      );
    case AuthType.Tc3:
      return signedAuth(
        AuthType.Tc3,
        new Tc3(
          values.text("secretId"),
          values.text("secretKey"),
          values.text("sessionToken"),
          values.has("service") ? values.text("service") : utf8("hunyuan"),
          values.text("action"),
          values.text("version"),
          values.text("region"),
        ),
      );
    case AuthType.GoogleServiceAccount:
      return accountAuth(readTokenSource(values));
    default:
      return new Auth();
  }
}

/** Keys as JSON string bodies, for a declared format that says itself where they stand: nothing else places them. */
export function placedAuth(service: Values, place: Utf8): Auth {
  const tokens = tokensOf(service);
  const bodies: Utf8[] = [];
  for (let i = 0; i < tokens.length; i++) {
    text.reset();
    escape(text, borrow(tokens[i]));
    bodies.push(toOwned(text.view()));
  }
  return makeAuth(AuthType.None, utf8(""), bodies, place);
}

/**
 * Keys in the place that a format or vendor wants them in.
 * @param keyPlace `authorization` is a bearer token, `raw` that header without a scheme, `?name` a parameter of the query,
 * `none` nowhere; else the name of a header, or such a name, a space and what stands before the key
 */
export function keyAuth(keyPlace: string, tokens: Utf8[], place: Utf8): Auth {
  if (keyPlace == "none") return new Auth();
  if (keyPlace == "raw") return headerAuth("authorization", "", tokens, place);
  if (keyPlace == "authorization") return headerAuth("authorization", "Bearer ", tokens, place);
  if (keyPlace.startsWith("?")) return queryAuth(utf8(keyPlace.substring(1)), tokens, place);
  const space = keyPlace.indexOf(" ");
  if (space < 0) return headerAuth(keyPlace, "", tokens, place);
  return headerAuth(keyPlace.substring(0, space), keyPlace.substring(space + 1) + " ", tokens, place);
}

/** Keys in a header, behind a prefix. @param header lower case */
export function headerAuth(header: string, prefix: string, tokens: Utf8[], place: Utf8): Auth {
  const type = header == "authorization" && prefix == "Bearer " ? AuthType.Bearer : AuthType.Header;
  const auth = makeAuth(type, utf8(prefix), tokens, place);
  auth.name = utf8(header);
  return auth;
}

/** Keys in a parameter of the query. */
export function queryAuth(name: Utf8, tokens: Utf8[], place: Utf8): Auth {
  const encodedTokens: Utf8[] = [];
  for (let i = 0; i < tokens.length; i++) encodedTokens.push(encoded(tokens[i]));
  const auth = makeAuth(AuthType.Query, utf8(""), encodedTokens, place);
  auth.name = encoded(name);
  return auth;
}

/** A signature over each request. */
export function signedAuth(type: AuthType, signer: Signer): Auth {
  const auth = new Auth();
  auth.type = type;
  auth.signer = signer;
  return auth;
}

/** Access tokens of a service account. */
export function accountAuth(source: TokenSource): Auth {
  const auth = new Auth();
  auth.type = AuthType.GoogleServiceAccount;
  auth.name = utf8("authorization");
  auth.account = source;
  return auth;
}

function readTokenSource(values: Values): TokenSource {
  const source = new TokenSource();
  source.account = ServiceAccount.parse(borrow(values.secretJson("key")));
  source.scope = values.text("scope");
  source.cluster = values.has("tokenService")
    ? clusterOf(values.text("tokenService"))
    : values.text("tokenCluster");
  source.refreshAheadMs = values.integer("refreshAheadMs");
  return source;
}

/** One key or several: each has one place, whether it is given as `token` or in `tokens`. */
function tokensOf(auth: Values): Utf8[] {
  return auth.has("token") ? [auth.text("token")] : auth.texts("tokens");
}

function makeAuth(type: AuthType, prefix: Utf8, tokens: Utf8[], place: Utf8): Auth {
  const auth = new Auth();
  auth.type = type;
  const keys: Key[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const id = idOf(tokens[i], place);
    if (!isKnown(keys, id)) keys.push(new Key(join(prefix, tokens[i]), id));
  }
  if (keys.length > 0) auth.value = keys[0].value;
  if (keys.length > 1) auth.keys = keys;
  return auth;
}

function isKnown(keys: Key[], id: Utf8): bool {
  for (let i = 0; i < keys.length; i++) {
    if (memory.compare(changetype<usize>(keys[i].id), changetype<usize>(id), id.byteLength) == 0) return true;
  }
  return false;
}

/** Half of a SHA-256 of place and key, which nobody can turn back. */
function idOf(token: Utf8, place: Utf8): Utf8 {
  text.reset();
  text.owned(place);
  text.byte(0);
  text.owned(token);
  digest.reset();
  sha256(digest, text.view());
  memory.fill(pointerOf(text.view()), 0, text.length);
  digest.hex(slice(pointerOf(digest.view()), ID_BYTES));
  return toOwned(digest.viewFrom(SHA256_BYTES));
}

function join(first: Utf8, second: Utf8): Utf8 {
  text.reset();
  text.owned(first);
  text.owned(second);
  return toOwned(text.view());
}

/** The text as a part of a query (RFC 3986 section 2.1). */
function encoded(value: Utf8): Utf8 {
  text.reset();
  encodePercent(text, borrow(value));
  return toOwned(text.view());
}
