import { Slice, lengthOf } from "../../bytes/slice";
import { ChatEvents } from "../../chat/events";
import { Document } from "../../json/document";
import { AnswerReader } from "../format";
import { OpenAiReader } from "../openai/read-answer";
import { isFailure, readInnerFailure } from "./failure";

/**
 * Reads answers of Spark: those of Chat Completions in an envelope, `code`, `message` and `sid`, that also brings errors
 * with status 200. Source: iFlytek open platform, "Spark HTTP API", answers.
 */
@final
export class SparkReader extends AnswerReader {
  private inner: AnswerReader = new OpenAiReader();

  whole(answer: Document, out: ChatEvents): void {
    if (open(answer, out)) this.inner.whole(answer, out);
  }

  record(record: Document, event: Slice, out: ChatEvents): void {
    if (open(record, out)) this.inner.record(record, event, out);
  }

  isEndMark(record: Slice): bool {
    return this.inner.isEndMark(record);
  }
}

/** Looks at the envelope. Whether there is an answer in it; if not, that was the end. */
function open(document: Document, out: ChatEvents): bool {
  const root = document.root;
  if (isFailure(document)) {
    out.fail(readInnerFailure(document));
    return false;
  }
  const id = document.body(document.find(root, "sid"));
  if (!out.hasBegun && lengthOf(id) > 0) {
    const model = document.body(document.find(root, "model"));
    out.begin(id, model, document.integer(document.find(root, "created"), 0));
  }
  return true;
}
