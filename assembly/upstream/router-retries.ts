import { Slice, borrow } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { Steering } from "../config/model";
import { Attempts } from "../config/policies";
import { Message } from "../host/message";
import { Pool } from "./pool";

/** Kinds of failure that the router retries: for any call, and for one that may be sent twice. */
const UNSENT: string = "connect-failure,refused-stream";
const ANY: string = "connect-failure,refused-stream,reset-before-request,reset,retriable-status-codes";

const endpoints: Writer = new Writer();
const codes: Writer = new Writer();

/**
 * Lists further instances behind the chosen one, and asks Envoy's router to try them in turn: of a cluster with the
 * policy `override_host`, which takes a list of endpoints and gives the next one at each try. So the answer streams
 * whoever gives it, and no callout is made.
 * Source: Envoy, "Router" (HTTP headers) and "Override host load balancing policy".
 * @param chosen `host:port` of the chosen instance
 * @param isRepeatable whether the call may be sent a second time
 * @param tried gets the keys of the further instances
 */
export function askRouter(
  out: Message,
  pool: Pool,
  chosen: Slice,
  steering: Steering,
  attempts: Attempts,
  isRepeatable: bool,
  tried: Array<u64>,
): bool {
  endpoints.reset();
  endpoints.bytes(chosen);
  pool.listOthers(attempts.max - 1, endpoints, tried);
  if (!out.setNamed(borrow(steering.endpointHeader), endpoints.view())) return false;
  out.setText("x-envoy-retry-on", isRepeatable ? ANY : UNSENT);
  out.setNumber("x-envoy-max-retries", attempts.max - 1);
  if (isRepeatable) out.set("x-envoy-retriable-status-codes", codesOf(attempts.statuses));
  if (attempts.firstByteMs > 0) out.setNumber("x-envoy-upstream-rq-per-try-timeout-ms", attempts.firstByteMs);
  return true;
}

/** The statuses with commas between them; a hundred of them is written out. */
function codesOf(statuses: i32[]): Slice {
  codes.reset();
  for (let i = 0; i < statuses.length; i++) {
    const status = unchecked(statuses[i]);
    const first = status < 100 ? status * 100 : status;
    const last = status < 100 ? first + 99 : status;
    for (let code = first; code <= last; code++) {
      if (codes.length > 0) codes.byte(0x2c);
      codes.number(code);
    }
  }
  return codes.view();
}
