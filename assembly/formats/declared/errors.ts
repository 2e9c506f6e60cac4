import { Slice, Utf8, borrow, same } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure, FailureKind, kindOf, statusOf } from "../../chat/failure";
import { Document } from "../../json/document";
import { Kind } from "../../json/tape";
import { messageIn, readFailure as readUsualFailure } from "../openai/failure";
import { Condition } from "./condition";
import { Context } from "./context";
import { EventNames } from "./event-names";
import { Path } from "./path";

const code: Writer = new Writer();
const message: Writer = new Writer();

/** A status that a code may stand for by itself. */
const LEAST_STATUS: i64 = 400;
const GREATEST_STATUS: i64 = 599;

/** What an error looks like. */
export class ErrorRules {
  /** null: no answer with status 200 is an error. */
  when: Condition | null = null;
  events: EventNames = new EventNames();
  code: Path | null = null;
  message: Path | null = null;
  /** Codes (UTF-8 texts) and the status of each. */
  codes: Array<Utf8> = [];
  statuses: Array<i32> = [];
  /** Status of every other code; 0: none is said. */
  otherStatus: i32 = 0;

  /** Whether the context's answer or record is an error. @param event its name; NONE: none */
  isError(context: Context, event: Slice): bool {
    if (this.events.has(event)) return true;
    const when = this.when;
    return when !== null && when.isMet(context);
  }

  /** The failure in the context's answer or record. */
  inner(context: Context): Failure {
    const status = this.readCode(context, 0);
    const known = status > 0 ? status : statusOf(FailureKind.BadGateway);
    this.readMessage(context);
    if (message.length == 0) message.bytes(messageIn(context.document, context.root));
    if (message.length == 0 && code.length > 0) message.bytes(code.view());
    if (message.length == 0) message.ascii("upstream reported an error without a message");
    return Failure.upstream(known, kindOf(known), message.view(), code.view());
  }

  /** The failure in an answer with an error status. @param text the raw body; `document` is null where it is no JSON */
  outer(status: i32, document: Document | null, text: Slice, context: Context): Failure {
    if (document === null) return readUsualFailure(status, null, text);
    context.look(document);
    const meant = this.readCode(context, status);
    this.readMessage(context);
    if (message.length > 0) return Failure.upstream(status, kindOf(meant), message.view(), code.view());
    const failure = readUsualFailure(status, document, text);
    failure.kind = kindOf(meant);
    return failure;
  }

  /** Leaves the code in `code`; gives the status that it stands for, or `fallback`. */
  private readCode(context: Context, fallback: i32): i32 {
    code.reset();
    const path = this.code;
    if (path === null) return fallback;
    const document = context.document;
    const node = path.first(context);
    context.setNode(document, node);
    if (context.kind == Kind.None || context.kind == Kind.Null) return fallback;
    context.writeText(code);
    for (let i = 0; i < this.codes.length; i++) {
      if (same(code.view(), borrow(unchecked(this.codes[i]))))
        return this.leaveCode(context, unchecked(this.statuses[i]));
    }
    if (this.otherStatus > 0) return this.leaveCode(context, this.otherStatus);
    const number = document.integer(node, 0);
    this.leaveCode(context, 0);
    return number >= LEAST_STATUS && number <= GREATEST_STATUS ? (number as i32) : fallback;
  }

  /** The code as the body of a JSON string, for the client. */
  private leaveCode(context: Context, status: i32): i32 {
    code.reset();
    context.writeBody(code);
    return status;
  }

  /** Leaves the message in `message`, as the body of a JSON string. */
  private readMessage(context: Context): void {
    message.reset();
    const path = this.message;
    const document = context.document;
    let node = path === null ? -1 : path.first(context);
    if (node < 0) node = document.find(context.root, "msg");
    context.setNode(document, node);
    context.writeBody(message);
  }
}

/** The whole answer or record is not what the declaration says. */
export function unexpected(what: string): Failure {
  return Failure.of(FailureKind.BadGateway, "unexpected_format", what);
}
