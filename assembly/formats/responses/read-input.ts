import { NONE, Slice, lengthOf, same, toOwned } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure, FailureKind } from "../../chat/failure";
import { Parameter } from "../../chat/parameters";
import { ChatRequest, Message, Part, PartKind, Role } from "../../chat/request";
import { ABSENT, Document, Node } from "../../json/document";
import { escape } from "../../json/text";
import { invalid } from "../invalid";
import { bareId, redactedData, signatureInId } from "../thoughts";
import { readContent } from "./read-part";

/** How far back, in messages, the call of a result is looked for: a bound for hostile histories. */
const MAX_LOOK_BACK: i32 = 64;

const scratch: Writer = new Writer();

/** How an item of one type stands for a tool call: which member holds what the tool gets. */
class CallType {
  constructor(
    readonly type: string,
    /** Name of the function that stands for it; "" where the item names it. */
    readonly name: string,
    readonly member: string,
  ) {}
}

const CALLS: CallType[] = [
  new CallType("function_call", "", "arguments"),
  new CallType("custom_tool_call", "", "input"),
  new CallType("local_shell_call", "local_shell", "action"),
  new CallType("shell_call", "shell", "action"),
  new CallType("apply_patch_call", "apply_patch", "operation"),
];

const RESULTS: string[] = [
  "function_call_output",
  "custom_tool_call_output",
  "local_shell_call_output",
  "shell_call_output",
  "apply_patch_call_output",
];

/**
 * Reads `input`. Items of one turn of the model (reasoning, message, calls) become one message, and results
 * come right behind the message with their calls, since the other protocols have it so.
 */
@final
export class InputReader {
  constructor(
    private body: Document,
    private request: ChatRequest,
  ) {}

  read(input: Node): Failure | null {
    const body = this.body;
    if (body.isString(input)) {
      const message = new Message(Role.User);
      message.parts.push(Part.text(body.body(input)));
      this.request.messages.push(message);
      return null;
    }
    if (!body.isArray(input)) return invalid("input must be a string or an array");
    let index = 0;
    for (let item = body.firstElement(input); item != ABSENT; item = body.nextElement(item)) {
      if (body.isText(body.find(item, "type"), "item_reference")) {
        return Failure.of(
          FailureKind.InvalidRequest,
          "unsupported_parameter",
          "item_reference needs responses that are stored, which this gateway does not do; send the items themselves",
        );
      }
      const problem = body.isObject(item) ? this.item(item) : "an item must be an object";
      if (problem.length > 0) return invalid(`input[${index}]: ${problem}`);
      index++;
    }
    return null;
  }

  private item(item: Node): string {
    const body = this.body;
    const type = body.find(item, "type");
    if (type == ABSENT || body.isText(type, "message")) return this.message(item);
    if (body.isText(type, "reasoning")) return this.reasoning(item);
    for (let i = 0; i < CALLS.length; i++) {
      const call = unchecked(CALLS[i]);
      if (body.isText(type, call.type)) return this.call(item, call);
    }
    for (let i = 0; i < RESULTS.length; i++) {
      if (body.isText(type, unchecked(RESULTS[i]))) return this.result(item);
    }
    if (!body.isString(type)) return "type must be a string";
    // What OpenAI's own tools did: their outcome is in the model's text.
    this.request.unknown.push(body.body(type));
    return "";
  }

  private message(item: Node): string {
    const body = this.body;
    const role = body.find(item, "role");
    const content = body.find(item, "content");
    const request = this.request;
    if (body.isText(role, "assistant")) {
      const last = this.lastAssistant();
      const continues = last !== null && (!hasKind(last, PartKind.Text) || hasKind(last, PartKind.ToolCall));
      const message = continues && last !== null ? last : this.begin(Role.Assistant);
      return readContent(body, content, message.parts, request);
    }
    const isUser = body.isText(role, "user");
    if (!isUser && !body.isText(role, "system") && !body.isText(role, "developer")) return "unknown role";
    if (!isUser) request.mark(Parameter.SystemPrompt);
    return readContent(body, content, this.begin(isUser ? Role.User : Role.System).parts, request);
  }

  /** The text itself, else its summary. */
  private reasoning(item: Node): string {
    const body = this.body;
    const request = this.request;
    request.mark(Parameter.ThinkingHistory);
    const proof = body.body(body.find(item, "encrypted_content"));
    if (lengthOf(proof) > 0) request.mark(Parameter.ThinkingSignature);
    const data = redactedData(proof);
    const part = new Part(lengthOf(data) > 0 ? PartKind.RedactedThinking : PartKind.Thinking);
    const content = body.find(item, "content");
    part.text =
      lengthOf(data) > 0 ? data : this.joined(body.count(content) > 0 ? content : body.find(item, "summary"));
    part.signature = lengthOf(data) > 0 ? NONE : proof;
    part.id = body.body(body.find(item, "id"));
    this.assistant().parts.push(part);
    return "";
  }

