import { NONE, Slice, borrow, lengthOf, parseDecimal, pointerOf, subslice } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure, FailureKind, kindOf, statusOf } from "../../chat/failure";
import { ABSENT, Document, Node } from "../../json/document";
import { escape } from "../../json/text";
import { JsonWriter } from "../../json/writer";

const scratch: Writer = new Writer();

/** A wait longer than this is no advice for a client: one hour. */
const MAX_RETRY_SECONDS: i32 = 3600;

/**
 * Google's canonical codes in the order of `FailureKind`: what is written for each kind.
 * Source: google.rpc.Code; Gemini API, "Troubleshooting guide".
 */
const STATUSES: StaticArray<string> = [
  "INVALID_ARGUMENT",
  "UNAUTHENTICATED",
  "RESOURCE_EXHAUSTED",
  "PERMISSION_DENIED",
  "NOT_FOUND",
  "INVALID_ARGUMENT",
  "RESOURCE_EXHAUSTED",
  "DEADLINE_EXCEEDED",
  "UNAVAILABLE",
  "INTERNAL",
  "UNAVAILABLE",
];

/**
 * Writes `{"error": {"code", "message", "status"}}`. A code of another vendor follows as ErrorInfo's reason.
 */
export function writeFailure(failure: Failure, out: Writer): void {
  const json = new JsonWriter(out);
  const kind = failure.kind as i32;
  json.object().key("error").object();
  json.key("code").number(failure.status);
  json.key("message").body(borrow(failure.message));
  json.key("status").string(kind >= 0 && kind < STATUSES.length ? unchecked(STATUSES[kind]) : "INTERNAL");
  if (failure.code.byteLength > 0) {
    json.key("details").array().object();
    json.key("@type").string("type.googleapis.com/google.rpc.ErrorInfo");
    json.key("reason").body(borrow(failure.code));
    json.endObject().endArray();
  }
  json.endObject().endObject();
}

/** The failure in an error answer. Streaming methods wrap it in an array. */
export function readFailure(status: i32, body: Document | null, text: Slice): Failure {
  const error = body === null ? ABSENT : errorIn(body, body.root);
  if (body !== null && error != ABSENT) {
    const failure = readError(body, error, status);
    if (failure) return failure;
  }
  return plain(status, text);
}

/** The error object of a record, or ABSENT where the record is none. */
export function errorIn(document: Document, root: Node): Node {
  const holder = document.isArray(root) ? document.firstElement(root) : root;
  const error = document.find(holder, "error");
  return document.isObject(error) ? error : ABSENT;
}

/** The failure in an error object that came inside a 200 answer, whose status is the one that it names. */
export function readInnerFailure(document: Document, error: Node): Failure {
  const code = document.integer(document.find(error, "code"), 0) as i32;
  const hasCode = code >= 400 && code < 600;
  const kind = hasCode ? kindOf(code) : kindNamed(document, document.find(error, "status"));
  const failure = readError(document, error, hasCode ? code : statusOf(kind));
  return failure
    ? failure
    : Failure.of(kind, "upstream_error", "upstream reported an error without a message");
}

/**
 * The kind that one of Google's codes stands for; of several kinds with one code, the one that Google means.
 */
function kindNamed(document: Document, status: Node): FailureKind {
  if (document.isText(status, "RESOURCE_EXHAUSTED")) return FailureKind.RateLimit;
  if (document.isText(status, "FAILED_PRECONDITION") || document.isText(status, "OUT_OF_RANGE")) {
    return FailureKind.InvalidRequest;
  }
  for (let i = 0; i < STATUSES.length; i++) {
    if (document.isText(status, unchecked(STATUSES[i]))) return i as FailureKind;
  }
  return FailureKind.BadGateway;
}

function readError(document: Document, error: Node, status: i32): Failure | null {
  const message = document.body(document.find(error, "message"));
  if (message == NONE) return null;
  scratch.reset();
  scratch.bytes(message);
  const details = document.find(error, "details");
  let retryAfter = 0;
  for (let detail = document.firstElement(details); detail != ABSENT; detail = document.nextElement(detail)) {
    retryAfter = max(retryAfter, seconds(document.body(document.find(detail, "retryDelay"))));
    writeViolations(document, document.find(detail, "fieldViolations"), message);
  }
  const code = document.body(document.find(error, "status"));
  const failure = Failure.upstream(status, kindIn(document, error, status), scratch.view(), code);
  failure.retryAfter = retryAfter;
  return failure;
}

/** Google answers 400 also to a bad key; the status text knows better. */
function kindIn(document: Document, error: Node, status: i32): FailureKind {
  if (status != 400) return kindOf(status);
  return document.isText(document.path(error, "details.0.reason"), "API_KEY_INVALID")
    ? FailureKind.Authentication
    : FailureKind.InvalidRequest;
}

/** Appends what is wrong with which field, where the message does not already end with it. */
function writeViolations(document: Document, list: Node, message: Slice): void {
  for (let item = document.firstElement(list); item != ABSENT; item = document.nextElement(item)) {
    const description = document.body(document.find(item, "description"));
    if (lengthOf(description) == 0 || contains(message, description)) continue;
    scratch.ascii("; ");
    scratch.bytes(description);
  }
}

function contains(text: Slice, part: Slice): bool {
  const last = lengthOf(text) - lengthOf(part);
  for (let i = 0; i <= last; i++) {
    if (memory.compare(pointerOf(text) + i, pointerOf(part), lengthOf(part)) == 0) return true;
  }
  return false;
}

/** Whole seconds, rounded up, of a protobuf Duration such as `34.07s`; 0 where it is none. */
function seconds(duration: Slice): i32 {
  const pointer = pointerOf(duration);
  const length = lengthOf(duration);
  if (length < 2 || load<u8>(pointer + length - 1) != 0x73) return 0;
  let end = 0;
  while (end < length && load<u8>(pointer + end) >= 0x30 && load<u8>(pointer + end) <= 0x39) end++;
  const whole = parseDecimal(subslice(duration, 0, end));
  if (whole < 0) return 0;
  const hasFraction = end < length - 1;
  return min(MAX_RETRY_SECONDS, whole) + (hasFraction ? 1 : 0);
}

/** What is no error object: the text itself, or the status where there is none. */
function plain(status: i32, text: Slice): Failure {
  if (lengthOf(text) == 0) {
    const failure = Failure.of(kindOf(status), "upstream_error", `upstream answered with status ${status}`);
    failure.status = status;
    return failure;
  }
  scratch.reset();
  escape(scratch, text);
  return Failure.upstream(status, kindOf(status), scratch.view());
}
