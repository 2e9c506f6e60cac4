import { EMPTY, NONE, Slice, borrow, equals, lengthOf } from "../../bytes/slice";
import { ChatEvents, Finish } from "../../chat/events";
import { Failure, FailureKind } from "../../chat/failure";
import { ABSENT, Document, Node } from "../../json/document";
import { AnswerReader } from "../format";
import { readUsage } from "../openai/usage";
import { readInnerFailure } from "./failure";

/**
 * Reads answers of Dify applications, whole or as events named by their `event` member. Events about the inside of a
 * workflow, sounds and pings say nothing to a chat client. Source: Dify, API access, "Send chat message".
 */
@final
export class DifyReader extends AnswerReader {
  /** Why the model stopped: just so, unless moderation took back what was said. */
  private reason: Finish = Finish.Stop;

  whole(answer: Document, out: ChatEvents): void {
    const root = answer.root;
    const text = answer.find(root, "answer");
    if (!answer.isString(text)) {
      out.fail(foreign());
      return;
    }
    begin(answer, root, out);
    out.text(answer.body(text));
    readEnd(answer, root, this.reason, out);
  }

  record(record: Document, event: Slice, out: ChatEvents): void {
    const root = record.root;
    const name = record.body(record.find(root, "event"));
    if (equals(name, "message") || equals(name, "agent_message")) {
      begin(record, root, out);
      out.text(record.body(record.find(root, "answer")));
    } else if (equals(name, "message_end")) {
      begin(record, root, out);
      readEnd(record, root, this.reason, out);
    } else if (equals(name, "message_file")) {
      const url = record.body(record.find(root, "url"));
      if (lengthOf(url) > 0) out.citation(url, borrow(EMPTY));
    } else if (equals(name, "message_replace")) {
      // A stream cannot take back what was said, but it can say so.
      this.reason = Finish.ContentFilter;
    } else if (equals(name, "error")) {
      out.fail(readInnerFailure(record));
    } else if (equals(name, "workflow_finished")) {
      readWorkflow(record, record.find(root, "data"), out);
    } else if (lengthOf(name) == 0 && !out.hasBegun) {
      out.fail(foreign());
    }
  }
}

function begin(document: Document, root: Node, out: ChatEvents): void {
  if (out.hasBegun) return;
  let id = document.body(document.find(root, "message_id"));
  if (id == NONE) id = document.body(document.find(root, "id"));
  out.begin(id, NONE, document.integer(document.find(root, "created_at"), 0));
}

/** Usage has OpenAI's names. The documents that were found have a name, and some a URL. */
function readEnd(document: Document, root: Node, reason: Finish, out: ChatEvents): void {
  const metadata = document.find(root, "metadata");
  readUsage(document, document.find(metadata, "usage"), out.usage);
  const sources = document.find(metadata, "retriever_resources");
  for (let node = document.firstElement(sources); node != ABSENT; node = document.nextElement(node)) {
    const url = document.body(document.find(node, "url"));
    const title = document.body(document.find(node, "document_name"));
    if (lengthOf(url) > 0) out.citation(url, title == NONE ? borrow(EMPTY) : title);
  }
  out.finish(reason);
  out.end();
}

/** A workflow that failed ends the answer; one that succeeded is followed by the end of the message. */
function readWorkflow(record: Document, data: Node, out: ChatEvents): void {
  const status = record.body(record.find(data, "status"));
  if (!equals(status, "failed") && !equals(status, "stopped")) return;
  const message = record.body(record.find(data, "error"));
  out.fail(
    lengthOf(message) > 0
      ? Failure.upstream(502, FailureKind.BadGateway, message)
      : Failure.of(FailureKind.BadGateway, "upstream_aborted", "upstream gave up on the answer"),
  );
}

function foreign(): Failure {
  return Failure.of(FailureKind.BadGateway, "unexpected_format", "upstream did not answer in Dify's format");
}
