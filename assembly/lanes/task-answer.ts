import { Utf8, borrow, lengthOf } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { Failure } from "../chat/failure";
import { Usage } from "../chat/usage";
import { ClientFormat } from "../formats/format";
import { Task } from "../formats/task";
import { DataAction, HeadersAction } from "../host/abi";
import { Document } from "../json/document";
import { Scanner } from "../json/scanner";
import { AnswerLane } from "./answer";
import { compressed, emptyAnswer, notJson, tooLarge } from "./upstream-failures";

/** An answer may be this large: a thousand vectors of four thousand numbers. */
const MAX_ANSWER_BYTES: i32 = 64 << 20;

/** One of each for all streams: what a callback makes is sent before it returns. */
const scanner: Scanner = new Scanner();
const document: Document = new Document();
const out: Writer = new Writer();

/** The convert lane of a whole answer that is no chat. Headers are held until it is known what they must say. */
@final
export class TaskAnswer extends AnswerLane {
  /** Whether the client's answer is on its way; what the upstream still sends is then left out. */
  private isWritten: bool = false;

  /** @param losses names of what the upstream did not get */
  constructor(
    private client: ClientFormat,
    private task: Task,
    private losses: Utf8,
    private isPacked: bool,
    private usage: Usage,
  ) {
    super();
  }

  onHeaders(isEnd: bool): HeadersAction {
    if (isEnd) this.refuse(this.client, emptyAnswer());
    return HeadersAction.StopIteration;
  }

  onBody(size: i32, isEnd: bool): DataAction {
    if (this.isWritten) this.message.drain(size);
    else if (!isEnd && size <= MAX_ANSWER_BYTES) return DataAction.StopAndBuffer;
    else this.write(size);
    return DataAction.Continue;
  }

  onTrailers(): DataAction {
    if (!this.isWritten) this.write(MAX_ANSWER_BYTES);
    return DataAction.Continue;
  }

  get holds(): bool {
    return !this.isWritten;
  }

  dispose(): void {}

  private write(size: i32): void {
    this.isWritten = true;
    out.reset();
    const failure = this.convert(size);
    this.failure = failure;
    this.message.remove("content-length");
    this.message.setText("content-type", "application/json");
    if (failure !== null) {
      out.reset();
      this.client.writeFailure(failure, out);
      this.message.setNumber(":status", failure.status);
    } else if (this.losses.byteLength > 0) {
      this.message.set("x-ai-proxy-dropped-params", borrow(this.losses));
    }
    this.message.replace(out.view());
    // A large one gives its memory back.
    out.reset();
  }

  private convert(size: i32): Failure | null {
    if (this.isPacked) return compressed();
    if (size > MAX_ANSWER_BYTES) return tooLarge();
    const text = this.message.read(0, size);
    out.reserve(lengthOf(text));
    scanner.recordDepth = this.task.answerDepth;
    scanner.reset();
    scanner.feed(text);
    scanner.end();
    if (!document.adopt(scanner, text)) return notJson();
    return this.task.convert(document, this.usage, out);
  }
}
