import { Failure } from "../chat/failure";
import { Writer } from "../bytes/writer";
import { ClientFormat } from "../formats/format";
import { reply, replyHeaders } from "../host/reply";
import { VERSION } from "../version";

const body: Writer = new Writer();

/**
 * The refuse lane: answers the client in its own error shape, and nothing goes upstream.
 * @param details response code details of the access log; "": the failure's code after `ai-proxy.`
 */
export function refuse(client: ClientFormat, failure: Failure, details: string = ""): void {
  body.reset();
  client.writeFailure(failure, body);
  replyHeaders.reset();
  replyHeaders.addText("content-type", "application/json");
  replyHeaders.addText("x-ai-proxy-version", VERSION);
  if (failure.retryAfter > 0) replyHeaders.addText("retry-after", failure.retryAfter.toString());
  const shown = details.length > 0 ? details : `ai-proxy.${String.UTF8.decode(failure.code)}`;
  reply(failure.status, shown, body.view());
}
