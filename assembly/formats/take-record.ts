import { ChatEvents } from "../chat/events";
import { Failure, FailureKind } from "../chat/failure";
import { Framer } from "../framing/framer";
import { Document } from "../json/document";
import { AnswerReader } from "./format";

/**
 * Tells `events` what a record of a streamed answer says.
 * @param framer it has just given the record.
 * @param document where the record is parsed; free again afterwards.
 */
export function takeRecord(
  framer: Framer,
  document: Document,
  reader: AnswerReader,
  events: ChatEvents,
): void {
  if (events.hasEnded) return;
  const record = framer.record;
  if (framer.failure) reader.failed(document.parse(record) ? document : null, record, framer.event, events);
  else if (reader.isEndMark(record)) reader.complete(events);
  else if (document.parse(record)) reader.record(document, framer.event, events);
  // A last record that was cut off is the end of the answer, which the reader judges by what came before.
  else if (framer.unterminated) reader.cutOff(events);
  else if (!reader.plain(framer.event, events)) events.fail(notJson());
}

function notJson(): Failure {
  return Failure.of(FailureKind.BadGateway, "upstream_not_json", "upstream sent something that is not JSON");
}
