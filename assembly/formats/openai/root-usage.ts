import { NONE, Slice, indexOf, lengthOf, pointerOf, subslice } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { SseLines } from "../../framing/sse-lines";
import { ABSENT, Document } from "../../json/document";
import { MemberEdits } from "../../json/members";
import { Patches } from "../../json/patch";
import { usageOfChoice } from "./usage";

const USAGE: string = "usage";

/** What a record has in it that is worth a closer look. */
const QUOTED_USAGE: string = '"usage"';

/** One of each for all streams: a record is edited within one callback. */
const document: Document = new Document();
const patches: Patches = new Patches();
const members: MemberEdits = new MemberEdits(document, patches);

/**
 * A stream of chat that has its usage in `choices[0].usage`, with the usage where OpenAI's clients look for it: at the
 * root of the same record. All other bytes stay as they are. What is held is freed by `dispose`.
 */
@final
export class UsageToRoot {
  private lines: SseLines = new SseLines();

  /**
   * Takes the bytes of one callback, and writes what may go on.
   * @param bytes borrowed; not from `out`
   * @returns whether a record was changed: else what is written is what was held, and the bytes without what is held now
   */
  write(bytes: Slice, out: Writer): bool {
    this.lines.feed(bytes);
    return this.drain(out);
  }

  /** No more bytes come: writes what was held. Result as `write`. */
  end(out: Writer): bool {
    this.lines.feed(NONE);
    this.lines.end();
    return this.drain(out);
  }

  /** Bytes of an unfinished record that are held back. */
  get held(): i32 {
    return this.lines.held;
  }

  dispose(): void {
    this.lines.dispose();
  }

  private drain(out: Writer): bool {
    const lines = this.lines;
    let isChanged = false;
    while (lines.next()) {
      const line = lines.bytes;
      const record = lines.data;
      if (record == NONE || !planMove(record)) {
        out.bytes(line);
        continue;
      }
      const start = (pointerOf(record) - pointerOf(line)) as i32;
      out.bytes(subslice(line, 0, start));
      patches.apply(record, out);
      out.bytes(subslice(line, start + lengthOf(record), lengthOf(line)));
      isChanged = true;
    }
    return isChanged;
  }
}

/**
 * Makes `patches` those that move the usage of a record's first choice to its root.
 * @param record JSON, borrowed
 * @returns false where it has none there, has one at its root already, or is no JSON
 */
function planMove(record: Slice): bool {
  if (indexOf(record, QUOTED_USAGE) < 0 || !document.parse(record)) return false;
  const root = document.root;
  const choices = document.find(root, "choices");
  const usage = usageOfChoice(document, choices);
  const own = document.find(root, USAGE);
  if (!document.isObject(usage) || (own != ABSENT && !document.isNull(own))) return false;
  patches.clear();
  members.open(document.firstElement(choices));
  members.remove(USAGE);
  members.close();
  members.open(root);
  members.set(USAGE, document.raw(usage));
  return members.close();
}
