import { NONE, Slice, equals, indexOfByte, lengthOf, same, startsWith, subslice } from "../../bytes/slice";
import { Failure } from "../../chat/failure";
import { Parameter } from "../../chat/parameters";
import { ChatRequest, MediaKind, Message, Part, PartKind, Role } from "../../chat/request";
import { upstreamName } from "../../chat/tool-names";
import { JsonWriter } from "../../json/writer";
import { writeArgumentsString } from "../arguments";
import { writeDataUrl } from "../data-url";
import { RenderOptions } from "../format";
import { invalidMessage } from "../invalid";
import { isMarked } from "../thoughts";
import { MAX_NAME_BYTES } from "./tiers";

const POINT: u8 = 0x2e;
/** Calls of custom tools that are remembered, at most. */
const MAX_CUSTOM: i32 = 256;

const PARAGRAPH: string = "\\n\\n";

/** Writes `instructions`: the system messages that the conversation begins with. Gives their number. */
export function writeInstructions(request: ChatRequest, json: JsonWriter): i32 {
  const messages = request.messages;
  let count = 0;
  while (count < messages.length && unchecked(messages[count]).role == Role.System) count++;
  if (count == 0) return 0;
  const out = json.key("instructions").beginString();
  let written = false;
  for (let i = 0; i < count; i++) {
    const parts = unchecked(messages[i]).parts;
    for (let j = 0; j < parts.length; j++) {
      const text = unchecked(parts[j]).text;
      if (lengthOf(text) == 0) continue;
      if (written) out.ascii(PARAGRAPH);
      out.bytes(text);
      written = true;
    }
  }
  json.endString();
  return count;
}

/**
 * Writes `input`: messages and the other items of a conversation, in their order.
 * Source: OpenAI API reference, "Create a model response", input.
 */
@final
export class InputWriter {
  /** Whether reasoning went along. */
  hasReasoning: bool = false;
  /** Ids of calls of custom tools, whose results are items of another type. */
  private custom: Array<Slice> = [];

  constructor(
    private request: ChatRequest,
    private options: RenderOptions,
    private json: JsonWriter,
  ) {}

  /** @param from the messages before this one were written elsewhere */
  write(from: i32): Failure | null {
    const messages = this.request.messages;
    this.json.array();
    for (let i = from; i < messages.length; i++) {
      const failure = invalidMessage(i, this.message(unchecked(messages[i])));
      if (failure) return failure;
    }
    this.json.endArray();
    return null;
  }

  private message(message: Message): string {
    switch (message.role) {
      case Role.System:
        return this.plain(message, "developer");
      case Role.User:
        return this.plain(message, "user");
      case Role.Assistant:
        this.assistant(message);
        return "";
    }
    return this.results(message);
  }

  private plain(message: Message, role: string): string {
    const json = this.json;
    if (message.parts.length == 0) return "";
    json.object().key("type").string("message").key("role").string(role).key("content").array();
    for (let i = 0; i < message.parts.length; i++) {
      const problem = this.part(unchecked(message.parts[i]), "");
      if (problem.length > 0) return problem;
    }
    json.endArray().endObject();
    return "";
  }

  private part(part: Part, prefix: string): string {
    const json = this.json;
    if (part.kind != PartKind.Media) {
      json.object().key("type").string("input_text").key("text");
      const out = json.beginString();
      out.ascii(prefix);
      out.bytes(part.text);
      json.endString().endObject();
      return "";
    }
    switch (part.media) {
      case MediaKind.Image:
        this.image(part);
        return "";
      case MediaKind.File:
        this.file(part);
        return "";
    }
    return "sound and video cannot be sent to this service";
  }

  private image(part: Part): void {
    const json = this.json;
    json.object().key("type").string("input_image");
    if (part.fileId != NONE) json.key("file_id").body(part.fileId);
    else if (part.data == NONE) json.key("image_url").body(part.url);
    else writeDataUrl(part.mediaType, part.data, json.key("image_url"));
    json.key("detail");
    if (part.detail != NONE) json.body(part.detail);
    else json.string("auto");
    json.endObject();
  }

  /** OpenAI wants a name with inline data. */
  private file(part: Part): void {
    const json = this.json;
    json.object().key("type").string("input_file");
    if (part.fileId != NONE) {
      json.key("file_id").body(part.fileId);
    } else if (part.data == NONE) {
      json.key("file_url").body(part.url);
    } else {
      json.key("filename");
      if (part.fileName != NONE) json.body(part.fileName);
      else
        json.string(
          part.mediaType == NONE || equals(part.mediaType, "application/pdf") ? "document.pdf" : "document",
        );
      writeDataUrl(part.mediaType, part.data, json.key("file_data"));
    }
    json.endObject();
  }

