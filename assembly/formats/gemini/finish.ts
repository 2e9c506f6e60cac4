import { Slice, equals } from "../../bytes/slice";
import { Finish } from "../../chat/events";

/**
 * `finishReason` and what it means. The first row of a meaning is the one that is written for it. What is not
 * listed (OTHER, NO_IMAGE, reasons to come) is an ordinary stop.
 * Source: Gemini API reference, Candidate.FinishReason; Vertex AI reference, the same.
 */
class Row {
  constructor(
    readonly name: string,
    readonly finish: Finish,
  ) {}
}

const ROWS: Row[] = [
  new Row("STOP", Finish.Stop),
  new Row("MAX_TOKENS", Finish.Length),
  new Row("SAFETY", Finish.ContentFilter),
  new Row("RECITATION", Finish.ContentFilter),
  new Row("LANGUAGE", Finish.ContentFilter),
  new Row("BLOCKLIST", Finish.ContentFilter),
  new Row("PROHIBITED_CONTENT", Finish.ContentFilter),
  new Row("SPII", Finish.ContentFilter),
  new Row("MODEL_ARMOR", Finish.ContentFilter),
  new Row("IMAGE_SAFETY", Finish.ContentFilter),
  new Row("IMAGE_PROHIBITED_CONTENT", Finish.ContentFilter),
  new Row("IMAGE_RECITATION", Finish.ContentFilter),
];

/** Reasons that without any content are no answer but a failure: an empty success would be silent loss. */
const BROKEN: string[] = [
  "MALFORMED_FUNCTION_CALL",
  "UNEXPECTED_TOOL_CALL",
  "TOO_MANY_TOOL_CALLS",
  "MALFORMED_RESPONSE",
  "MISSING_THOUGHT_SIGNATURE",
];

/** What a finish reason means. */
export function finishOf(reason: Slice): Finish {
  for (let i = 0; i < ROWS.length; i++) {
    const row = unchecked(ROWS[i]);
    if (equals(reason, row.name)) return row.finish;
  }
  return Finish.Stop;
}

/** Whether a finish reason says that the model's output could not be used. */
export function isBroken(reason: Slice): bool {
  for (let i = 0; i < BROKEN.length; i++) {
    if (equals(reason, unchecked(BROKEN[i]))) return true;
  }
  return false;
}

/** Gemini's name of a finish. Tool calls are no reason of their own there. */
export function finishName(finish: Finish): string {
  switch (finish) {
    case Finish.Length:
      return "MAX_TOKENS";
    case Finish.ContentFilter:
    case Finish.Refusal:
      return "SAFETY";
  }
  return "STOP";
}
