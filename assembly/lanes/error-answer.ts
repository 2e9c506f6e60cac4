import { Writer } from "../bytes/writer";
import { ClientFormat, UpstreamFormat } from "../formats/format";
import { DataAction, HeadersAction } from "../host/abi";
import { Document } from "../json/document";
import { AnswerLane } from "./answer";

/** An upstream's error text is read, and repeated to the client, up to this length. */
const MAX_ERROR_BYTES: i32 = 1 << 16;

const document: Document = new Document();
const body: Writer = new Writer();

/**
 * The lane of an error answer that the client could not read as it is: in another format, or a gateway's own page or
 * text. The status stays, the body becomes an error in the client's dialect. Headers need not be held: all that
 * changes in them is known before the body comes.
 */
export class ErrorAnswer extends AnswerLane {
  /** Whether the client's error is on its way; what the upstream still sends is then left out. */
  private isWritten: bool = false;

  constructor(
    private client: ClientFormat,
    private format: UpstreamFormat,
    private status: i32,
  ) {
    super();
  }

  onHeaders(isEnd: bool): HeadersAction {
    // An answer without a body that the host holds cannot be given one by every host; the status alone says it.
    if (isEnd && this.message.isHeld) return HeadersAction.Continue;
    this.message.setText("content-type", "application/json");
    this.message.remove("content-length");
    if (isEnd) this.write();
    return HeadersAction.Continue;
  }

  onBody(size: i32, isEnd: bool): DataAction {
    if (this.isWritten) this.message.drain(size);
    else if (!isEnd && size < MAX_ERROR_BYTES) return DataAction.StopAndBuffer;
    else this.write();
    return DataAction.Continue;
  }

  onTrailers(): DataAction {
    if (!this.isWritten) this.write();
    return DataAction.Continue;
  }

  dispose(): void {}

  private write(): void {
    this.isWritten = true;
    const text = this.message.read(0, MAX_ERROR_BYTES);
    const isJson = document.parse(text);
    const failure = this.format.readFailure(this.status, isJson ? document : null, text);
    this.failure = failure;
    body.reset();
    this.client.writeFailure(failure, body);
    this.message.replace(body.view());
  }
}
