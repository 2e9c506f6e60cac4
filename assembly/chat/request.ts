import { EMPTY, NONE, Slice, Utf8, borrow } from "../bytes/slice";
import { PARAMETERS, Parameter } from "./parameters";

/**
 * The canonical chat request: what a client asked, in no vendor's words. Its leaves are slices of the client's own
 * body (JSON string bodies stay escaped, numbers stay as written), so reading a request copies nothing and writing
 * it for an upstream copies each byte once. It is valid as long as that body is.
 */

export enum Role {
  System,
  User,
  Assistant,
  Tool,
}

export enum PartKind {
  Text,
  Refusal,
  Thinking,
  RedactedThinking,
  Media,
  ToolCall,
  ToolResult,
}

export enum MediaKind {
  Image,
  Audio,
  Video,
  File,
}

/** One piece of a message. Which fields count depends on `kind`; the others are NONE. */
export class Part {
  /** JSON string body: the text of Text, Refusal, Thinking; the data of RedactedThinking. */
  text: Slice = NONE;
  /** JSON string body: proof that a vendor wrote this thinking or tool call; must go back byte for byte. */
  signature: Slice = NONE;

  media: MediaKind = MediaKind.Image;
  /** MIME type, plain ASCII; NONE where unknown. */
  mediaType: Slice = NONE;
  /** Base64 text (JSON string body) of media given inline. */
  data: Slice = NONE;
  /** JSON string body of the URL of media given by reference. */
  url: Slice = NONE;
  /** JSON string body: a vendor's file id. */
  fileId: Slice = NONE;
  /** JSON string body: file name or title. */
  fileName: Slice = NONE;
  /** JSON string body: OpenAI's image detail (low, high, auto). */
  detail: Slice = NONE;

  /** JSON string body: id of a tool call, on the call and on its result. */
  id: Slice = NONE;
  /** JSON string body: the tool's name; on results too, where it is known. */
  name: Slice = NONE;
  /** Arguments of a tool call: JSON text, see `argumentsEscaped`. */
  arguments: Slice = NONE;
  /** True where `arguments` is a JSON string body that holds JSON text; false where it is the JSON text itself. */
  argumentsEscaped: bool = false;
  /** True where `arguments` is a JSON string body of plain text, for a tool that takes no JSON (OpenAI's custom tools). */
  isFreeform: bool = false;
  /** What a tool gave back: text and media parts. */
  content: Array<Part> = NO_PARTS;
  isError: bool = false;

  /** Raw JSON of an Anthropic `cache_control` object that the client set on this part. */
  cacheControl: Slice = NONE;

  constructor(public kind: PartKind) {}

  /** A text part. */
  static text(body: Slice): Part {
    const part = new Part(PartKind.Text);
    part.text = body;
    return part;
  }
}

/** Shared by all parts that carry no content; never written to. */
const NO_PARTS: Array<Part> = new Array<Part>(0);

/**
 * One turn. System messages keep their place in the sequence; formats that lift them out do so when writing. A tool
 * message holds results only, one or more, and results stand nowhere else.
 */
export class Message {
  parts: Array<Part> = [];
  /** JSON string body: OpenAI's participant name. */
  name: Slice = NONE;

  constructor(public role: Role) {}
}

/** A function the model may call. */
export class Tool {
  /** JSON string bodies. */
  name: Slice = NONE;
  description: Slice = NONE;
  /** Raw JSON Schema object of the arguments; NONE where the client gave none. */
  schema: Slice = NONE;
  /** Raw JSON `true`/`false`, NONE where absent. */
  strict: Slice = NONE;
  cacheControl: Slice = NONE;
  /**
   * The whole tool as the client wrote it, for a tool that is no function (web search, computer use ...); such a
   * tool only goes to an upstream of the same family. NONE for functions.
   */
  hosted: Slice = NONE;
}

export enum ToolChoice {
  Absent,
  Auto,
  None,
  Required,
  /** The tool `toolName` must be called. */
  Named,
}

export enum AnswerShape {
  Text,
  JsonObject,
  JsonSchema,
}

export enum Effort {
  Absent,
  None,
  Minimal,
  Low,
  Medium,
  High,
  XHigh,
  Max,
}

export enum Thinking {
  Absent,
  Disabled,
  /** With a budget, `thinkingBudget`. */
  Enabled,
  /** The model decides. */
  Adaptive,
}

