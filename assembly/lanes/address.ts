import { NONE, Slice, lengthOf } from "../bytes/slice";
import { Failure } from "../chat/failure";
import { Service, Steering } from "../config/model";
import { mapModel } from "../config/models";
import { Message } from "../host/message";
import { Choice } from "../upstream/choice";
import { forward } from "../upstream/forward";
import { RequestHead } from "../upstream/request-head";
import { pathNeedsModel } from "../vendors/paths";
import * as refusal from "./refusals";

/**
 * Makes the head of a request that of its target, whose path may hold the model.
 * @param rest path and query behind the version prefix, as the service's language has them.
 * @param name the client's name of the model, UTF-8; NONE where none is known.
 * @param isToCome whether a body may still name it, when the headers are gone.
 * @returns why that is not possible; null where it is done.
 */
export function address(
  out: Message,
  head: RequestHead,
  service: Service,
  choice: Choice,
  rest: Slice,
  name: Slice,
  isToCome: bool,
  steering: Steering,
): Failure | null {
  let model = NONE;
  if (service.paths.length > 0 && pathNeedsModel(service.paths, rest)) {
    model = mapModel(service, name);
    if (lengthOf(model) == 0) return isToCome ? refusal.cannotHold() : refusal.pathWithoutModel(service);
  }
  return forward(out, head, service, choice, rest, model, steering) ? null : refusal.hostRefused();
}
