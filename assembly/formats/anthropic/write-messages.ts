import { NONE, Slice, lengthOf } from "../../bytes/slice";
import { isBlank, trimEnd } from "../../chat/body";
import { Failure } from "../../chat/failure";
import { Parameter } from "../../chat/parameters";
import { ChatRequest, Part, PartKind } from "../../chat/request";
import { upstreamName } from "../../chat/tool-names";
import { JsonWriter } from "../../json/writer";
import { writeArgumentsObject } from "../arguments";
import { RenderOptions } from "../format";
import { invalidMessage } from "../invalid";
import { Turn } from "../turns";
import { isSigned } from "./thinking";
import { MAX_NAME_BYTES } from "./tiers";
import { writeMedia } from "./write-media";
import { writeText } from "./write-text";

/**
 * Writes `messages`. A message is begun only with its first block, since a message without any is refused, and a turn
 * that turns out empty must not leave two neighbours of one role.
 */
export function writeTurns(
  request: ChatRequest,
  options: RenderOptions,
  turns: Array<Turn>,
  json: JsonWriter,
): Failure | null {
  json.key("messages").array();
  const state = new MessageState(json);
  for (let i = 0; i < turns.length; i++) {
    const turn = unchecked(turns[i]);
    const isLast = i == turns.length - 1;
    for (let j = 0; j < turn.parts.length; j++) {
      const part = unchecked(turn.parts[j]);
      const isPrefill = isLast && turn.isAssistant && j == turn.parts.length - 1;
      const problem = writePart(part, turn.isAssistant, isPrefill, request, options, state);
      const failure = invalidMessage(turn.message, problem);
      if (failure) return failure;
    }
  }
  state.end();
  json.endArray();
  return null;
}

/** Which message is open. */
class MessageState {
  private isOpen: bool = false;
  private isAssistant: bool = false;

  constructor(readonly json: JsonWriter) {}

  /** A block of this side comes. */
  begin(isAssistant: bool): JsonWriter {
    if (this.isOpen && this.isAssistant == isAssistant) return this.json;
    this.end();
    this.isOpen = true;
    this.isAssistant = isAssistant;
    return this.json
      .object()
      .key("role")
      .string(isAssistant ? "assistant" : "user")
      .key("content")
      .array();
  }

  end(): void {
    if (this.isOpen) this.json.endArray().endObject();
    this.isOpen = false;
  }
}

function writePart(
  part: Part,
  isAssistant: bool,
  isPrefill: bool,
  request: ChatRequest,
  options: RenderOptions,
  state: MessageState,
): string {
  switch (part.kind) {
    case PartKind.Text:
    case PartKind.Refusal: {
      // What the model is to go on with must not end in white space.
      const text = isPrefill ? trimEnd(part.text) : part.text;
      if (!isBlank(text)) writeText(text, part.cacheControl, state.begin(isAssistant));
      return "";
    }
    case PartKind.Media:
      return writeMedia(part, state.begin(isAssistant));
    case PartKind.Thinking:
    case PartKind.RedactedThinking:
      writeThinking(part, isAssistant, request, options, state);
      return "";
    case PartKind.ToolCall:
      return writeCall(part, state.begin(true));
    case PartKind.ToolResult:
      return writeResult(part, state.begin(false));
  }
  return "";
}

/** The signature covers the exact text, so both are copied as they came. Without one Anthropic refuses the text. */
function writeThinking(
  part: Part,
  isAssistant: bool,
  request: ChatRequest,
  options: RenderOptions,
  state: MessageState,
): void {
  const isRedacted = part.kind == PartKind.RedactedThinking;
  if (!isAssistant || !options.thinkingHistory || (!isRedacted && !isSigned(part))) {
    request.adjust(Parameter.ThinkingHistory);
    return;
  }
  const json = state.begin(true);
  if (isRedacted)
    json.object().key("type").string("redacted_thinking").key("data").body(part.text).endObject();
  else writeThinkingBlock(part.text, part.signature, json);
}

/** A thinking block. */
export function writeThinkingBlock(thinking: Slice, signature: Slice, json: JsonWriter): void {
  json.object().key("type").string("thinking").key("thinking").body(thinking);
  json.key("signature").body(signature).endObject();
}

function writeCall(part: Part, json: JsonWriter): string {
  json.object().key("type").string("tool_use").key("id").body(part.id);
  json.key("name").body(upstreamName(part.name, MAX_NAME_BYTES)).key("input");
  if (!writeArgumentsObject(part, json)) return "the arguments of a tool call must be a JSON object";
  if (part.cacheControl != NONE) json.key("cache_control").raw(part.cacheControl);
  json.endObject();
  return "";
}

function writeResult(part: Part, json: JsonWriter): string {
  json.object().key("type").string("tool_result").key("tool_use_id").body(part.id);
  const problem = writeResultContent(part, json);
  if (problem.length > 0) return problem;
  if (part.isError) json.key("is_error").bool(true);
  if (part.cacheControl != NONE) json.key("cache_control").raw(part.cacheControl);
  json.endObject();
  return "";
}

/** One text stays a string; a result that says nothing has no content. */
function writeResultContent(part: Part, json: JsonWriter): string {
  const content = part.content;
  if (content.length == 1 && unchecked(content[0]).kind == PartKind.Text) {
    const text = unchecked(content[0]).text;
    if (lengthOf(text) > 0) json.key("content").body(text);
    return "";
  }
  let written = 0;
  for (let i = 0; i < content.length; i++) {
    const item = unchecked(content[i]);
    const isMedia = item.kind == PartKind.Media;
    if (!isMedia && isBlank(item.text)) continue;
    if (written++ == 0) json.key("content").array();
    // The hint is on the result as a whole.
    if (!isMedia) writeText(item.text, NONE, json);
    else {
      const problem = writeMedia(item, json);
      if (problem.length > 0) return problem;
    }
  }
  if (written > 0) json.endArray();
  return "";
}
