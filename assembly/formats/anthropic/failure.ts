import { NONE, Slice, borrow, equals } from "../../bytes/slice";
import { Writer } from "../../bytes/writer";
import { Failure, FailureKind, kindOf, statusOf } from "../../chat/failure";
import { ABSENT, Document, Node } from "../../json/document";
import { JsonWriter } from "../../json/writer";
import { readFailure as readOther } from "../openai/failure";

/** The status that Anthropic answers with where it is overloaded. */
const OVERLOADED_STATUS: i32 = 529;

/** Anthropic's `type` by kind, in the order of `FailureKind`. Source: Anthropic API reference, "Errors". */
const TYPES: StaticArray<string> = [
  "invalid_request_error",
  "authentication_error",
  "billing_error",
  "permission_error",
  "not_found_error",
  "request_too_large",
  "rate_limit_error",
  "timeout_error",
  "overloaded_error",
  "api_error",
  "api_error",
];

/** Writes the body of an error answer, which is also the data of an error event. */
export function writeFailure(failure: Failure, out: Writer): void {
  const json = new JsonWriter(out);
  const kind = failure.kind as i32;
  json.object().key("type").string("error").key("error").object();
  json.key("type").string(kind >= 0 && kind < TYPES.length ? unchecked(TYPES[kind]) : "api_error");
  json.key("message").body(borrow(failure.message)).endObject().endObject();
}

/** The failure in an error answer. What is not in Anthropic's shape comes from a proxy or server in front of it. */
export function readFailure(status: i32, body: Document | null, text: Slice): Failure {
  if (body === null || body.root == ABSENT) return readOther(status, body, text);
  const error = body.find(body.root, "error");
  const message = body.body(body.find(error, "message"));
  const type = body.find(error, "type");
  if (message == NONE || !isKnown(body, type)) return readOther(status, body, text);
  return Failure.upstream(status, kindOf(status), message, body.body(type));
}

/** The failure in an error event, or in an error object inside a 200 answer. */
export function readInnerFailure(body: Document, root: Node): Failure {
  const error = body.find(root, "error");
  const type = body.body(body.find(error, "type"));
  let kind = FailureKind.Internal;
  for (let i = 0; i < TYPES.length; i++) {
    if (!equals(type, unchecked(TYPES[i]))) continue;
    kind = i as FailureKind;
    break;
  }
  const status = kind == FailureKind.Overloaded ? OVERLOADED_STATUS : statusOf(kind);
  const message = body.body(body.find(error, "message"));
  if (message != NONE) return Failure.upstream(status, kind, message, type);
  return Failure.of(kind, "upstream_error", "upstream reported an error without a message");
}

function isKnown(body: Document, type: Node): bool {
  for (let i = 0; i < TYPES.length; i++) {
    if (body.isText(type, unchecked(TYPES[i]))) return true;
  }
  return false;
}
