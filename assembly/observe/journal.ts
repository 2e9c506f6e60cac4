import { EMPTY, NONE, Slice, Utf8, borrow } from "../bytes/slice";
import { Failure, kindOf } from "../chat/failure";
import { Usage } from "../chat/usage";
import { Service } from "../config/model";
import { Observe } from "../config/policies";
import { ApiCall } from "../formats/api";
import { now } from "../host/clock";
import { getProperty } from "../host/property";
import { CLIENT_CLOSED, GOOD, outcomeOf, outcomeOfBreak } from "./outcome";
import { ServiceBook } from "./service-book";

const NOTHING: Observe = new Observe();
const NO_CALL: ApiCall = new ApiCall();
const NO_USAGE: Usage = new Usage();

/**
 * What is noted of one exchange while it runs, for metrics, log attributes and the access log. The observer lends one
 * to each exchange it looks at; all others share one that is closed and notes nothing, so that the exchange need not
 * ask.
 */
@final
export class Journal {
  isOpen: bool = false;
  /** What is asked to be observed. */
  observe: Observe = NOTHING;
  call: ApiCall = NO_CALL;
  usage: Usage = NO_USAGE;
  /** Milliseconds since 1970; 0: not yet. */
  startedAt: i64 = 0;
  /** When the first byte of a stream came. */
  firstAt: i64 = 0;
  endedAt: i64 = 0;
  /** The books of the service that was asked last; null: none was. */
  book: ServiceBook | null = null;
  /** The model as the client named it, UTF-8; empty where the path names it, or nothing. */
  model: Utf8 = EMPTY;
  /** Status of the answer; 0: none came. */
  status: i32 = 0;
  outcome: i32 = GOOD;
  /** Short code of the failure, JSON string body; empty: none. */
  code: Utf8 = EMPTY;
  /** Names of what a conversion left out, with commas between them. */
  losses: Utf8 = EMPTY;
  /** How often a service was asked. */
  attempts: i32 = 0;
  /** Whether the answer comes as a stream. */
  isStream: bool = false;
  /** Whether the log attributes have been set. */
  isAttributed: bool = false;

  /** A service is asked. To be called for each attempt. */
  ask(book: ServiceBook): void {
    if (!this.isOpen) return;
    const before = this.book;
    if (before !== null) before.active--;
    book.active++;
    book.attempts++;
    this.book = book;
    this.attempts++;
  }

  /** The plugin answers by itself. */
  refuse(failure: Failure): void {
    this.status = failure.status;
    this.fail(failure);
  }

  /** The answer's headers have come. @param isStream whether its body is a stream of events */
  answer(status: i32, isStream: bool): void {
    this.status = status;
    this.isStream = isStream;
    // An attempt before this one may have failed.
    this.outcome = status >= 400 ? outcomeOf(kindOf(status)) : GOOD;
    this.code = EMPTY;
  }

  /** A part of the answer's body has come. Of a stream the first one is timed. */
  @inline
  touch(): void {
    if (this.firstAt == 0 && this.isStream && this.isOpen) this.firstAt = now();
  }

  /** The exchange is over. @param isComplete whether the client's answer came to its end */
  end(isComplete: bool): void {
    this.endedAt = now();
    if (!isComplete && this.outcome == GOOD)
      this.outcome = outcomeOfBreak(getProperty("response.code_details"));
  }

  /** The answer is a failure, or has turned out to be one. */
  fail(failure: Failure): void {
    if (!this.isOpen) return;
    this.outcome = outcomeOf(failure.kind);
    this.code = failure.code;
  }

  /** The model as the client named it, borrowed; NONE where it named none. */
  get modelName(): Slice {
    const inPath = this.call.model;
    if (inPath != NONE) return inPath;
    return this.model.byteLength > 0 ? borrow(this.model) : NONE;
  }

  get service(): Service | null {
    const book = this.book;
    return book === null ? null : book.service;
  }

  /** Milliseconds from the request to the end of the answer. */
  get durationMs(): i64 {
    return max<i64>(0, this.endedAt - this.startedAt);
  }

  /** Milliseconds from the request to the first byte of a stream; -1: there was none. */
  get firstMs(): i64 {
    return this.firstAt == 0 ? -1 : max<i64>(0, this.firstAt - this.startedAt);
  }

  /** Whether the client left. */
  get isAbandoned(): bool {
    return this.outcome == CLIENT_CLOSED;
  }

  /** Lends it to an exchange. @param usage where its tokens are noted */
  open(observe: Observe, call: ApiCall, usage: Usage): void {
    this.isOpen = true;
    this.observe = observe;
    this.call = call;
    this.usage = usage;
    this.startedAt = now();
  }

  /** Forgets the exchange. */
  close(): void {
    const book = this.book;
    if (book !== null) book.active--;
    this.isOpen = this.isStream = this.isAttributed = false;
    this.call = NO_CALL;
    this.usage = NO_USAGE;
    this.book = null;
    this.model = this.code = this.losses = EMPTY;
    this.status = this.attempts = 0;
    this.outcome = GOOD;
    this.startedAt = this.firstAt = this.endedAt = 0;
  }
}

/** The one for exchanges that nobody looks at. */
export const UNOBSERVED: Journal = new Journal();
