import { NONE, Slice, equals, lengthOf, parseDecimal, startsWithIgnoreCase } from "../bytes/slice";
import { MapType } from "../host/abi";
import { getHeaderPairs } from "../host/headers";
import { DraftMessage } from "../host/message";
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

  /** Seconds after which the upstream wants to be asked again; 0 where it does not say (a date is not read). */
  retryAfter: i32 = 0;

  /** Reads the headers of the current answer. */
  read(): void {
    this.status = 0;
    this.mediaType = NONE;
    this.isPacked = false;
    this.attempts = 1;
    this.retryAfter = 0;
    pairs.open(getHeaderPairs(MapType.ResponseHeaders));
    while (pairs.next()) this.take(pairs.name, pairs.value);
  }

  /** Reads the head of an answer that is in the making; the slices are borrowed from it. */
  readDraft(answer: DraftMessage): void {
    this.status = parseDecimal(answer.get(":status"));
    this.mediaType = answer.get("content-type");
    const coding = answer.get("content-encoding");
    this.isPacked = lengthOf(coding) > 0 && !startsWithIgnoreCase(coding, "identity");
    this.attempts = 1;
    this.retryAfter = max(0, parseDecimal(answer.get("retry-after")));
  }

  private take(name: Slice, value: Slice): void {
    if (equals(name, ":status")) this.status = parseDecimal(value);
    else if (equals(name, "content-type")) this.mediaType = value;
    else if (equals(name, "x-envoy-attempt-count")) this.attempts = parseDecimal(value);
    else if (equals(name, "retry-after")) this.retryAfter = max(0, parseDecimal(value));
    else if (equals(name, "content-encoding")) {
      this.isPacked = lengthOf(value) > 0 && !startsWithIgnoreCase(value, "identity");
    }
  }
}
