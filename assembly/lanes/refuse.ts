import { Failure } from "../chat/failure";
import { Writer } from "../bytes/writer";
import { ClientFormat } from "../formats/format";
import { reply, replyHeaders } from "../host/reply";
import { VERSION } from "../version";

const body: Writer = new Writer();

/**
 * The refuse lane: answers the client in its own error shape, and nothing goes upstream.
 * The failure's code is what the access log shows as response code details, after `ai-proxy.`
 */
export function refuse(client: ClientFormat, failure: Failure): void {
  body.reset();
  client.writeFailure(failure, body);
  replyHeaders.reset();
  replyHeaders.addText("content-type", "application/json");
  replyHeaders.addText("x-ai-proxy-version", VERSION);
  if (failure.retryAfter > 0) replyHeaders.addText("retry-after", failure.retryAfter.toString());
  reply(failure.status, `ai-proxy.${String.UTF8.decode(failure.code)}`, body.view());
}
