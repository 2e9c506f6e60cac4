import { Slice, Utf8, borrow, utf8 } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure } from "../../chat/failure";
import { Parameter, Tiers } from "../../chat/parameters";
import { ChatRequest, Role } from "../../chat/request";
import { ToolNames } from "../../chat/tool-names";
import { Document } from "../../json/document";
import { Operation } from "../api";
import { AnswerReader, Framing, RenderOptions, UpstreamFormat } from "../format";
import { toolNamesOf } from "../names";
import { MAX_NAME_BYTES } from "../openai/tiers";
import { Task } from "../task";
import { Context } from "./context";
import { ErrorRules } from "./errors";
import { RankingPaths, VectorPaths } from "./paths";
import { DeclaredReader } from "./reader";
import { RequestProgram } from "./request";
import { ResponsePaths } from "./response";
import { StreamRules } from "./stream";
import { DeclaredEmbeddings, DeclaredRerank } from "./tasks";

/** One for all requests: writing calls nobody who could begin another. */
const context: Context = new Context();
const errorContext: Context = new Context();

const MESSAGES: Utf8 = utf8("messages");

/** A call that is no chat, as the configuration declares it. */
export class Declaration<T> {
  constructor(
    readonly request: RequestProgram,
    readonly response: T,
  ) {}
}

/** A format that the configuration declares. */
@final
export class DeclaredFormat extends UpstreamFormat {
  constructor(
    tiers: Tiers,
    /** null: the service does not chat. */
    private chat: RequestProgram | null,
    private response: ResponsePaths,
    private stream: StreamRules,
    private errors: ErrorRules,
    private embeddings: Declaration<VectorPaths> | null,
    private ranking: Declaration<RankingPaths> | null,
  ) {
    super("declared", tiers, stream.framing);
  }

  /** Whether a chat can be sent in it. */
  get hasChat(): bool {
    return this.chat !== null;
  }

  /** Whether a request says itself where the service's token stands. */
  get usesToken(): bool {
    const chat = this.chat;
    const embeddings = this.embeddings;
    const ranking = this.ranking;
    return (
      (chat !== null && chat.usesToken) ||
      (embeddings !== null && embeddings.request.usesToken) ||
      (ranking !== null && ranking.request.usesToken)
    );
  }

  /** What turns a call that is no chat, or null. */
  task(operation: Operation): Task | null {
    const embeddings = this.embeddings;
    const ranking = this.ranking;
    if (operation == Operation.Embeddings && embeddings !== null)
      return new DeclaredEmbeddings(embeddings.request, embeddings.response, this.errors);
    if (operation == Operation.Rerank && ranking !== null)
      return new DeclaredRerank(ranking.request, ranking.response, this.errors);
    return null;
  }

  get basePath(): string {
    return "";
  }

  get alwaysStreams(): bool {
    return this.stream.isAlways;
  }

  writeHeaders(request: ChatRequest, options: RenderOptions, writer: Writer): void {
    const chat = this.chat;
    if (chat === null) return;
    this.begin(request, options);
    chat.writeHeaders(context, writer);
    context.end();
  }

  writePath(request: ChatRequest, options: RenderOptions, writer: Writer): void {
    const chat = this.chat;
    if (chat === null) return;
    this.begin(request, options);
    chat.writePath(context, writer);
    context.end();
  }

  writeRequest(request: ChatRequest, options: RenderOptions, writer: Writer): Failure | null {
    const chat = this.chat;
    if (chat === null) return null;
    this.begin(request, options);
    chat.writeBody(context, writer);
    const failure = context.failure;
    context.end();
    if (!chat.usesMessages && hasHistory(request)) request.unknown.push(borrow(MESSAGES));
    return failure;
  }

  /** Names in lists of OpenAI's shape and in `@.name` are plain ones. */
  toolNames(request: ChatRequest): ToolNames | null {
    return this.tiersOfTools ? toolNamesOf(request, MAX_NAME_BYTES) : null;
  }

  reader(): AnswerReader {
    return new DeclaredReader(this.response, this.stream, this.errors);
  }

  readFailure(status: i32, body: Document | null, text: Slice): Failure {
    return this.errors.outer(status, body, text, errorContext);
  }

  accept(stream: bool): string {
    if (!stream && !this.stream.isAlways) return "application/json";
    if (this.framing == Framing.Sse) return "text/event-stream";
    return this.framing == Framing.NdJson ? "application/x-ndjson" : "application/json";
  }

  private get tiersOfTools(): bool {
    const chat = this.chat;
    return chat !== null && chat.carries(Parameter.Tools);
  }

  private begin(request: ChatRequest, options: RenderOptions): void {
    context.begin(request, options);
    context.stream = this.stream.isAlways || (request.stream && this.stream.framing != Framing.Whole);
  }
}

/** Whether a conversation has more than the last message. */
function hasHistory(request: ChatRequest): bool {
  let count = 0;
  for (let i = 0; i < request.messages.length; i++) {
    if (unchecked(request.messages[i]).role != Role.System) count++;
  }
  return count > 1;
}
