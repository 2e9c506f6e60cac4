import { EMPTY, NONE, Slice, Utf8 } from "../bytes/slice";
import { KeyRing } from "./key-ring";
import { Pool } from "./pool";

/** What became of choosing an instance. */
export enum Verdict {
  /** `endpoint` was chosen, or the cluster's own load balancing chooses (then it is empty). */
  Chosen,
  /** Eureka has not answered yet, or there is no place: ask again. */
  NotYet,
  /** There is none, see `reason`. */
  None,
  /** A limit refuses the request. */
  Limited,
  /** There is nothing to prove who calls with, see `reason`. */
  NoCredentials,
}

/** The outcome of `Deployment.choose`: one object, filled anew by each call. */
export class Choice {
  verdict: Verdict = Verdict.None;
  /** `host:port`, borrowed until the callback ends; NONE where the cluster chooses. */
  endpoint: Slice = NONE;
  /** Whether the endpoint is a secure port. */
  isSecure: bool = false;
  /** Why there is none, for the client. */
  reason: string = "";
  /** Where the instance comes from, for `judge` and `end`; null where the cluster chooses. */
  pool: Pool | null = null;
  /** Identifies the instance in its pool. */
  instance: u64 = 0;
  /** What proves who calls, for the header or parameter of the service's `auth`; empty where there is no such thing. */
  credential: Utf8 = EMPTY;
  /** Where the service has several keys: whose `key` was chosen, for `KeyRing.judge`. */
  ring: KeyRing | null = null;
  key: i32 = 0;
}
