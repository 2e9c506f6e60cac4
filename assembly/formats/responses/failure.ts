import { Slice, borrow, endsWith, equals, lengthOf, startsWith } from "../../bytes/slice";
import { Failure, FailureKind, statusOf } from "../../chat/failure";
import { Document, Node } from "../../json/document";
import { JsonWriter } from "../../json/writer";
import { readInnerFailure } from "../openai/failure";

/**
 * The failure of a response whose `error` has only a code and a message.
 * Source: OpenAI API reference, "The response object", error.code.
 */
export function readResponseError(document: Document, error: Node): Failure {
  const code = document.body(document.find(error, "code"));
  const kind = kindNamed(code);
  const message = document.body(document.find(error, "message"));
  if (lengthOf(message) > 0) return Failure.upstream(statusOf(kind), kind, message, code);
  return Failure.of(kind, "upstream_error", "upstream reported that the response failed");
}

/** The failure in an `error` event: flat as documented, or nested as it is sent. */
export function readErrorEvent(document: Document, root: Node): Failure {
  const error = document.find(root, "error");
  const holder = document.isObject(error) ? error : root;
  const type = document.body(document.find(holder, "type"));
  return endsWith(type, "_error") ? readInnerFailure(document, root) : readResponseError(document, holder);
}

/** Beginnings of the codes that are about the request: its prompt, its images. */
const REQUEST_CODES: string[] = [
  "invalid_",
  "image_",
  "unsupported_",
  "empty_image_",
  "failed_to_download_",
  "context_length_",
  "data_residency_",
  "bio_policy",
];

function kindNamed(code: Slice): FailureKind {
  if (equals(code, "rate_limit_exceeded")) return FailureKind.RateLimit;
  if (equals(code, "insufficient_quota")) return FailureKind.Billing;
  if (equals(code, "server_is_overloaded") || equals(code, "slow_down")) return FailureKind.Overloaded;
  for (let i = 0; i < REQUEST_CODES.length; i++) {
    if (startsWith(code, unchecked(REQUEST_CODES[i]))) return FailureKind.InvalidRequest;
  }
  return FailureKind.Internal;
}

/** Writes the `error` of a failed response. The code is one of a closed list. */
export function writeResponseError(failure: Failure, json: JsonWriter): void {
  json.object().key("code").string(codeOf(failure.kind));
  json.key("message").body(borrow(failure.message)).endObject();
}

function codeOf(kind: FailureKind): string {
  switch (kind) {
    case FailureKind.RateLimit:
    case FailureKind.Billing:
      return "rate_limit_exceeded";
    case FailureKind.InvalidRequest:
    case FailureKind.TooLarge:
      return "invalid_prompt";
  }
  return "server_error";
}
