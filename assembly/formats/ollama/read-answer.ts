import { NONE, Slice, equals, lengthOf, pointerOf } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { ChatEvents, Finish } from "../../chat/events";
import { isDigit } from "../../json/characters";
import { ABSENT, Document, Node } from "../../json/document";
import { sendObject } from "../arguments";
import { foreign } from "../codes";
import { AnswerReader } from "../format";
import { parseTime } from "../gemini/time";
import { readInnerFailure } from "../openai/failure";
import { count } from "../openai/usage";
import { ThinkTags } from "../think-tags";

const scratch: Writer = new Writer();

/**
 * Reads answers of Ollama's chat API. Each line of a stream has the members of a whole answer, and the last one says
 * `done`. Source: Ollama, API reference, "Generate a chat message", and "Streaming" for errors in a stream.
 */
@final
export class OllamaReader extends AnswerReader {
  /** Calls so far: they come whole, each with all its arguments, and over any number of lines. */
  private calls: i32 = 0;
  /** Servers before 0.9 leave the thinking in the text. */
  private tags: ThinkTags = new ThinkTags();

  whole(answer: Document, out: ChatEvents): void {
    this.record(answer, NONE, out);
    out.end();
  }

  record(record: Document, event: Slice, out: ChatEvents): void {
    const root = record.root;
    const error = record.find(root, "error");
    if (record.isString(error) || record.isObject(error)) {
      out.fail(readInnerFailure(record, root));
      return;
    }
    const message = record.find(root, "message");
    if (!record.isObject(message) && !out.hasBegun) {
      out.fail(foreign("Ollama"));
      return;
    }
    if (!out.hasBegun) {
      const time = record.body(record.find(root, "created_at"));
      out.begin(digitsOf(time), record.body(record.find(root, "model")), parseTime(time));
    }
    this.readMessage(record, message, out);
    const logprobs = record.find(root, "logprobs");
    if (record.isArray(logprobs)) sendLogprobs(record.raw(logprobs), out);
    if (!record.isTrue(record.find(root, "done"))) return;
    this.tags.end(out);
    finish(record, root, out);
  }

  private readMessage(record: Document, message: Node, out: ChatEvents): void {
    out.thinking(record.body(record.find(message, "thinking")));
    this.tags.text(record.body(record.find(message, "content")), out);
    const calls = record.find(message, "tool_calls");
    for (let call = record.firstElement(calls); call != ABSENT; call = record.nextElement(call)) {
      const key = this.calls++;
      const called = record.find(call, "function");
      out.toolCall(key, record.body(record.find(call, "id")), record.body(record.find(called, "name")));
      const value = record.find(called, "arguments");
      if (record.isObject(value)) sendObject(record.raw(value), key, out);
      else out.toolArguments(key, record.body(value));
      out.toolEnd(key);
    }
  }
}

/** An id for an answer that has none: the digits of its time, which counts nanoseconds. Borrowed. */
function digitsOf(time: Slice): Slice {
  const pointer = pointerOf(time);
  const length = lengthOf(time);
  scratch.reset();
  for (let i = 0; i < length; i++) {
    const byte = load<u8>(pointer + i);
    if (isDigit(byte)) scratch.byte(byte);
  }
  return scratch.view();
}

/** `load` and `unload` end an answer to a request without messages; everything but `length` is a plain stop. */
function finish(record: Document, root: Node, out: ChatEvents): void {
  out.usage.input = count(record, root, "prompt_eval_count", out.usage.input);
  out.usage.output = count(record, root, "eval_count", out.usage.output);
  const reason = record.body(record.find(root, "done_reason"));
  out.finish(lengthOf(reason) > 0 && equals(reason, "length") ? Finish.Length : Finish.Stop);
  out.end();
}

/** Ollama's list has the elements of OpenAI's. */
function sendLogprobs(raw: Slice, out: ChatEvents): void {
  scratch.reset();
  scratch.ascii('{"content":');
  scratch.bytes(raw);
  scratch.ascii("}");
  out.logprobs(scratch.view());
}