  private call(item: Node, type: CallType): string {
    const body = this.body;
    const part = new Part(PartKind.ToolCall);
    const id = body.body(body.find(item, "call_id"));
    part.id = bareId(id);
    part.signature = signatureInId(id);
    if (lengthOf(part.signature) > 0) this.request.mark(Parameter.ThinkingSignature);
    part.name = body.body(body.find(item, "name"));
    if (type.name.length > 0) part.name = this.keep(type.name);
    if (id == NONE || part.name == NONE) return "a call must have a call_id and a name";
    const value = body.find(item, type.member);
    if (type.member == "arguments") {
      if (value != ABSENT && !body.isString(value)) return "arguments must be a string";
      part.arguments = body.body(value);
      part.argumentsEscaped = true;
    } else if (type.member == "input") {
      scratch.reset();
      scratch.ascii('{"input":"');
      scratch.bytes(body.body(value));
      scratch.ascii('"}');
      part.arguments = this.request.keep(toOwned(scratch.view()));
    } else if (body.isObject(value)) {
      part.arguments = body.raw(value);
    }
    this.assistant().parts.push(part);
    return "";
  }

  private result(item: Node): string {
    const body = this.body;
    const request = this.request;
    const part = new Part(PartKind.ToolResult);
    const id = body.body(body.find(item, "call_id"));
    if (id == NONE) return "an output must have a call_id";
    part.id = bareId(id);
    part.content = new Array<Part>();
    const output = body.find(item, "output");
    // Shells answer with an array of their own.
    const isContent =
      body.isString(output) || (body.isArray(output) && body.isString(body.path(output, "0.type")));
    if (isContent) {
      const problem = readContent(body, output, part.content, request);
      if (problem.length > 0) return problem;
    } else if (output != ABSENT) {
      scratch.reset();
      escape(scratch, body.raw(output));
      part.content.push(Part.text(request.keep(toOwned(scratch.view()))));
    }
    for (let i = 0; i < part.content.length; i++) {
      if (unchecked(part.content[i]).kind == PartKind.Media) request.mark(Parameter.ToolResultImage);
    }
    this.place(part);
    return "";
  }

  /** Puts a result behind the message with its call, also where something else came between. */
  private place(part: Part): void {
    const messages = this.request.messages;
    const last = messages.length - 1;
    let at = last;
    for (let i = last; i >= 0 && i > last - MAX_LOOK_BACK; i--) {
      const message = unchecked(messages[i]);
      if (message.role == Role.Assistant && hasCall(message, part.id)) {
        at = i;
        break;
      }
    }
    const next = at < last ? at + 1 : last;
    if (next >= 0 && unchecked(messages[next]).role == Role.Tool) {
      unchecked(messages[next]).parts.push(part);
      return;
    }
    const message = new Message(Role.Tool);
    message.parts.push(part);
    messages.push(message);
    for (let i = messages.length - 1; i > at + 1; i--) unchecked((messages[i] = messages[i - 1]));
    unchecked((messages[at + 1] = message));
  }

  private joined(parts: Node): Slice {
    const body = this.body;
    const first = body.firstElement(parts);
    if (body.nextElement(first) == ABSENT) return body.body(body.find(first, "text"));
    scratch.reset();
    for (let part = first; part != ABSENT; part = body.nextElement(part)) {
      if (scratch.length > 0) scratch.ascii("\\n\\n");
      scratch.bytes(body.body(body.find(part, "text")));
    }
    return this.request.keep(toOwned(scratch.view()));
  }

  private keep(ascii: string): Slice {
    scratch.reset();
    scratch.ascii(ascii);
    return this.request.keep(toOwned(scratch.view()));
  }

  private begin(role: Role): Message {
    const message = new Message(role);
    this.request.messages.push(message);
    return message;
  }

  private assistant(): Message {
    const last = this.lastAssistant();
    return last !== null ? last : this.begin(Role.Assistant);
  }

  /** The last message, if it is the model's. */
  private lastAssistant(): Message | null {
    const messages = this.request.messages;
    if (messages.length == 0) return null;
    const last = unchecked(messages[messages.length - 1]);
    return last.role == Role.Assistant ? last : null;
  }
}

function hasKind(message: Message, kind: PartKind): bool {
  for (let i = 0; i < message.parts.length; i++) {
    if (unchecked(message.parts[i]).kind == kind) return true;
  }
  return false;
}

function hasCall(message: Message, id: Slice): bool {
  for (let i = message.parts.length - 1; i >= 0; i--) {
    const part = unchecked(message.parts[i]);
    if (part.kind == PartKind.ToolCall && same(part.id, id)) return true;
  }
  return false;
}
