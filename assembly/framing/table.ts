import { Slice, equals } from "../bytes/slice";
import { SplitMode } from "../json/split";
import { EventStreamFramer } from "./event-stream";
import { Framer } from "./framer";
import { JsonFramer } from "./json";
import { NdjsonFramer } from "./ndjson";
import { SseFramer } from "./sse";
import { WholeFramer } from "./whole";

/** A framing by its name in the configuration. */
export class Framing {
  constructor(
    readonly name: string,
    /** A new framer whose records have at most `limit` bytes; the caller disposes of it. */
    readonly create: (limit: i32) => Framer,
  ) {}
}

/** How a stream of bytes is cut into records. */
export const FRAMINGS: StaticArray<Framing> = [
  new Framing("sse", (limit: i32): Framer => new SseFramer(limit)),
  new Framing("ndjson", (limit: i32): Framer => new NdjsonFramer(limit)),
  new Framing("json-array", (limit: i32): Framer => new JsonFramer(SplitMode.Elements, limit)),
  new Framing("concatenated", (limit: i32): Framer => new JsonFramer(SplitMode.Values, limit)),
  new Framing("aws-event-stream", (limit: i32): Framer => new EventStreamFramer(limit)),
  new Framing("whole", (limit: i32): Framer => new WholeFramer(limit)),
];

/** The framing of this name, or null. */
export function findFraming(name: Slice): Framing | null {
  for (let i = 0; i < FRAMINGS.length; i++) {
    if (equals(name, unchecked(FRAMINGS[i]).name)) return unchecked(FRAMINGS[i]);
  }
  return null;
}
