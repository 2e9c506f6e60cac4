import { EMPTY, NONE, Slice, borrow, lengthOf } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { ChatEvents, Finish } from "../../chat/events";
import { Failure, FailureKind } from "../../chat/failure";
import { ABSENT, Document, Node } from "../../json/document";
import { JsonWriter } from "../../json/writer";
import { AnswerReader } from "../format";
import { errorIn, readInnerFailure } from "./failure";
import { finishOf, isBroken } from "./finish";
import { writeOpenaiLogprobs } from "./logprobs";
import { readPart } from "./read-part";
import { StreamedCall } from "./streamed-call";
import { parseTime } from "./time";
import { readUsage } from "./usage";

const scratch: Writer = new Writer();

/**
 * Reads answers of generateContent. Every record of a stream is a whole GenerateContentResponse, so one
 * reading serves both; there is no end mark, and the body's end is the end.
 * Source: Gemini API reference, GenerateContentResponse; Vertex AI reference, the same.
 */
export class GeminiReader extends AnswerReader {
  private call: StreamedCall = new StreamedCall();
  /** Sources that were told already, by choice: each record repeats those before it. */
  private cited: Array<i32> = [];
  private hasContent: bool = false;

  whole(answer: Document, out: ChatEvents): void {
    const root = answer.root;
    if (answer.isArray(root)) {
      // A stream that was asked for without `alt=sse`, read at once.
      for (let item = answer.firstElement(root); item != ABSENT; item = answer.nextElement(item)) {
        this.read(answer, item, out);
      }
    } else {
      this.read(answer, root, out);
    }
    // The document is complete, so a candidate without a reason just stopped.
    if (this.hasContent) out.finishRest(Finish.Stop);
    out.end();
  }

  record(record: Document, event: Slice, out: ChatEvents): void {
    this.read(record, record.root, out);
  }

  private read(record: Document, root: Node, out: ChatEvents): void {
    const error = errorIn(record, root);
    if (error != ABSENT) {
      out.fail(readInnerFailure(record, error));
      return;
    }
    readUsage(record, record.find(root, "usageMetadata"), out.usage);
    const candidates = record.find(root, "candidates");
    let position = 0;
    for (let node = record.firstElement(candidates); node != ABSENT; node = record.nextElement(node)) {
      const failure = this.brokenBy(record, node);
      if (failure) {
        out.fail(failure);
        return;
      }
      this.begin(record, root, out);
      out.choose(record.integer(record.find(node, "index"), position++) as i32);
      this.candidate(record, node, out);
    }
    if (position == 0) this.blocked(record, root, out);
  }

  private begin(record: Document, root: Node, out: ChatEvents): void {
    if (out.hasBegun) return;
    const created = parseTime(record.body(record.find(root, "createTime")));
    out.begin(
      record.body(record.find(root, "responseId")),
      record.body(record.find(root, "modelVersion")),
      created,
    );
  }

  private candidate(record: Document, node: Node, out: ChatEvents): void {
    const logprobs = record.find(node, "logprobsResult");
    if (record.isObject(logprobs)) {
      scratch.reset();
      writeOpenaiLogprobs(record, logprobs, new JsonWriter(scratch));
      out.logprobs(scratch.view());
    }
    const parts = record.path(node, "content.parts");
    for (let part = record.firstElement(parts); part != ABSENT; part = record.nextElement(part)) {
      this.hasContent = true;
      const call = record.find(part, "functionCall");
      if (record.isObject(call)) this.call.read(record, part, call, out);
      else readPart(record, part, out);
    }
    this.cite(record, node, out);
    const reason = record.body(record.find(node, "finishReason"));
    if (
      lengthOf(reason) == 0 ||
      record.isText(record.find(node, "finishReason"), "FINISH_REASON_UNSPECIFIED")
    )
      return;
    this.call.finish(out);
    this.hasContent = true;
    out.finish(finishOf(reason));
  }

  /** The failure that an answer without content and with a reason such as MALFORMED_FUNCTION_CALL is. */
  private brokenBy(record: Document, node: Node): Failure | null {
    const reason = record.body(record.find(node, "finishReason"));
    if (this.hasContent || !isBroken(reason) || record.count(record.path(node, "content.parts")) > 0)
      return null;
    const message = record.body(record.find(node, "finishMessage"));
    if (lengthOf(message) > 0) return Failure.upstream(502, FailureKind.BadGateway, message, reason);
    return Failure.of(
      FailureKind.BadGateway,
      "malformed_function_call",
      "the model made a function call that could not be used",
    );
  }

  /** A prompt that was blocked: the model never answered. */
  private blocked(record: Document, root: Node, out: ChatEvents): void {
    const feedback = record.find(root, "promptFeedback");
    const reason = record.body(record.find(feedback, "blockReason"));
    if (lengthOf(reason) == 0) return;
    this.begin(record, root, out);
    const message = record.body(record.find(feedback, "blockReasonMessage"));
    scratch.reset();
    if (lengthOf(message) > 0) {
      scratch.bytes(message);
    } else {
      scratch.ascii("The prompt was blocked: ");
      scratch.bytes(reason);
    }
    out.refusal(scratch.view());
    out.finish(Finish.ContentFilter);
  }

  /**
   * Sources: of search (`groundingChunks`), and of text that was quoted (`citationSources`, Vertex
   * `citations`).
   */
  private cite(record: Document, node: Node, out: ChatEvents): void {
    const chunks = record.path(node, "groundingMetadata.groundingChunks");
    let quotes = record.path(node, "citationMetadata.citationSources");
    if (quotes == ABSENT) quotes = record.path(node, "citationMetadata.citations");
    if (chunks == ABSENT && quotes == ABSENT) return;
    const choice = max<i64>(0, min<i64>(127, record.integer(record.find(node, "index"), 0))) as i32;
    while (this.cited.length <= choice) this.cited.push(0);
    let seen = unchecked(this.cited[choice]);
    let index = 0;
    for (let chunk = record.firstElement(chunks); chunk != ABSENT; chunk = record.nextElement(chunk)) {
      if (index++ < seen) continue;
      let source = record.find(chunk, "web");
      if (source == ABSENT) source = record.find(chunk, "retrievedContext");
      if (source == ABSENT) source = record.find(chunk, "maps");
      tell(record, source, out);
    }
    for (let quote = record.firstElement(quotes); quote != ABSENT; quote = record.nextElement(quote)) {
      if (index++ >= seen) tell(record, quote, out);
    }
    unchecked((this.cited[choice] = max(seen, index)));
  }
}

function tell(record: Document, source: Node, out: ChatEvents): void {
  const url = record.body(record.find(source, "uri"));
  if (lengthOf(url) == 0) return;
  const title = record.body(record.find(source, "title"));
  out.citation(url, title == NONE ? borrow(EMPTY) : title);
}
