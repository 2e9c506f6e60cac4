import { Slice } from "../bytes/slice";
import { JsonError } from "../json/error";
import { SplitMode, Splitter } from "../json/split";
import { Framer, FramingError, MAX_RECORD_BYTES } from "./framer";

/**
 * JSON texts without any other framing: the elements of one array, which is how Gemini streams unless asked for
 * server-sent events (`SplitMode.Elements`), or values one behind the other (`SplitMode.Values`). The text is
 * validated on the way. A stream that ends inside the array or a value has broken off; a value that is a number
 * and that nothing follows is given after `end` and marked `unterminated`, since more digits may be missing.
 */
@final
export class JsonFramer extends Framer {
  private splitter: Splitter;
  private ended: bool = false;

  /** `limit`: most bytes of a record. */
  constructor(mode: SplitMode, limit: i32 = MAX_RECORD_BYTES) {
    super();
    this.splitter = new Splitter(mode, "", limit);
  }

  feed(bytes: Slice): void {
    this.splitter.feed(bytes);
  }

  next(): bool {
    const splitter = this.splitter;
    if (!splitter.next()) {
      this.unterminated = false;
      return this.stop(framingError(splitter.error));
    }
    this.record = splitter.record;
    this.unterminated = this.ended;
    return true;
  }

  end(): bool {
    this.ended = true;
    return this.splitter.end();
  }

  get held(): i32 {
    return this.splitter.kept;
  }

  dispose(): void {
    this.splitter.dispose();
  }
}

/** A text that is only incomplete is no error of its own: `end` has said so. */
function framingError(error: JsonError): FramingError {
  switch (error) {
    case JsonError.None:
    case JsonError.UnexpectedEnd:
      return FramingError.None;
    case JsonError.TooLarge:
      return FramingError.TooLarge;
    default:
      return FramingError.Malformed;
  }
}
