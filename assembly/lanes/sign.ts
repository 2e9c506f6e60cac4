import { Failure } from "../chat/failure";
import { Config, Service } from "../config/model";
import { now } from "../host/clock";
import { Message } from "../host/message";
import { signRequest } from "../upstream/signature";
import * as refusal from "./refusals";

/**
 * Signs a request as it goes out, where its service wants that. Nothing of it may change afterwards; one that goes out
 * again is signed again.
 * @param isWhole whether its body is there, or it has none.
 * @returns why that is not possible; null where it is done, or not wanted.
 */
export function sign(out: Message, service: Service, isWhole: bool): Failure | null {
  const signer = service.auth.signer;
  if (signer === null) return null;
  if (!isWhole) return refusal.cannotSign(service);
  return signRequest(out, signer, now()) ? null : refusal.hostRefused();
}

/** Whether a request that nothing else is done to has to be seen whole, because its service wants a signature. */
export function needsSignature(config: Config): bool {
  return config.services.length > 0 && unchecked(config.services[0]).auth.signer !== null;
}
