import { Writer } from "../bytes/writer";
import { Failure } from "../chat/failure";
import { ClientFormat } from "../formats/format";
import { DataAction, HeadersAction } from "../host/abi";
import { Message, RESPONSE } from "../host/message";
import { closeStream } from "../host/reply";
import { refuse } from "./refuse";

const body: Writer = new Writer();

/** How one answer is handed to the client. The exchange chooses a lane when the response headers come. */
export abstract class AnswerLane {
  /** The answer: read here, and changed here into what the client gets. */
  message: Message = RESPONSE;
  /** What is wrong with the answer, as far as the lane has noticed; null: nothing. */
  failure: Failure | null = null;
  /** A failure that the upstream reported inside an answer that is handed on as it came; null: none. */
  reported: Failure | null = null;

  /** The response headers have come. `isEnd`: no body follows. */
  abstract onHeaders(isEnd: bool): HeadersAction;

  /** A part of the body has come; `size` bytes are in the host's buffer. */
  abstract onBody(size: i32, isEnd: bool): DataAction;

  /** Trailers end the body: `onBody` was not told. */
  abstract onTrailers(): DataAction;

  /**
   * The answer takes too long: writes its error in the place of the part of `size` bytes that has just come. Parts that
   * come later are left out. Where the client's language has no error for what is on its way, the stream is reset.
   */
  cutShort(failure: Failure, size: i32): DataAction {
    this.failure = failure;
    closeStream();
    return DataAction.Continue;
  }

  /** The same where no part comes. False: the client's headers have left, so that nothing can be written. */
  giveUp(failure: Failure): bool {
    if (this.failure === null) this.failure = failure;
    return false;
  }

  /** Whether the client's headers are held until more is known of the answer. */
  get holds(): bool {
    return false;
  }

  /** The exchange is over: the tokens that are known so far are noted, also where the answer was cut short. */
  settle(): void {}

  /** Frees what the lane keeps; the stream may end at any moment. */
  abstract dispose(): void;

  /** Puts a failure in the place of the answer, whose headers have not left. */
  protected refuse(client: ClientFormat, failure: Failure): void {
    this.failure = failure;
    if (this.message.isHeld) {
      refuse(client, failure);
      return;
    }
    body.reset();
    client.writeFailure(failure, body);
    this.message.setNumber(":status", failure.status);
    this.message.setText("content-type", "application/json");
    this.message.replace(body.view());
  }
}
