import { NONE, Slice, lengthOf, startsWith } from "../../bytes/slice";
import { Failure, FailureKind, kindOf, statusOf } from "../../chat/failure";
import { Document } from "../../json/document";
import { plain } from "../openai/failure";

class Code {
  constructor(
    readonly name: string,
    readonly kind: FailureKind,
  ) {}
}

/** Codes that say more than the status that comes with them. Source: Dify, API access, "Send chat message", errors. */
const CODES: StaticArray<Code> = [
  new Code("provider_quota_exceeded", FailureKind.Billing),
  new Code("provider_not_initialize", FailureKind.Internal),
  new Code("app_unavailable", FailureKind.Internal),
  new Code("rate_limit_error", FailureKind.RateLimit),
  new Code("too_many_requests", FailureKind.RateLimit),
  new Code("completion_request_error", FailureKind.BadGateway),
];

/** The failure in an error answer: `{"code", "message", "status"}`. */
export function readFailure(status: i32, body: Document | null, text: Slice): Failure {
  if (body === null) return plain(status, text);
  const message = body.body(body.find(body.root, "message"));
  if (message == NONE) return plain(status, text);
  const code = body.body(body.find(body.root, "code"));
  const known = find(code);
  const kind = known === null ? kindOf(status) : known.kind;
  return Failure.upstream(known === null ? status : statusOf(kind), kind, message, code);
}

/** The failure in an `error` event, which brings the status that it would have had. */
export function readInnerFailure(record: Document): Failure {
  const root = record.root;
  const given = record.integer(record.find(root, "status"), 0);
  const status = given >= 400 && given < 600 ? (given as i32) : 502;
  const code = record.body(record.find(root, "code"));
  const known = find(code);
  const kind = known === null ? kindOf(status) : known.kind;
  const message = record.body(record.find(root, "message"));
  if (lengthOf(message) > 0) {
    return Failure.upstream(known === null ? status : statusOf(kind), kind, message, code);
  }
  return Failure.of(kind, "upstream_error", "upstream reported an error without a message");
}

function find(code: Slice): Code | null {
  for (let i = 0; i < CODES.length; i++) {
    const known = unchecked(CODES[i]);
    if (startsWith(code, known.name)) return known;
  }
  return null;
}
