import { NONE, Slice, lengthOf, same } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure } from "../../chat/failure";
import { Parameter } from "../../chat/parameters";
import { ChatRequest, Part, PartKind, Role } from "../../chat/request";
import { upstreamName } from "../../chat/tool-names";
import { Document } from "../../json/document";
import { unescape } from "../../json/text";
import { JsonWriter } from "../../json/writer";
import { writeArgumentsObject } from "../arguments";
import { RenderOptions } from "../format";
import { invalidMessage } from "../invalid";
import { googleSignature } from "../thoughts";
import { Turn, nameResults, turnsOf } from "../turns";
import { writeMedia } from "./media";
import { Model } from "./model";
import { MAX_NAME_BYTES } from "./tiers";

/** More calls than this in one turn are no conversation but an attack on our time. */
const MAX_CALLS: i32 = 256;

/** What Google documents for calls whose signature is not known, such as those of another vendor's model. */
const NO_SIGNATURE: string = "skip_thought_signature_validator";

const decoded: Writer = new Writer();
const parsed: Document = new Document();

/**
 * Writes `contents`. Tool results stand in an entry of their own, one for each call and in the order of the
 * calls, and before what else the user says.
 * Source: Gemini API reference, Content and Part; "Function calling"; "Thought signatures".
 */
@final
export class ContentsWriter {
  constructor(
    private request: ChatRequest,
    private options: RenderOptions,
    private model: Model,
    /** Vertex takes no ids of calls. */
    private isVertex: bool,
    private json: JsonWriter,
  ) {}

  write(): Failure | null {
    const json = this.json;
    const turns = turnsOf(this.request);
    nameResults(this.request);
    json.array();
    // A conversation begins with the user.
    if (turns.length == 0 || unchecked(turns[0]).isAssistant) {
      this.begin("user");
      this.text(" ");
      this.end();
    }
    for (let i = 0; i < turns.length; i++) {
      const turn = unchecked(turns[i]);
      let problem: string;
      if (turn.isAssistant) problem = this.modelTurn(turn);
      else problem = this.userTurn(turn, i > 0 ? unchecked(turns[i - 1]) : null);
      const failure = invalidMessage(turn.message, problem);
      if (failure) return failure;
    }
    json.endArray();
    return null;
  }

  private modelTurn(turn: Turn): string {
    let isFirstCall = true;
    this.begin("model");
    let written = false;
    for (let i = 0; i < turn.parts.length; i++) {
      const part = unchecked(turn.parts[i]);
      switch (part.kind) {
        case PartKind.Text:
        case PartKind.Refusal:
          if (lengthOf(part.text) == 0) break;
          this.json.object().key("text").body(part.text);
          this.endPart(googleSignature(part.signature));
          written = true;
          break;
        case PartKind.Thinking:
          written = this.thinking(part) || written;
          break;
        case PartKind.RedactedThinking:
          // Another vendor's secret.
          this.request.adjust(Parameter.ThinkingHistory);
          break;
        case PartKind.Media: {
          const problem = this.media(part);
          if (problem.length > 0) return problem;
          written = true;
          break;
        }
        case PartKind.ToolCall:
          if (!this.call(part, isFirstCall)) return "the arguments of a tool call must be a JSON object";
          isFirstCall = false;
          written = true;
          break;
      }
    }
    if (!written) this.text(" ");
    this.end();
    return "";
  }

  /** Whether anything was written. */
  private thinking(part: Part): bool {
    if (!this.options.thinkingHistory) {
      this.request.adjust(Parameter.ThinkingHistory);
      return false;
    }
    const isEmpty = lengthOf(part.text) == 0;
    const signature = googleSignature(part.signature);
    // Another vendor's proof would be refused; the thought itself may go.
    if (signature == NONE && lengthOf(part.signature) > 0) this.request.adjust(Parameter.ThinkingSignature);
    if (isEmpty && signature == NONE) return false;
    this.json.object().key("text").body(part.text);
    // A signature of its own belongs to what was said before it, which need not have been a thought.
    if (!isEmpty) this.json.key("thought").bool(true);
    this.endPart(signature);
    return true;
  }

  private call(part: Part, isFirst: bool): bool {
    const json = this.json;
    json.object().key("functionCall").object();
    this.id(part.id);
    json.key("name").body(upstreamName(part.name, MAX_NAME_BYTES));
    if (!writeArgumentsObject(part, json.key("args"))) return false;
    json.endObject();
    // Only the first of parallel calls carries a signature.
    if (isFirst && this.model.needsSignatures && lengthOf(part.signature) == 0) {
      json.key("thoughtSignature").string(NO_SIGNATURE).endObject();
    } else {
      this.endPart(part.signature);
    }
    return true;
  }

  private userTurn(turn: Turn, before: Turn | null): string {
    const parts = turn.parts;
    let results = 0;
    while (results < parts.length && unchecked(parts[results]).kind == PartKind.ToolResult) results++;
    let problem = this.results(parts, results, before);
    if (results == parts.length) return problem;
    this.begin("user");
    let hasText = false;
    let hasAny = false;
    for (let i = results; i < parts.length && problem.length == 0; i++) {
      const part = unchecked(parts[i]);
      if (part.kind == PartKind.Media) {
        problem = this.media(part);
        hasAny = true;
      } else if (lengthOf(part.text) > 0) {
        this.json.object().key("text").body(part.text).endObject();
        hasText = true;
        hasAny = true;
      }
    }
    if (!hasAny || (!hasText && this.model.wantsTextBesideMedia)) this.text(" ");
    this.end();
    return problem;
  }