/** A yes or no that may be absent. */
export enum Flag {
  Absent,
  False,
  True,
}

export class ChatRequest {
  /** JSON string body of the model name as the client wrote it. */
  model: Slice = NONE;
  stream: bool = false;
  /** OpenAI clients see usage in a stream only where they ask for it; the other protocols always show it. */
  includeUsage: bool = false;
  messages: Array<Message> = [];

  tools: Array<Tool> = [];
  toolChoice: ToolChoice = ToolChoice.Absent;
  /** JSON string body, with `ToolChoice.Named`. */
  toolName: Slice = NONE;
  parallelToolCalls: Flag = Flag.Absent;

  /** JSON string bodies. */
  stop: Array<Slice> = [];

  /** Raw JSON of an Anthropic `cache_control` object that is about the whole request: up to its end. */
  cacheControl: Slice = NONE;

  shape: AnswerShape = AnswerShape.Text;
  /** With `AnswerShape.JsonSchema`: JSON string bodies, the raw schema, the raw strict flag. */
  schemaName: Slice = NONE;
  schemaDescription: Slice = NONE;
  schema: Slice = NONE;
  schemaStrict: Flag = Flag.Absent;

  effort: Effort = Effort.Absent;
  thinking: Thinking = Thinking.Absent;
  /** Tokens, with `Thinking.Enabled`; -1 where the client named none, or left it to the model. */
  thinkingBudget: i32 = -1;

  /** Names (JSON string bodies) of the fields that the reader does not know. */
  unknown: Array<Slice> = [];

  /** What `ClientFormat.remember` gives back, made by the client format's reader; its meaning is that format's own. */
  remembered: Utf8 = EMPTY;

  /** Leaves that do not stand in the client's body as they are meant (a rewritten schema, a made-up id). */
  private made: Array<Utf8> = [];

  /** Set by a writer: this parameter had to be changed or left out for the model at hand. Reported like a drop. */
  private adjusted: StaticArray<bool> = new StaticArray<bool>(PARAMETERS);
  private values: StaticArray<Slice> = new StaticArray<Slice>(PARAMETERS);
  private marks: StaticArray<bool> = new StaticArray<bool>(PARAMETERS);

  /** Keeps bytes that a reader made for as long as the request lives, to be used as a leaf. */
  keep(made: Utf8): Slice {
    this.made.push(made);
    return borrow(made);
  }

  /** Notes that the client asked for this parameter, with its raw JSON value where it is a simple one. */
  mark(parameter: Parameter, value: Slice = NONE): void {
    unchecked((this.marks[parameter as i32] = true));
    unchecked((this.values[parameter as i32] = value));
  }

  /** Whether the client asked for this parameter. */
  has(parameter: Parameter): bool {
    return unchecked(this.marks[parameter as i32]);
  }

  /** Raw JSON of a parameter with a simple value, NONE where absent. Numbers are as the client wrote them. */
  value(parameter: Parameter): Slice {
    return unchecked(this.values[parameter as i32]);
  }

  /** A writer notes that it could not send this parameter as it was asked for. */
  adjust(parameter: Parameter): void {
    unchecked((this.adjusted[parameter as i32] = true));
  }

  /** Whether a writer noted that. */
  isAdjusted(parameter: Parameter): bool {
    return unchecked(this.adjusted[parameter as i32]);
  }

  /** Leaves a parameter out that the service at hand does not take, and notes that. */
  withhold(parameter: Parameter): void {
    if (!this.has(parameter)) return;
    this.adjust(parameter);
    unchecked((this.values[parameter as i32] = NONE));
    switch (parameter) {
      case Parameter.ParallelToolCalls:
        this.parallelToolCalls = Flag.Absent;
        break;
      case Parameter.ReasoningEffort:
      case Parameter.ThinkingBudget:
        this.effort = Effort.Absent;
        this.thinking = Thinking.Absent;
        break;
      case Parameter.Stop:
        this.stop = [];
        break;
      case Parameter.ParticipantName:
        for (let i = 0; i < this.messages.length; i++) unchecked(this.messages[i]).name = NONE;
        break;
    }
  }

  /** Forgets what writers noted: to be called before the request is written for another upstream. */
  clearAdjusted(): void {
    memory.fill(changetype<usize>(this.adjusted), 0, PARAMETERS);
  }
}
