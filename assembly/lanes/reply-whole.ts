import { borrow, parseDecimal } from "../bytes/slice";
import { Service } from "../config/model";
import { DraftMessage } from "../host/message";
import { reply, replyHeaders } from "../host/reply";
import { dropConnection } from "../upstream/call";
import { Failover } from "./failover";

/** Headers of a callout's answer that the gateway writes anew for the client. */
const OWN: StaticArray<string> = ["date", "server", "x-envoy-upstream-service-time", "x-envoy-attempt-count"];

/**
 * Sends an answer that was not the router's to the client, in the place of whatever the stream got so far. It works as
 * long as the client's headers have not left (docs/host-facts.md, "Local replies").
 * @param answer in the client's format
 * @param service who answered; null: nobody did
 */
export function replyWhole(answer: DraftMessage, failover: Failover, service: Service | null): void {
  const status = parseDecimal(answer.get(":status"));
  answer.remove(":status");
  dropConnection(answer);
  for (let i = 0; i < OWN.length; i++) answer.remove(unchecked(OWN[i]));
  if (failover.count > 1) {
    answer.setNumber("x-ai-proxy-attempts", failover.count);
    if (service !== null) answer.set("x-ai-proxy-service", borrow(service.name));
  }
  if (failover.degraded.length > 0) answer.setText("x-ai-proxy-degraded", failover.degraded);
  answer.writeHead(replyHeaders);
  reply(status > 0 ? status : 502, "ai-proxy.failover", answer.body());
  answer.release();
}