  /** Each kind of part is an item of its own; what stands together as text is one message. */
  private assistant(message: Message): void {
    const json = this.json;
    let isOpen = false;
    for (let i = 0; i < message.parts.length; i++) {
      const part = unchecked(message.parts[i]);
      if (part.kind == PartKind.Text || part.kind == PartKind.Refusal) {
        if (lengthOf(part.text) == 0) continue;
        if (!isOpen)
          json.object().key("type").string("message").key("role").string("assistant").key("content").array();
        isOpen = true;
        if (part.kind == PartKind.Refusal)
          json.object().key("type").string("refusal").key("refusal").body(part.text);
        else
          json
            .object()
            .key("type")
            .string("output_text")
            .key("text")
            .body(part.text)
            .key("annotations")
            .constant("[]");
        json.endObject();
        continue;
      }
      if (isOpen) json.endArray().endObject();
      isOpen = false;
      if (part.kind == PartKind.ToolCall) this.call(part);
      else if (part.kind == PartKind.Thinking) this.thinking(part);
      else if (part.kind == PartKind.Media) this.request.adjust(Parameter.ImageData);
      else this.request.adjust(Parameter.ThinkingHistory);
    }
    if (isOpen) json.endArray().endObject();
  }

  /**
   * Reasoning goes back only with OpenAI's own proof, which is valid together with its item's id: it stands
   * before the proof, or the client gave the item as it was.
   */
  private thinking(part: Part): void {
    const proof = part.signature;
    const isOwn = startsWith(proof, "rs_");
    const point = isOwn ? indexOfByte(proof, POINT) : -1;
    const isForeign = !isOwn && (part.id == NONE || isMarked(proof));
    if (!this.options.thinkingHistory || lengthOf(proof) == 0 || isForeign || (isOwn && point < 0)) {
      this.request.adjust(Parameter.ThinkingHistory);
      return;
    }
    const json = this.json;
    this.hasReasoning = true;
    json.object().key("type").string("reasoning").key("id");
    json.body(point < 0 ? part.id : subslice(proof, 0, point));
    json.key("summary").array();
    if (lengthOf(part.text) > 0) {
      json.object().key("type").string("summary_text").key("text").body(part.text).endObject();
    }
    json.endArray().key("encrypted_content");
    json.body(point < 0 ? proof : subslice(proof, point + 1, lengthOf(proof))).endObject();
  }

  private call(part: Part): void {
    const json = this.json;
    if (part.isFreeform && this.custom.length < MAX_CUSTOM) this.custom.push(part.id);
    json
      .object()
      .key("type")
      .string(part.isFreeform ? "custom_tool_call" : "function_call");
    json.key("call_id").body(part.id).key("name").body(upstreamName(part.name, MAX_NAME_BYTES));
    if (part.isFreeform) json.key("input").body(part.arguments);
    else writeArgumentsString(part, json.key("arguments"));
    json.endObject();
  }

  private isCustom(id: Slice): bool {
    for (let i = this.custom.length - 1; i >= 0; i--) {
      if (same(unchecked(this.custom[i]), id)) return true;
    }
    return false;
  }

  private results(message: Message): string {
    for (let i = 0; i < message.parts.length; i++) {
      const part = unchecked(message.parts[i]);
      if (part.kind != PartKind.ToolResult) continue;
      const problem = this.result(part);
      if (problem.length > 0) return problem;
    }
    return "";
  }

  /** There is no flag for a failed call, but models understand the word. */
  private result(part: Part): string {
    const json = this.json;
    const content = part.content;
    const prefix = part.isError ? "Error: " : "";
    json
      .object()
      .key("type")
      .string(this.isCustom(part.id) ? "custom_tool_call_output" : "function_call_output");
    json.key("call_id").body(part.id).key("output");
    if (content.length == 0 || (content.length == 1 && unchecked(content[0]).kind == PartKind.Text)) {
      const out = json.beginString();
      out.ascii(prefix);
      if (content.length > 0) out.bytes(unchecked(content[0]).text);
      json.endString().endObject();
      return "";
    }
    json.array();
    let isFirst = true;
    for (let i = 0; i < content.length; i++) {
      const item = unchecked(content[i]);
      const isText = item.kind != PartKind.Media;
      const problem = this.part(item, isText && isFirst ? prefix : "");
      if (problem.length > 0) return problem;
      if (isText) isFirst = false;
    }
    json.endArray().endObject();
    return "";
  }
}
