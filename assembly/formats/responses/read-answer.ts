import {
  EMPTY,
  NONE,
  Slice,
  Utf8,
  borrow,
  equals,
  lengthOf,
  startsWith,
  toOwned,
  utf8,
} from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { ChatEvents, Finish } from "../../chat/events";
import { Failure, FailureKind } from "../../chat/failure";
import { ABSENT, Document, Node } from "../../json/document";
import { escape } from "../../json/text";
import { AnswerReader } from "../format";
import { redactedData } from "../thoughts";
import { readErrorEvent, readResponseError } from "./failure";
import { readUsage } from "./usage";

/** More items than this are no answer but an attack on our memory. */
const MAX_ITEMS: i32 = 4096;

const PARAGRAPH: Utf8 = utf8("\\n\\n");
const PNG: Utf8 = utf8("image/png");

const scratch: Writer = new Writer();

/** What was seen of one item of the output. */
class Seen {
  /** Parts of which text came. */
  parts: i32 = 0;
  /** Sources that came. */
  sources: i32 = 0;
  isCall: bool = false;
  isCustom: bool = false;
  hasArguments: bool = false;
  /** Reasoning comes as a summary or as the text itself; the one that comes first is shown. */
  isSummary: bool = false;
  hasThinking: bool = false;
  isDone: bool = false;

  constructor(readonly index: i32) {}
}

/**
 * Reads responses and their events. Items are told apart by their place in the output: some hosts give an
 * item another id in every event. What an event with deltas left out is taken from the one that says the item
 * is done.
 * Source: OpenAI API reference, "The response object" and "Streaming events" of Responses.
 */
export class ResponsesReader extends AnswerReader {
  private seen: Array<Seen> = [];

  whole(answer: Document, out: ChatEvents): void {
    this.finish(answer, answer.root, out);
  }

  record(record: Document, event: Slice, out: ChatEvents): void {
    const root = record.root;
    const type = record.body(record.find(root, "type"));
    if (!startsWith(type, "response.")) {
      // The error event, and what gateways send in its place.
      if (equals(type, "error") || record.isObject(record.find(root, "error"))) {
        out.fail(readErrorEvent(record, root));
      }
      return;
    }
    const response = record.find(root, "response");
    if (record.isObject(response)) {
      this.readResponse(record, response, type, out);
      return;
    }
    const index = record.integer(record.find(root, "output_index"), -1) as i32;
    const seen = this.at(index, out);
    if (seen === null) return;
    if (startsWith(type, "response.output_item.")) {
      const item = record.find(root, "item");
      if (equals(type, "response.output_item.added")) this.start(record, item, seen, out);
      else this.item(record, item, seen, out);
    } else {
      this.delta(record, root, type, seen, out);
    }
  }

  private readResponse(record: Document, response: Node, type: Slice, out: ChatEvents): void {
    const isEnd =
      equals(type, "response.completed") ||
      equals(type, "response.incomplete") ||
      equals(type, "response.failed") ||
      equals(type, "response.cancelled");
    if (isEnd) this.finish(record, response, out);
    else this.begin(record, response, out);
  }

  private begin(record: Document, response: Node, out: ChatEvents): void {
    const created = record.integer(
      record.find(response, "created_at"),
      record.decimal(record.find(response, "created_at"), 0) as i64,
    );
    out.begin(record.body(record.find(response, "id")), record.body(record.find(response, "model")), created);
    const tier = record.body(record.find(response, "service_tier"));
    if (lengthOf(tier) > 0) out.serviceTier = toOwned(tier);
  }

  /** A response that is at its end, of a stream or by itself. */
  private finish(record: Document, response: Node, out: ChatEvents): void {
    const status = record.find(response, "status");
    const error = record.find(response, "error");
    if (record.isText(status, "failed") || (record.isObject(error) && !record.isString(status))) {
      if (record.isObject(error)) out.fail(readResponseError(record, error));
      else
        out.fail(
          Failure.of(FailureKind.Internal, "upstream_error", "upstream reported that the response failed"),
        );
      return;
    }
    const isIncomplete = record.isText(status, "incomplete");
    if (!isIncomplete && !record.isText(status, "completed")) {
      out.fail(
        Failure.of(
          FailureKind.BadGateway,
          "response_not_complete",
          "upstream answered with a response that is not complete",
        ),
      );
      return;
    }
    this.begin(record, response, out);
    readUsage(record, record.find(response, "usage"), out.usage);
    // What came in events counts: hosts leave items out here, or all of them.
    const output = record.find(response, "output");
    if (this.seen.length == 0) {
      let index = 0;
      for (let item = record.firstElement(output); item != ABSENT; item = record.nextElement(item)) {
        const seen = this.at(index++, out);
        if (seen !== null) this.item(record, item, seen, out);
      }
    }
    out.finish(isIncomplete ? cutBy(record, response) : Finish.Stop);
    out.end();
  }

