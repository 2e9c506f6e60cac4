import { NONE, Slice, Utf8, borrow, lengthOf, utf8 } from "../bytes/slice";
import { Failure } from "../chat/failure";
import { Service, Steering } from "../config/model";
import { mapModel } from "../config/models";
import { ApiCall } from "../formats/api";
import { Message } from "../host/message";
import { Choice } from "../upstream/choice";
import { forward } from "../upstream/forward";
import { RequestHead } from "../upstream/request-head";
import { pathNeedsModel } from "../vendors/paths";
import * as refusal from "./refusals";
import { TapRequest } from "./tap-request";

const STREAM: Utf8 = utf8("stream");

/**
 * Makes the head of a request that of its target, whose path may hold the model, and depend on whether a stream is asked
 * for.
 * @param rest path and query behind the version prefix, as the service's language has them.
 * @param body the client's; null where there is none, or it comes when the headers are gone.
 * @param isToCome whether it comes then.
 * @returns why that is not possible; null where it is done.
 */
export function address(
  out: Message,
  head: RequestHead,
  service: Service,
  choice: Choice,
  rest: Slice,
  call: ApiCall,
  body: TapRequest | null,
  isToCome: bool,
  steering: Steering,
): Failure | null {
  let model = NONE;
  let isStream = false;
  if (service.paths.length > 0) {
    isStream = call.info.stream || (body !== null && body.isTrue(STREAM));
    if (pathNeedsModel(service.paths, rest)) {
      // What is mapped in several ways depends on the name that the body will bring.
      if (isToCome && call.model == NONE && service.mappings.length > 1) return refusal.cannotHold();
      model = mapModel(service, call.model != NONE ? call.model : body === null ? NONE : borrow(body.model));
      if (lengthOf(model) == 0) return isToCome ? refusal.cannotHold() : refusal.pathWithoutModel(service);
    }
  }
  return forward(out, head, service, choice, rest, model, isStream, steering) ? null : refusal.hostRefused();
}
