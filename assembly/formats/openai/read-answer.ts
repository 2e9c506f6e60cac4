import { NONE, Slice, equals, lengthOf, toOwned } from "../../bytes/slice";
import { ChatEvents, Finish } from "../../chat/events";
import { Failure, FailureKind } from "../../chat/failure";
import { ABSENT, Document, Node } from "../../json/document";
import { sendObject } from "../arguments";
import { foreign } from "../codes";
import { dataUrlData, dataUrlType, isDataUrl, splitDataUrl } from "../data-url";
import { AnswerReader } from "../format";
import { readInnerFailure } from "./failure";
import { finishOf, isFailureReason } from "./finish";
import { ToolSlots } from "./tool-slots";
import { readUsage, usageOfChoice } from "./usage";

/** What ends a stream. */
const DONE: string = "[DONE]";

/**
 * Reads an answer of Chat Completions, whole (`message`) or as chunks (`delta`): the two have the same members.
 * Source: OpenAI API reference, "The chat completion object" and "The chat completion chunk object", with the habits of
 * servers that speak the language: vLLM, SGLang, llama.cpp, DeepSeek, Qwen, Mistral, OpenRouter, Gemini's endpoint.
 */
@final
export class OpenAiReader extends AnswerReader {
  private slots: ToolSlots = new ToolSlots();

  whole(answer: Document, out: ChatEvents): void {
    const choices = answer.find(answer.root, "choices");
    if (hasError(answer, answer.root, choices)) out.fail(readInnerFailure(answer, answer.root));
    // A choice without a message would look like a model that had nothing to say.
    else if (!answer.isObject(answer.find(answer.firstElement(choices), "message")))
      out.fail(foreign("OpenAI"));
    else {
      this.take(answer, choices, answer.find(answer.root, "usage"), "message", out);
      this.complete(out);
    }
  }

  record(record: Document, event: Slice, out: ChatEvents): void {
    const root = record.root;
    const choices = record.find(root, "choices");
    const usage = record.find(root, "usage");
    if (hasError(record, root, choices)) out.fail(readInnerFailure(record, root));
    else if (record.isArray(choices) || usage != ABSENT) this.take(record, choices, usage, "delta", out);
    // A server that answers in another language must not look like one that says nothing.
    else if (!out.hasBegun && record.find(root, "object") == ABSENT) out.fail(foreign("OpenAI"));
  }

  isEndMark(record: Slice): bool {
    return equals(record, DONE);
  }

  /** What every chunk repeats is looked for only in the first one, and in one that has usage: often the last. */
  private take(document: Document, choices: Node, whole: Node, member: string, out: ChatEvents): void {
    const root = document.root;
    const usage = whole != ABSENT ? whole : usageOfChoice(document, choices);
    const hasUsage = document.isObject(usage);
    if (hasUsage) readUsage(document, usage, out.usage);
    if (hasUsage || !out.hasBegun) {
      const tier = document.body(document.find(root, "service_tier"));
      if (lengthOf(tier) > 0) out.serviceTier = toOwned(tier);
    }
    if (!out.hasBegun) {
      out.begin(
        document.body(document.find(root, "id")),
        document.body(document.find(root, "model")),
        document.integer(document.find(root, "created"), 0),
      );
    }
    for (let node = document.firstElement(choices); node != ABSENT; node = document.nextElement(node)) {
      this.readChoice(document, node, document.find(node, member), out);
    }
  }

  private readChoice(document: Document, choice: Node, content: Node, out: ChatEvents): void {
    const index = document.integer(document.find(choice, "index"), 0);
    out.choose(index >= 0 && index <= i32.MAX_VALUE ? (index as i32) : -1);
    readThinking(document, content, out);
    const logprobs = document.find(choice, "logprobs");
    if (document.isObject(logprobs)) out.logprobs(document.raw(logprobs));
    readText(document, document.find(content, "content"), out);
    out.refusal(document.body(document.find(content, "refusal")));
    readAnnotations(document, document.find(content, "annotations"), out);
    readImages(document, document.find(content, "images"), out);
    this.readCalls(document, index as i32, content, out);
    readFinish(document, choice, out);
  }

  private readCalls(document: Document, choice: i32, content: Node, out: ChatEvents): void {
    const calls = document.find(content, "tool_calls");
    // Spark gives its only call by itself.
    if (document.isObject(calls)) this.readEntry(document, choice, calls, out);
    for (let call = document.firstElement(calls); call != ABSENT; call = document.nextElement(call)) {
      this.readEntry(document, choice, call, out);
    }
    const legacy = document.find(content, "function_call");
    if (document.isObject(legacy)) this.readCall(document, choice, 0, NONE, legacy, out);
  }

