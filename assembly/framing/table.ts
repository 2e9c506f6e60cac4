import { Slice, equals } from "../bytes/slice";
import { SplitMode } from "../json/split";
import { EventStreamFramer } from "./event-stream";
import { Framer, MAX_RECORD_BYTES } from "./framer";
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

/** How a stream of bytes is cut into records. The first ones are in the order of the enumeration in formats/format.ts. */
export const FRAMINGS: StaticArray<Framing> = [
  new Framing("sse", (limit: i32): Framer => new SseFramer(limit)),
  new Framing("ndjson", (limit: i32): Framer => new NdjsonFramer(limit)),
  new Framing("json-array", (limit: i32): Framer => new JsonFramer(SplitMode.Elements, limit)),
  new Framing("concatenated", (limit: i32): Framer => new JsonFramer(SplitMode.Values, limit)),
  new Framing("aws-event-stream", (limit: i32): Framer => new EventStreamFramer(limit)),
  new Framing("whole", (limit: i32): Framer => new WholeFramer(limit)),
];

/** A new framer of the framing at this index, with the common bound; `sse` where there is none. */
export function framerAt(index: i32, limit: i32 = MAX_RECORD_BYTES): Framer {
  return unchecked(FRAMINGS[index >= 0 && index < FRAMINGS.length ? index : 0]).create(limit);
}

/** The framing of this name, or null. */
export function findFraming(name: Slice): Framing | null {
  for (let i = 0; i < FRAMINGS.length; i++) {
    if (equals(name, unchecked(FRAMINGS[i]).name)) return unchecked(FRAMINGS[i]);
  }
  return null;
}
