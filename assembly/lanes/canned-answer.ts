import { NONE, Slice, Utf8, borrow, lengthOf, toOwned } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { Answer } from "../chat/answer";
import { ChatEvents, Finish } from "../chat/events";
import { ChatRequest } from "../chat/request";
import { ApiCall, Operation } from "../formats/api";
import { AnswerOptions } from "../formats/format";
import { now } from "../host/clock";
import { DraftMessage } from "../host/message";
import { Document } from "../json/document";
import { escape } from "../json/text";

const document: Document = new Document();
const out: Writer = new Writer();
const escaped: Writer = new Writer();

/**
 * Answers a chat request with a fixed text, in the client's own format and also as a stream, as if a model had said it.
 * @param request the client's body, borrowed
 * @param text what is said, UTF-8
 * @param answer where head and body go
 * @returns false where the call is no chat, or the request cannot be read
 */
export function writeCannedAnswer(
  call: ApiCall,
  request: Slice,
  text: Utf8,
  id: i32,
  answer: DraftMessage,
): bool {
  if (call.api.operation != Operation.Chat || !document.parse(request)) return false;
  const client = call.api.client;
  const asked = new ChatRequest();
  if (client.readRequest(document, call.info, asked) !== null) return false;
  const options = new AnswerOptions();
  const time = now();
  options.model = toOwned(lengthOf(asked.model) > 0 ? asked.model : call.info.model);
  options.includeUsage = asked.includeUsage;
  options.isSse = call.info.isSse;
  options.remembered = client.remember(asked);
  options.created = time / 1000;
  options.id = String.UTF8.encode(`${time.toString(36)}${id.toString(36)}`);

  escaped.reset();
  escape(escaped, borrow(text));
  out.reset();
  if (asked.stream) say(client.streamWriter(options, out));
  else {
    const whole = new Answer();
    say(whole);
    client.writeAnswer(whole, options, out);
    whole.release();
  }
  answer.open(NONE);
  answer.setText(":status", "200");
  answer.setText("content-type", asked.stream ? client.streamContentType(call.info) : "application/json");
  answer.replace(out.view());
  return true;
}

function say(events: ChatEvents): void {
  events.begin(NONE, NONE);
  events.text(escaped.view());
  events.finish(Finish.Stop);
  events.end();
}
