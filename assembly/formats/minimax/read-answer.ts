import { NONE, Slice, equals, lengthOf, same } from "../../bytes/slice";
import { ChatEvents, Finish } from "../../chat/events";
import { ABSENT, Document, Node } from "../../json/document";
import { sendObject } from "../arguments";
import { foreign } from "../codes";
import { AnswerReader } from "../format";
import { finishOf } from "../openai/finish";
import { readUsage } from "../openai/usage";
import { isFailure, readInnerFailure } from "./failure";

/**
 * Reads answers of ChatCompletion Pro. A choice holds messages; in a stream they bring what is new, and the last record,
 * which has a `reply`, may repeat all of it. Source: MiniMax open platform, "ChatCompletion Pro", answers.
 */
@final
export class MinimaxReader extends AnswerReader {
  private hasText: bool = false;
  private calls: i32 = 0;

  whole(answer: Document, out: ChatEvents): void {
    const choice = answer.firstElement(answer.find(answer.root, "choices"));
    // A choice without messages would look like a model that had nothing to say.
    if (!isFailure(answer) && !answer.isArray(answer.find(choice, "messages"))) {
      out.fail(foreign("MiniMax"));
      return;
    }
    this.record(answer, NONE, out);
    out.finishRest(Finish.Stop);
    out.end();
  }

  record(record: Document, event: Slice, out: ChatEvents): void {
    const root = record.root;
    if (isFailure(record)) {
      out.fail(readInnerFailure(record));
      return;
    }
    const choices = record.find(root, "choices");
    if (!record.isArray(choices)) {
      if (!out.hasBegun) out.fail(foreign("MiniMax"));
      return;
    }
    const created = record.integer(record.find(root, "created"), 0);
    out.begin(record.body(record.find(root, "id")), record.body(record.find(root, "model")), created);
    readUsage(record, record.find(root, "usage"), out.usage);
    const reply = record.body(record.find(root, "reply"));
    for (let choice = record.firstElement(choices); choice != ABSENT; choice = record.nextElement(choice)) {
      this.readChoice(record, choice, reply, out);
    }
  }

  isEndMark(record: Slice): bool {
    return equals(record, "[DONE]");
  }

  private readChoice(record: Document, choice: Node, reply: Slice, out: ChatEvents): void {
    const finish = finishOf(record.body(record.find(choice, "finish_reason")));
    const isRepeated = finish != Finish.None && this.calls > 0;
    const messages = record.find(choice, "messages");
    for (let node = record.firstElement(messages); node != ABSENT; node = record.nextElement(node)) {
      const text = record.body(record.find(node, "text"));
      if (lengthOf(text) > 0 && !(this.hasText && same(text, reply))) {
        out.text(text);
        this.hasText = true;
      }
      const call = record.find(node, "function_call");
      if (record.isObject(call) && !isRepeated) this.readCall(record, call, out);
    }
    if (equals(record.body(record.find(choice, "finish_reason")), "max_output")) out.finish(Finish.Length);
    else if (finish != Finish.None) out.finish(finish);
  }

  /** A name begins a call; without one, its arguments go on. */
  private readCall(record: Document, call: Node, out: ChatEvents): void {
    const name = record.body(record.find(call, "name"));
    if (lengthOf(name) > 0) out.toolCall(this.calls++, NONE, name);
    const value = record.find(call, "arguments");
    if (record.isObject(value)) sendObject(record.raw(value), this.calls - 1, out);
    else out.toolArguments(this.calls - 1, record.body(value));
  }
}
