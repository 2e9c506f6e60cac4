import { EMPTY, NONE, Slice, borrow, lengthOf } from "../../bytes/slice";
import { ChatEvents, Finish } from "../../chat/events";
import { ABSENT, Document, Node } from "../../json/document";
import { sendObject } from "../arguments";
import { foreign } from "../codes";
import { AnswerReader } from "../format";
import { finishOf } from "../openai/finish";
import { ToolSlots } from "../openai/tool-slots";
import { isFailure, readInnerFailure } from "./failure";
import { readUsage } from "./usage";

/**
 * Reads answers of DashScope's generation. A record of a stream has the members of a whole answer, with what is new in
 * them; there is no end mark. Choices are those of Chat Completions, but for content, which may be parts.
 * Source: Alibaba Cloud Model Studio, "Qwen API reference", DashScope.
 */
@final
export class DashScopeReader extends AnswerReader {
  private slots: ToolSlots = new ToolSlots();
  private hasSources: bool = false;

  whole(answer: Document, out: ChatEvents): void {
    this.record(answer, NONE, out);
    if (out.hasBegun) out.finishRest(Finish.Stop);
    out.end();
  }

  record(record: Document, event: Slice, out: ChatEvents): void {
    const root = record.root;
    if (isFailure(record)) {
      out.fail(readInnerFailure(record));
      return;
    }
    const output = record.find(root, "output");
    if (!record.isObject(output)) {
      if (!out.hasBegun) out.fail(foreign("DashScope"));
      return;
    }
    // The beginning of an answer may tell the tokens of the prompt.
    readUsage(record, record.find(root, "usage"), out.usage);
    out.begin(record.body(record.find(root, "request_id")), NONE);
    this.readSources(record, record.path(output, "search_info.search_results"), out);
    const choices = record.find(output, "choices");
    let position = 0;
    for (let node = record.firstElement(choices); node != ABSENT; node = record.nextElement(node)) {
      this.readChoice(record, node, position++, out);
    }
    // Without `result_format: message`: what applications and old models answer.
    if (position == 0) {
      out.text(record.body(record.find(output, "text")));
      finish(record, output, out);
    }
  }

  private readChoice(record: Document, choice: Node, position: i32, out: ChatEvents): void {
    const index = record.integer(record.find(choice, "index"), position);
    const isValid = index >= 0 && index <= i32.MAX_VALUE;
    out.choose(isValid ? (index as i32) : -1);
    const message = record.find(choice, "message");
    out.thinking(record.body(record.find(message, "reasoning_content")));
    readContent(record, record.find(message, "content"), out);
    const logprobs = record.find(choice, "logprobs");
    if (record.isObject(logprobs)) out.logprobs(record.raw(logprobs));
    const calls = record.find(message, "tool_calls");
    for (let call = record.firstElement(calls); call != ABSENT; call = record.nextElement(call)) {
      this.readCall(record, index as i32, call, out);
    }
    finish(record, choice, out);
  }

  private readCall(record: Document, choice: i32, call: Node, out: ChatEvents): void {
    const called = record.find(call, "function");
    const name = record.body(record.find(called, "name"));
    const id = record.body(record.find(call, "id"));
    const index = record.integer(record.find(call, "index"), -1);
    const key = this.slots.find(choice, index, id, lengthOf(name) > 0);
    out.toolCall(key, id, name);
    const value = record.find(called, "arguments");
    if (record.isObject(value)) sendObject(record.raw(value), key, out);
    else out.toolArguments(key, record.body(value));
  }

  /** What a search found, which every record may repeat. */
  private readSources(record: Document, results: Node, out: ChatEvents): void {
    if (this.hasSources) return;
    for (let node = record.firstElement(results); node != ABSENT; node = record.nextElement(node)) {
      this.hasSources = true;
      const url = record.body(record.find(node, "url"));
      const title = record.body(record.find(node, "title"));
      if (lengthOf(url) > 0) out.citation(url, title == NONE ? borrow(EMPTY) : title);
    }
  }
}

function readContent(record: Document, content: Node, out: ChatEvents): void {
  out.text(record.body(content));
  for (let part = record.firstElement(content); part != ABSENT; part = record.nextElement(part)) {
    out.text(record.body(record.find(part, "text")));
  }
}

/** "null", as a text, while the answer goes on. */
function finish(record: Document, holder: Node, out: ChatEvents): void {
  const reason = finishOf(record.body(record.find(holder, "finish_reason")));
  if (reason != Finish.None) out.finish(reason);
}
