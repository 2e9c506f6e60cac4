import { Slice, lengthOf, pointerOf } from "../bytes/slice";
import {
  Status,
  StreamType,
  proxy_close_stream,
  proxy_continue_stream,
  proxy_send_local_response,
} from "./abi";
import { PairsWriter } from "./pairs";
import { narrow } from "./text";

/** No gRPC status: the host then sends a plain HTTP answer. */
const NO_GRPC: i32 = -1;

/** Headers of the answer being built; reset it, add to it, hand it to `reply`. */
export const replyHeaders: PairsWriter = new PairsWriter();

/**
 * Answers the client instead of an upstream. `details` become the response code details of the access log (no
 * spaces). The host sends it after the current callback returns; after response headers went out it can only reset.
 */
export function reply(status: i32, details: string, body: Slice): bool {
  const headers = replyHeaders.view();
  const answer = proxy_send_local_response(
    status,
    narrow(details),
    details.length,
    pointerOf(body),
    lengthOf(body),
    pointerOf(headers),
    lengthOf(headers),
    NO_GRPC,
  );
  return answer == Status.Ok;
}

/** Lets a held request go on. */
export function continueRequest(): bool {
  return proxy_continue_stream(StreamType.Request) == Status.Ok;
}

/** Resets the stream: the only honest end where the answer is on its way and no error can be written any more. */
export function closeStream(): bool {
  return proxy_close_stream(StreamType.Response) == Status.Ok;
}
