import { NONE, Slice, lengthOf, same, startsWith, toOwned } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Parameter } from "../../chat/parameters";
import { ChatRequest, MediaKind, Message, Part, PartKind, Role } from "../../chat/request";
import { compact } from "../../json/compact";
import { ABSENT, Document, Node } from "../../json/document";
import { escape, unescape } from "../../json/text";
import { bareId, redactedData, signatureInId } from "../thoughts";
import { findField } from "./names";
import { readClientSignature } from "./signatures";

/** Calls that wait for their results, at most: a bound for hostile histories. */
const MAX_PENDING: i32 = 256;

const scratch: Writer = new Writer();
const plain: Writer = new Writer();

/** Reads `contents`. Ids are optional in this protocol, so those that are missing are made up. */
@final
export class ContentsReader {
  /** Calls without a result so far. */
  private pending: Array<Part> = [];
  private calls: i32 = 0;

  constructor(
    private body: Document,
    private request: ChatRequest,
  ) {}

  /** One content. Gives the problem, "" where there is none. */
  read(content: Node): string {
    const body = this.body;
    const role = body.find(content, "role");
    const parts = body.find(content, "parts");
    const isModel = body.isText(role, "model");
    if (!isModel && body.isString(role) && !body.isText(role, "user") && !body.isText(role, "function")) {
      return "unknown role";
    }
    const message = new Message(isModel ? Role.Assistant : Role.User);
    const results = new Message(Role.Tool);
    // A lone object is what protobuf's JSON reader takes for a list of one.
    let node = body.isObject(parts) ? parts : body.firstElement(parts);
    if (node == ABSENT) return "a content must have parts";
    for (; node != ABSENT; node = body.nextElement(node)) {
      if (!body.isObject(node)) return "a part must be an object";
      const response = findField(body, node, "functionResponse");
      const problem = response == ABSENT ? this.part(node, message, isModel) : this.result(response, results);
      if (problem.length > 0) return problem;
      if (node == parts) break;
    }
    if (results.parts.length > 0) this.request.messages.push(results);
    if (message.parts.length > 0 || results.parts.length == 0) this.request.messages.push(message);
    return "";
  }

  private part(node: Node, message: Message, isModel: bool): string {
    const body = this.body;
    const proof = body.body(findField(body, node, "thoughtSignature"));
    const text = body.find(node, "text");
    const call = findField(body, node, "functionCall");
    if (call != ABSENT) return this.call(call, proof, message);
    const signature = readClientSignature(proof, this.request);
    if (body.isString(text)) {
      this.text(body.body(text), isModel && body.isTrue(body.find(node, "thought")), signature, message);
      return "";
    }
    const data = findField(body, node, "inlineData");
    if (data != ABSENT) return this.inline(data, signature, message.parts, false);
    const file = findField(body, node, "fileData");
    if (file != ABSENT) return this.file(file, message.parts);
    return this.code(node, message);
  }

  /** A signature without a text of its own belongs to the thought before it. */
  private text(text: Slice, isThought: bool, signature: Slice, message: Message): void {
    const parts = message.parts;
    const hasSignature = lengthOf(signature) > 0;
    if (isThought || hasSignature) this.request.mark(Parameter.ThinkingHistory);
    if (hasSignature) this.request.mark(Parameter.ThinkingSignature);
    const redacted = redactedData(signature);
    if (lengthOf(redacted) > 0) {
      const part = new Part(PartKind.RedactedThinking);
      part.text = redacted;
      parts.push(part);
      return;
    }
    const last = parts.length > 0 ? unchecked(parts[parts.length - 1]) : null;
    const joins = last !== null && last.kind == PartKind.Thinking && lengthOf(last.signature) == 0;
    if (hasSignature && lengthOf(text) == 0 && joins && last !== null) {
      last.signature = signature;
      return;
    }
    const part = new Part(
      isThought || (hasSignature && lengthOf(text) == 0) ? PartKind.Thinking : PartKind.Text,
    );
    part.text = text;
    part.signature = signature;
    parts.push(part);
  }

  private call(call: Node, signature: Slice, message: Message): string {
    const body = this.body;
    const part = new Part(PartKind.ToolCall);
    part.name = body.body(body.find(call, "name"));
    if (lengthOf(part.name) == 0) return "a functionCall must have a name";
    const given = body.body(body.find(call, "id"));
    part.id = lengthOf(given) > 0 ? bareId(given) : this.nextId();
    part.signature = lengthOf(signature) > 0 ? signature : signatureInId(given);
    if (lengthOf(part.signature) > 0) this.request.mark(Parameter.ThinkingSignature);
    const args = body.find(call, "args");
    if (args != ABSENT && !body.isObject(args) && !body.isNull(args)) return "args must be an object";
    part.arguments = body.isObject(args) ? body.raw(args) : NONE;
    message.parts.push(part);
    if (this.pending.length < MAX_PENDING) this.pending.push(part);
    return "";
  }

