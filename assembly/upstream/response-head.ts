import { NONE, Slice, equals, lengthOf, parseDecimal, startsWithIgnoreCase } from "../bytes/slice";
import { MapType } from "../host/abi";
import { getHeaderPairs } from "../host/headers";
import { PairsReader } from "../host/pairs";

const pairs: PairsReader = new PairsReader();

/** What of an answer's headers matters, read in one host call. The slices are borrowed until the next one. */
export class ResponseHead {
  status: i32 = 0;
  mediaType: Slice = NONE;
  /** Whether the answer is compressed although `identity` was asked for: then nobody here can read it. */
  isPacked: bool = false;
  /** Tries that the router needed, where it says so (`include_attempt_count_in_response`); else 1. */
  attempts: i32 = 1;

  /** Reads the headers of the current answer. */
  read(): void {
    this.status = 0;
    this.mediaType = NONE;
    this.isPacked = false;
    this.attempts = 1;
    pairs.open(getHeaderPairs(MapType.ResponseHeaders));
    while (pairs.next()) this.take(pairs.name, pairs.value);
  }

  private take(name: Slice, value: Slice): void {
    if (equals(name, ":status")) this.status = parseDecimal(value);
    else if (equals(name, "content-type")) this.mediaType = value;
    else if (equals(name, "x-envoy-attempt-count")) this.attempts = parseDecimal(value);
    else if (equals(name, "content-encoding")) {
      this.isPacked = lengthOf(value) > 0 && !startsWithIgnoreCase(value, "identity");
    }
  }
}
