import { DataAction, HeadersAction } from "../host/abi";

/** How one answer is handed to the client. The exchange chooses a lane when the response headers come. */
export abstract class AnswerLane {
  /** The response headers have come. `isEnd`: no body follows. */
  abstract onHeaders(isEnd: bool): HeadersAction;

  /** A part of the body has come; `size` bytes are in the host's buffer. */
  abstract onBody(size: i32, isEnd: bool): DataAction;

  /** Trailers end the body: `onBody` was not told. */
  abstract onTrailers(): DataAction;

  /** Frees what the lane keeps; the stream may end at any moment. */
  abstract dispose(): void;
}
