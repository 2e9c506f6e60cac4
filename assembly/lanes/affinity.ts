import {
  NONE,
  Slice,
  Utf8,
  borrow,
  hash,
  indexOfByte,
  lengthOf,
  same,
  subslice,
  trim,
  utf8,
} from "../bytes/slice";
import { Service } from "../config/model";
import { Balance, Policy, SessionSource } from "../config/policies";
import { Api } from "../formats/api";
import { MapType } from "../host/abi";
import { getHeader, getHeaderNamed } from "../host/headers";
import { TapRequest } from "./tap-request";

/** Root members that make the prompt, in the order in which models see them, in every dialect. */
const PROMPT: Utf8[] = [
  utf8("instructions"),
  utf8("system"),
  utf8("systemInstruction"),
  utf8("system_instruction"),
  utf8("messages"),
  utf8("input"),
  utf8("contents"),
  utf8("prompt"),
];

/** Calls about what a service keeps for an account: uploads, jobs, stored answers. */
const STATEFUL: string[] = [
  "responses",
  "conversations",
  "files",
  "batches",
  "fine_tuning",
  "videos",
  "other",
];

/** Longer names of sessions are cut. */
const MAX_SESSION_BYTES: i32 = 1024;

const EQUALS_SIGN: u8 = 0x3d;
const SEMICOLON: u8 = 0x3b;

/** The one name of a session field, for `hashMembers`. */
const field: Utf8[] = [new ArrayBuffer(0)];

/**
 * What requests have in common that are to go to the same instance: a hash of the session's name, or of the beginning
 * of the prompt. 0 where the policy asks for none, or the request names none. Costs nothing but with these policies,
 * and then one host call for a header or a small body, and one for each member looked at of a larger one.
 * @param body the complete body; null where it is not there yet, or is no JSON
 */
export function affinityOf(balance: Balance, body: TapRequest | null): u64 {
  if (balance.policy == Policy.PrefixAffinity) {
    return body === null ? 0 : body.hashMembers(PROMPT, balance.prefixBytes);
  }
  if (balance.policy != Policy.SessionAffinity) return 0;
  switch (balance.session) {
    case SessionSource.Header:
      return keyOf(getHeaderNamed(MapType.RequestHeaders, borrow(balance.sessionName)));
    case SessionSource.Cookie:
      return keyOf(cookie(getHeader(MapType.RequestHeaders, "cookie"), borrow(balance.sessionName)));
    default:
      field[0] = balance.sessionName;
      return body === null ? 0 : body.hashMembers(field, MAX_SESSION_BYTES);
  }
}

/**
 * Whose request it is, where the service has several keys and what the request is about is known to one of them only: a
 * hash of the consumer's name, or 0. Costs nothing for services with one key, and one host call for these requests.
 */
export function consumerOf(service: Service, api: Api): u64 {
  if (service.auth.keys.length == 0 || !STATEFUL.includes(api.name)) return 0;
  return keyOf(getHeaderNamed(MapType.RequestHeaders, borrow(service.keys.consumerHeader)));
}

function keyOf(session: Slice): u64 {
  return lengthOf(session) == 0 ? 0 : hash(subslice(session, 0, MAX_SESSION_BYTES));
}

/** Value of a cookie (RFC 6265 section 4.2.1), or NONE. */
function cookie(header: Slice, name: Slice): Slice {
  const length = lengthOf(header);
  let from = 0;
  while (from < length) {
    const semicolon = indexOfByte(header, SEMICOLON, from);
    const to = semicolon < 0 ? length : semicolon;
    const pair = trim(subslice(header, from, to));
    const sign = indexOfByte(pair, EQUALS_SIGN);
    if (sign > 0 && same(subslice(pair, 0, sign), name)) return subslice(pair, sign + 1, lengthOf(pair));
    from = to + 1;
  }
  return NONE;
}
