import { Slice, lengthOf } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { Usage } from "../chat/usage";
import { Service } from "../config/model";
import { Operation } from "../formats/api";
import { ClientFormat, UpstreamFormat } from "../formats/format";
import { UsageToRoot } from "../formats/openai/root-usage";
import { DataAction, HeadersAction } from "../host/abi";
import { closeStream } from "../host/reply";
import { isStream } from "./media-type";
import { TapAnswer } from "./tap-answer";

/** One for all streams: what a callback writes is sent before it returns. */
const out: Writer = new Writer();

/**
 * Whether an answer that is handed on is a stream in which the service has something in another place than its language
 * wants it. @param mediaType of the answer, borrowed; NONE where it is packed
 */
export function needsEdits(
  service: Service | null,
  client: ClientFormat,
  operation: Operation,
  mediaType: Slice,
): bool {
  if (service === null || !service.quirks.usageInChoice) return false;
  return operation == Operation.Chat && client.name == "openai" && isStream(mediaType);
}

/**
 * The tap lane of a stream with a vendor's one deviation in it. What is read in passing is read as in the tap lane, from
 * the bytes that came; then records are edited where they lie, and all other bytes go on as they are. A part without
 * such a record, that ends where a line ends, stays in the host's buffer.
 */
@final
export class EditAnswer extends TapAnswer {
  private stream: UsageToRoot = new UsageToRoot();

  constructor(
    client: ClientFormat,
    format: UpstreamFormat,
    usage: Usage,
    isJudged: bool,
    contentType: Slice,
  ) {
    super(client, format, usage, isJudged, contentType);
  }

  onHeaders(isEnd: bool): HeadersAction {
    // The edited stream may have another length.
    if (!isEnd) this.message.remove("content-length");
    return super.onHeaders(isEnd);
  }

  /** While nothing may leave, nothing is edited: then all that the host holds comes here at once. */
  onBody(size: i32, isEnd: bool): DataAction {
    const action = super.onBody(size, isEnd);
    if (action == DataAction.Continue) this.edit(size, isEnd);
    return action;
  }

  /** Nothing can be written any more: where the stream ends inside of a record, a reset is the honest end. */
  onTrailers(): DataAction {
    if (this.stream.held > 0) closeStream();
    return super.onTrailers();
  }

  dispose(): void {
    super.dispose();
    this.stream.dispose();
  }

  private edit(size: i32, isEnd: bool): void {
    const stream = this.stream;
    let isChanged = stream.held > 0;
    let position = 0;
    // The error event of a stream that broke off stands behind what came.
    const end = this.failure === null ? size : i32.MAX_VALUE;
    out.reset();
    while (position < end) {
      const window = this.message.window(position);
      if (lengthOf(window) == 0) break;
      position += lengthOf(window);
      if (stream.write(window, out)) isChanged = true;
    }
    if (isEnd && stream.end(out)) isChanged = true;
    if (isChanged || stream.held > 0) this.message.replace(out.view());
  }
}
