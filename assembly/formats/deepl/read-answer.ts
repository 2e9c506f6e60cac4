import { NONE, Slice, Utf8, borrow, utf8 } from "../../bytes/slice";
import { ChatEvents, Finish } from "../../chat/events";
import { Failure, FailureKind, kindOf } from "../../chat/failure";
import { ABSENT, Document } from "../../json/document";
import { foreign } from "../codes";
import { AnswerReader } from "../format";
import { plain } from "../openai/failure";

/** Its own status where a month's characters are used up. Source: DeepL API, "Error handling". */
const QUOTA_EXCEEDED: i32 = 456;

/** A line end, as a JSON string body. */
const LINE_END: Utf8 = utf8("\\n");

/** Reads translations, one for each text, as the lines of one answer. Source: DeepL API, "Translate text". */
@final
export class DeeplReader extends AnswerReader {
  whole(answer: Document, out: ChatEvents): void {
    const translations = answer.find(answer.root, "translations");
    let node = answer.firstElement(translations);
    if (node == ABSENT) {
      const message = answer.body(answer.find(answer.root, "message"));
      out.fail(message == NONE ? foreign("DeepL") : Failure.upstream(502, FailureKind.BadGateway, message));
      return;
    }
    out.begin(NONE, NONE);
    out.text(answer.body(answer.find(node, "text")));
    for (node = answer.nextElement(node); node != ABSENT; node = answer.nextElement(node)) {
      out.text(borrow(LINE_END));
      out.text(answer.body(answer.find(node, "text")));
    }
    out.finish(Finish.Stop);
    out.end();
  }

  /** There are no streams. */
  record(record: Document, event: Slice, out: ChatEvents): void {
    this.whole(record, out);
  }
}

/** The failure in an error answer: `{"message", "detail"}`. A wrong key is answered 403. */
export function readFailure(status: i32, body: Document | null, text: Slice): Failure {
  const message = body === null ? NONE : body.body(body.find(body.root, "message"));
  if (status == QUOTA_EXCEEDED) {
    return message == NONE
      ? Failure.of(FailureKind.Billing, "quota_exceeded", "the characters of this month are used up")
      : Failure.upstream(402, FailureKind.Billing, message);
  }
  return message == NONE ? plain(status, text) : Failure.upstream(status, kindOf(status), message);
}
