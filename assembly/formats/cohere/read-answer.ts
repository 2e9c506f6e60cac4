import { EMPTY, NONE, Slice, borrow, equals, lengthOf } from "../../bytes/slice";
import { ChatEvents, Finish } from "../../chat/events";
import { Failure, FailureKind } from "../../chat/failure";
import { ABSENT, Document, Node } from "../../json/document";
import { sendObject } from "../arguments";
import { foreign } from "../codes";
import { AnswerReader } from "../format";
import { sendLogprobs } from "./logprobs";
import { readUsage } from "./usage";

/**
 * Reads answers of Cohere's chat API, whole or as events whose `delta.message` has the same members.
 * Source: Cohere API reference, "Chat (v2)" and "Chat with streaming (v2)".
 */
@final
export class CohereReader extends AnswerReader {
  whole(answer: Document, out: ChatEvents): void {
    const root = answer.root;
    const message = answer.find(root, "message");
    if (!answer.isObject(message)) {
      out.fail(foreign("Cohere"));
      return;
    }
    out.begin(answer.body(answer.find(root, "id")), NONE);
    // The plan comes before everything else, as it does in a stream.
    out.thinking(answer.body(answer.find(message, "tool_plan")));
    const blocks = answer.find(message, "content");
    for (let block = answer.firstElement(blocks); block != ABSENT; block = answer.nextElement(block)) {
      readBlock(answer, block, out);
    }
    sendLogprobs(answer, answer.find(root, "logprobs"), out);
    let index = 0;
    const calls = answer.find(message, "tool_calls");
    for (let call = answer.firstElement(calls); call != ABSENT; call = answer.nextElement(call)) {
      readCall(answer, call, index, out);
      out.toolEnd(index++);
    }
    const citations = answer.find(message, "citations");
    for (let node = answer.firstElement(citations); node != ABSENT; node = answer.nextElement(node)) {
      readCitation(answer, node, out);
    }
    readEnd(answer, root, out);
    out.end();
  }

  record(record: Document, event: Slice, out: ChatEvents): void {
    const root = record.root;
    const type = record.body(record.find(root, "type"));
    const delta = record.find(root, "delta");
    const message = record.find(delta, "message");
    const index = record.integer(record.find(root, "index"), 0) as i32;
    if (equals(type, "message-start")) {
      out.begin(record.body(record.find(root, "id")), NONE);
    } else if (equals(type, "content-start") || equals(type, "content-delta")) {
      readBlock(record, record.find(message, "content"), out);
      sendLogprobs(record, record.find(root, "logprobs"), out);
    } else if (equals(type, "tool-plan-delta")) {
      out.thinking(record.body(record.find(message, "tool_plan")));
    } else if (equals(type, "tool-call-start") || equals(type, "tool-call-delta")) {
      readCall(record, record.find(message, "tool_calls"), index, out);
    } else if (equals(type, "tool-call-end")) {
      out.toolEnd(index);
    } else if (equals(type, "citation-start")) {
      readCitation(record, record.find(message, "citations"), out);
    } else if (equals(type, "message-end")) {
      readEnd(record, delta, out);
      out.end();
    } else if (lengthOf(type) == 0 && !out.hasBegun) {
      const text = record.body(record.find(root, "message"));
      out.fail(text == NONE ? foreign("Cohere") : Failure.upstream(502, FailureKind.BadGateway, text));
    }
  }
}

/** A block of text or of thinking; a delta has either without saying so. */
function readBlock(document: Document, block: Node, out: ChatEvents): void {
  out.thinking(document.body(document.find(block, "thinking")));
  out.text(document.body(document.find(block, "text")));
}

/** A call, or a fragment of its arguments. A call without arguments has `null`, as a text, for them. */
function readCall(document: Document, call: Node, index: i32, out: ChatEvents): void {
  const called = document.find(call, "function");
  const name = document.body(document.find(called, "name"));
  if (lengthOf(name) > 0) out.toolCall(index, document.body(document.find(call, "id")), name);
  const value = document.find(called, "arguments");
  const text = document.body(value);
  if (document.isObject(value)) sendObject(document.raw(value), index, out);
  else if (!equals(text, "null")) out.toolArguments(index, text);
}

function readCitation(document: Document, citation: Node, out: ChatEvents): void {
  const sources = document.find(citation, "sources");
  for (let node = document.firstElement(sources); node != ABSENT; node = document.nextElement(node)) {
    const source = document.find(node, "document");
    const url = document.body(document.find(source, "url"));
    if (lengthOf(url) == 0) continue;
    const title = document.body(document.find(source, "title"));
    out.citation(url, title == NONE ? borrow(EMPTY) : title);
  }
}

/** Finish reason and usage, which a whole answer has in itself and a stream in its last event. */
function readEnd(document: Document, holder: Node, out: ChatEvents): void {
  readUsage(document, document.find(holder, "usage"), out.usage);
  const reason = document.body(document.find(holder, "finish_reason"));
  const error = document.body(document.find(holder, "error"));
  if (lengthOf(error) > 0 || equals(reason, "ERROR") || equals(reason, "TIMEOUT")) {
    const isTimeout = equals(reason, "TIMEOUT");
    const kind = isTimeout ? FailureKind.Timeout : FailureKind.BadGateway;
    out.fail(
      lengthOf(error) > 0
        ? Failure.upstream(isTimeout ? 504 : 502, kind, error, reason)
        : Failure.of(kind, "upstream_aborted", "upstream gave up on the answer"),
    );
    return;
  }
  if (lengthOf(reason) == 0) return;
  out.finish(finishOf(reason));
}

function finishOf(reason: Slice): Finish {
  if (equals(reason, "MAX_TOKENS")) return Finish.Length;
  if (equals(reason, "TOOL_CALL")) return Finish.ToolCalls;
  if (equals(reason, "STOP_SEQUENCE")) return Finish.StopSequence;
  if (equals(reason, "ERROR_TOXIC") || equals(reason, "CONTENT_FILTER")) return Finish.ContentFilter;
  return Finish.Stop;
}
