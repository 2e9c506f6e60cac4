import { NONE, Slice } from "../../bytes/slice";
import { isBlank, trimEnd } from "../../chat/body";
import { Failure } from "../../chat/failure";
import { Parameter } from "../../chat/parameters";
import { ChatRequest, Part, PartKind, Role } from "../../chat/request";
import { upstreamName } from "../../chat/tool-names";
import { JsonWriter } from "../../json/writer";
import { writeArgumentsObject } from "../arguments";
import { RenderOptions } from "../format";
import { invalidMessage } from "../invalid";
import { isMarked, redactedData } from "../thoughts";
import { Turn } from "../turns";
import { CachePoints } from "./cache-points";
import { CachePosition } from "./prompt-cache";
import { MAX_NAME_BYTES } from "./tiers";
import { writeMedia } from "./write-media";

/** Writes `system` and `messages`. Source: Amazon Bedrock API reference, Message and ContentBlock. */
@final
export class MessagesWriter {
  private documents: i32 = 0;
  /** Kind of the part that was written last. */
  private last: PartKind = PartKind.Text;

  constructor(
    private request: ChatRequest,
    private options: RenderOptions,
    private points: CachePoints,
    private json: JsonWriter,
  ) {}

  /** System messages from anywhere in the conversation. Blank texts are not taken. */
  system(): void {
    let isOpen = false;
    const messages = this.request.messages;
    for (let i = 0; i < messages.length; i++) {
      const message = unchecked(messages[i]);
      if (message.role != Role.System) continue;
      for (let j = 0; j < message.parts.length; j++) {
        const part = unchecked(message.parts[j]);
        if (part.kind != PartKind.Text || isBlank(part.text)) continue;
        if (!isOpen) this.json.key("system").array();
        isOpen = true;
        this.text(part.text);
        this.points.behind(PartKind.Text, part.cacheControl);
      }
    }
    if (!isOpen) return;
    this.points.at(CachePosition.SystemPrompt, PartKind.Text);
    this.json.endArray();
  }

  turns(turns: Array<Turn>): Failure | null {
    const lastTurn = this.lastOf(turns, true);
    const lastOfUser = this.lastOf(turns, false);
    this.json.key("messages").array();
    for (let i = 0; i < turns.length; i++) {
      const turn = unchecked(turns[i]);
      const isLast = i == turns.length - 1;
      if (!this.hasContent(turn)) continue;
      this.json
        .object()
        .key("role")
        .string(turn.isAssistant ? "assistant" : "user");
      this.json.key("content").array();
      for (let j = 0; j < turn.parts.length; j++) {
        const isPrefill = isLast && turn.isAssistant && j == turn.parts.length - 1;
        const failure = invalidMessage(turn.message, this.part(unchecked(turn.parts[j]), isPrefill));
        if (failure) return failure;
      }
      if (i == lastOfUser) this.points.at(CachePosition.LastUserMessage, this.last);
      if (i == lastTurn) {
        this.points.atEnd(this.last);
        this.points.at(CachePosition.LastMessage, this.last);
      }
      this.json.endArray().endObject();
    }
    this.json.endArray();
    return null;
  }

  /** Index of the last turn that is written, the model's own among them or not; -1: there is none. */
  private lastOf(turns: Array<Turn>, alsoAssistant: bool): i32 {
    for (let i = turns.length - 1; i >= 0; i--) {
      const turn = unchecked(turns[i]);
      if ((alsoAssistant || !turn.isAssistant) && this.hasContent(turn)) return i;
    }
    return -1;
  }

  /** A turn of nothing but blank texts, or of thinking that does not go back, is left out. */
  private hasContent(turn: Turn): bool {
    for (let i = 0; i < turn.parts.length; i++) {
      const part = unchecked(turn.parts[i]);
      const isText = part.kind == PartKind.Text || part.kind == PartKind.Refusal;
      if (isText ? !isBlank(part.text) : !isThought(part) || this.goesBack(part)) return true;
    }
    return false;
  }

  private part(part: Part, isPrefill: bool): string {
    const json = this.json;
    switch (part.kind) {
      case PartKind.Text:
      case PartKind.Refusal:
        if (isBlank(part.text)) return "";
        this.text(isPrefill ? trimEnd(part.text) : part.text);
        break;
      case PartKind.Thinking:
      case PartKind.RedactedThinking:
        this.thinking(part);
        return "";
      case PartKind.Media: {
        const problem = writeMedia(part, this.documents++, json);
        if (problem.length > 0) return problem;
        break;
      }
      case PartKind.ToolCall:
        json.object().key("toolUse").object().key("toolUseId").body(part.id);
        json.key("name").body(upstreamName(part.name, MAX_NAME_BYTES)).key("input");
        if (!writeArgumentsObject(part, json)) return "the arguments of a tool call must be a JSON object";
        json.endObject().endObject();
        break;
      case PartKind.ToolResult: {
        const problem = this.result(part);
        if (problem.length > 0) return problem;
        break;
      }
    }
    this.last = part.kind;
    this.points.behind(part.kind, part.cacheControl);
    return "";
  }

  private text(body: Slice): void {
    this.json.object().key("text").body(body).endObject();
  }

  /** Only what has its vendor's proof goes back: anything else is refused, or repeated by the model as its answer. */
  private thinking(part: Part): void {
    if (!this.goesBack(part)) {
      this.request.adjust(Parameter.ThinkingHistory);
      return;
    }
    const json = this.json;
    json.object().key("reasoningContent").object();
    const hidden = part.kind == PartKind.RedactedThinking ? part.text : redactedData(part.signature);
    if (hidden != NONE) {
      json.key("redactedContent").body(hidden);
    } else {
      json.key("reasoningText").object().key("text").body(part.text);
      json.key("signature").body(part.signature).endObject();
    }
    json.endObject().endObject();
    this.last = part.kind;
  }

  private goesBack(part: Part): bool {
    if (!this.options.thinkingHistory) return false;
    if (part.kind == PartKind.RedactedThinking) return true;
    // A proof that another vendor gave is none here.
    return !isBlank(part.signature) && !isMarked(part.signature);
  }

  private result(part: Part): string {
    const json = this.json;
    json.object().key("toolResult").object().key("toolUseId").body(part.id).key("content").array();
    let written = 0;
    for (let i = 0; i < part.content.length; i++) {
      const item = unchecked(part.content[i]);
      if (item.kind == PartKind.Media) {
        const problem = writeMedia(item, this.documents++, json);
        if (problem.length > 0) return problem;
      } else if (isBlank(item.text)) {
        continue;
      } else {
        this.text(item.text);
      }
      written++;
    }
    // A result must have content, and no text of it may be blank.
    if (written == 0) json.constant('{"json":{}}');
    json.endArray();
    if (part.isError) json.key("status").string("error");
    json.endObject().endObject();
    return "";
  }
}

function isThought(part: Part): bool {
  return part.kind == PartKind.Thinking || part.kind == PartKind.RedactedThinking;
}
