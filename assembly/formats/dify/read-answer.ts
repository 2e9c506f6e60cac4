import { EMPTY, NONE, Slice, borrow, equals, lengthOf, same, toOwned } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { ChatEvents, Finish } from "../../chat/events";
import { Failure, FailureKind } from "../../chat/failure";
import { compact } from "../../json/compact";
import { ABSENT, Document, Node } from "../../json/document";
import { escape, unescape } from "../../json/text";
import { foreign } from "../codes";
import { AnswerReader } from "../format";
import { count, readUsage } from "../openai/usage";
import { Settings } from "../settings";
import { isWorkflow } from "./application";
import { readInnerFailure } from "./failure";

/** Longer names of conversations are not told. */
const MAX_ID_BYTES: i32 = 256;

const scratch: Writer = new Writer();
const compacted: Writer = new Writer();

/**
 * Reads answers of Dify applications, whole or as events named by their `event` member. Events about the inside of a
 * workflow, sounds and pings say nothing to a chat client. Source: Dify, API access, "Send chat message".
 */
@final
export class DifyReader extends AnswerReader {
  /** Why the model stopped: just so, unless moderation took back what was said. */
  private reason: Finish = Finish.Stop;

  /** Whether a workflow has told its text piece by piece. */
  private hasText: bool = false;

  constructor(private settings: Settings) {
    super();
  }

  whole(answer: Document, out: ChatEvents): void {
    const root = answer.root;
    const data = answer.find(root, "data");
    if (isWorkflow(this.settings) && answer.isObject(data)) {
      this.readRun(answer, root, data, out);
      return;
    }
    const text = answer.find(root, "answer");
    if (!answer.isString(text)) {
      out.fail(foreign("Dify"));
      return;
    }
    this.begin(answer, root, out);
    out.text(answer.body(text));
    readEnd(answer, root, this.reason, out);
  }

  record(record: Document, event: Slice, out: ChatEvents): void {
    const root = record.root;
    const name = record.body(record.find(root, "event"));
    if (equals(name, "message") || equals(name, "agent_message")) {
      this.begin(record, root, out);
      out.text(record.body(record.find(root, "answer")));
    } else if (equals(name, "message_end")) {
      this.begin(record, root, out);
      readEnd(record, root, this.reason, out);
    } else if (equals(name, "message_file")) {
      const url = record.body(record.find(root, "url"));
      if (lengthOf(url) > 0) out.citation(url, borrow(EMPTY));
    } else if (equals(name, "message_replace")) {
      // A stream cannot take back what was said, but it can say so.
      this.reason = Finish.ContentFilter;
    } else if (equals(name, "error")) {
      out.fail(readInnerFailure(record));
    } else if (equals(name, "text_chunk")) {
      begin(record, root, out);
      out.text(record.body(record.path(root, "data.text")));
      this.hasText = true;
    } else if (equals(name, "workflow_finished")) {
      const data = record.find(root, "data");
      if (!isWorkflow(this.settings)) readEndOfFlow(record, data, out);
      else this.readRun(record, root, data, out);
    } else if (lengthOf(name) == 0 && !out.hasBegun) {
      out.fail(foreign("Dify"));
    }
  }

  /** A message, which belongs to a conversation. */
  private begin(document: Document, root: Node, out: ChatEvents): void {
    begin(document, root, out);
    const id = document.body(document.find(root, "conversation_id"));
    if (this.conversation.byteLength > 0 || lengthOf(id) > MAX_ID_BYTES) return;
    this.conversation = toOwned(id);
  }

  /** The end of a run: its outputs are the answer, unless they were told before. */
  private readRun(document: Document, root: Node, data: Node, out: ChatEvents): void {
    if (readEndOfFlow(document, data, out)) return;
    begin(document, root, out);
    const outputs = document.find(data, "outputs");
    if (!this.hasText) out.text(outputOf(document, outputs, this.settings.text("outputVariable")));
    out.usage.total = count(document, data, "total_tokens", out.usage.total);
    out.finish(this.reason);
    out.end();
  }
}

/** The output of this name (UTF-8); NONE: the first one that is a text. A JSON string body. */
function outputOf(document: Document, outputs: Node, name: Slice): Slice {
  for (let key = document.firstMember(outputs); key != ABSENT; key = document.nextMember(key)) {
    const value = document.valueOf(key);
    if (name == NONE) {
      if (document.isString(value)) return document.body(value);
      continue;
    }
    scratch.reset();
    unescape(scratch, document.body(key));
    if (!same(scratch.view(), name)) continue;
    if (document.isString(value)) return document.body(value);
    // Numbers and objects are told as they are.
    compacted.reset();
    compact(compacted, document.raw(value));
    scratch.reset();
    escape(scratch, compacted.view());
    return scratch.view();
  }
  return NONE;
}

function begin(document: Document, root: Node, out: ChatEvents): void {
  if (out.hasBegun) return;
  let id = document.body(document.find(root, "message_id"));
  if (id == NONE) id = document.body(document.find(root, "workflow_run_id"));
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

/** A flow that failed ends the answer; of a chat, one that succeeded is followed by the end of the message. */
function readEndOfFlow(record: Document, data: Node, out: ChatEvents): bool {
  const status = record.body(record.find(data, "status"));
  if (!equals(status, "failed") && !equals(status, "stopped")) return false;
  const message = record.body(record.find(data, "error"));
  out.fail(
    lengthOf(message) > 0
      ? Failure.upstream(502, FailureKind.BadGateway, message)
      : Failure.of(FailureKind.BadGateway, "upstream_aborted", "upstream gave up on the answer"),
  );
  return true;
}
