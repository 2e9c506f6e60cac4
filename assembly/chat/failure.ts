import { NONE, Slice, Utf8, toOwned, utf8 } from "../bytes/slice";

/**
 * What went wrong, in terms every client protocol has a word for. The HTTP status of each kind is the one that
 * OpenAI, Anthropic and Gemini document for it.
 */
export enum FailureKind {
  InvalidRequest,
  Authentication,
  Billing,
  Permission,
  NotFound,
  TooLarge,
  RateLimit,
  Timeout,
  Overloaded,
  /** Our side or the upstream's is broken. */
  Internal,
  /** The upstream answered something that is no answer: wrong format, cut off, no connection. */
  BadGateway,
}

/** HTTP status by kind, in the order of `FailureKind`. */
const STATUS: StaticArray<i32> = [400, 401, 402, 403, 404, 413, 429, 504, 503, 500, 502];

/** The HTTP status that goes with a kind where the upstream gave none. */
export function statusOf(kind: FailureKind): i32 {
  const index = kind as i32;
  return index >= 0 && index < STATUS.length ? unchecked(STATUS[index]) : 500;
}

/** The kind that an HTTP status of an upstream stands for. */
export function kindOf(status: i32): FailureKind {
  switch (status) {
    case 401:
      return FailureKind.Authentication;
    case 402:
      return FailureKind.Billing;
    case 403:
      return FailureKind.Permission;
    case 404:
      return FailureKind.NotFound;
    case 408:
    case 504:
      return FailureKind.Timeout;
    case 413:
      return FailureKind.TooLarge;
    case 429:
      return FailureKind.RateLimit;
    case 503:
    case 529:
      return FailureKind.Overloaded;
    case 502:
      return FailureKind.BadGateway;
  }
  if (status >= 400 && status < 500) return FailureKind.InvalidRequest;
  return FailureKind.Internal;
}

/**
 * One failure, ready to be rendered in any client's dialect. `message` and `code` are JSON string bodies (escaped,
 * without quotes) and owned.
 */
export class Failure {
  /** Seconds after which the upstream said a retry may succeed; 0 where it said nothing. */
  retryAfter: i32 = 0;

  constructor(
    public kind: FailureKind,
    public status: i32,
    public message: Utf8,
    /** The upstream's own or our short code; empty where there is none. */
    public code: Utf8,
  ) {}

  /** A failure of our own, with an ASCII message and code that need no escaping. */
  static of(kind: FailureKind, code: string, message: string): Failure {
    return new Failure(kind, statusOf(kind), utf8(message), utf8(code));
  }

  /** A failure that the upstream reported. `message` and `code` are JSON string bodies; they are copied. */
  static upstream(status: i32, kind: FailureKind, message: Slice, code: Slice = NONE): Failure {
    return new Failure(kind, status, toOwned(message), toOwned(code));
  }
}