  /** An item begins: only calls have something to say already. */
  private start(record: Document, item: Node, seen: Seen, out: ChatEvents): void {
    const type = record.find(item, "type");
    seen.isCustom = record.isText(type, "custom_tool_call");
    if (seen.isCall || (!seen.isCustom && !record.isText(type, "function_call"))) return;
    let id = record.body(record.find(item, "call_id"));
    if (lengthOf(id) == 0) id = record.body(record.find(item, "id"));
    seen.isCall = true;
    out.toolCall(seen.index, id, record.body(record.find(item, "name")));
  }

  private delta(record: Document, root: Node, type: Slice, seen: Seen, out: ChatEvents): void {
    const delta = record.body(record.find(root, "delta"));
    if (equals(type, "response.output_text.delta")) {
      tellLogprobs(record, record.find(root, "logprobs"), out);
      this.mark(record, root, seen);
      out.text(delta);
    } else if (equals(type, "response.function_call_arguments.delta")) {
      this.arguments(delta, seen, out);
    } else if (equals(type, "response.function_call_arguments.done")) {
      if (!seen.hasArguments) this.arguments(record.body(record.find(root, "arguments")), seen, out);
    } else if (equals(type, "response.custom_tool_call_input.delta")) {
      this.arguments(delta, seen, out);
    } else if (equals(type, "response.custom_tool_call_input.done")) {
      if (!seen.hasArguments) this.arguments(record.body(record.find(root, "input")), seen, out);
    } else if (equals(type, "response.reasoning_summary_text.delta")) {
      this.thinking(delta, true, seen, out);
    } else if (equals(type, "response.reasoning_text.delta")) {
      this.thinking(delta, false, seen, out);
    } else if (equals(type, "response.reasoning_summary_part.added")) {
      if (seen.hasThinking && seen.isSummary) out.thinking(borrow(PARAGRAPH));
    } else if (equals(type, "response.refusal.delta")) {
      this.mark(record, root, seen);
      out.refusal(delta);
    } else if (equals(type, "response.output_text.done") || equals(type, "response.refusal.done")) {
      if (!this.isMarked(record, root, seen)) {
        out.text(record.body(record.find(root, "text")));
        out.refusal(record.body(record.find(root, "refusal")));
        this.mark(record, root, seen);
      }
    } else if (equals(type, "response.output_text.annotation.added")) {
      seen.sources++;
      tellSource(record, record.find(root, "annotation"), out);
    }
  }

  /** An item that is complete: what has not come before. */
  private item(record: Document, item: Node, seen: Seen, out: ChatEvents): void {
    if (seen.isDone) return;
    seen.isDone = true;
    const type = record.find(item, "type");
    if (record.isText(type, "message")) {
      this.message(record, item, seen, out);
    } else if (record.isText(type, "reasoning")) {
      this.reasoning(record, item, seen, out);
    } else if (record.isText(type, "image_generation_call")) {
      out.media(borrow(PNG), record.body(record.find(item, "result")));
    } else {
      this.start(record, item, seen, out);
      if (!seen.isCall) return;
      if (!seen.hasArguments) {
        this.arguments(record.body(record.find(item, seen.isCustom ? "input" : "arguments")), seen, out);
      }
      if (seen.isCustom) this.raw(seen.hasArguments ? '\\"}' : '{\\"input\\":\\"\\"}', seen, out);
      out.toolEnd(seen.index);
    }
  }

  private message(record: Document, item: Node, seen: Seen, out: ChatEvents): void {
    const content = record.find(item, "content");
    let index = 0;
    let told = 0;
    for (let part = record.firstElement(content); part != ABSENT; part = record.nextElement(part)) {
      if (index++ >= seen.parts) {
        tellLogprobs(record, record.find(part, "logprobs"), out);
        out.text(record.body(record.find(part, "text")));
        out.refusal(record.body(record.find(part, "refusal")));
      }
      const sources = record.find(part, "annotations");
      for (let source = record.firstElement(sources); source != ABSENT; source = record.nextElement(source)) {
        if (told++ >= seen.sources) tellSource(record, source, out);
      }
    }
  }