  /** The first `count` parts, which are results, in the order of the calls in the turn before. */
  private results(parts: Array<Part>, count: i32, before: Turn | null): string {
    const isDone = new StaticArray<bool>(count);
    let calls = 0;
    let problem = "";
    const length = before === null ? 0 : before.parts.length;
    for (let i = 0; i < length && problem.length == 0; i++) {
      if (before === null) break;
      const call = unchecked(before.parts[i]);
      if (call.kind != PartKind.ToolCall) continue;
      if (++calls > MAX_CALLS) return "a turn has too many tool calls";
      if (calls == 1) this.begin("user");
      const at = find(parts, count, isDone, call.id);
      if (at < 0) {
        this.noResult(call);
      } else {
        unchecked((isDone[at] = true));
        problem = this.result(unchecked(parts[at]), call.name);
      }
    }
    for (let i = 0; i < count && problem.length == 0; i++) {
      if (unchecked(isDone[i])) continue;
      if (calls++ == 0) this.begin("user");
      const part = unchecked(parts[i]);
      problem = this.result(part, part.name != NONE ? part.name : part.id);
    }
    if (calls > 0) this.end();
    return problem;
  }

  /** Every call needs a result; one that was never given is said to be missing. */
  private noResult(call: Part): void {
    const json = this.json;
    json.object().key("functionResponse").object();
    this.id(call.id);
    json.key("name").body(upstreamName(call.name, MAX_NAME_BYTES));
    json.key("response").constant('{"error":"no result was given"}');
    json.endObject().endObject();
  }

  private result(part: Part, name: Slice): string {
    const json = this.json;
    json.object().key("functionResponse").object();
    this.id(part.id);
    json.key("name").body(upstreamName(name, MAX_NAME_BYTES));
    json.key("response");
    this.response(part);
    const hasMedia = has(part.content, PartKind.Media);
    let problem = "";
    if (hasMedia && this.model.takesMediaResults) {
      json.key("parts").array();
      problem = this.mediaOf(part.content);
      json.endArray();
    }
    json.endObject().endObject();
    if (hasMedia && !this.model.takesMediaResults) problem = this.mediaOf(part.content);
    return problem;
  }

  /** A JSON object is the response itself; anything else is the output, or the error, in one. */
  private response(part: Part): void {
    const content = part.content;
    const json = this.json;
    if (!part.isError && content.length == 1 && unchecked(content[0]).kind == PartKind.Text) {
      decoded.reset();
      unescape(decoded, unchecked(content[0]).text);
      if (parsed.parse(decoded.view()) && parsed.isObject(parsed.root)) {
        json.raw(parsed.raw(parsed.root));
        return;
      }
    }
    json.object().key(part.isError ? "error" : "output");
    const out = json.beginString();
    let written = false;
    for (let i = 0; i < content.length; i++) {
      const item = unchecked(content[i]);
      if (item.kind == PartKind.Media) continue;
      if (written) out.ascii("\\n");
      out.bytes(item.text);
      written = true;
    }
    json.endString().endObject();
  }

  private mediaOf(parts: Array<Part>): string {
    for (let i = 0; i < parts.length; i++) {
      const part = unchecked(parts[i]);
      if (part.kind != PartKind.Media) continue;
      const problem = this.media(part);
      if (problem.length > 0) return problem;
    }
    return "";
  }

  private media(part: Part): string {
    this.json.object();
    const problem = writeMedia(part, this.model, this.json);
    this.endPart(googleSignature(part.signature));
    return problem;
  }

  private id(id: Slice): void {
    if (!this.isVertex && lengthOf(id) > 0) this.json.key("id").body(id);
  }

  private begin(role: string): void {
    this.json.object().key("role").string(role).key("parts").array();
  }

  private end(): void {
    this.json.endArray().endObject();
  }

  private text(ascii: string): void {
    this.json.object().key("text").string(ascii).endObject();
  }

  private endPart(signature: Slice): void {
    if (lengthOf(signature) > 0) this.json.key("thoughtSignature").body(signature);
    this.json.endObject();
  }
}

/** Writes `systemInstruction`: all system messages, wherever they stand, each text a part. */
export function writeSystem(request: ChatRequest, json: JsonWriter): void {
  let isOpen = false;
  for (let i = 0; i < request.messages.length; i++) {
    const message = unchecked(request.messages[i]);
    if (message.role != Role.System) continue;
    for (let j = 0; j < message.parts.length; j++) {
      const part = unchecked(message.parts[j]);
      if (lengthOf(part.text) == 0) continue;
      if (!isOpen) json.key("systemInstruction").object().key("parts").array();
      isOpen = true;
      json.object().key("text").body(part.text).endObject();
    }
  }
  if (isOpen) json.endArray().endObject();
}

function has(parts: Array<Part>, kind: PartKind): bool {
  for (let i = 0; i < parts.length; i++) {
    if (unchecked(parts[i]).kind == kind) return true;
  }
  return false;
}

/** The first result for a call that is not yet written, or -1. */
function find(parts: Array<Part>, count: i32, isDone: StaticArray<bool>, id: Slice): i32 {
  for (let i = 0; i < count; i++) {
    if (!unchecked(isDone[i]) && same(unchecked(parts[i]).id, id)) return i;
  }
  return -1;
}
