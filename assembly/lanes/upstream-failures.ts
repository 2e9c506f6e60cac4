import { Failure, FailureKind } from "../chat/failure";

/** What an upstream can do wrong, in our own words. */

function badGateway(code: string, text: string): Failure {
  return Failure.of(FailureKind.BadGateway, code, text);
}

/** An answer without a body. */
export function emptyAnswer(): Failure {
  return badGateway("upstream_empty", "upstream answered without a body");
}

/** An answer that nobody here can read. */
export function compressed(): Failure {
  return badGateway(
    "upstream_compressed",
    "upstream compressed its answer although accept-encoding was identity",
  );
}

/** A whole answer, or a record of a stream, that is no JSON. */
export function notJson(): Failure {
  return badGateway("upstream_not_json", "upstream sent something that is not JSON");
}

/** A stream that is not in its framing. */
export function badFraming(): Failure {
  return badGateway(
    "upstream_malformed",
    "upstream sent a stream that is malformed or has too large an event",
  );
}

/** A whole answer beyond what is kept. */
export function tooLarge(): Failure {
  return badGateway("upstream_too_large", "upstream sent an answer of over 64 MiB");
}