  /** The proof carries the item's id along: the two are only valid together. */
  private reasoning(record: Document, item: Node, seen: Seen, out: ChatEvents): void {
    if (!seen.hasThinking) {
      const summary = record.find(item, "summary");
      const isSummary = record.count(summary) > 0;
      const parts = isSummary ? summary : record.find(item, "content");
      for (let part = record.firstElement(parts); part != ABSENT; part = record.nextElement(part)) {
        if (seen.hasThinking) out.thinking(borrow(PARAGRAPH));
        this.thinking(record.body(record.find(part, "text")), isSummary, seen, out);
      }
    }
    const proof = record.body(record.find(item, "encrypted_content"));
    if (lengthOf(proof) == 0) return;
    const data = redactedData(proof);
    if (lengthOf(data) > 0) {
      out.redactedThinking(data);
      return;
    }
    const id = record.body(record.find(item, "id"));
    scratch.reset();
    if (startsWith(id, "rs_")) {
      scratch.bytes(id);
      scratch.byte(0x2e);
    }
    scratch.bytes(proof);
    out.signature(scratch.view());
  }

  private thinking(text: Slice, isSummary: bool, seen: Seen, out: ChatEvents): void {
    if (lengthOf(text) == 0 || (seen.hasThinking && seen.isSummary != isSummary)) return;
    seen.hasThinking = true;
    seen.isSummary = isSummary;
    out.thinking(text);
  }

  /** A custom tool gets plain text, which becomes the one property of an object. */
  private arguments(body: Slice, seen: Seen, out: ChatEvents): void {
    if (!seen.isCall || lengthOf(body) == 0) return;
    const isFirst = !seen.hasArguments;
    seen.hasArguments = true;
    if (!seen.isCustom) {
      out.toolArguments(seen.index, body);
      return;
    }
    if (isFirst) this.raw('{\\"input\\":\\"', seen, out);
    scratch.reset();
    escape(scratch, body);
    out.toolArguments(seen.index, scratch.view());
  }

  private raw(ascii: string, seen: Seen, out: ChatEvents): void {
    scratch.reset();
    scratch.ascii(ascii);
    out.toolArguments(seen.index, scratch.view());
  }

  /** Notes that text of a part has come; parts come in order. */
  private mark(record: Document, root: Node, seen: Seen): void {
    seen.parts = max(seen.parts, partOf(record, root) + 1);
  }

  private isMarked(record: Document, root: Node, seen: Seen): bool {
    return partOf(record, root) < seen.parts;
  }

  private at(index: i32, out: ChatEvents): Seen | null {
    if (index < 0) return null;
    for (let i = this.seen.length - 1; i >= 0; i--) {
      if (unchecked(this.seen[i]).index == index) return unchecked(this.seen[i]);
    }
    if (this.seen.length == MAX_ITEMS) {
      out.fail(Failure.of(FailureKind.BadGateway, "too_many_items", "upstream sent too many items"));
      return null;
    }
    const seen = new Seen(index);
    this.seen.push(seen);
    return seen;
  }
}

function partOf(record: Document, root: Node): i32 {
  return max<i64>(0, min<i64>(MAX_ITEMS, record.integer(record.find(root, "content_index"), 0))) as i32;
}

/** Why an incomplete response stopped. */
function cutBy(record: Document, response: Node): Finish {
  const reason = record.path(response, "incomplete_details.reason");
  return record.isText(reason, "content_filter") ? Finish.ContentFilter : Finish.Length;
}

function tellSource(record: Document, source: Node, out: ChatEvents): void {
  const url = record.body(record.find(source, "url"));
  if (lengthOf(url) == 0) return;
  const title = record.body(record.find(source, "title"));
  out.citation(url, title == NONE ? borrow(EMPTY) : title);
}

/** Probabilities as Chat Completions has them: the same objects, in an object. */
function tellLogprobs(record: Document, list: Node, out: ChatEvents): void {
  if (record.count(list) == 0) return;
  scratch.reset();
  scratch.ascii('{"content":');
  scratch.bytes(record.raw(list));
  scratch.byte(0x7d);
  out.logprobs(scratch.view());
}
