import { NONE, Slice, equals, indexOf, startsWith } from "../bytes/slice";
import { getProperty } from "../host/property";
import { Evidence } from "./health";

/** The first status that is the instance's own fault. Below it the request was wrong, or there were too many. */
const FIRST_FAILURE: i32 = 500;

/**
 * What an answer says of the instance that was chosen. Where the router needed a second try, another instance may have
 * answered, and the chosen one has failed. A 5xx is looked at more closely, since the gateway's own replies look
 * like answers (docs/host-facts.md, "Local replies"): only then this costs a host call.
 */
export function evidenceOf(status: i32, attempts: i32): Evidence {
  if (attempts > 1) return Evidence.Failure;
  if (status < FIRST_FAILURE) return Evidence.Begun;
  return judge(getProperty("response.code_details"));
}

/**
 * What the answer to a callout says of who was asked. The host's own 503 looks like an answer, but for its words.
 * @param text the beginning of the body
 */
export function evidenceOfCall(status: i32, text: Slice): Evidence {
  if (status < FIRST_FAILURE) return Evidence.Begun;
  if (!startsWith(text, "upstream connect error")) return Evidence.Failure;
  const isRefused = indexOf(text, "connection failure") >= 0 || indexOf(text, "connection timeout") >= 0;
  return isRefused ? Evidence.Refused : Evidence.Failure;
}

/** What became of a request that got no complete answer: the instance broke off, or the client left. */
export function evidenceOfBreak(): Evidence {
  const details = getProperty("response.code_details");
  return startsWith(details, "upstream_") ? judge(details) : Evidence.None;
}

/** Envoy's response code details of a failure (envoyproxy.io, "Response Code Details"). */
function judge(details: Slice): Evidence {
  if (details == NONE || equals(details, "via_upstream")) return Evidence.Failure;
  if (startsWith(details, "response_timeout")) return Evidence.Failure;
  // Anything else is no instance's fault: no route, no cluster, a limit of the gateway, a reply of a filter.
  if (!startsWith(details, "upstream_") || indexOf(details, "{overflow") >= 0) return Evidence.None;
  return hasNoConnection(details) ? Evidence.Refused : Evidence.Failure;
}

function hasNoConnection(details: Slice): bool {
  return indexOf(details, "connection_failure") >= 0 || indexOf(details, "connection_timeout") >= 0;
}
