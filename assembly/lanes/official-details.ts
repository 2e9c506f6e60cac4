import { Failure } from "../chat/failure";
import { Config, Service } from "../config/model";

/** What access logs and alerts of the official plugin know: a failure of the request's head, or of its body. */
const HEADERS_FAILED: string = "ai-proxy.proc_req_headers_failed";
const BODY_FAILED: string = "ai-proxy.proc_req_body_failed";

/** Codes that keep a name of their own there: `ai-proxy.<type>.<code>`. */
const OWN_CODES: string[] = ["load_ctx_failed"];

/**
 * Response code details of a refusal, by the names of the official plugin where its configuration serves; "" where the
 * failure's own code is to be shown.
 * @param service null where the failure came before one was chosen
 */
export function officialDetails(
  config: Config,
  service: Service | null,
  isBody: bool,
  failure: Failure,
): string {
  const services = config.services;
  const last = services.length - 1;
  let type = "";
  if (service !== null) type = service.official;
  else if (last >= 0) type = unchecked(services[last]).official;
  if (type.length == 0) return "";
  const code = String.UTF8.decode(failure.code);
  if (OWN_CODES.includes(code)) return `ai-proxy.${type}.${code}`;
  return isBody ? BODY_FAILED : HEADERS_FAILED;
}