  private result(response: Node, message: Message): string {
    const body = this.body;
    const part = new Part(PartKind.ToolResult);
    part.name = body.body(body.find(response, "name"));
    const given = body.body(body.find(response, "id"));
    part.id = lengthOf(given) > 0 ? bareId(given) : NONE;
    this.answer(part);
    if (part.id == NONE) part.id = this.nextId();
    part.content = new Array<Part>();
    this.output(body.find(response, "response"), part);
    const media = body.find(response, "parts");
    for (let node = body.firstElement(media); node != ABSENT; node = body.nextElement(node)) {
      const data = findField(body, node, "inlineData");
      const problem = data == ABSENT ? "" : this.inline(data, NONE, part.content, true);
      if (problem.length > 0) return problem;
    }
    message.parts.push(part);
    return "";
  }

  /** Takes the call that a result is for off the list: the one with its id, else the first of its name. */
  private answer(part: Part): void {
    const pending = this.pending;
    for (let i = 0; i < pending.length; i++) {
      const call = unchecked(pending[i]);
      if (part.id != NONE ? !same(call.id, part.id) : !same(call.name, part.name)) continue;
      part.id = call.id;
      if (part.name == NONE) part.name = call.name;
      pending.splice(i, 1);
      return;
    }
  }

  /** A response that only wraps a text is that text; any other is its JSON. */
  private output(response: Node, part: Part): void {
    const body = this.body;
    const key = body.firstMember(response);
    const value = body.valueOf(key);
    if (body.isString(value) && body.nextMember(key) == ABSENT) {
      const isError = body.isText(key, "error");
      if (
        isError ||
        body.isText(key, "output") ||
        body.isText(key, "result") ||
        body.isText(key, "content")
      ) {
        part.isError = isError;
        if (isError) this.request.mark(Parameter.ToolResultError);
        part.content.push(Part.text(body.body(value)));
        return;
      }
    }
    plain.reset();
    compact(plain, body.raw(response));
    scratch.reset();
    escape(scratch, plain.view());
    part.content.push(Part.text(this.request.keep(toOwned(scratch.view()))));
  }

  private inline(data: Node, signature: Slice, parts: Array<Part>, isResult: bool): string {
    const body = this.body;
    const part = new Part(PartKind.Media);
    part.mediaType = this.type(data);
    part.data = body.body(body.find(data, "data"));
    part.fileName = body.body(findField(body, data, "displayName"));
    part.signature = signature;
    if (part.mediaType == NONE || part.data == NONE) return "inlineData must have a mimeType and data";
    part.media = kindOf(part.mediaType);
    const request = this.request;
    if (isResult) request.mark(Parameter.ToolResultImage);
    else if (part.media == MediaKind.Image) request.mark(Parameter.ImageData);
    else request.mark(part.media == MediaKind.File ? Parameter.FileData : inputOf(part.media));
    parts.push(part);
    return "";
  }

  private file(file: Node, parts: Array<Part>): string {
    const body = this.body;
    const part = new Part(PartKind.Media);
    part.mediaType = this.type(file);
    part.url = body.body(findField(body, file, "fileUri"));
    if (part.url == NONE) return "fileData must have a fileUri";
    part.media = kindOf(part.mediaType);
    const request = this.request;
    if (part.media == MediaKind.Image) request.mark(Parameter.ImageUrl);
    else request.mark(part.media == MediaKind.File ? Parameter.FileUrl : inputOf(part.media));
    parts.push(part);
    return "";
  }

  /** A MIME type is compared, so an escaped slash in it is decoded. */
  private type(holder: Node): Slice {
    const body = this.body;
    const type = findField(body, holder, "mimeType");
    if (!body.hasEscape(type)) return body.body(type);
    scratch.reset();
    unescape(scratch, body.body(type));
    return this.request.keep(toOwned(scratch.view()));
  }

  /** Code that Google ran in an earlier turn, as text. */
  private code(node: Node, message: Message): string {
    const body = this.body;
    const code = findField(body, node, "executableCode");
    const result = findField(body, node, "codeExecutionResult");
    const text = body.body(code != ABSENT ? body.find(code, "code") : body.find(result, "output"));
    if (code == ABSENT && result == ABSENT) return "a part is of an unknown kind";
    scratch.reset();
    scratch.ascii("\\n```\\n");
    scratch.bytes(text);
    scratch.ascii("\\n```\\n");
    message.parts.push(Part.text(this.request.keep(toOwned(scratch.view()))));
    return "";
  }

  private nextId(): Slice {
    scratch.reset();
    scratch.ascii("call_");
    scratch.number(this.calls++);
    return this.request.keep(toOwned(scratch.view()));
  }
}

function kindOf(type: Slice): MediaKind {
  if (startsWith(type, "image/")) return MediaKind.Image;
  if (startsWith(type, "audio/")) return MediaKind.Audio;
  return startsWith(type, "video/") ? MediaKind.Video : MediaKind.File;
}

function inputOf(kind: MediaKind): Parameter {
  return kind == MediaKind.Video ? Parameter.VideoInput : Parameter.AudioInput;
}
