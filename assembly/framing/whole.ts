import { Gather } from "../bytes/gather";
import { NONE, Slice, lengthOf } from "../bytes/slice";
import { Framer, FramingError, MAX_RECORD_BYTES } from "./framer";

/**
 * The whole body is one record, given after `end`: an answer that is not streamed is a stream of one record.
 * A body without bytes has no record.
 */
@final
export class WholeFramer extends Framer {
  private given: bool = false;
  private ended: bool = false;
  private body: Gather = new Gather();

  /** `limit`: most bytes of the body. */
  constructor(private limit: i32 = MAX_RECORD_BYTES) {
    super();
  }

  feed(bytes: Slice): void {
    if (this.error != FramingError.None) return;
    if (lengthOf(bytes) > this.limit - this.body.length) {
      this.stop(FramingError.TooLarge);
      this.body.clear();
      return;
    }
    this.body.add(bytes);
  }

  next(): bool {
    if (this.given) {
      this.given = false;
      this.record = NONE;
      this.body.clear();
    }
    if (!this.ended) {
      this.body.keep();
      return false;
    }
    this.record = this.body.view();
    this.given = this.record != NONE;
    return this.given;
  }

  end(): bool {
    this.ended = true;
    return this.error == FramingError.None;
  }

  get held(): i32 {
    return this.body.length;
  }

  dispose(): void {
    this.body.dispose();
  }
}
