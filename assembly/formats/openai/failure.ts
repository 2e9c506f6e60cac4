import { NONE, Slice, borrow, equals, lengthOf } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure, FailureKind, kindOf, statusOf } from "../../chat/failure";
import { Document, Node } from "../../json/document";
import { escape } from "../../json/text";
import { JsonWriter } from "../../json/writer";

const scratch: Writer = new Writer();

/** OpenAI's `type` by kind, in the order of `FailureKind`. Source: OpenAI, "Error codes"; the types its SDKs know. */
const TYPES: StaticArray<string> = [
  "invalid_request_error",
  "authentication_error",
  "insufficient_quota",
  "permission_error",
  "not_found_error",
  "invalid_request_error",
  "rate_limit_error",
  "timeout",
  "overloaded",
  "server_error",
  "server_error",
];

/** Writes the error object of an answer, or of a chunk in a stream. */
export function writeFailure(failure: Failure, out: Writer): void {
  const json = new JsonWriter(out);
  const kind = failure.kind as i32;
  json.object().key("error").object();
  json.key("message").body(borrow(failure.message));
  json.key("type").string(kind >= 0 && kind < TYPES.length ? unchecked(TYPES[kind]) : "server_error");
  json.key("param").null();
  json.key("code");
  if (failure.code.byteLength == 0) json.null();
  else json.body(borrow(failure.code));
  json.endObject().endObject();
}

/**
 * The failure in an error answer. Besides OpenAI's own shape this takes those of the servers that speak its language:
 * `error` as a string, vLLM's flat object, FastAPI's `detail`, and text that is no JSON at all.
 */
export function readFailure(status: i32, body: Document | null, text: Slice): Failure {
  if (body === null || body.root < 0) return plain(status, text);
  const root = body.root;
  const error = body.find(root, "error");
  const holder = body.isObject(error) ? error : root;
  const message = messageIn(body, root);
  if (message == NONE) return plain(status, text);
  return Failure.upstream(status, kindIn(status, body, holder), message, codeIn(body, holder));
}

/** The failure in an error object inside a 200 answer or a stream, whose status has to be guessed. */
export function readInnerFailure(body: Document, root: Node): Failure {
  const error = body.find(root, "error");
  const holder = body.isObject(error) ? error : root;
  const code = body.integer(body.find(holder, "code"), 0) as i32;
  const kind = code >= 400 && code < 600 ? kindOf(code) : kindNamed(body, holder);
  const status = code >= 400 && code < 600 ? code : statusOf(kind);
  const message = messageIn(body, root);
  if (message != NONE) return Failure.upstream(status, kind, message, codeIn(body, holder));
  return Failure.of(kind, "upstream_error", "upstream reported an error without a message");
}

/** The message in an error object, as a JSON string body, from the places that are usual for it; NONE: there is none. */
export function messageIn(body: Document, root: Node): Slice {
  const error = body.find(root, "error");
  const holder = body.isObject(error) ? error : root;
  const message = body.body(body.isString(error) ? error : body.find(holder, "message"));
  return message == NONE ? detail(body, root) : message;
}

/** FastAPI: a text, or a list of problems. */
function detail(body: Document, root: Node): Slice {
  const value = body.find(root, "detail");
  return body.body(body.isArray(value) ? body.path(value, "0.msg") : value);
}

/** `code` is a text, or with some servers the status as a number; then `type` says more. */
function codeIn(body: Document, holder: Node): Slice {
  const code = body.body(body.find(holder, "code"));
  return lengthOf(code) > 0 ? code : body.body(body.find(holder, "type"));
}

/** The status decides, except where the type knows better: OpenAI answers 429 also to an empty account. */
function kindIn(status: i32, body: Document, holder: Node): FailureKind {
  if (body.isText(body.find(holder, "type"), "insufficient_quota")) return FailureKind.Billing;
  return kindOf(status);
}

function kindNamed(body: Document, holder: Node): FailureKind {
  const type = body.body(body.find(holder, "type"));
  if (equals(type, "server_error")) return FailureKind.Internal;
  if (equals(type, "overloaded_error") || equals(type, "service_unavailable")) return FailureKind.Overloaded;
  if (equals(type, "BadRequestError")) return FailureKind.InvalidRequest;
  for (let i = 0; i < TYPES.length; i++) {
    if (equals(type, unchecked(TYPES[i]))) return i as FailureKind;
  }
  return FailureKind.BadGateway;
}

/** What is no JSON: the text itself, such as a proxy's page, or the status where there is none. */
export function plain(status: i32, text: Slice): Failure {
  if (lengthOf(text) == 0) {
    const failure = Failure.of(kindOf(status), "upstream_error", `upstream answered with status ${status}`);
    failure.status = status;
    return failure;
  }
  scratch.reset();
  escape(scratch, text);
  return Failure.upstream(status, kindOf(status), scratch.view());
}
