import { NONE, Slice, indexOf, lengthOf, startsWith } from "../../bytes/slice";
import { Failure, FailureKind, kindOf, statusOf } from "../../chat/failure";
import { Document } from "../../json/document";
import { plain } from "../openai/failure";

class Code {
  constructor(
    /** What the code begins with. */
    readonly name: string,
    readonly kind: FailureKind,
  ) {}
}

/** Codes that say more than the status, and those of errors in a stream. Source: Model Studio, "Error messages". */
const CODES: StaticArray<Code> = [
  new Code("Arrearage", FailureKind.Billing),
  new Code("InvalidApiKey", FailureKind.Authentication),
  new Code("Throttling", FailureKind.RateLimit),
  new Code("LimitRequests", FailureKind.RateLimit),
  new Code("AllocationQuota", FailureKind.RateLimit),
  new Code("AccessDenied", FailureKind.Permission),
  new Code("Model.AccessDenied", FailureKind.Permission),
  new Code("ModelNotFound", FailureKind.NotFound),
  new Code("model_not_found", FailureKind.NotFound),
  new Code("InvalidParameter", FailureKind.InvalidRequest),
  new Code("invalid_parameter", FailureKind.InvalidRequest),
  new Code("BadRequest", FailureKind.InvalidRequest),
  new Code("DataInspectionFailed", FailureKind.InvalidRequest),
  new Code("data_inspection_failed", FailureKind.InvalidRequest),
  new Code("RequestTimeOut", FailureKind.Timeout),
  new Code("ModelUnavailable", FailureKind.Overloaded),
  new Code("ServiceUnavailable", FailureKind.Overloaded),
  new Code("InternalError", FailureKind.Internal),
];

/** The failure in an error answer: `{"code", "message", "request_id"}`. */
export function readFailure(status: i32, body: Document | null, text: Slice): Failure {
  if (body === null) return plain(status, text);
  const message = body.body(body.find(body.root, "message"));
  if (message == NONE) return plain(status, text);
  const code = body.body(body.find(body.root, "code"));
  return Failure.upstream(status, kindNamed(code, kindOf(status)), message, code);
}

/** Whether a record or a whole answer reports an error instead of an answer. */
export function isFailure(document: Document): bool {
  const code = document.body(document.find(document.root, "code"));
  return lengthOf(code) > 0 && !document.isObject(document.find(document.root, "output"));
}

/** The failure in a record, whose status has to be guessed. */
export function readInnerFailure(document: Document): Failure {
  const code = document.body(document.find(document.root, "code"));
  const kind = kindNamed(code, FailureKind.BadGateway);
  const message = document.body(document.find(document.root, "message"));
  return Failure.upstream(statusOf(kind), kind, lengthOf(message) > 0 ? message : code, code);
}

function kindNamed(code: Slice, otherwise: FailureKind): FailureKind {
  for (let i = 0; i < CODES.length; i++) {
    const known = unchecked(CODES[i]);
    if (startsWith(code, known.name)) return known.kind;
  }
  return indexOf(code, ".") > 0 && indexOf(code, "NotFound") > 0 ? FailureKind.NotFound : otherwise;
}
