import { JsonError } from "../json/error";

/** Why a call to Eureka brought no news. Whatever it is, what was known before stays in use. */
export enum Failure {
  None,
  /** The gateway has no cluster of that name, or refused the call. */
  Refused,
  /** No answer at all: connection refused or reset, no healthy host. */
  Unreachable,
  /** No answer in time. */
  Timeout,
  /** 401 or 403: wrong credentials, or a server that is still warming up. */
  Denied,
  /** Another status than 200. */
  Status,
  /** The body is not JSON: an HTML page, mostly. */
  NotJson,
  /** The body ends in the middle. */
  Truncated,
  /** JSON, but not what Eureka answers. */
  Shape,
  /** More than a worker is ready to read. */
  TooLarge,
  /** After a delta, the registry is not what the server's hash code says. */
  HashCode,
}

const NAMES: string[] = [
  "none",
  "refused",
  "unreachable",
  "timeout",
  "denied",
  "status",
  "not_json",
  "truncated",
  "shape",
  "too_large",
  "hash_code",
];

/** How many failures there are, `None` included. */
export const FAILURES: i32 = 11;

/** A word for metrics. */
export function failureName(failure: Failure): string {
  return NAMES[failure];
}

/** A short English text for logs; static, never made of a reply. */
export function describeFailure(failure: Failure): string {
  switch (failure) {
    case Failure.None:
      return "no failure";
    case Failure.Refused:
      return "the gateway refused the call (is the cluster known?)";
    case Failure.Unreachable:
      return "no answer";
    case Failure.Timeout:
      return "no answer in time";
    case Failure.Denied:
      return "access denied, or the server is warming up";
    case Failure.Status:
      return "unexpected status";
    case Failure.NotJson:
      return "the reply is not JSON";
    case Failure.Truncated:
      return "the reply is truncated";
    case Failure.Shape:
      return "the reply is not one of Eureka";
    case Failure.TooLarge:
      return "the reply is too large";
    case Failure.HashCode:
      return "hash code mismatch after a delta";
    default:
      return "unknown failure";
  }
}

/** What an error of the JSON reader says about a reply. */
export function failureOf(error: JsonError): Failure {
  switch (error) {
    case JsonError.None:
      return Failure.None;
    case JsonError.UnexpectedEnd:
      return Failure.Truncated;
    case JsonError.TooLarge:
    case JsonError.TooManyTokens:
    case JsonError.TooDeep:
      return Failure.TooLarge;
    default:
      return Failure.NotJson;
  }
}
