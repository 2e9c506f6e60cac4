import { Slice, Utf8, borrow, equals, lengthOf, same, toOwned, utf8 } from "../../bytes/slice";
import { ChatEvents, Finish } from "../../chat/events";
import { Failure, FailureKind } from "../../chat/failure";
import { ABSENT, Document, Node } from "../../json/document";
import { sendObject } from "../arguments";
import { foreign } from "../codes";
import { AnswerReader } from "../format";
import { readInnerFailure } from "./failure";
import { finishOf } from "./finish";
import { readUsage } from "./usage";

/** OpenAI's word for Anthropic's ordinary service tier. */
const DEFAULT_TIER: Utf8 = utf8("default");

/**
 * Reads an answer of Messages, whole or as events. The name of an event is ignored: its data says the type, too.
 * Sources: Anthropic API reference, "Create a Message" and "Streaming Messages".
 */
@final
export class AnthropicReader extends AnswerReader {
  whole(answer: Document, out: ChatEvents): void {
    const root = answer.root;
    if (answer.isText(answer.find(root, "type"), "error")) {
      out.fail(readInnerFailure(answer, root));
      return;
    }
    if (!answer.isArray(answer.find(root, "content"))) {
      out.fail(foreign("Anthropic"));
      return;
    }
    begin(answer, root, out);
    readBlocks(answer, answer.find(root, "content"), out);
    readStop(answer, root, out);
    this.complete(out);
  }

  record(record: Document, event: Slice, out: ChatEvents): void {
    const root = record.root;
    const type = record.body(record.find(root, "type"));
    if (equals(type, "content_block_delta")) readDelta(record, root, out);
    else if (equals(type, "content_block_start")) {
      readBlock(record, record.find(root, "content_block"), keyOf(record, root), out);
    } else if (equals(type, "content_block_stop")) out.toolEnd(keyOf(record, root));
    else if (equals(type, "message_start")) readStart(record, record.find(root, "message"), out);
    else if (equals(type, "message_delta")) {
      readUsage(record, record.find(root, "usage"), out.usage);
      readStop(record, record.find(root, "delta"), out);
    } else if (equals(type, "message_stop")) this.complete(out);
    else if (equals(type, "error")) out.fail(readInnerFailure(record, root));
    else if (lengthOf(type) == 0 && !out.hasBegun) out.fail(foreign("Anthropic"));
    // Pings, and events that are new, say nothing that a client of another language could be told.
  }
}

/** A message may begin only once; some hosts repeat the event. */
function readStart(document: Document, message: Node, out: ChatEvents): void {
  const id = document.body(document.find(message, "id"));
  if (out.hasBegun && lengthOf(id) > 0 && !same(id, borrow(out.id))) {
    out.fail(
      Failure.of(
        FailureKind.BadGateway,
        "unexpected_message",
        "upstream began a second message in one answer",
      ),
    );
    return;
  }
  if (out.hasBegun) return;
  begin(document, message, out);
  readBlocks(document, document.find(message, "content"), out);
}

function begin(document: Document, message: Node, out: ChatEvents): void {
  const usage = document.find(message, "usage");
  readUsage(document, usage, out.usage);
  const tier = document.body(document.find(usage, "service_tier"));
  if (equals(tier, "standard")) out.serviceTier = DEFAULT_TIER;
  else if (lengthOf(tier) > 0) out.serviceTier = toOwned(tier);
  out.begin(document.body(document.find(message, "id")), document.body(document.find(message, "model")));
}

function readBlocks(document: Document, content: Node, out: ChatEvents): void {
  let key = 0;
  for (let block = document.firstElement(content); block != ABSENT; block = document.nextElement(block)) {
    readBlock(document, block, key, out);
    out.toolEnd(key++);
  }
}

/** A block, or the beginning of one. Blocks of tools that ran at Anthropic are not shown. */
function readBlock(document: Document, block: Node, key: i32, out: ChatEvents): void {
  const type = document.find(block, "type");
  if (document.isText(type, "text")) {
    out.text(document.body(document.find(block, "text")));
    const citations = document.find(block, "citations");
    for (let node = document.firstElement(citations); node != ABSENT; node = document.nextElement(node)) {
      readCitation(document, node, out);
    }
  } else if (document.isText(type, "thinking")) {
    out.thinking(document.body(document.find(block, "thinking")));
    readSignature(document, block, out);
  } else if (document.isText(type, "redacted_thinking")) {
    out.redactedThinking(document.body(document.find(block, "data")));
  } else if (document.isText(type, "tool_use")) {
    out.toolCall(key, document.body(document.find(block, "id")), document.body(document.find(block, "name")));
    // The beginning of a streamed call has an empty object, which is not its arguments yet.
    const input = document.find(block, "input");
    if (document.isObject(input) && document.count(input) > 0) sendObject(document.raw(input), key, out);
  }
}

function readDelta(document: Document, root: Node, out: ChatEvents): void {
  const delta = document.find(root, "delta");
  const type = document.body(document.find(delta, "type"));
  if (equals(type, "text_delta")) out.text(document.body(document.find(delta, "text")));
  else if (equals(type, "input_json_delta")) {
    out.toolArguments(keyOf(document, root), document.body(document.find(delta, "partial_json")));
  } else if (equals(type, "thinking_delta")) out.thinking(document.body(document.find(delta, "thinking")));
  else if (equals(type, "signature_delta")) readSignature(document, delta, out);
  else if (equals(type, "citations_delta")) readCitation(document, document.find(delta, "citation"), out);
}

function readSignature(document: Document, node: Node, out: ChatEvents): void {
  const signature = document.body(document.find(node, "signature"));
  if (lengthOf(signature) > 0) out.signature(signature);
}

/** Only pages of the web have a place that a client can go to. */
function readCitation(document: Document, citation: Node, out: ChatEvents): void {
  const url = document.body(document.find(citation, "url"));
  if (lengthOf(url) > 0) out.citation(url, document.body(document.find(citation, "title")));
}

function readStop(document: Document, node: Node, out: ChatEvents): void {
  const finish = finishOf(document.body(document.find(node, "stop_reason")));
  if (finish == Finish.None) return;
  out.finish(finish, document.body(document.find(node, "stop_sequence")));
}

/** A block's index; one that is out of range is no block that was begun. */
function keyOf(document: Document, root: Node): i32 {
  const index = document.integer(document.find(root, "index"), -1);
  return index >= 0 && index <= i32.MAX_VALUE ? (index as i32) : -1;
}