  private readEntry(document: Document, choice: i32, call: Node, out: ChatEvents): void {
    const index = document.integer(document.find(call, "index"), -1);
    const id = document.body(document.find(call, "id"));
    this.readCall(document, choice, index, id, document.find(call, "function"), out);
  }

  private readCall(
    document: Document,
    choice: i32,
    index: i64,
    id: Slice,
    call: Node,
    out: ChatEvents,
  ): void {
    const name = document.body(document.find(call, "name"));
    const key = this.slots.find(choice, index, id, lengthOf(name) > 0);
    out.toolCall(key, id, name);
    const value = document.find(call, "arguments");
    if (document.isObject(value)) sendObject(document.raw(value), key, out);
    else out.toolArguments(key, document.body(value));
  }
}

/**
 * Reasoning, in one of two names. A vendor's proof comes in `thinking_blocks`: alone, or with text that the other
 * member then only repeats.
 */
function readThinking(document: Document, content: Node, out: ChatEvents): void {
  const blocks = document.find(content, "thinking_blocks");
  if (!hasBlockText(document, blocks)) {
    let text = document.body(document.find(content, "reasoning_content"));
    if (lengthOf(text) == 0) text = document.body(document.find(content, "reasoning"));
    out.thinking(text);
  }
  for (let block = document.firstElement(blocks); block != ABSENT; block = document.nextElement(block)) {
    if (document.isText(document.find(block, "type"), "redacted_thinking")) {
      out.redactedThinking(document.body(document.find(block, "data")));
      continue;
    }
    out.thinking(document.body(document.find(block, "thinking")));
    const signature = document.body(document.find(block, "signature"));
    if (lengthOf(signature) > 0) out.signature(signature);
  }
}

function hasBlockText(document: Document, blocks: Node): bool {
  for (let block = document.firstElement(blocks); block != ABSENT; block = document.nextElement(block)) {
    if (lengthOf(document.body(document.find(block, "thinking"))) > 0) return true;
  }
  return false;
}

/** A string, or with Mistral's reasoning models an array of parts. */
function readText(document: Document, content: Node, out: ChatEvents): void {
  out.text(document.body(content));
  for (let part = document.firstElement(content); part != ABSENT; part = document.nextElement(part)) {
    const thoughts = document.find(part, "thinking");
    for (let item = document.firstElement(thoughts); item != ABSENT; item = document.nextElement(item)) {
      out.thinking(document.body(document.find(item, "text")));
    }
    out.text(document.body(document.find(part, "text")));
  }
}

function readAnnotations(document: Document, annotations: Node, out: ChatEvents): void {
  for (let node = document.firstElement(annotations); node != ABSENT; node = document.nextElement(node)) {
    const citation = document.find(node, "url_citation");
    const url = document.body(document.find(citation, "url"));
    if (lengthOf(url) > 0) out.citation(url, document.body(document.find(citation, "title")));
  }
}

/** Images that the model made, as OpenRouter and LiteLLM show them: data URLs. */
function readImages(document: Document, images: Node, out: ChatEvents): void {
  for (let node = document.firstElement(images); node != ABSENT; node = document.nextElement(node)) {
    const url = document.body(document.path(node, "image_url.url"));
    if (isDataUrl(url) && splitDataUrl(url)) out.media(dataUrlType(), dataUrlData());
  }
}

function readFinish(document: Document, choice: Node, out: ChatEvents): void {
  const reason = document.body(document.find(choice, "finish_reason"));
  if (isFailureReason(reason)) {
    out.fail(
      hasError(document, choice, ABSENT)
        ? readInnerFailure(document, choice)
        : Failure.of(FailureKind.BadGateway, "upstream_aborted", "upstream gave up on the answer"),
    );
    return;
  }
  const finish = finishOf(reason);
  if (finish == Finish.None) return;
  // vLLM names the stop sequence that was met.
  const sequence = document.body(document.find(choice, "stop_reason"));
  if (finish == Finish.Stop && lengthOf(sequence) > 0) out.finish(Finish.StopSequence, sequence);
  else out.finish(finish);
}

/** An `error` member that is not null; or vLLM's flat error object, which has no choices. */
function hasError(document: Document, node: Node, choices: Node): bool {
  const error = document.find(node, "error");
  if (document.isObject(error) || document.isString(error)) return true;
  return choices == ABSENT && document.isText(document.find(node, "object"), "error");
}
