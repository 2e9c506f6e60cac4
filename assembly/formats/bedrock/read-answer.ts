import { EMPTY, NONE, Slice, borrow, equals, lengthOf, toOwned } from "../../bytes/slice";
import { ChatEvents } from "../../chat/events";
import { ABSENT, Document, Node } from "../../json/document";
import { sendObject } from "../arguments";
import { foreign } from "../codes";
import { AnswerReader } from "../format";
import { readException } from "./failure";
import { finishOf } from "./finish";
import { readUsage } from "./usage";

/**
 * Reads answers of Converse, whole or as events, whose kind is the name of their frame.
 * Source: Amazon Bedrock API reference, Converse, ConverseStream and ContentBlock.
 */
@final
export class BedrockReader extends AnswerReader {
  whole(answer: Document, out: ChatEvents): void {
    const root = answer.root;
    const message = answer.path(root, "output.message");
    if (!answer.isObject(message)) {
      out.fail(foreign("Converse"));
      return;
    }
    out.begin(NONE, NONE);
    readTail(answer, root, out);
    const blocks = answer.find(message, "content");
    let index = 0;
    for (let block = answer.firstElement(blocks); block != ABSENT; block = answer.nextElement(block)) {
      readBlock(answer, block, index++, out);
    }
    readStop(answer, root, out);
    out.end();
  }

  record(record: Document, event: Slice, out: ChatEvents): void {
    const root = record.root;
    const index = record.integer(record.find(root, "contentBlockIndex"), 0) as i32;
    if (equals(event, "contentBlockDelta")) {
      readDelta(record, record.find(root, "delta"), index, out);
    } else if (equals(event, "contentBlockStart")) {
      // Only tool calls are announced.
      startCall(record, record.path(root, "start.toolUse"), index, out);
    } else if (equals(event, "contentBlockStop")) {
      out.toolEnd(index);
    } else if (equals(event, "messageStart")) {
      out.begin(NONE, NONE);
    } else if (equals(event, "messageStop")) {
      readStop(record, root, out);
    } else if (equals(event, "metadata")) {
      readTail(record, root, out);
      out.end();
    } else if (!out.hasBegun) {
      out.fail(foreign("Converse"));
    }
  }

  failed(record: Document | null, text: Slice, event: Slice, out: ChatEvents): void {
    out.fail(readException(record, text, event));
  }
}

function readBlock(answer: Document, block: Node, index: i32, out: ChatEvents): void {
  out.text(answer.body(answer.find(block, "text")));
  const reasoning = answer.find(block, "reasoningContent");
  readReasoning(answer, answer.find(reasoning, "reasoningText"), out);
  readRedacted(answer, reasoning, out);
  const use = answer.find(block, "toolUse");
  if (answer.isObject(use)) {
    startCall(answer, use, index, out);
    const input = answer.find(use, "input");
    if (answer.isObject(input)) sendObject(answer.raw(input), index, out);
    out.toolEnd(index);
  }
  const cited = answer.find(block, "citationsContent");
  const texts = answer.find(cited, "content");
  for (let item = answer.firstElement(texts); item != ABSENT; item = answer.nextElement(item)) {
    out.text(answer.body(answer.find(item, "text")));
  }
  const citations = answer.find(cited, "citations");
  for (let item = answer.firstElement(citations); item != ABSENT; item = answer.nextElement(item)) {
    readCitation(answer, item, out);
  }
}

function readDelta(record: Document, delta: Node, index: i32, out: ChatEvents): void {
  out.text(record.body(record.find(delta, "text")));
  out.toolArguments(index, record.body(record.path(delta, "toolUse.input")));
  const reasoning = record.find(delta, "reasoningContent");
  readReasoning(record, reasoning, out);
  readRedacted(record, reasoning, out);
  readCitation(record, record.find(delta, "citation"), out);
}

function startCall(document: Document, use: Node, index: i32, out: ChatEvents): void {
  if (!document.isObject(use)) return;
  const id = document.body(document.find(use, "toolUseId"));
  out.toolCall(index, id, document.body(document.find(use, "name")));
}

function readReasoning(document: Document, node: Node, out: ChatEvents): void {
  out.thinking(document.body(document.find(node, "text")));
  const signature = document.body(document.find(node, "signature"));
  if (lengthOf(signature) > 0) out.signature(signature);
}

function readRedacted(document: Document, reasoning: Node, out: ChatEvents): void {
  const data = document.body(document.find(reasoning, "redactedContent"));
  if (lengthOf(data) > 0) out.redactedThinking(data);
}

/** Sources in the web; a place in a document that the client itself sent has no URL. */
function readCitation(document: Document, citation: Node, out: ChatEvents): void {
  const url = document.body(document.path(citation, "location.web.url"));
  if (lengthOf(url) == 0) return;
  const title = document.body(document.find(citation, "title"));
  out.citation(url, title == NONE ? borrow(EMPTY) : title);
}

/** The sequence that was met is only told where the request asked for it in the model's own fields. */
function readStop(document: Document, holder: Node, out: ChatEvents): void {
  const reason = document.body(document.find(holder, "stopReason"));
  if (lengthOf(reason) == 0) return;
  const sequence = document.body(document.path(holder, "additionalModelResponseFields.stop_sequence"));
  out.finish(finishOf(reason), sequence);
}

function readTail(document: Document, holder: Node, out: ChatEvents): void {
  readUsage(document, document.find(holder, "usage"), out.usage);
  const tier = document.body(document.path(holder, "serviceTier.type"));
  if (lengthOf(tier) > 0) out.serviceTier = toOwned(tier);
}
