import { Slice, Utf8 } from "../../bytes/slice";
import { Framing } from "../format";
import { Condition } from "./condition";
import { Context } from "./context";
import { ErrorRules } from "./errors";
import { EventNames } from "./event-names";
import { ResponsePaths } from "./response";

/** What the end of a stream is known by. */
export enum EndRule {
  /** The end of the body, with a finish reason before it. */
  Finish,
  /** The end of the body. */
  Body,
  /** A record that is a text, such as `[DONE]`. */
  Data,
  Event,
  When,
}

/** How an answer is streamed. */
export class StreamRules {
  framing: Framing = Framing.Whole;
  /** The service answers in no other way. */
  isAlways: bool = false;
  isCumulative: bool = false;
  /** Events that count; none: all. */
  events: EventNames = new EventNames();
  when: Condition = new Condition();
  end: EndRule = EndRule.Body;
  /** With `EndRule.Data`. */
  mark: Utf8 = new ArrayBuffer(0);
  /** With `EndRule.Event`. */
  endEvents: EventNames = new EventNames();
  /** With `EndRule.When`. */
  endWhen: Condition = new Condition();
  response: ResponsePaths = new ResponsePaths();
  errors: ErrorRules = new ErrorRules();

  /** Whether the context's record is the last one. */
  endsWith(context: Context, event: Slice): bool {
    if (this.end == EndRule.Event) return this.endEvents.has(event);
    return this.end == EndRule.When && this.endWhen.isMet(context);
  }

  /** Whether the context's record is read. */
  counts(context: Context, event: Slice): bool {
    return (this.events.isEmpty || this.events.has(event)) && this.when.isMet(context);
  }
}
