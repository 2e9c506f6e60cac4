import { Slice, Utf8, borrow, lengthOf, utf8 } from "../bytes/slice";
import { Writer } from "../bytes/writer";
import { BlockKind } from "./block";
import { isBlank } from "./body";

/** What becomes of the reasoning in an answer. The order is that of REASONING_MODES in config/official/fields.ts. */
export enum ReasoningMode {
  /** It is shown where the client's protocol shows it. */
  Passthrough,
  /** It is left out. */
  Ignore,
  /** It stands in the text, in `<think>` tags. */
  Concat,
}

/** Reasoning that is held back is shown as such, once there is more. */
const MAX_HELD_BYTES: i32 = 1 << 22;

/** JSON string bodies. */
const OPENING: Utf8 = utf8("<think>");
const CLOSING: Utf8 = utf8("</think>\\n");

/** Where the filter hands what is to be written. */
export abstract class ContentSink {
  abstract write(kind: BlockKind, body: Slice): void;
}

/** One choice of an answer. */
class Progress {
  /** Whether the text is between the tags. */
  isTagged: bool = false;
  /** Whether there was anything but reasoning. */
  hasContent: bool = false;
  held: Writer = new Writer();
}

/**
 * Stands between what an upstream says and what the client gets, where a service's reasoning is not to be shown as
 * usual. With `promotes`, the reasoning of an answer that has nothing else becomes its text; until that is known it is
 * held back.
 */
@final
export class Reasoning {
  private progress: Progress[] = [];

  constructor(
    private mode: ReasoningMode,
    private promotes: bool,
  ) {}

  /** A piece of an answer, a JSON string body. */
  content(kind: BlockKind, choice: i32, body: Slice, out: ContentSink): void {
    const progress = this.of(choice);
    if (kind != BlockKind.Thinking) {
      // White space alone is no answer.
      if (this.promotes && !progress.hasContent && isBlank(body)) return;
      this.interrupt(choice, out);
      out.write(kind, body);
    } else if (this.mode == ReasoningMode.Concat) {
      if (!progress.isTagged) out.write(BlockKind.Text, borrow(OPENING));
      progress.isTagged = true;
      out.write(BlockKind.Text, body);
    } else if (this.mode == ReasoningMode.Passthrough) {
      if (!this.promotes || progress.hasContent) out.write(BlockKind.Thinking, body);
      else if (progress.held.length + lengthOf(body) <= MAX_HELD_BYTES) progress.held.bytes(body);
      else {
        this.interrupt(choice, out);
        out.write(BlockKind.Thinking, body);
      }
    }
  }

  /** Something else than reasoning comes: tool calls, media, text. */
  interrupt(choice: i32, out: ContentSink): void {
    const progress = this.of(choice);
    progress.hasContent = true;
    this.release(progress, BlockKind.Thinking, out);
  }

  /** The choice is over. */
  end(choice: i32, out: ContentSink): void {
    const progress = this.of(choice);
    this.release(progress, progress.hasContent ? BlockKind.Thinking : BlockKind.Text, out);
  }

  /** Whether proofs of reasoning go to the client: only with the reasoning itself. */
  get showsProofs(): bool {
    return this.mode == ReasoningMode.Passthrough;
  }

  /** Frees what was held back. */
  dispose(): void {
    for (let i = 0; i < this.progress.length; i++) unchecked(this.progress[i]).held.dispose();
  }

  private release(progress: Progress, kind: BlockKind, out: ContentSink): void {
    if (progress.isTagged) out.write(BlockKind.Text, borrow(CLOSING));
    progress.isTagged = false;
    const held = progress.held;
    if (held.length > 0) out.write(kind, held.view());
    held.dispose();
  }

  private of(choice: i32): Progress {
    while (this.progress.length <= choice) this.progress.push(new Progress());
    return unchecked(this.progress[choice]);
  }
}
