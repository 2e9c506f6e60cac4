import { EMPTY, NONE, Slice, borrow, equals, lengthOf } from "../../bytes/slice";
import { ChatEvents, Finish } from "../../chat/events";
import { Usage } from "../../chat/usage";
import { ABSENT, Document, Node } from "../../json/document";
import { foreign } from "../codes";
import { AnswerReader } from "../format";
import { finishOf } from "../openai/finish";
import { ToolSlots } from "../openai/tool-slots";
import { count } from "../openai/usage";
import { readInnerFailure } from "./failure";

/**
 * Reads answers of ChatCompletions. A whole one lies in `Response`, as do errors, which come with status 200; records of
 * a stream have the same members without it, with `Delta` in the place of `Message`.
 * Source: Tencent Cloud, Hunyuan, ChatCompletions, output parameters.
 */
@final
export class HunyuanReader extends AnswerReader {
  private slots: ToolSlots = new ToolSlots();
  private hasSources: bool = false;

  whole(answer: Document, out: ChatEvents): void {
    this.take(answer, "Message", out);
    if (out.hasBegun) out.finishRest(Finish.Stop);
    out.end();
  }

  record(record: Document, event: Slice, out: ChatEvents): void {
    this.take(record, "Delta", out);
  }

  isEndMark(record: Slice): bool {
    return equals(record, "[DONE]");
  }

  private take(document: Document, member: string, out: ChatEvents): void {
    const envelope = document.find(document.root, "Response");
    const root = document.isObject(envelope) ? envelope : document.root;
    let error = document.find(root, "Error");
    if (!document.isObject(error)) error = document.find(root, "ErrorMsg");
    if (document.isObject(error) && document.find(error, "Code") != ABSENT) {
      out.fail(readInnerFailure(document, error));
      return;
    }
    const choices = document.find(root, "Choices");
    if (!document.isArray(choices)) {
      if (!out.hasBegun) out.fail(foreign("Hunyuan"));
      return;
    }
    const created = document.integer(document.find(root, "Created"), 0);
    // The beginning of an answer may tell the tokens of the prompt.
    readUsage(document, document.find(root, "Usage"), out.usage);
    out.begin(document.body(document.find(root, "Id")), NONE, created);
    this.readSources(document, document.path(root, "SearchInfo.SearchResults"), out);
    for (let node = document.firstElement(choices); node != ABSENT; node = document.nextElement(node)) {
      this.readChoice(document, node, document.find(node, member), out);
    }
  }

  private readChoice(document: Document, choice: Node, content: Node, out: ChatEvents): void {
    out.thinking(document.body(document.find(content, "ReasoningContent")));
    out.text(document.body(document.find(content, "Content")));
    const calls = document.find(content, "ToolCalls");
    for (let call = document.firstElement(calls); call != ABSENT; call = document.nextElement(call)) {
      const called = document.find(call, "Function");
      const name = document.body(document.find(called, "Name"));
      const id = document.body(document.find(call, "Id"));
      const index = document.integer(document.find(call, "Index"), -1);
      const key = this.slots.find(0, index, id, lengthOf(name) > 0);
      out.toolCall(key, id, name);
      out.toolArguments(key, document.body(document.find(called, "Arguments")));
    }
    const reason = document.body(document.find(choice, "FinishReason"));
    const finish = equals(reason, "sensitive") ? Finish.ContentFilter : finishOf(reason);
    if (finish != Finish.None) out.finish(finish);
  }

  /** What a search found, which every record may repeat. */
  private readSources(document: Document, results: Node, out: ChatEvents): void {
    if (this.hasSources) return;
    for (let node = document.firstElement(results); node != ABSENT; node = document.nextElement(node)) {
      this.hasSources = true;
      const url = document.body(document.find(node, "Url"));
      const title = document.body(document.find(node, "Title"));
      if (lengthOf(url) > 0) out.citation(url, title == NONE ? borrow(EMPTY) : title);
    }
  }
}

function readUsage(document: Document, node: Node, usage: Usage): void {
  usage.input = count(document, node, "PromptTokens", usage.input);
  usage.output = count(document, node, "CompletionTokens", usage.output);
  usage.total = count(document, node, "TotalTokens", usage.total);
}
